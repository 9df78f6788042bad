/**
 * Moving registers and groups on the board of groups (`data-board`), by mouse, touch and keyboard.
 *
 * Written over Pointer Events rather than taken from a library: those at hand either order lists (here the server
 * orders) or start the browser's own drag, which tells nothing to a screen reader and behaves differently on phones.
 *
 * The board is drawn by the server. `data-drag` (kkt or group) with `data-id` marks what can be moved, `data-into` where
 * to: a group's number, «root», or nothing for «out of all groups». A mouse takes hold of any part of a row that is no
 * control; a finger holds it a moment, or pulls by the handle at once (`data-grip`); on the keyboard the handle is
 * pressed, arrows choose the place. Ticked registers go together. What moved is shown at once; then the server's board
 * replaces it, whatever the answer was. If there is no answer, all is put back.
 */
import { BOARD, boardOf, call, groupOpen, plain, say, startBoard } from "./groups-board";

const MOVED_PX = 6;
const HELD_MS = 400;
const HELD_PX = 12;
const OPENS_MS = 700;
const EDGE_PX = 56;
const MULTIPLE = new Intl.PluralRules("ru");

/** What is being moved: rows of one kind, told by their numbers, for the board may be drawn anew meanwhile. */
interface Load {
  readonly kind: "kkt" | "group";
  readonly ids: readonly string[];
  readonly words: string;
}

interface Carrying {
  readonly load: Load;
  readonly ghost: HTMLElement | null;
  target: HTMLElement | null;
}

interface Press {
  readonly row: HTMLElement;
  readonly x: number;
  readonly y: number;
  readonly pointer: number;
  readonly touch: boolean;
  readonly atOnce: boolean;
  timer: number;
}

let press: Press | null = null;
let carrying: Carrying | null = null;
let point = { x: 0, y: 0 };
let opening = 0;

const rowOf = (load: Load, id: string): HTMLElement | null =>
  document.querySelector<HTMLElement>(`[data-drag="${load.kind}"][data-id="${CSS.escape(id)}"]`);

/** The row's own register or group, and with a ticked register all that are ticked in the same list. */
function loadOf(row: HTMLElement): Load {
  const kind = row.dataset["drag"] === "group" ? "group" : "kkt";
  const name = row.dataset["name"] ?? "";
  const box = row.querySelector<HTMLInputElement>("input[data-choose]");
  const ids = [row.dataset["id"] ?? ""];
  if (kind === "kkt" && box?.checked && box.form) {
    for (const other of box.form.elements) {
      if (other instanceof HTMLInputElement && other.checked && other.hasAttribute("data-choose")) ids.push(other.value);
    }
  }
  const single = [...new Set(ids)];
  return { kind, ids: single, words: single.length === 1 ? name : `${single.length} ${kktWord(single.length)}` };
}

function kktWord(count: number): string {
  return { one: "касса", few: "кассы" }[MULTIPLE.select(count) as "one" | "few"] ?? "касс";
}

/** Whether the load may be put there: not where it lies already, nor a group into itself or below itself. */
function accepts(place: HTMLElement, load: Load): boolean {
  const into = place.dataset["into"] ?? "";
  if (load.kind === "kkt" ? into === "root" : into === "") return false;
  return load.ids.some((id) => {
    const row = rowOf(load, id);
    if (!row) return true;
    return load.kind === "kkt" ? (row.dataset["from"] ?? "") !== into : (row.dataset["from"] ?? "root") !== into && !row.contains(place);
  });
}

const placesOf = (load: Load): HTMLElement[] =>
  [...document.querySelectorAll<HTMLElement>(`${BOARD} [data-into]`)].filter((place) => accepts(place, load));

function placeAt(x: number, y: number, load: Load): HTMLElement | null {
  const place = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-into]") ?? null;
  return place && accepts(place, load) ? place : null;
}

function targetSet(place: HTMLElement | null): void {
  if (!carrying || carrying.target === place) return;
  carrying.target?.classList.remove("drop-here");
  carrying.target = place;
  place?.classList.add("drop-here");
  clearTimeout(opening);
  if (place && carrying.ghost && place.querySelector(':scope > .group-row [data-toggle][aria-expanded="false"]')) {
    opening = window.setTimeout(() => void opened(place), OPENS_MS);
  }
}

