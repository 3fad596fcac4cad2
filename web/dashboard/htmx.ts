// What htmx tells of what it does.

/** A request of htmx, with its answer once there is one. */
export interface Exchange {
  readonly sourceElement: Element;
  readonly target: Element;
  readonly request: { readonly action: string };
  readonly response?: { readonly status: number };
}

interface Htmx {
  ajax(
    verb: string,
    path: string,
    options: { source: Element; target: Element; swap: string },
  ): Promise<void>;
}

/** Its script is before ours on every page that has something to fetch. */
export const { htmx } = window as unknown as { htmx: Htmx };

type Name = "before:swap" | "after:swap" | "response:error" | "error";

/** Calls `act` for each event `htmx:NAME` that is about a request. */
export function on(name: Name, act: (exchange: Exchange, event: Event) => void): void {
  document.addEventListener(`htmx:${name}`, (event) => {
    const { ctx } = (event as CustomEvent<{ ctx?: Exchange }>).detail;
    if (ctx) act(ctx, event);
  });
}
