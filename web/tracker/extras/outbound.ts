import type { Extra } from "./extra";
import { addressOf, onLink } from "./links";

/** Links to other hosts. */
export const outbound: Extra = (track) => {
  onLink((link) => {
    if (link.hostname !== location.hostname) {
      track("Outbound Link: Click", { url: addressOf(link) });
    }
  });
};
