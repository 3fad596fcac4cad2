import type { Extra } from "./extra";
import { onLink, withoutQuery } from "./links";

/** Links to other hosts. */
export const outbound: Extra = (track) => {
  onLink((address) => {
    if (address.hostname !== location.hostname) {
      track("Outbound Link: Click", { url: withoutQuery(address) });
    }
  });
};
