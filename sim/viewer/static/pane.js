/* One drawing of one world: a still canvas below, a moving one above; zoom, move, point, pick. */

import { drawGround, drawWords } from "./backdrop.js";
import { element } from "./elements.js";
import { icon } from "./icons.js";
import { projectionFor } from "./projection.js";
import { drawScene } from "./scene.js";

const REACH_PX = 14;
const PAN_PX = 5;

/** The smallest distance first; what moves wins against what stands. */
function nearest(hits, x, y) {
  let best = null;
  let least = REACH_PX;
  for (const hit of hits) {
    const away = Math.hypot(hit.x - x, hit.y - y) - (hit.moving || hit.kind === "event" ? 4 : 0);
    if (away <= least) [best, least] = [hit, away];
  }
  return best;
}

export class Pane {
  /** `on` has `point(pane, hit, x, y)`, `pick(pane, hit)`; both with null for nothing. */
  constructor(story, mode, on) {
    this.side = story.side;
    this.mode = mode;
    this.on = on;
    this.hits = [];
    this.below = element("canvas", { class: "panj-below", "aria-hidden": "true" });
    this.above = element("canvas", {
      class: "panj-above", tabindex: "0", role: "img", id: `panj-${mode}-${story.side}`,
    });
    this.words = element("canvas", { class: "panj-words", "aria-hidden": "true" });
    this.title = element("div", { class: "panj-pane-title" });
    this.root = element("div", { class: `panj-pane panj-pane-${mode}` },
      this.below, this.above, this.words, this.title, this.#zoomButtons());
    this.tell(story);
    this.#listen();
  }

  /** Take the ground of a new world. */
  tell(story) {
    this.story = story;
    const before = this.view;
    this.view = projectionFor(this.mode, story.ground);
    if (before) {
      this.view.zoom = before.zoom;
      this.view.shift = before.shift;
    }
    this.size = "";
    this.drawn = "";
    const shown = this.mode === "map" ? "Map of the frontier" : "The frontier pulled straight";
    this.above.setAttribute("aria-label", `${shown}, ${story.ground.scenario.title}. `
      + "Keys: full stop and comma go from agent to agent, Enter tells its state, "
      + "plus and minus zoom, Shift and arrows move.");
  }

  #zoomButtons() {
    const button = (text, label, act) => element("button", {
      type: "button", class: "panj-zoom", "aria-label": `${label} (${this.mode})`, title: label,
      onclick: act,
    }, text);
    return element("div", { class: "panj-zooms" },
      button("+", "Zoom in", () => this.zoom(1.5)),
      button("−", "Zoom out", () => this.zoom(1 / 1.5)),
      button(icon("all"), "Show all", () => this.view.reset()));
  }

  zoom(factor) {
    this.view.zoomAt(factor, this.view.width / 2, this.view.height / 2);
  }

  #listen() {
    const at = (event) => {
      const box = this.above.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const pointers = new Map();
    let moved = 0;
    this.above.addEventListener("pointerdown", (event) => {
      pointers.set(event.pointerId, at(event));
      moved = 0;
    });
    this.above.addEventListener("pointermove", (event) => {
      const [x, y] = at(event);
      const before = pointers.get(event.pointerId);
      if (!before) {
        this.on.point(this, nearest(this.hits, x, y), x, y);
        return;
      }
      moved += Math.hypot(x - before[0], y - before[1]);
      if (moved > PAN_PX) this.#drag(pointers, event.pointerId, [x, y]);
      pointers.set(event.pointerId, [x, y]);
    });
    const end = (event) => pointers.delete(event.pointerId);
    this.above.addEventListener("pointerup", (event) => {
      if (pointers.size === 1 && moved <= PAN_PX) this.on.pick(this, nearest(this.hits, ...at(event)));
      end(event);
    });
    this.above.addEventListener("pointercancel", end);
    this.above.addEventListener("pointerleave", (event) => {
      end(event);
      this.on.point(this, null);
    });
    this.above.addEventListener("wheel", (event) => {
      // In a page that scrolls, the wheel zooms only where it cannot be meant for the page.
      if (!event.ctrlKey && document.activeElement !== this.above) return;
      event.preventDefault();
      this.view.zoomAt(Math.exp(-event.deltaY / 400), ...at(event));
    }, { passive: false });
    this.above.addEventListener("dblclick", (event) => this.view.zoomAt(2, ...at(event)));
    this.above.addEventListener("keydown", (event) => this.#key(event));
  }

  /** One finger moves, two fingers zoom. */
  #drag(pointers, id, to) {
    const from = pointers.get(id);
    const other = [...pointers].find(([key]) => key !== id)?.[1];
    if (!other) {
      this.view.move(to[0] - from[0], to[1] - from[1]);
      return;
    }
    const before = Math.hypot(from[0] - other[0], from[1] - other[1]);
    const after = Math.hypot(to[0] - other[0], to[1] - other[1]);
    if (before > 10) this.view.zoomAt(after / before, (to[0] + other[0]) / 2, (to[1] + other[1]) / 2);
  }

  #key(event) {
    const moves = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    if (event.shiftKey && moves[event.key]) this.view.move(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") this.zoom(1.5);
    else if (event.key === "-") this.zoom(1 / 1.5);
    else if (event.key === "." || event.key === ">") this.#next(1);
    else if (event.key === "," || event.key === "<") this.#next(-1);
    else if (event.key === "Enter" && this.at) this.on.pick(this, this.at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** The next agent along the line, from the one last pointed at. */
  #next(by) {
    const order = this.hits.filter((hit) => hit.x >= 0 && hit.x <= this.view.width)
      .sort((a, b) => a.km - b.km || (a.id < b.id ? -1 : 1));
    if (!order.length) return;
    const here = order.findIndex((hit) => hit.id === this.at?.id);
    const next = here < 0 ? (by > 0 ? 0 : order.length - 1) : here + by;
    this.at = order[(next + order.length) % order.length];
    this.on.point(this, this.at, this.at.x, this.at.y, true);
  }

  #fit(palette, t) {
    const width = this.root.clientWidth;
    const height = this.root.clientHeight;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const size = `${width} ${height} ${ratio}`;
    if (size !== this.size) {
      this.size = size;
      for (const canvas of [this.below, this.above, this.words]) {
        [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
        canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
      }
      this.view.resize(width, height, marginOf(this.mode, width, height));
    }
    const key = [this.size, this.view.key, palette.name, this.story.levelsKey(t)].join("|");
    if (key !== this.drawn) {
      this.drawn = key;
      const { story, view } = this;
      const still = { story, view, palette, t, title: this.title.textContent };
      drawGround(this.below.getContext("2d"), still);
      drawWords(this.words.getContext("2d"), still);
    }
  }

  /** Draw the moment; `moment` has t, speed, playing, palette, picked, marks, missing, calm. */
  draw(moment) {
    if (!this.root.clientWidth || !this.root.clientHeight) return;
    this.#fit(moment.palette, moment.t);
    const c = this.above.getContext("2d");
    c.clearRect(0, 0, this.view.width, this.view.height);
    this.hits = drawScene(c, { ...moment, story: this.story, view: this.view });
  }
}

function marginOf(mode, width, height) {
  if (mode === "strip") return { top: 64, side: 14, foot: 58 };
  const narrow = width < 500;
  return { top: Math.min(66, height * (narrow ? 0.24 : 0.16)), side: narrow ? 22 : 36,
    foot: Math.min(40, height * 0.11) };
}
