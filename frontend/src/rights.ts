/**
 * `data-rights` on a form: sections of the roles that have theirs, as JSON. Choosing a role ticks its sections; ticking
 * or unticking a section by hand makes the role the one of `data-rights-user`, and the note `data-rights-note` says so.
 * The same rule, on the same data, is what the server saves by.
 */
type Rights = Record<string, readonly string[]>;

const boxesOf = (form: HTMLFormElement): NodeListOf<HTMLInputElement> =>
  form.querySelectorAll<HTMLInputElement>('input[type="checkbox"][name="sections"]');

function changed(form: HTMLFormElement, target: EventTarget): void {
  const rights = JSON.parse(form.dataset["rights"] ?? "{}") as Rights;
  const role = form.querySelector<HTMLSelectElement>("[data-rights-role]");
  const note = form.querySelector<HTMLElement>("[data-rights-note]");
  if (!role) return;
  const own = rights[role.value];
  if (target === role) {
    if (own) for (const box of boxesOf(form)) box.checked = own.includes(box.value);
    if (note) note.hidden = true;
    return;
  }
  if (!(target instanceof HTMLInputElement) || target.name !== "sections" || !own) return;
  role.value = form.dataset["rightsUser"] ?? role.value;
  if (note) note.hidden = false;
}

export function startRights(): void {
  document.addEventListener("change", (event) => {
    const target = event.target;
    const form = target instanceof Element ? target.closest<HTMLFormElement>("form[data-rights]") : null;
    if (form && target) changed(form, target);
  });
}
