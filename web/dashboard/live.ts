// The element that says in `data-live` for how many seconds it is up to date is told to look again, by
// the event `look` that its `hx-trigger` waits for, while somebody can see the page. The element
// `data-lost` is shown while that fails, and the tries are rarer then.

import { type Exchange, on } from "./htmx";

const RAREST = 8;

let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function find(): HTMLElement | null {
  return document.querySelector<HTMLElement>("[data-live]");
}

function plan(): void {
  clearTimeout(timer);
  const seconds = Number(find()?.dataset["live"]);
  if (seconds) timer = setTimeout(look, seconds * 1000 * Math.min(2 ** failures, RAREST));
}

function look(): void {
  if (document.hidden) return;
  find()?.dispatchEvent(new Event("look"));
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

function isSame(one: string, other: string): boolean {
  return new URL(one, location.href).href === new URL(other, location.href).href;
}

// An answer for what the page showed a moment ago comes too late.
on("before:swap", ({ sourceElement, request }, event) => {
  if (!sourceElement.matches("[data-live]")) return;
  if (!isSame(sourceElement.getAttribute("hx-get") ?? "", request.action)) event.preventDefault();
});
on("response:error", ended(true));
on("error", ended(true));
on("after:swap", ended(false));
document.addEventListener("visibilitychange", look);
addEventListener("online", look);
plan();
