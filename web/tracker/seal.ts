/** t.js: the tracker for SealMetrics' snippet, `<script src="…/t.js?id=SITE" defer>`. */

import { afterEach, ownScripts, silent, whenSeen, whenSeenAgain } from "./core";
import { addressWithRoute } from "./extras/hash";

/** The settings of the script's address; "0" is off, "1" is on. */
interface Config {
  /** The site, named as the page's snippet names it. */
  readonly a: string;
  /** The content group of pageviews that name none, "" for none. */
  readonly g: string;
  /** Whether a pageview is sent without being asked for. */
  readonly auto: string;
  /** Whether one is sent for each new address of a single-page application. */
  readonly spa: string;
}

type Pageview = (options?: { group?: string }) => void;
type Properties = Record<string, unknown>;
type Command = [marker: string, given: Iterable<unknown>];

/** What a page finds as `window.sealmetrics`. */
export interface SealMetrics extends Pageview {
  conv(type: string, amount?: number, properties?: Properties): void;
  micro(type: string, properties?: Properties): void;
  readonly sessionId: string;
  readonly accountId: string;
  readonly tz: string;
  readonly autoMode: string;
  readonly spaMode: string;
  /** Calls from before there was a tracker wait here; what is put here later is called at once. */
  q?: Command[] | { push(command: Command): void };
  /** The sites that have a tracker in this page: a snippet that comes twice counts once. */
  sites?: string[];
}

declare global {
  interface Window {
    sealmetrics?: SealMetrics;
    sm?: SealMetrics;
    _sm?: SealMetrics;
  }
}

/** The server puts the settings in the place of this string, quotes included. */
const config = "__LEADLINE__" as unknown as Config;

/** The wire wants what looks like a session; it says nothing of the device, and nobody reads it. */
const NO_SESSION = "10";

function start(script: HTMLScriptElement): void {
  const former = window.sealmetrics;
  const sites = former?.sites || [];
  if (sites.includes(config.a)) return;
  sites.push(config.a);

  const endpoint = new URL("event", script.src).href;
  const tz = Intl.DateTimeFormat().resolvedOptions().timeZone;
  let { href } = location;
  let { referrer } = document;

  const pageview: Pageview = silent((options) => {
    const g = options?.group || config.g;
    send(g ? { g } : {});
  });
  const tracker = pageview as SealMetrics;

  tracker.conv = silent((e, v, properties) => {
    if (e) send({ e, ...(typeof v === "number" && { v }), ...own(properties) });
  });
  tracker.micro = silent((e, properties) => {
    if (e) send({ e, m: 1, ...own(properties) });
  });
  tracker.sites = sites;
  define("sessionId", NO_SESSION);
  define("accountId", config.a);
  define("tz", tz);
  define("autoMode", config.auto);
  define("spaMode", config.spa);

  window.sealmetrics = tracker;
  for (const alias of ["sm", "_sm"] as const) {
    if (!window[alias] || window[alias] === former) window[alias] = tracker;
  }

  function define(name: keyof SealMetrics, value: string): void {
    Object.defineProperty(tracker, name, { value });
  }

  /** The properties of an event, if it has any. */
  function own(properties?: Properties): { x?: Properties } {
    const x = { ...properties };
    return Object.keys(x).length ? { x } : {};
  }

  function send(fields: object): void {
    const payload = {
      a: config.a,
      s: NO_SESSION,
      t: "",
      u: HASH ? addressWithRoute() : location.href,
      r: referrer,
      z: tz,
      c: Date.now(),
      ...fields,
    };
    const body = new URLSearchParams({ d: JSON.stringify(payload) });
    whenSeen(() => {
      if (!navigator.sendBeacon?.(endpoint, body)) {
        fetch(endpoint, { method: "POST", body, keepalive: true }).catch(() => {});
      }
    });
  }

  /** After something that may have changed the page's address. */
  function follow(): void {
    if (href === location.href) return;
    referrer = href;
    href = location.href;
    if (config.spa === "1") pageview();
  }

  const commands: Record<string, Function> = { pv: pageview, cv: tracker.conv, mc: tracker.micro };
  const push = silent(([marker, given]: Command) => commands[marker]!(...given));
  silent(() => (former!.q as Command[]).forEach(push))();
  tracker.q = { push };
  if (self !== top) return;
  if (config.auto === "1") {
    pageview();
    whenSeenAgain(pageview);
  }
  afterEach("pushState", follow);
  afterEach("replaceState", follow);
  addEventListener("popstate", follow);
  if (HASH) addEventListener("hashchange", follow);
}

ownScripts(`script[src*='id=${config.a}']`).forEach(silent(start));
