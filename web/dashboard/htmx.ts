// What htmx tells of what it does.

/** A request of htmx, with its answer once there is one. */
export interface Exchange {
  readonly sourceElement: Element;
  readonly target: Element;
  readonly request: { readonly action: string; readonly headers: Record<string, string> };
  readonly select?: string;
  readonly response?: { readonly status: number };
}

interface Detail {
  readonly ctx?: Exchange;
  readonly tasks?: readonly { readonly fragment: DocumentFragment }[];
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
export function on(name: Name, act: (exchange: Exchange, event: CustomEvent<Detail>) => void): void {
  document.addEventListener(`htmx:${name}`, (event) => {
    const told = event as CustomEvent<Detail>;
    if (told.detail.ctx) act(told.detail.ctx, told);
  });
}
