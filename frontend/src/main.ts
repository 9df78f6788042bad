import htmx from "htmx.org";
import "./styles/main.scss";
import { startCopy } from "./copy";
import { startDialogs } from "./dialogs";
import { startDigits } from "./digits";
import { startKkts } from "./kkts";
import { startLive } from "./live";
import { startMenus } from "./menus";
import { startOnce } from "./once";
import { startPrint } from "./print";
import { startRights } from "./rights";
import { startSearch } from "./search";
import { startTables } from "./tables";
import { startTrees } from "./trees";

/** htmx reads its settings from `<meta name="htmx-config">`; each module below is tied to one `data-` attribute. */
startLive(htmx);
startDialogs(htmx);
startMenus();
startCopy();
startOnce();
startPrint();
startTables();
startTrees();
startDigits();
startRights();
startKkts();
startSearch();
// Only the board of groups needs it.
if (document.querySelector("[data-board]")) void import("./groups").then(({ startGroups }) => startGroups());
