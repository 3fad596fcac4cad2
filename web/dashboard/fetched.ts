// Parts of a page that htmx fetches: neither an error nor a page that has no such part is put in their
// place, and the focus is not lost.

import { type Exchange, on } from "./htmx";

const GENTLY = { preventScroll: true };

let focused: Element | null = null;

on("before:swap", (exchange, event) => {
  focused = document.activeElement;
  const isError = (exchange.response?.status ?? 200) >= 400;
  const isEmpty = event.detail.tasks?.every(({ fragment }) => !fragment.hasChildNodes());
  if (isError || (exchange.select && isEmpty)) {
    event.preventDefault();
    follow(exchange);
  } else if (isLate(exchange)) {
    event.preventDefault();
  }
});

on("error", follow);

on("after:swap", ({ target }) => {
  if (!focused || focused.isConnected || document.activeElement !== document.body) return;
  const part = target.isConnected ? target : document.getElementById(target.id);
  if (part instanceof HTMLElement) (sameLink(focused, part) ?? focusable(part)).focus(GENTLY);
});

function focusable(part: HTMLElement): HTMLElement {
  if (part.tabIndex < 0) part.tabIndex = -1;
  return part;
}

function sameLink(link: Element, within: ParentNode): HTMLElement | null {
  const address = CSS.escape(link.getAttribute("href") ?? "");
  return within.querySelector<HTMLElement>(`a[href="${address}"]:not(.world a)`);
}

// Whoever clicked sees the error as if there were no htmx; what asks by itself tries again.
function follow(exchange: Exchange): void {
  const { sourceElement, request } = exchange;
  if (isWanted(exchange)) location.assign(sourceElement.getAttribute("href") ?? request.action);
}

// Whether the page shows something else by now than when a part of it asked by itself.
function isLate(exchange: Exchange): boolean {
  const asked = exchange.request.headers["HX-Current-URL"];
  return !isWanted(exchange) && asked !== undefined && asked !== location.href;
}

function isWanted({ sourceElement }: Exchange): boolean {
  return sourceElement.matches("a, form, body");
}

// A link on the map does what the same link in the list beside it does, without loading the page.
document.addEventListener("click", (event) => {
  const link = (event.target as Element).closest(".world a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const same = sameLink(link, document);
  if (!same) return;
  event.preventDefault();
  same.click();
});
