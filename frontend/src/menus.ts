/** `data-menu` on a `<details>`: closes on Esc (the focus returns to its summary), on a click elsewhere and on leaving by Tab. */
function close(menu: HTMLDetailsElement): void {
  menu.open = false;
}

export function startMenus(): void {
  // On a narrow screen the row of tabs scrolls; the present one must be seen.
  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  const opened = (): NodeListOf<HTMLDetailsElement> => document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of opened()) if (!(event.target instanceof Node && menu.contains(event.target))) close(menu);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of opened()) {
      close(menu);
      menu.querySelector("summary")?.focus();
    }
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of opened()) if (!(event.target instanceof Node && menu.contains(event.target))) close(menu);
  });
}
