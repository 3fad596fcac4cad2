/** Extras of `script.js`: the tracker is the one that this very file has started. */

import { silent } from "../core";
import type { Fathom } from "../fathom";
import { install, type Extended, type Extra } from "./extra";

export const add = silent((name: string, extra: Extra) => {
  const tracker = window.fathom as Fathom & Extended;
  install(name, extra, tracker, tracker.trackEvent);
});
