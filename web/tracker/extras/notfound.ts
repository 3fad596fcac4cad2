import type { Extra } from "./extra";

/** Newer than TypeScript's own. */
type Navigation = PerformanceEntry & { readonly responseStatus?: number };

/** Pages that the site's server has answered with 404 or 410. */
export const notfound: Extra = (track) => {
  const [navigation] = performance.getEntriesByType("navigation") as Navigation[];
  if (navigation?.responseStatus === 404 || navigation?.responseStatus === 410) {
    track("404", { path: location.pathname });
  }
};
