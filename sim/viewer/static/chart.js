/* The live chart: counts since the start, up to the moment shown. */

import { choice, element } from "./elements.js";
import { calendar } from "./story.js";

const POINTS = 320;
const GROUPS = [
  ["harm", "incidents and harm", ["incidents", "attacks", "victims", "deaths"]],
  ["flow", "crossings", ["crossings", "stopped"]],
  ["shut", "worksites shut", ["sites_shut"]],
  ["ready", "readiness", ["readiness"]],
];
const SINGLES = ["incidents", "victims", "deaths", "attacks", "crossings", "stopped", "sites_shut", "readiness"];
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
const DASHES = [[], [7, 5], [2, 3], [9, 3, 2, 3]];

/** A date, or an hour where days are wide. */
function dayText(start, t) {
  const { day, time } = calendar(start, t);
  return Number.isInteger(t) ? day : time;
}

export class Chart {
  constructor() {
    this.place = element("div", { class: "panj-plot", id: "panj-chart", role: "img", "aria-label": "Chart" });
    this.keys = element("div", { class: "panj-keys" });
    this.measure = choice({ id: "panj-chart-measure", "aria-label": "What the chart shows",
      onchange: () => this.#make() }, []);
    this.root = element("section", { class: "panj-box panj-chartbox", "aria-label": "Chart" },
      element("div", { class: "panj-row" }, element("h2", {}, "Since the start"), this.measure, this.keys),
      this.place);
    new ResizeObserver(() => this.#resize()).observe(this.place);
  }

  open(stories, palette) {
    const paired = Object.keys(stories).length > 1;
    const changed = this.paired !== paired;
    [this.stories, this.palette, this.paired] = [stories, palette, paired];
    if (changed) {
      const options = paired ? SINGLES.map((name) => [name, name.replace("_", " ")]) : GROUPS;
      this.measure.replaceChildren(
        ...options.map(([value, text]) => element("option", { value }, text)));
    }
    this.#make();
  }

  /** The lines: `[{name, side, label, colour, dash}]`. */
  #lines() {
    if (this.paired) {
      return Object.keys(this.stories).map((side, i) => ({
        name: this.measure.value, side, label: side.toUpperCase(),
        colour: this.palette.chart[i], dash: DASHES[i] }));
    }
    const names = GROUPS.find(([value]) => value === this.measure.value)?.[2] ?? GROUPS[0][2];
    return names.map((name, i) => ({ name, side: "a", label: name.replace("_", " "),
      colour: this.palette.chart[i], dash: DASHES[i] }));
  }

  #make() {
    this.plot?.destroy();
    this.plot = null;
    if (!this.stories || !globalThis.uPlot) return;
    this.lines = this.#lines();
    const { palette } = this;
    const axis = { stroke: palette.soft, grid: { stroke: palette.grid, width: 1 },
      ticks: { stroke: palette.grid, width: 1 }, font: "11px system-ui" };
    const { start } = this.stories.a.ground;
    this.plot = new globalThis.uPlot({
      width: Math.max(this.place.clientWidth, 50), height: Math.max(this.place.clientHeight, 50),
      padding: [6, 20, 0, 0], legend: { show: false }, cursor: { show: false },
      scales: { x: { time: false }, y: { range: (u, low, high) => [0, Math.max(1, high * 1.06)] } },
      axes: [
        { ...axis, size: 24, space: 70, incrs: [0.25, 0.5, 1, 2, 5, 7, 14, 28, 56, 91],
          values: (u, splits) => splits.map((day) => dayText(start, day)) },
        { ...axis, size: 44, space: 24, incrs: this.lines[0].name === "readiness" ? [0.1, 0.25] : WHOLE, values: (u, splits) => splits.map((v) => (
          this.lines[0].name === "readiness" ? `${Math.round(100 * v)} %` : v)) },
      ],
      series: [{}, ...this.lines.map((line) => ({ stroke: line.colour, width: 2, dash: line.dash,
        points: { show: false }, paths: globalThis.uPlot.paths.stepped({ align: 1 }) }))],
    }, [[0], ...this.lines.map(() => [0])], this.place);
    this.keys.replaceChildren(...this.lines.map((line) => element("span", { class: "panj-key" },
      element("i", { style: `border-top:2px ${line.dash.length ? "dashed" : "solid"} ${line.colour}` }), line.label)));
    if (this.t !== undefined) this.update(this.t);
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.place;
    if (this.plot && width && height) this.plot.setSize({ width, height });
  }

  update(t) {
    this.t = t;
    if (!this.plot) return;
    const end = Math.max(t, 0.5);
    const x = Array.from({ length: POINTS }, (_, i) => (end * i) / (POINTS - 1));
    const columns = this.lines.map(({ name, side }) => (
      x.map((at) => (at > t ? null : this.stories[side].counter(name, at)))));
    this.plot.setData([x, ...columns]);
    const latest = this.lines.map((line, i) => (
      `${line.label} ${columns[i].findLast((v) => v !== null) ?? 0}`));
    this.place.setAttribute("aria-label", `Chart since the start: ${latest.join(", ")}`);
  }
}
