/** script.js: the tracker for Fathom's snippet, `<script src="…/script.js" data-site="CODE" defer>`. */

import { afterEach, ownScripts, silent, whenSeen, whenSeenAgain } from "./core";

interface PageviewOptions {
  url?: string;
  referrer?: string;
}

interface EventOptions {
  /** In hundredths of the currency. */
  _value?: number;
  /** Another site than the page's, for this event. */
  _site_id?: string;
  /** Whatever has no underscore is a property of the event. */
  [property: string]: unknown;
}

/** What a page finds as `window.fathom`. */
export interface Fathom {
  siteId: string;
  trackPageview(options?: PageviewOptions): void;
  trackEvent(name: string, options?: EventOptions): void;
  trackGoal(code: string, cents: number): void;
  setSite(id: string): void;
  blockTrackingForMe(): void;
  enableTrackingForMe(): void;
  /** The sites that have a tracker in this page: a snippet that comes twice counts once. */
  readonly sites: string[];
}

declare global {
  interface Window {
    fathom?: Fathom;
  }
}

/** A hit's parameters, in the order of the wire. */
type Fields = Record<string, string | number>;

const BLOCKED = "blockFathomTracking";

/** Of a page's query only these are sent along; as in the original a second "=" ends a value. */
const SENT =
  /[?&](keyword|q|ref|s|utm_(?:campaign|content|medium|source|term)|action|name|pagename|tab)=([^&=]*)/g;

/** Whether this browser's owner asked not to be counted; a browser without storage never did. */
function isBlocked(): boolean {
  let blocked: unknown;
  silent(() => (blocked = localStorage[BLOCKED]))();
  return blocked as boolean;
}

function sentQuery(): string {
  const sent: Record<string, string> = {};
  for (const [, key, value] of location.search.matchAll(SENT) as Iterable<[string, string, string]>) {
    sent[key] = value;
    silent(() => (sent[key] = decodeURIComponent(value)))();
  }
  return JSON.stringify(sent);
}

function start(script: HTMLScriptElement): void {
  const site = option("site");
  const sites = window.fathom?.sites || [];
  if (!site || sites.includes(site)) return;
  sites.push(site);

  const collector = new URL(".", script.src).href;
  const routing = HASH ? "hash" : option("spa");
  const isAutomatic = option("auto") !== "false";

  /** Sends a pageview if it is given options, else an event. */
  const hit = silent(
    (fields: Fields, pageview?: PageviewOptions | null, sid: string = tracker.siteId): void => {
      if (!isWanted()) return;
      const page = pageAddress(pageview?.url);
      const h = page.protocol + "//" + page.hostname;
      const all: Fields = {
        ...fields,
        p: page.pathname + routeInHash(),
        h,
        r: pageview?.referrer || (document.referrer.includes(h) ? "" : document.referrer),
        sid,
        qs: sentQuery(),
        cid: Math.ceil(Math.random() * 1e8),
      };
      const address = collector + "?" + new URLSearchParams(all as Record<string, string>);
      whenSeen(() => {
        if (pageview || !navigator.sendBeacon?.(address)) new Image().src = address;
      });
    },
  );

  const tracker: Fathom = (window.fathom = {
    siteId: site,
    sites,
    // A parameter without its value yet keeps a place: the wire's order is not the same for all.
    trackPageview: (options = {}) => hit({ h: "" }, options),
    trackEvent: silent((name, options = {}) => {
      if (name) hit({ name, payload: JSON.stringify(options) }, null, options?._site_id);
    }),
    trackGoal: (gcode, gval) => hit({ gcode, gval, qs: "" }),
    setSite(id) {
      tracker.siteId = id;
    },
    blockTrackingForMe: silent(() => {
      localStorage[BLOCKED] = true;
      alert("Tracking off");
    }),
    enableTrackingForMe: silent(() => {
      delete localStorage[BLOCKED];
      alert("Tracking on");
    }),
  });

  /** An attribute of the snippet, with or without the prefix that came later. */
  function option(name: string): string | null {
    return script.getAttribute("data-" + name) || script.getAttribute(name);
  }

  /** Whether the page's host is among these domains; undefined if none are named. */
  function isAmong(which: string): boolean | undefined {
    return option(which + "-domains")?.split(/[, ]+/).includes(location.hostname);
  }

  function isWanted(): boolean {
    return !(
      !location.hostname ||
      isBlocked() ||
      (option("honor-dnt") === "true" && navigator.doNotTrack === "1") ||
      isAmong("included") === false ||
      isAmong("allowed") === false ||
      isAmong("excluded")
    );
  }

  /** What the caller says, else what the page says of itself, else where it is. */
  function pageAddress(url?: string): URL | Location {
    let address: URL | Location = location;
    silent(() => {
      if (url || option("canonical") !== "false") {
        const canonical = document.querySelector<HTMLLinkElement>("link[rel=canonical]");
        address = new URL(url || canonical!.href, location.href);
      }
    })();
    return address;
  }

  function routeInHash(): string {
    return routing === "hash" ? location.hash : "";
  }

  /** What has to change for another pageview: a link to a place in the same page does not. */
  function route(): string {
    return location.pathname + location.search + routeInHash();
  }

  let counted = isAutomatic ? "" : route();

  function count(): void {
    if (counted !== (counted = route())) tracker.trackPageview();
  }

  if (routing === "hash") {
    addEventListener("hashchange", count);
  } else if (routing) {
    const tell = (name: string) => dispatchEvent(new Event(name));
    addEventListener("locationchangefathom", count);
    addEventListener("popstate", () => tell("locationchangefathom"));
    afterEach("pushState", () => {
      tell("pushstate");
      tell("locationchangefathom");
    });
  }
  if (isAutomatic) {
    setTimeout(count);
    whenSeenAgain(() => tracker.trackPageview());
  }
}

ownScripts("script[type=module]").forEach(silent(start));
