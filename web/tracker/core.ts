/** What both trackers share: their own element, the right moment, and silence on errors. */

type PrerenderableDocument = Document & { readonly prerendering?: boolean };

/** Runs `act`; whatever it throws does not reach the host page. */
export function safely(act: () => void): void {
  try {
    act();
  } catch {
    // A page works the same with and without its analytics.
  }
}

/** The element that loaded the running script, else the first match of the first selector that has one. */
export function ownScript(...selectors: string[]): HTMLScriptElement | null {
  let script = document.currentScript as HTMLScriptElement | null;
  for (const selector of selectors) {
    script = script || document.querySelector<HTMLScriptElement>(selector);
  }
  return script;
}

/** Runs `act` once somebody sees the page: now, or when a prerendered page is activated. */
export function whenSeen(act: () => void): void {
  if ((document as PrerenderableDocument).prerendering) {
    document.addEventListener("prerenderingchange", () => safely(act), { once: true });
  } else {
    act();
  }
}
