/** Links that are followed, in whichever way. */

import { silent } from "../core";

/** Calls `follow` with each link of the web that is clicked, in shadow trees too. */
export function onLink(follow: (link: HTMLAnchorElement) => void): void {
  const listener = silent((event: MouseEvent) => {
    const link = event.composedPath().find(isLink);
    if (link && event.button < 2) follow(link);
  });
  document.addEventListener("click", listener, true);
  document.addEventListener("auxclick", listener, true);
}

/** The link's address without its query, in which there may be what is nobody's business. */
export function addressOf(link: HTMLAnchorElement): string {
  return link.origin + link.pathname;
}

function isLink(target: EventTarget): target is HTMLAnchorElement {
  return target instanceof HTMLAnchorElement && /^https?:$/.test(target.protocol);
}
