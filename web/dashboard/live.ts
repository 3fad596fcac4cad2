// The element whose `data-live` is an address is replaced by what is there, again and again while somebody
// can see the page, every `data-seconds` or 20. The element `data-lost` is shown while that fails, and
// the tries are rarer then.

import { type Exchange, htmx, on } from "./htmx";

const USUAL = 20;
const RAREST = 8;

let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function find(): HTMLElement | null {
  return document.querySelector<HTMLElement>("[data-live]");
}

function plan(): void {
  clearTimeout(timer);
  const seconds = Number(find()?.dataset["seconds"] ?? USUAL) * Math.min(2 ** failures, RAREST);
  timer = setTimeout(look, seconds * 1000);
}

function look(): void {
  const element = find();
  if (!element || document.hidden) return;
  void htmx.ajax("GET", element.dataset["live"] ?? "", {
    source: element,
    target: element,
    swap: "outerMorph",
  });
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
document.addEventListener("visibilitychange", look);
addEventListener("online", look);
plan();
