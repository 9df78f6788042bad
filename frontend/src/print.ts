/** `data-print`: a button that prints the page; the print sheet leaves only the paper on it. */
export function startPrint(): void {
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-print]")) print();
  });
}
