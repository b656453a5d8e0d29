/* One drawing of one world: a still canvas below, a moving one above; zoom, pan, point, pick. */

import { drawGround, drawLabels } from "./backdrop.js";
import { aim, Flight, nearer } from "./camera.js";
import { called, drawCallouts } from "./callouts.js";
import { element } from "./elements.js";
import { icon } from "./icons.js";
import { projectionFor } from "./projection.js";
import { drawScene } from "./scene.js";
import { drawSteps } from "./steps.js";

const REACH_PX = 14;
const PAN_PX = 5;

/** The nearest hit; what moves is preferred to what stands. */
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
  /** `on` has `point(pane, hit, x, y)` and `pick(pane, hit)`, both with null for nothing, and `owns`,
   * whether the page belongs to the viewer. */
  constructor(story, mode, on) {
    this.side = story.side;
    this.mode = mode;
    this.name = `${mode} ${story.side}`;
    this.on = on;
    this.flies = false;
    this.hits = [];
    this.below = element("canvas", { class: "panj-below", "aria-hidden": "true" });
    this.above = element("canvas", {
      class: "panj-above", tabindex: "0", role: "img", id: `panj-${mode}-${story.side}`,
    });
    this.words = element("canvas", { class: "panj-words", "aria-hidden": "true" });
    this.top = element("canvas", { class: "panj-words", "aria-hidden": "true", hidden: true });
    this.title = element("div", { class: "panj-pane-title" });
    this.root = element("div", { class: `panj-pane panj-pane-${mode}` },
      this.below, this.above, this.words, this.top, this.title, this.#zoomButtons());
    this.setStory(story);
    this.#listen();
  }

  /** Take the ground of a new world. */
  setStory(story) {
    this.story = story;
    const before = this.view;
    this.view = projectionFor(this.mode, story.ground);
    if (before) {
      this.view.zoom = before.zoom;
      this.view.shift = before.shift;
    }
    this.size = "";
    this.drawn = "";
    const shown = this.mode === "map" ? "Map of the frontier" : "The straightened frontier";
    this.above.setAttribute("aria-label", `${shown}, ${story.ground.scenario.title}. `
      + "Keys: full stop and comma go from agent to agent, Enter shows its state, "
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
      button(icon("all"), "Show all", () => this.fly(() => ({ zoom: 1, shift: [0, 0] }))));
  }

  /** Zoom about the middle; inwards, towards what is picked or the most relevant near the middle. */
  zoom(factor) {
    const to = factor > 1 ? this.#likelyTarget() : null;
    if (to) this.fly((view) => nearer(view, factor, to.km, to.depth), true);
    else this.view.zoomAt(factor, this.view.width / 2, this.view.height / 2);
  }

  /** The likely target in the middle: what moves or has happened is preferred to what stands. */
  #likelyTarget() {
    const { width, height } = this.view;
    const away = (hit) => Math.hypot(hit.x - width / 2, hit.y - height / 2)
      + (hit.moving || hit.kind === "event" ? 0 : width / 8);
    const seen = this.hits.filter((hit) => hit.x >= 0 && hit.x <= width && hit.y >= 0 && hit.y <= height);
    return this.hits.find((hit) => hit.id === this.picked)
      ?? seen.reduce((best, hit) => (!best || away(hit) < away(best) ? hit : best), null);
  }

  /** Fly to the camera that `aimAt(view)` gives once the drawing has its size, and again when the size
   * changes, so that a turned telephone still shows what is followed. */
  fly(aimAt, quick = false) {
    this.bound = { aimAt, quick };
    this.aimed = quick ? null : this.bound;
    this.flies = true;
  }

  /** Stay where the camera is. */
  land() {
    this.aimed = null;
    this.#arrive();
  }

  #arrive() {
    this.bound = this.flight = null;
    this.flies = false;
  }

  #flown({ now, calm }) {
    if (this.bound) {
      const { aimAt, quick } = this.bound;
      this.flight = new Flight(this.view, aimAt(this.view), quick);
      this.bound = null;
    }
    if (!this.flight) return;
    if (calm) aim(this.view, this.flight.target);
    if (calm || this.flight.step(now)) this.#arrive();
  }

  #listen() {
    const at = (event) => {
      const box = this.above.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const pointers = new Map();
    let moved = 0;
    this.above.addEventListener("pointerdown", (event) => {
      this.land();
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
      // In a notebook the wheel zooms only where it cannot be meant for the page, nor where all is seen.
      if (!this.on.owns && !event.ctrlKey && document.activeElement !== this.above) return;
      if (event.deltaY > 0 && this.view.zoom <= 1 && !event.ctrlKey) return;
      event.preventDefault();
      this.land();
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

  #fit() {
    const width = this.root.clientWidth;
    const height = this.root.clientHeight;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const size = `${width} ${height} ${ratio}`;
    if (size !== this.size) {
      this.size = size;
      if (this.aimed) [this.bound, this.flies] = [this.aimed, true];
      for (const canvas of [this.below, this.above, this.words, this.top]) {
        [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
        canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
      }
      this.view.barPx = this.brush?.room(height) ?? 0;
      this.view.resize(width, height, marginOf(this.mode, width, height));
    }
  }

  #ground(palette, t) {
    const key = [this.size, this.view.key, palette.name, this.story.levelsKey(t)].join("|");
    if (key === this.drawn) return;
    const { story, view } = this;
    const still = { story, view, palette, t, title: this.title.textContent };
    drawGround(this.below.getContext("2d"), still);
    this.words.classList.toggle("panj-flying", this.flies); // words wait until the camera stands
    this.drawn = this.flies ? "" : key; // a flight may end where it began: then all is drawn again
    if (!this.flies) drawLabels(this.words.getContext("2d"), still);
  }

  /** Draw the moment; `moment` has t, now (ms), speed, playing, palette, picked, marks, missing, followed
   * (the steps of what is followed), calm. */
  draw(moment) {
    if (!this.root.clientWidth || !this.root.clientHeight) return;
    this.#fit();
    this.#flown(moment);
    this.#ground(moment.palette, moment.t);
    this.picked = moment.picked;
    const c = this.above.getContext("2d");
    c.clearRect(0, 0, this.view.width, this.view.height);
    const scene = { ...moment, story: this.story, view: this.view };
    this.hits = drawScene(c, scene);
    this.brush?.draw(moment);
    this.#annotate(scene);
  }

  /** Draw what is followed, or the gravest incidents in words, above all names. */
  #annotate(scene) {
    this.top.hidden = !scene.followed && !called(this.hits, scene.t).length; // an empty layer costs as much as a full one
    if (this.top.hidden) return;
    const c = this.top.getContext("2d");
    c.clearRect(0, 0, this.view.width, this.view.height);
    if (scene.followed) drawSteps(c, scene, scene.followed);
    else drawCallouts(c, scene, this.hits);
  }
}

function marginOf(mode, width, height) {
  if (mode === "strip") return { top: 64, side: 14, foot: 58 };
  const narrow = width < 500;
  return { top: Math.min(66, height * (narrow ? 0.24 : 0.16)), side: narrow ? 22 : 36,
    foot: Math.min(40, height * 0.11) };
}
