import { silent } from "../core";
import type { Extra } from "./extra";

const PERCENT = 100;
const SECOND = 1000;

/**
 * Pages that are left: for how long they were in view since that was last said, and how much.
 *
 * Routes of an application are pages where the browser tells before their address changes.
 */
export const engaged: Extra = (track) => {
  /** When the page came into view; 0 while it is not. */
  let since = 0;
  let deepest = 0;

  const look = silent(() => {
    const { scrollHeight } = document.documentElement;
    const seen = Math.round(((scrollY + innerHeight) / scrollHeight) * PERCENT);
    deepest = Math.min(PERCENT, Math.max(deepest, seen));
  });
  const come = (): void => {
    if (!document.hidden) since ||= performance.now();
  };
  const leave = (): void => {
    const seconds = since && Math.round((performance.now() - since) / SECOND);
    since = 0;
    look();
    if (seconds) track("Departure", { _engaged: seconds, _scroll: deepest });
  };

  const route = silent((event: NavigateEvent) => {
    const { sameDocument, url } = event.destination;
    if (!sameDocument || routeOf(new URL(url)) === routeOf(location)) return;
    leave();
    deepest = 0;
    come();
  });

  come();
  window.navigation?.addEventListener("navigate", route);
  addEventListener("scroll", look, { passive: true });
  addEventListener("pageshow", come);
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : come()));
};

/** A place in a page is none, but what looks like a path behind the `#` is. */
function routeOf({ pathname, search, hash }: URL | Location): string {
  return pathname + search + (/^#!?\//.test(hash) ? hash : "");
}
