/* The chainage under a map with a brush: it marks the part of the line that the map shows, and a drag
 * selects another. It is at the foot of the strip if there is one, else on a bar of its own. */

import { element } from "./elements.js";
import { outlinedText } from "./drawing.js";

export const BAR_PX = 36;
const STRIP_FOOT_PX = 56;
const LEAST_PANE_PX = 230; // a lower map has no bar of its own
const SIDE_PX = 12;
const LEAST_KM = 24;
const CLICK_KM = 140; // the stretch that a click shows
const CLICK_PX = 4;
const CREST_PX = 9;
const BAND_PX = 14;

/** Give each strip, or else each map, a brush; a brush moves the maps of both worlds. */
export function linkBrushes(panes) {
  const maps = panes.filter((pane) => pane.mode === "map");
  for (const map of maps) {
    const strip = panes.find((pane) => pane.mode === "strip" && pane.side === map.side);
    (strip ?? map).brush = new Brush(strip ?? map, map, maps);
  }
}

class Brush {
  /** On `pane`, for the map pane `map`; a drag moves all of `maps`. */
  constructor(pane, map, maps) {
    [this.pane, this.map, this.maps] = [pane, map, maps];
    this.isBar = pane === map;
    this.canvas = this.isBar ? element("canvas", { "aria-hidden": "true" }) : null;
    this.seen = element("div", { class: "panj-seen-parts", "aria-hidden": "true" });
    this.root = element("div", { class: `panj-brush${this.isBar ? " panj-brush-bar" : ""}`, tabindex: "0",
      role: "slider", "aria-label": "Part of the line on the map", "aria-valuemin": "0",
      title: "Drag to show a part of the line on the map; double click for all of it" }, this.canvas, this.seen);
    pane.root.append(this.root);
    this.#listen();
  }

  /** Height that a bar takes from the foot of a map of that height, px. */
  room(height) {
    return this.isBar && this.map.view.place && height >= LEAST_PANE_PX ? BAR_PX : 0;
  }

  draw({ palette, t }) {
    const { width, height, length } = this.pane.view;
    this.root.hidden = this.isBar && !this.room(height);
    if (this.root.hidden) return;
    this.root.style.height = `${this.isBar ? BAR_PX : STRIP_FOOT_PX}px`;
    if (this.isBar) this.#drawBar(palette, t, width);
    const key = [this.map.view.key, this.pane.view.key].join("|");
    if (key === this.shown) return;
    this.shown = key;
    const parts = this.map.view.zoom > 1 ? this.map.view.seen() : [];
    this.seen.replaceChildren(...parts.map(([from, to]) => {
      const [left, right] = [this.#x(from), this.#x(to)];
      return element("div", { class: "panj-seen", style: `left:${left}px;width:${Math.max(right - left, 3)}px` });
    }));
    const [from, to] = parts.length ? [parts[0][0], parts.at(-1)[1]] : [0, length];
    this.root.setAttribute("aria-valuemax", Math.round(length));
    this.root.setAttribute("aria-valuenow", Math.round((from + to) / 2));
    this.root.setAttribute("aria-valuetext", parts.length
      ? parts.map(([a, b]) => `km ${Math.round(a)} to ${Math.round(b)}`).join(", ") : "all of the line");
  }

  #x(km) {
    if (!this.isBar) return this.pane.view.project(km, 0)[0];
    return SIDE_PX + (km / this.pane.view.length) * (this.pane.view.width - 2 * SIDE_PX);
  }