/** Open a folded group under the load; everything else on the board stays as it is, the load's own rows too. */
async function opened(place: HTMLElement): Promise<void> {
  const fresh = await groupOpen(place);
  if (!carrying || !fresh) return;
  carrying.target = null;
  targetSet(fresh);
}

function markSet(load: Load, on: boolean): void {
  for (const id of load.ids) rowOf(load, id)?.classList.toggle("carried", on);
  document.querySelector(BOARD)?.classList.toggle("carrying", on);
  document.querySelector(BOARD)?.classList.toggle("carrying-group", on && load.kind === "group");
}

function take(row: HTMLElement, withGhost: boolean): void {
  const load = loadOf(row);
  let ghost: HTMLElement | null = null;
  if (withGhost) {
    ghost = document.createElement("div");
    ghost.className = "ghost";
    ghost.setAttribute("aria-hidden", "true");
    ghost.textContent = load.words;
    document.body.append(ghost);
    getSelection()?.removeAllRanges();
  }
  carrying = { load, ghost, target: null };
  markSet(load, true);
}

function release(): Carrying | null {
  const done = carrying;
  clearTimeout(opening);
  if (press) clearTimeout(press.timer);
  press = carrying = null;
  done?.target?.classList.remove("drop-here");
  done?.ghost?.remove();
  if (done) markSet(done.load, false);
  return done;
}

/** Show it moved, tell the server, show what the server says. */
async function put(load: Load, place: HTMLElement): Promise<void> {
  const board = boardOf();
  if (!board) return;
  const before = board.cloneNode(true);
  const into = place.dataset["into"] ?? "";
  const first = rowOf(load, load.ids[0] ?? "");
  const fields: [string, string][] =
    load.kind === "kkt"
      ? [["group", into], ...load.ids.map((id): [string, string] => ["kkt", id]), ...load.ids.map((id): [string, string] => ["was", `${id}:${rowOf(load, id)?.dataset["from"] ?? ""}`])]
      : [["parent", into === "root" ? "" : into], ["version", first?.dataset["version"] ?? ""]];
  const url = load.kind === "kkt" ? (board.dataset["assign"] ?? "") : (first?.dataset["move"] ?? "");
  const list = place.querySelector(":scope > [data-list], :scope > .card-body > [data-list]");
  for (const id of load.ids) {
    const row = rowOf(load, id);
    row?.classList.add("moving");
    if (row && list) list.prepend(row);
    else if (row) row.hidden = true;
  }
  say(`${load.words}: переносим в «${plain(place)}»`);
  if (!(await call(url, fields))) boardOf()?.replaceWith(before);
  focusBack(load, into);
}

function focusBack(load: Load, into: string): void {
  const row = rowOf(load, load.ids[0] ?? "");
  const place = document.querySelector(`${BOARD} [data-into="${CSS.escape(into)}"]`);
  const found = row?.querySelector<HTMLElement>("[data-grip]") ?? place?.querySelector<HTMLElement>("[data-toggle], a, button");
  found?.focus({ preventScroll: true });
}

// ── pointer ─────────────────────────────────────────────────────────────────────────────────────────

function pressed(event: PointerEvent): void {
  if (!event.isPrimary || event.button !== 0 || carrying || !(event.target instanceof Element)) return;
  const row = event.target.closest<HTMLElement>("[data-drag]");
  if (!row?.closest(BOARD)) return;
  const grip = event.target.closest("[data-grip]") !== null;
  if (!grip && event.target.closest("button, input, label, .group-tail a")) return;
  const touch = event.pointerType !== "mouse";
  press = { row, x: event.clientX, y: event.clientY, pointer: event.pointerId, touch, atOnce: grip || !touch, timer: 0 };
  if (touch && !grip) press.timer = window.setTimeout(held, HELD_MS);
}

function held(): void {
  if (!press) return;
  start();
  navigator.vibrate?.(20);
}

function start(): void {
  if (!press) return;
  take(press.row, true);
  follow();
}

function moved(event: PointerEvent): void {
  if (!press || event.pointerId !== press.pointer) return;
  point = { x: event.clientX, y: event.clientY };
  const far = Math.hypot(point.x - press.x, point.y - press.y);
  if (!carrying) {
    if (press.atOnce && far > MOVED_PX) start();
    else if (!press.atOnce && far > HELD_PX) release();
    return;
  }
  event.preventDefault();
}

