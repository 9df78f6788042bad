/**
 * `data-copy="text"` copies the text; `data-copy-from="#id"` copies the text of another element.
 * The button answers in words: its label becomes «Скопировано» for two seconds and is spoken.
 */
const SHOWN_MS = 2000;

async function put(text: string): Promise<void> {
  if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
  // Plain http on another machine has no clipboard interface; the old command still works there.
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function textOf(button: HTMLElement): string {
  const from = button.dataset["copyFrom"];
  if (from) return document.querySelector(from)?.textContent?.trim() ?? "";
  return button.dataset["copy"] ?? "";
}

export function startCopy(): void {
  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-copy],[data-copy-from]") : null;
    if (!button) return;
    await put(textOf(button));
    button.dataset["copied"] = "yes";
    const spoken = button.querySelector<HTMLElement>("[data-copy-answer]");
    if (spoken) spoken.textContent = "Скопировано";
    setTimeout(() => {
      delete button.dataset["copied"];
      if (spoken) spoken.textContent = "";
    }, SHOWN_MS);
  });
}
