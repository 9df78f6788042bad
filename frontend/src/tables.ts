/**
 * `data-chosen` on the form of a table's bar: its boxes (`data-choose`, tied by their `form` attribute) are counted, its
 * buttons work once something is chosen, `data-chosen-all` ticks the whole page, Shift ticks a run of rows, and
 * `data-chosen-every` («not only this page») counts as a choice by itself.
 */
const WORDS = { one: "строка", few: "строки", many: "строк" } as const;
const FORMS = new Intl.PluralRules("ru");
let last: HTMLInputElement | null = null;

function boxesOf(form: HTMLFormElement): HTMLInputElement[] {
  return [...form.elements].filter(
    (element): element is HTMLInputElement => element instanceof HTMLInputElement && element.hasAttribute("data-choose"),
  );
}

function wordOf(count: number): string {
  const form = FORMS.select(count);
  return form === "one" || form === "few" ? WORDS[form] : WORDS.many;
}

function show(form: HTMLFormElement): void {
  const boxes = boxesOf(form);
  const every = form.querySelector<HTMLInputElement>("[data-chosen-every]");
  const count = boxes.filter((box) => box.checked).length;
  const all = form.querySelector<HTMLInputElement>("[data-chosen-all]");
  if (all) {
    all.checked = count > 0 && count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  }
  for (const button of form.querySelectorAll("button")) button.disabled = count === 0 && !every?.checked;
  const told = form.querySelector("[data-chosen-count]");
  if (told) told.textContent = every?.checked || count === 0 ? "" : `Выбрано: ${count} ${wordOf(count)}`;
  for (const box of boxes) box.closest("tr")?.classList.toggle("row-chosen", box.checked);
}

function tickRun(form: HTMLFormElement, to: HTMLInputElement): void {
  const boxes = boxesOf(form);
  const from = last ? boxes.indexOf(last) : -1;
  const until = boxes.indexOf(to);
  if (from < 0 || until < 0) return;
  for (const box of boxes.slice(Math.min(from, until), Math.max(from, until) + 1)) box.checked = to.checked;
}

export function startTables(): void {
  const showAll = (): void => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-chosen]")) show(form);
  };
  showAll();
  // A page taken back from the browser's cache has its boxes as they were, after this script ran.
  addEventListener("pageshow", showAll);
  document.addEventListener("htmx:afterSwap", showAll);
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || !box.form?.hasAttribute("data-chosen")) return;
    if (box.hasAttribute("data-chosen-all")) for (const one of boxesOf(box.form)) one.checked = box.checked;
    if (box.hasAttribute("data-choose")) {
      if (event.shiftKey) tickRun(box.form, box);
      last = box;
    }
    show(box.form);
  });
}
