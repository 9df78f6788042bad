/**
 * `data-search`: the one box of the frame. htmx fills the list under it; here it is closed and opened again.
 * «/» leads to the box from anywhere but a field, arrows walk through what was found, Escape closes it.
 */
const TYPING = "input, textarea, select, [contenteditable]";

function found(form: HTMLFormElement): HTMLElement | null {
  return form.querySelector<HTMLElement>("[data-search-found]");
}

function show(form: HTMLFormElement, shown: boolean): void {
  found(form)?.toggleAttribute("hidden", !shown);
}

function walk(form: HTMLFormElement, step: number): boolean {
  const links = [...(found(form)?.querySelectorAll<HTMLElement>("a") ?? [])];
  if (links.length === 0) return false;
  const at = links.findIndex((link) => link === document.activeElement);
  const next = at + step;
  if (next < 0) form.querySelector("input")?.focus();
  else links[Math.min(next, links.length - 1)]?.focus();
  return true;
}

export function startSearch(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-search]");
  const input = form?.querySelector("input");
  if (!form || !input) return;
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target instanceof Element && (target.matches(TYPING) || target.closest("dialog"))) return;
    event.preventDefault();
    input.focus();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      input.focus(); // opens it, so it is closed after
      show(form, false);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (walk(form, event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
    }
  });
  input.addEventListener("input", () => show(form, input.value.trim() !== ""));
  form.addEventListener("focusin", () => show(form, input.value.trim() !== ""));
  form.addEventListener("focusout", (event) => {
    if (!(event.relatedTarget instanceof Node) || !form.contains(event.relatedTarget)) show(form, false);
  });
}
