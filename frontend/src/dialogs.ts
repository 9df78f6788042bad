/**
 * Windows and the drawer are native `<dialog>`s: the browser traps the focus, closes on Esc and gives the focus back.
 * `data-dialog="id"` opens a dialog of this page; `data-modal` on a link fetches the page it leads to and shows its
 * `[data-modal-body]` in the shared dialog (without script the link simply leads to that page); on a button that sends
 * a form by GET it does the same with the address the form leads to;
 * `data-dialog-close` closes the dialog it stands in; a click on the backdrop closes too.
 */
import type Htmx from "htmx.org";

async function openModal(href: string, htmx: typeof Htmx): Promise<void> {
  const dialog = document.querySelector<HTMLDialogElement>("dialog[data-modal-host]");
  const target = dialog?.querySelector<HTMLElement>("[data-modal-content]");
  if (!dialog || !target) {
    location.assign(href);
    return;
  }
  const answer = await fetch(href, { headers: { Accept: "text/html" }, credentials: "same-origin" }).catch(() => null);
  const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  const body = page?.querySelector("[data-modal-body]");
  if (!body) {
    location.assign(href);
    return;
  }
  target.replaceChildren(document.importNode(body, true));
  const title = target.querySelector("h1, h2");
  if (title) {
    title.id = "modal-title";
    dialog.setAttribute("aria-labelledby", title.id);
  }
  htmx.process(target);
  dialog.showModal();
}

export function startDialogs(htmx: typeof Htmx): void {
  document.addEventListener("click", (event) => {
    const target = event.target;
    if (!(target instanceof Element)) return;
    if (target instanceof HTMLDialogElement && target.open) target.close();
    const opener = target.closest<HTMLElement>("[data-dialog]");
    if (opener) {
      event.preventDefault();
      document.querySelector<HTMLDialogElement>(`dialog#${CSS.escape(opener.dataset["dialog"] ?? "")}`)?.showModal();
    }
    if (target.closest("[data-dialog-close]")) {
      const dialog = target.closest("dialog");
      if (dialog) {
        event.preventDefault();
        dialog.close();
      }
    }
    const link = target.closest<HTMLAnchorElement>("a[data-modal]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      void openModal(link.href, htmx);
    }
  });
  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (!(form instanceof HTMLFormElement) || !(submitter instanceof HTMLButtonElement)) return;
    if (!submitter.hasAttribute("data-modal") || form.method !== "get") return;
    event.preventDefault();
    const url = new URL(submitter.formAction);
    for (const [name, value] of new FormData(form)) if (typeof value === "string") url.searchParams.append(name, value);
    void openModal(url.href, htmx);
  });
}
