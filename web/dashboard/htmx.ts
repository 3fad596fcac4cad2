// What htmx tells of what it does.

/** A request of htmx, with its answer once there is one. */
export interface Exchange {
  readonly sourceElement: Element;
  readonly target: Element;
  readonly request: { readonly action: string };
  readonly response?: { readonly status: number };
}

type Name = "before:swap" | "after:swap" | "response:error" | "error";

/** Calls `act` for each event `htmx:NAME` that is about a request. */
export function on(name: Name, act: (exchange: Exchange, event: Event) => void): void {
  document.addEventListener(`htmx:${name}`, (event) => {
    const { ctx } = (event as CustomEvent<{ ctx?: Exchange }>).detail;
    if (ctx) act(ctx, event);
  });
}