/** Every frame while something is carried: the ghost at the pointer, the place below it, the page's edges. */
function follow(): void {
  if (!carrying?.ghost || !press) return;
  carrying.ghost.style.transform = `translate(${point.x + 12}px, ${point.y + 12}px)`;
  targetSet(placeAt(point.x, point.y, carrying.load));
  if (point.y < EDGE_PX) scrollBy(0, (point.y - EDGE_PX) / 4);
  else if (point.y > innerHeight - EDGE_PX) scrollBy(0, (point.y - innerHeight + EDGE_PX) / 4);
  requestAnimationFrame(follow);
}

function lifted(event: PointerEvent): void {
  if (!press || event.pointerId !== press.pointer) return;
  if (carrying) {
    targetSet(placeAt(event.clientX, event.clientY, carrying.load));
    // The click that follows must not open what lies below.
    addEventListener("click", stop, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", stop, true));
  }
  const done = release();
  if (done?.target) void put(done.load, done.target);
}

function stop(event: Event): void {
  event.preventDefault();
}

// ── keyboard ────────────────────────────────────────────────────────────────────────────────────────

function keyed(event: KeyboardEvent): void {
  if (carrying?.ghost) {
    if (event.key === "Escape") cancel();
    return;
  }
  const grip = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-grip]") : null;
  const row = grip?.closest<HTMLElement>("[data-drag]");
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!carrying) {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    take(row, false);
    if (carrying) choose(0);
    return;
  }
  const steps: Record<string, () => void> = {
    ArrowDown: () => choose(1),
    ArrowUp: () => choose(-1),
    Home: () => choose(-Infinity),
    End: () => choose(Infinity),
    ArrowRight: () => void unfold(),
    " ": drop,
    Enter: drop,
    Escape: cancel,
  };
  const step = steps[event.key];
  if (event.key === "Tab") cancel();
  if (!step) return;
  event.preventDefault();
  event.stopPropagation();
  step();
}

/** Go `by` places further among those that take the load; 0 tells how it is done. */
function choose(by: number): void {
  if (!carrying) return;
  const places = placesOf(carrying.load);
  const help = by === 0 ? `Взято: ${carrying.load.words}. Стрелки вверх и вниз выбирают место, вправо раскрывает группу, пробел кладёт, Escape отменяет. ` : "";
  if (places.length === 0) {
    cancel();
    say("Переносить некуда: сначала добавьте группу.");
    return;
  }
  const now = carrying.target ? places.indexOf(carrying.target) : -1;
  const next = by === 0 || now < 0 ? 0 : Math.min(Math.max(now + by, 0), places.length - 1);
  const place = places[next];
  if (!place) return;
  targetSet(place);
  place.scrollIntoView({ block: "nearest" });
  say(`${help}${plain(place)}, ${next + 1} из ${places.length}`);
}

async function unfold(): Promise<void> {
  const place = carrying?.target;
  if (!place?.querySelector(':scope > .group-row [data-toggle][aria-expanded="false"]')) return;
  await opened(place);
  if (carrying?.target) say(`${plain(carrying.target)}: раскрыта`);
}

function drop(): void {
  const done = release();
  if (done?.target) void put(done.load, done.target);
}

function cancel(): void {
  const done = release();
  if (done) say(`Перенос отменён: ${done.load.words}`);
}

// ── all together ────────────────────────────────────────────────────────────────────────────────────

export function startGroups(): void {
  startBoard();
  document.addEventListener("pointerdown", pressed);
  document.addEventListener("pointermove", moved);
  document.addEventListener("pointerup", lifted);
  document.addEventListener("pointercancel", () => carrying?.ghost && cancel());
  document.addEventListener("keydown", keyed, true);
  // The focus gone from the handle, say by a click elsewhere: nothing is carried any more.
  document.addEventListener("focusout", (event) => {
    if (carrying && !carrying.ghost && event.target instanceof Element && event.target.closest("[data-grip]")) cancel();
  });
  // A held finger must not scroll the page, open a menu or mark text.
  document.addEventListener("touchmove", (event) => carrying && event.preventDefault(), { passive: false });
  document.addEventListener("contextmenu", (event) => (carrying || press?.touch) && event.preventDefault());
  document.addEventListener("selectstart", (event) => press && event.preventDefault());
  document.addEventListener("dragstart", (event) => press && event.preventDefault());
}
