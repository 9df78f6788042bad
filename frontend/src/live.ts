/**
 * `data-live`: a fragment that asks for itself by htmx (`hx-trigger="every 3s, live-refresh"`).
 * Hidden tabs ask nothing and catch up at once when shown. A person who reads or copies is not disturbed:
 * while text is selected or a control inside has the focus, the fragment is not replaced.
 * `data-live-pause`: the button that stops and starts all fragments of the page.
 */
import type Htmx from "htmx.org";

let paused = false;

function busy(fragment: Element): boolean {
  const selection = getSelection();
  if (selection && !selection.isCollapsed && selection.anchorNode && fragment.contains(selection.anchorNode)) return true;
  const focused = document.activeElement;
  return focused !== null && focused !== document.body && fragment.contains(focused);
}

function refreshAll(htmx: typeof Htmx): void {
  for (const fragment of document.querySelectorAll("[data-live]")) htmx.trigger(fragment, "live-refresh");
}

function showConnection(lost: boolean): void {
  for (const notice of document.querySelectorAll<HTMLElement>("[data-offline]")) notice.hidden = !lost;
}

function showPaused(button: Element): void {
  button.setAttribute("aria-pressed", String(paused));
}

export function startLive(htmx: typeof Htmx): void {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const fragment = event.target;
    if (!(fragment instanceof Element) || !fragment.hasAttribute("data-live")) return;
    if (document.hidden || paused || busy(fragment)) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const fragment = event.target;
    if (fragment instanceof Element && fragment.hasAttribute("data-live") && busy(fragment)) event.preventDefault();
  });
  document.addEventListener("htmx:sendError", () => showConnection(true));
  document.addEventListener("htmx:timeout", () => showConnection(true));
  document.addEventListener("htmx:afterOnLoad", () => showConnection(false));
  // A session that ended, or rights taken away: the whole page goes where the answer of the server says.
  document.addEventListener("htmx:responseError", (event) => {
    const status = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr.status;
    if (status !== 401 && status !== 403) return;
    // What was typed goes along: the server keeps it until the person has logged in again.
    const source = event.target instanceof Element ? event.target.closest<HTMLFormElement>('form[method="post"]') : null;
    if (status === 401 && source) source.submit();
    else location.reload();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) refreshAll(htmx);
  });
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-live-pause]") : null;
    if (!button) return;
    paused = !paused;
    showPaused(button);
    if (!paused) refreshAll(htmx);
  });
}
