/** Links that are followed, in whichever way. */

import { silent } from "../core";

/** Calls `follow` with each link of the web that is clicked, in shadow trees and images too. */
export function onLink(follow: (address: URL, link: Element) => void): void {
  const listener = silent((event: MouseEvent) => {
    const link = event.composedPath().find(isLink);
    if (!link || event.button > 1) return;
    const address = new URL(link.getAttribute("href")!, document.baseURI);
    if (/^https?:$/.test(address.protocol)) follow(address, link);
  });
  document.addEventListener("click", listener, true);
  document.addEventListener("auxclick", listener, true);
}

/** The address without its query, in which there may be what is nobody's business. */
export function withoutQuery({ origin, pathname }: URL): string {
  return origin + pathname;
}

function isLink(target: EventTarget): target is Element {
  return target instanceof Element && target.matches("a[href],area[href]");
}
