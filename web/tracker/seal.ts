/** t.js: the tracker for SealMetrics' snippet, `<script src="…/t.js?id=SITE" defer>`. */

import { ownScript, safely, whenSeen } from "./core";

interface Config {
  /** The site, named as the page's snippet names it. */
  readonly a: string;
  /** The content group of this page's pageviews, "" for none. */
  readonly g: string;
  /** Whether a pageview is sent without being asked for. */
  readonly auto: boolean;
}

/** One hit as the collector reads it. */
interface Payload {
  a: string;
  s: string;
  t: string;
  u: string;
  r: string;
  z: string;
  c: number;
  g?: string;
}

/** The server puts the site's settings in the place of this string, quotes included. */
const { a: site, g: group, auto } = "__LEADLINE__" as unknown as Config;

/** The field must look like a session; it says nothing about the device, and the server ignores it. */
const NO_SESSION = "10";

/** Nor does the server ask for a token. */
const NO_TOKEN = "";

function pageview(): Payload {
  const payload: Payload = {
    a: site,
    s: NO_SESSION,
    t: NO_TOKEN,
    u: location.href,
    r: document.referrer,
    z: Intl.DateTimeFormat().resolvedOptions().timeZone,
    c: Date.now(),
  };
  if (group) payload.g = group;
  return payload;
}

function send(endpoint: string, payload: Payload): void {
  const body = new URLSearchParams({ d: JSON.stringify(payload) });
  if (navigator.sendBeacon && navigator.sendBeacon(endpoint, body)) return;
  fetch(endpoint, {
    method: "POST",
    body,
    keepalive: true,
    mode: "no-cors",
    credentials: "omit",
  }).catch(() => {});
}

safely(() => {
  const script = ownScript('script[src*="/t.js?"]');
  if (!script || !auto || self !== top) return;
  const endpoint = new URL(script.src).origin + "/event";
  whenSeen(() => send(endpoint, pageview()));
});
