import { silent } from "../core";

/** Runs `act` now, or while the browser is offline, once it is not; what waits is in memory only. */
export function whenOnline(act: () => void): void {
  if (navigator.onLine) {
    act();
  } else {
    addEventListener("online", silent(act), { once: true });
  }
}
