// Parts of a page that htmx fetches: neither an error nor a page that has no such part is put in their
// place, and the focus is not lost.

import { on } from "./htmx";

const GENTLY = { preventScroll: true };

let focused: Element | null = null;

on("before:swap", ({ sourceElement, request, response, select }, event) => {
  focused = document.activeElement;
  const isError = (response?.status ?? 200) >= 400;
  const isEmpty = event.detail.tasks?.every(({ fragment }) => !fragment.hasChildNodes());
  if (!isError && !(select && isEmpty)) return;
  event.preventDefault();
  follow(sourceElement, request.action);
});

on("error", ({ sourceElement, request }) => follow(sourceElement, request.action));

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
function follow(source: Element, address: string): void {
  if (!source.matches("a, form, body")) return;
  location.assign(source.getAttribute("href") ?? address);
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
