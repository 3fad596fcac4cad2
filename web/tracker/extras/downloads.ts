import type { Extra } from "./extra";
import { onLink, withoutQuery } from "./links";

const FILE =
  /\.(7z|apk|avi|bz2|csv|deb|dmg|docx?|epub|exe|flac|gz|iso|key|m4a|mkv|mov|mp[34]|mpe?g|msi|od[pst]|ogg|pdf|pkg|ppsx?|pptx?|rar|rpm|rtf|tar|tgz|txt|wav|webm|wma|wmv|xlsx?|xz|zip)$/i;

/** Links to files, and all that have the attribute `download`. */
export const downloads: Extra = (track) => {
  onLink((address, link) => {
    if (link.hasAttribute("download") || FILE.test(address.pathname)) {
      track("File Download", { url: withoutQuery(address) });
    }
  });
};
