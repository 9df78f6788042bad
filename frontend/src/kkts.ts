/**
 * Pages of registers.
 * `data-blocks="16"` on a field of a long number: digits stand in blocks of four; any spelling may be pasted.
 * `data-carry="#form"` around links: what was typed into that form goes along in the address of the link.
 * `data-drop` around a field of a file: a file may be dropped there, its name is told, and the button waits for it.
 */
const BLOCK = 4;

function blocks(field: HTMLInputElement): void {
  const digits = field.value.replace(/\D/g, "");
  const most = Number(field.dataset["blocks"]);
  // What is no number of this length stays as it was typed: the server tells what is wrong with it.
  if (/[^\d\s\-–—.]/.test(field.value) || digits.length > most) return;
  const before = field.value.slice(0, field.selectionStart ?? field.value.length).replace(/\D/g, "").length;
  const shown = digits.replace(new RegExp(`(\\d{${BLOCK}})(?=\\d)`, "g"), "$1 ");
  if (shown === field.value) return;
  field.value = shown;
  if (document.activeElement !== field) return;
  const caret = before + Math.max(0, Math.ceil(before / BLOCK) - 1);
  field.setSelectionRange(caret, caret);
}

function startBlocks(): void {
  for (const field of document.querySelectorAll<HTMLInputElement>("input[data-blocks]")) blocks(field);
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.dataset["blocks"]) blocks(event.target);
  });
}

function startCarry(): void {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("[data-carry] a") : null;
    const selector = link?.closest<HTMLElement>("[data-carry]")?.dataset["carry"];
    const form = selector ? document.querySelector<HTMLFormElement>(selector) : null;
    if (!link || !form) return;
    const url = new URL(link.href);
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && value && !url.searchParams.has(name) && name !== "csrfmiddlewaretoken")
        url.searchParams.set(name, value);
    }
    link.href = url.href;
  });
}

function showFile(area: HTMLElement): void {
  const field = area.querySelector<HTMLInputElement>('input[type="file"]');
  const told = area.querySelector<HTMLElement>("[data-drop-name]");
  const file = field?.files?.[0];
  if (told) told.textContent = file ? `Выбран файл: ${file.name}` : "";
  area.classList.toggle("drop-filled", file !== undefined);
}

function startDrop(): void {
  const areaOf = (event: Event): HTMLElement | null =>
    event.target instanceof Element ? event.target.closest<HTMLElement>("[data-drop]") : null;
  for (const area of document.querySelectorAll<HTMLElement>("[data-drop]")) showFile(area);
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"] as const) {
    document.addEventListener(kind, (event) => {
      const area = areaOf(event);
      const files = event.dataTransfer;
      if (!files || !files.types.includes("Files")) return;
      // A file dropped past the field would open in place of the page, and all that was typed would be gone.
      if (document.querySelector("[data-drop]")) event.preventDefault();
      if (!area) return;
      area.classList.toggle("drop-over", kind === "dragenter" || kind === "dragover");
      const field = area.querySelector<HTMLInputElement>('input[type="file"]');
      if (kind !== "drop" || !field || files.files.length === 0) return;
      const one = new DataTransfer();
      one.items.add(files.files[0] as File);
      field.files = one.files;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  document.addEventListener("change", (event) => {
    const area = areaOf(event);
    if (area) showFile(area);
  });
}

export function startKkts(): void {
  startBlocks();
  startCarry();
  startDrop();
}