  #km(x) {
    const { view } = this.pane;
    const km = this.isBar ? ((x - SIDE_PX) / (view.width - 2 * SIDE_PX)) * view.length : view.km(x);
    return Math.min(Math.max(km, 0), view.length);
  }

  #show(from, to) {
    const { length } = this.pane.view;
    const long = Math.min(Math.max(to - from, LEAST_KM), length);
    const start = Math.min(Math.max((from + to - long) / 2, 0), length - long);
    this.#move((view) => view.showStretch(start, start + long));
  }

  #move(act) {
    for (const map of this.maps) {
      map.land();
      act(map.view);
    }
  }

  #listen() {
    let drag = null;
    const at = (event) => event.clientX - this.root.getBoundingClientRect().left;
    this.root.addEventListener("pointerdown", (event) => {
      const x = at(event);
      const km = this.#km(x);
      const part = this.map.view.zoom > 1 && this.map.view.seen().find(([from, to]) => km >= from && km <= to);
      drag = { x, km, part, moved: false };
      this.root.setPointerCapture(event.pointerId);
    });
    this.root.addEventListener("pointermove", (event) => {
      if (!drag) return;
      const x = at(event);
      drag.moved ||= Math.abs(x - drag.x) > CLICK_PX;
      if (!drag.moved) return;
      const km = this.#km(x);
      if (drag.part) this.#move((view) => view.centreOn((drag.part[0] + drag.part[1]) / 2 + km - drag.km));
      else this.#show(Math.min(km, drag.km), Math.max(km, drag.km));
    });
    this.root.addEventListener("pointerup", () => {
      if (drag && !drag.moved && !drag.part) this.#show(drag.km - CLICK_KM / 2, drag.km + CLICK_KM / 2);
      drag = null;
    });
    this.root.addEventListener("pointercancel", () => { drag = null; });
    this.root.addEventListener("dblclick", (event) => {
      event.stopPropagation();
      this.#move((view) => view.reset());
    });
    this.root.addEventListener("keydown", (event) => this.#key(event));
  }

  #key(event) {
    const { view } = this.map;
    const long = view.length / view.zoom;
    const parts = view.seen();
    const middle = parts.length && view.zoom > 1 ? (parts[0][0] + parts.at(-1)[1]) / 2 : view.length / 2;
    const zoom = (factor) => () => this.#move((one) => one.zoomAt(factor, ...one.project(middle, 0)));
    const go = (km) => () => this.#move((one) => one.centreOn(middle + km));
    const act = {
      ArrowLeft: go(-long / 8), ArrowRight: go(long / 8), "+": zoom(1.5), "=": zoom(1.5), "-": zoom(1 / 1.5),
      Home: () => this.#move((one) => one.reset()),
    }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }

  /** Crests, districts in the colour of their alert with their names, and chainage. */
  #drawBar(palette, t, width) {
    const { story } = this.pane;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const key = [width, ratio, palette.name, story.levelsKey(t), story.world].join(" ");
    if (key === this.drawn) return;
    this.drawn = key;
    [this.canvas.width, this.canvas.height] = [Math.round(width * ratio), Math.round(BAR_PX * ratio)];
    const c = this.canvas.getContext("2d");
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.fillStyle = palette.map.paper;
    c.fillRect(0, 0, width, BAR_PX);
    this.#drawCrests(c, palette);
    this.#drawDistricts(c, palette, t);
    this.#drawMarks(c, palette);
  }

  #drawCrests(c, palette) {
    const { line } = this.pane.story.ground;
    const top = Math.max(...line.map((point) => point[5] ?? point[3]));
    for (const [column, alpha] of [[5, 0.35], [3, 0.6]]) {
      c.beginPath();
      c.moveTo(this.#x(0), CREST_PX + 1);
      for (const point of line) c.lineTo(this.#x(point[0]), CREST_PX + 1 - (CREST_PX * (point[column] ?? point[3])) / top);
      c.lineTo(this.#x(this.pane.view.length), CREST_PX + 1);
      c.globalAlpha = alpha;
      c.fillStyle = palette.faint;
      c.fill();
    }
    c.globalAlpha = 1;
  }

  #drawDistricts(c, palette, t) {
    const { story } = this.pane;
    c.font = "600 9.5px system-ui, sans-serif";
    c.textBaseline = "middle";
    story.ground.districts.forEach(({ from, to, name }, index) => {
      const [left, right] = [this.#x(from), this.#x(to)];
      c.fillStyle = palette.levels[story.level(index, t)];
      c.fillRect(left, CREST_PX + 1, right - left, BAND_PX);
      c.strokeStyle = palette.levelEdge;
      c.lineWidth = 0.8;
      c.strokeRect(left, CREST_PX + 1, right - left, BAND_PX);
      const text = [name, name.replace(/^(\p{L}{1,2})\p{L}* /u, "$1. ")].find((words) => c.measureText(words).width < right - left - 2);
      if (text) outlinedText(c, text, (left + right - c.measureText(text).width) / 2, CREST_PX + 1.5 + BAND_PX / 2, palette, palette.ink);
    });
  }

  #drawMarks(c, palette) {
    const { length, width } = this.pane.view;
    const every = [100, 200, 400].find((km) => (km / length) * width > 44) ?? 400;
    c.font = "9px system-ui, sans-serif";
    c.textAlign = "center";
    c.fillStyle = palette.soft;
    for (let km = 0; km <= length; km += every) {
      c.fillRect(this.#x(km) - 0.5, CREST_PX + 1 + BAND_PX, 1, 2.5);
      c.fillText(km === 0 ? "km 0" : km.toLocaleString("en-GB"), Math.max(this.#x(km), 14), CREST_PX + BAND_PX + 8.5);
    }
    c.textAlign = "start";
  }
}
