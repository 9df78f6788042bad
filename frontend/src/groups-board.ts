/** The board of groups as the server draws it: opening a group in place, sending a move, saying what happened. */
export const BOARD = "[data-board]";
const GONE = "Такой группы или кассы уже нет: список обновлён.";
const FAILED = "Сервер не смог выполнить перенос. Всё осталось на своих местах.";
const OFFLINE = "Нет связи с сервером: перенос не выполнен, всё осталось на своих местах.";
const FRAGMENT = { "HX-Request": "true", "HX-Target": "groups-board" };

export const boardOf = (): HTMLElement | null => document.querySelector<HTMLElement>(BOARD);

/** Words of a place to move to. */
export const plain = (place: HTMLElement): string => place.dataset["place"] ?? "";

/** Tell a screen reader; the region outlives the board. */
export function say(text: string): void {
  const region = document.querySelector("[data-board-says]");
  if (region) region.textContent = text;
}

function notice(text: string): void {
  const region = document.querySelector<HTMLElement>("[data-board-trouble]");
  if (region) region.hidden = text === "";
  const words = region?.querySelector("p");
  if (words) words.textContent = text;
}

/** The board as it is now. */
async function boardAgain(): Promise<HTMLElement | null> {
  const query = boardOf()?.dataset["query"] ?? "";
  const answer = await fetch(`${location.pathname}?${query}`, { headers: FRAGMENT }).catch(() => null);
  return answer?.ok ? boardFrom(answer) : null;
}

async function boardFrom(answer: Response): Promise<HTMLElement | null> {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const board = page.querySelector<HTMLElement>(BOARD);
  return board && document.importNode(board, true);
}

/** Where the browser is, as the board stands: what is open, what is looked for. */
function addressKeep(board: HTMLElement): void {
  const query = board.dataset["query"] ?? "";
  history.replaceState(history.state, "", query ? `?${query}` : location.pathname);
}

/**
 * Fold or unfold one group: its row is replaced, and what else knows which groups are open is told. Gives the new row.
 */
export async function groupOpen(place: HTMLElement): Promise<HTMLElement | null> {
  const link = place.querySelector<HTMLAnchorElement>(":scope > .group-row [data-toggle]");
  const now = boardOf();
  if (!link || !now) return null;
  const answer = await fetch(link.href, { headers: FRAGMENT }).catch(() => null);
  const board = answer?.ok ? await boardFrom(answer) : null;
  const fresh = board?.querySelector<HTMLElement>(`[data-into="${CSS.escape(place.dataset["into"] ?? "")}"]`);
  if (!board || !fresh || !place.isConnected) return null;
  for (const changed of board.querySelectorAll<HTMLElement>("[data-keeps][id]")) {
    const old = document.getElementById(changed.id);
    if (old instanceof HTMLAnchorElement && changed instanceof HTMLAnchorElement) old.href = changed.href;
    if (old instanceof HTMLInputElement && changed instanceof HTMLInputElement) old.value = changed.value;
  }
  now.dataset["query"] = board.dataset["query"] ?? "";
  place.replaceWith(fresh);
  document.dispatchEvent(new CustomEvent("htmx:afterSwap"));
  addressKeep(now);
  return fresh;
}

/** Send a deed; the board of the answer replaces the present one. False: there was no answer, nothing is known. */
export async function call(url: string, fields: readonly [string, string][]): Promise<boolean> {
  const query = boardOf()?.dataset["query"] ?? "";
  const body = new URLSearchParams([...fields]);
  body.append("csrfmiddlewaretoken", document.querySelector<HTMLInputElement>('input[name="csrfmiddlewaretoken"]')?.value ?? "");
  const answer = await fetch(query ? `${url}?${query}` : url, { method: "POST", body, headers: FRAGMENT, credentials: "same-origin" }).catch(() => null);
  if (answer && (answer.status === 401 || answer.status === 403)) {
    location.reload();
    return true;
  }
  const board = answer && [200, 409, 422].includes(answer.status) ? await boardFrom(answer).catch(() => null) : null;
  const fresh = board ?? (answer?.status === 404 ? await boardAgain() : null);
  const trouble = board ? "" : fresh ? GONE : answer ? FAILED : OFFLINE;
  notice(trouble);
  if (fresh) {
    boardOf()?.replaceWith(fresh);
    // What counts ticked rows begins anew, as after any other part of a page that was replaced.
    document.dispatchEvent(new CustomEvent("htmx:afterSwap"));
  }
  say(trouble || (fresh?.dataset["told"] ?? ""));
  return fresh !== null;
}

/** `data-toggle` on the link that folds a group: done in place, the page stays where it is. */
export function startBoard(): void {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || !(event.target instanceof Element)) return;
    const link = event.target.closest<HTMLAnchorElement>(`${BOARD} [data-toggle]`);
    const place = link?.closest<HTMLElement>("[data-into]");
    if (!link || !place) return;
    event.preventDefault();
    void groupOpen(place).then((fresh) => {
      if (fresh) fresh.querySelector<HTMLElement>(":scope > .group-row [data-toggle]")?.focus({ preventScroll: true });
      else location.assign(link.href);
    });
  });
}
