/** `data-tree-open="#id"` and `data-tree-close="#id"`: open or close every branch of a tree made of `<details>`. */
function setAll(selector: string, open: boolean): void {
  for (const branch of document.querySelectorAll<HTMLDetailsElement>(`${selector} details`)) branch.open = open;
}

export function startTrees(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-tree-open],[data-tree-close]") : null;
    if (!button) return;
    const { treeOpen, treeClose } = button.dataset;
    if (treeOpen) setAll(treeOpen, true);
    if (treeClose) setAll(treeClose, false);
  });
}
