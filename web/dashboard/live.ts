// The element that says in `data-live` after how many seconds it may be out of date is told to look
// again, with the event `look`, while somebody can see the page. What goes wrong is shown in the
// element `data-lost`, and makes the next looks rarer.

import { type Exchange, on } from "./htmx";

const RAREST = 8;

let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function plan(): void {
  clearTimeout(timer);
  const element = document.querySelector<HTMLElement>("[data-live]");
  if (!element) return;
  const seconds = Number(element.dataset["live"]) * Math.min(2 ** failures, RAREST);
  timer = setTimeout(look, seconds * 1000);
}

function look(): void {
  if (document.hidden) return;
  document.querySelector("[data-live]")?.dispatchEvent(new Event("look"));
  plan();
}

function ended(failed: boolean): (exchange: Exchange) => void {
  return ({ sourceElement }) => {
    if (sourceElement.matches("[data-live]")) {
      failures = failed ? failures + 1 : 0;
      const lost = document.querySelector<HTMLElement>("[data-lost]");
      if (lost) lost.hidden = !failed;
    }
    plan();
  };
}

on("response:error", ended(true));
on("error", ended(true));
on("after:swap", ended(false));
document.addEventListener("visibilitychange", () => look);
addEventListener("online", look);
plan();
