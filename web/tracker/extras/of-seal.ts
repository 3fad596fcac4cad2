/** Extras of `t.js`: the tracker is the one that this very file has started. A frame has none. */

import { silent } from "../core";
import type { SealMetrics } from "../seal";
import { install, type Extended, type Extra } from "./extra";

export const add = silent((name: string, extra: Extra) => {
  if (self !== top) return;
  const tracker = window.sealmetrics as SealMetrics & Extended;
  install(name, extra, tracker, tracker.micro);
});
