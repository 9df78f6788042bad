/**
 * `data-digits="10"` on a field of digits: a live counter beside it («0 / 10»), and the event `digits-full` when as
 * many are typed, upon which htmx asks for what is known of the number. `data-digits-by="kind"` names the radio
 * buttons that choose how many: by `data-digits-<value>`.
 */
const NON_DIGITS = /\D/g;

function limitOf(field: HTMLInputElement): number {
  const chosen = field.form?.querySelector<HTMLInputElement>(`input[name="${field.dataset["digitsBy"] ?? ""}"]:checked`);
  const by = chosen ? field.getAttribute(`data-digits-${chosen.value}`) : null;
  return Number(by ?? field.dataset["digits"]);
}

function show(field: HTMLInputElement, asking: boolean): void {
  const count = field.value.replace(NON_DIGITS, "").length;
  const limit = limitOf(field);
  const counter = field.parentElement?.querySelector("[data-digits-counter]");
  if (counter) counter.textContent = `${count} / ${limit}`;
  const state = `${limit}:${field.value.replace(NON_DIGITS, "")}`;
  if (asking && count === limit && field.dataset["digitsAsked"] !== state) {
    field.dataset["digitsAsked"] = state;
    field.dispatchEvent(new Event("digits-full"));
  }
}

export function startDigits(): void {
  for (const field of document.querySelectorAll<HTMLInputElement>("input[data-digits]")) show(field, false);
  document.addEventListener("input", (event) => {
    const target = event.target;
    if (!(target instanceof HTMLInputElement)) return;
    if (target.dataset["digits"]) show(target, true);
    if (target.type !== "radio") return;
    for (const field of target.form?.querySelectorAll<HTMLInputElement>("input[data-digits]") ?? []) show(field, true);
  });
}
