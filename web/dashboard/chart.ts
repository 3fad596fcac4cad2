// Reads a chart to whoever points at it, or moves through it with the keys of a slider. What there is to
// say stands in the table behind it, a row for each column of the drawing.

import { on } from "./htmx";

const STEPS: Record<string, (at: number, last: number) => number> = {
  ArrowLeft: (at) => at - 1,
  ArrowDown: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  ArrowUp: (at) => at + 1,
  Home: () => 0,
  End: (_, last) => last,
};

class Chart {
  private readonly figure: HTMLElement;
  private readonly columns: SVGRectElement[];
  private readonly rows: HTMLTableRowElement[];
  private readonly heads: string[];

  constructor(readonly drawing: SVGSVGElement) {
    this.figure = drawing.closest("figure") as HTMLElement;
    this.columns = [...drawing.querySelectorAll<SVGRectElement>(".column")];
    this.rows = [...this.figure.querySelectorAll<HTMLTableRowElement>("tbody tr")];
    this.heads = [...this.figure.querySelectorAll("thead th")].map((head) => text(head));
  }

  /** Where the slider stands. */
  get at(): number {
    return Number(this.drawing.getAttribute("aria-valuenow")) - 1;
  }

  get last(): number {
    return this.columns.length - 1;
  }

  /** Makes a slider of the picture that it is without a script. */
  prepare(): void {
    if (this.drawing.getAttribute("role") === "slider") return;
    const { length } = this.columns;
    set(this.drawing, { role: "slider", tabindex: 0, "aria-valuemin": 1, "aria-valuemax": length });
    this.stand(this.last);
    if (this.drawing === document.activeElement) this.show(this.last);
  }

  /** The column that is above or below a place of the window. */
  columnAt(x: number): number {
    const { left, width } = (this.columns[0] as SVGRectElement).getBoundingClientRect();
    return this.within(Math.floor((x - left) / width));
  }

  show(index: number): void {
    const at = this.within(index);
    this.stand(at);
    const { x, y, other } = (this.columns[at] as SVGRectElement).dataset;
    const [line, otherDot, dot] = this.drawing.querySelectorAll(".cursor > *");
    set(line as Element, { x1: `${x}%`, x2: `${x}%` });
    place(otherDot as Element, x, other);
    place(dot as Element, x, y);
    this.cursor.setAttribute("visibility", "visible");
    this.readout.replaceChildren(...this.said(at));
    this.readout.hidden = false;
    this.readout.classList.toggle("on-the-left", Number(x) > 50);
  }

  hide(): void {
    this.cursor.setAttribute("visibility", "hidden");
    this.readout.hidden = true;
  }

  private get cursor(): Element {
    return this.drawing.querySelector(".cursor") as Element;
  }

  private get readout(): HTMLElement {
    return this.figure.querySelector(".readout") as HTMLElement;
  }

  private within(index: number): number {
    return Math.max(0, Math.min(index, this.last));
  }

  private stand(at: number): void {
    const cells = this.cells(at).map(([head, cell], index) => {
      return index === 0 ? text(cell) : `${head}: ${text(cell)}`;
    });
    set(this.drawing, { "aria-valuenow": at + 1, "aria-valuetext": cells.join(", ") });
  }

  private said(at: number): HTMLElement[] {
    return this.cells(at).map(([head, cell]) => {
      const name = document.createElement("dt");
      const value = document.createElement("dd");
      const pair = document.createElement("div");
      name.textContent = head;
      value.append(...cell.cloneNode(true).childNodes);
      pair.append(name, value);
      return pair;
    });
  }

  /** What is said of a column: the cells of its row that are not empty, with their heads. */
  private cells(at: number): [head: string, cell: Element][] {
    const cells = [...(this.rows[at]?.cells ?? [])];
    return cells
      .map((cell, index): [string, Element] => [this.heads[index] ?? "", cell])
      .filter(([, cell]) => text(cell) !== "");
  }
}

function text(element: Element): string {
  return element.textContent?.trim() ?? "";
}

function set(element: Element, attributes: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, `${value}`);
}

function place(dot: Element, x = "", y = ""): void {
  set(dot, { cx: `${x}%`, cy: `${y || 0}%`, display: y ? "inline" : "none" });
}

let shown: Chart | undefined;

function show(chart: Chart, index: number): void {
  if (shown?.drawing !== chart.drawing) shown?.hide();
  shown = chart;
  chart.show(index);
}

function hide(): void {
  shown?.hide();
  shown = undefined;
}

function chartOf(event: Event): Chart | undefined {
  const drawing = (event.target as Element).closest?.<SVGSVGElement>(".plot-drawing");
  return drawing ? new Chart(drawing) : undefined;
}

function point(event: PointerEvent): void {
  const chart = chartOf(event);
  if (chart) {
    show(chart, chart.columnAt(event.clientX));
  } else if (shown && shown.drawing !== document.activeElement) {
    hide();
  }
}

function prepare(): void {
  for (const drawing of document.querySelectorAll<SVGSVGElement>(".plot-drawing")) {
    new Chart(drawing).prepare();
  }
}

document.addEventListener("pointermove", point);
document.addEventListener("pointerdown", point);
document.documentElement.addEventListener("pointerleave", hide);
document.addEventListener("focusin", (event) => {
  const chart = chartOf(event);
  if (chart && shown?.drawing !== chart.drawing) show(chart, chart.at);
});
document.addEventListener("focusout", (event) => {
  if (chartOf(event)) hide();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
  const chart = chartOf(event);
  const step = STEPS[event.key];
  if (!chart || !step || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  show(chart, step(chart.at, chart.last));
});
on("after:swap", prepare);
prepare();
