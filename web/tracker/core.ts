/** What both trackers share: their own element, the right moment, and silence on errors. */

import { whenOnline } from "./extras/offline";

type PrerenderableDocument = Document & { readonly prerendering?: boolean };

/** `act`, but whatever it throws does not reach the host page: that works the same without us. */
export function silent<Given extends unknown[]>(
  act: (...given: Given) => void,
): (...given: Given) => void {
  return (...given) => {
    try {
      act(...given);
    } catch {}
  };
}

/** The element that loaded the running script; of a module all that may have, as it runs once. */
export function ownScripts(modules: string): HTMLScriptElement[] | NodeListOf<HTMLScriptElement> {
  return document.currentScript
    ? [document.currentScript as HTMLScriptElement]
    : document.querySelectorAll(modules);
}

/** Runs `act` once somebody sees the page: now, or when a prerendered page is activated. */
export function whenSeen(act: () => void): void {
  if ((document as PrerenderableDocument).prerendering) {
    document.addEventListener("prerenderingchange", silent(act));
  } else if (OFFLINE) {
    whenOnline(act);
  } else {
    act();
  }
}

/** Runs `act` whenever a page that was left is taken out of the back/forward cache. */
export function whenSeenAgain(act: () => void): void {
  addEventListener("pageshow", (event) => event.persisted && act());
}

/** Runs `act` after each call of a function of `history`. */
export function afterEach(name: "pushState" | "replaceState", act: () => void): void {
  const original = history[name];
  history[name] = function (...given) {
    original.apply(this, given);
    act();
  };
}
