/** script.js: the tracker for Fathom's snippet, `<script src="…/script.js" data-site="CODE" defer>`. */

import { ownScript, safely, whenSeen } from "./core";

/** The keys of a page's query that are sent along with a hit. */
const SENT_KEYS = [
  "keyword", "q", "ref", "s",
  "utm_campaign", "utm_content", "utm_medium", "utm_source", "utm_term",
  "action", "name", "pagename", "tab",
];

type Fields = Record<string, string | number>;

function start(script: HTMLScriptElement): void {
  const site = option("site");
  const collector = new URL(".", script.src).href;

  if (site && option("auto") !== "false") {
    whenSeen(() => {
      setTimeout(() => safely(() => trackPageview(site)), 0);
    });
  }

  /** An attribute of the snippet, with or without the prefix that came later. */
  function option(name: string): string | null {
    return script.getAttribute("data-" + name) || script.getAttribute(name);
  }

  function trackPageview(siteId: string): void {
    if (!location.host || isBlocked()) return;
    const page = pageAddress();
    const h = page.protocol + "//" + page.hostname;
    sendImage({
      h,
      p: page.pathname || "/",
      r: document.referrer.indexOf(h) < 0 ? document.referrer : "",
      sid: siteId,
      qs: JSON.stringify(sentQuery()),
      cid: Math.floor(Math.random() * 1e8) + 1,
    });
  }

  /** Where the page says it lives, else where it is. */
  function pageAddress(): HTMLAnchorElement | Location {
    const link = document.querySelector<HTMLLinkElement>('link[rel="canonical"][href]');
    if (link && option("canonical") !== "false") {
      const address = document.createElement("a");
      address.href = link.href;
      if (address.hostname) return address;
    }
    return location;
  }

  function sendImage(fields: Fields): void {
    const image = document.createElement("img");
    image.alt = "";
    image.setAttribute("aria-hidden", "true");
    image.style.position = "absolute";
    image.onload = image.onerror = () => image.remove();
    image.src = collector + "?" + encodeFields(fields);
    (document.body || document.documentElement).appendChild(image);
  }
}

/** Whether this browser's owner asked not to be counted; a browser without storage never did. */
function isBlocked(): boolean {
  try {
    return !!localStorage.getItem("blockFathomTracking");
  } catch {
    return false;
  }
}

/** As the original reads a query: what follows a second "=" is lost, "+" stays. */
function sentQuery(): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const pair of location.search.slice(1).split("&")) {
    const [key = "", value = ""] = pair.split("=");
    if (SENT_KEYS.indexOf(key) >= 0) sent[key] = decoded(value);
  }
  return sent;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function encodeFields(fields: Fields): string {
  return Object.keys(fields)
    .map((name) => name + "=" + encodeURIComponent(fields[name] as string | number))
    .join("&");
}

safely(() => {
  const script = ownScript('script[src*="script.js"][site]', "script[data-site]", "script[site]");
  if (script) start(script);
});
