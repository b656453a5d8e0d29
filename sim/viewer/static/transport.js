/* Play, pause, step, speed, reset and the bar to scrub with. */

import { choice, element, setText } from "./elements.js";
import { icon } from "./icons.js";
import { calendar, momentText } from "./story.js";

const SLOWEST = 1 / 24; // simulated days for a second of the user
const FASTEST = 10;
const NOTCHES = 40;
const FIRST_NOTCH = 15; // about 8 h a second

export function speedOf(notch) {
  return SLOWEST * (FASTEST / SLOWEST) ** (notch / NOTCHES);
}

export function speedText(speed) {
  if (speed < 0.95) return `${Math.max(1, Math.round(24 * speed))} h/s`;
  return `${speed < 3 ? speed.toFixed(1) : Math.round(speed)} days/s`;
}

function iconButton(id, face, label, keys, onclick) {
  return element("button", { type: "button", id, "aria-label": label, title: `${label} (${keys})`,
    onclick }, face);
}

export class Transport {
  /** `act` has toggle, step, event(by), reset, seek(t), speed(days/s), interest(on), mode(name). */
  constructor(act) {
    this.act = act;
    this.play = element("button", { type: "button", id: "panj-play", class: "panj-primary",
      title: "Play or pause (space)", onclick: act.toggle });
    this.clock = element("output", { id: "panj-clock", class: "panj-clock", "aria-label": "Moment shown" });
    this.scrub = element("input", { type: "range", id: "panj-scrub", min: 0, max: 1, step: 1 / 48,
      value: 0, "aria-label": "Moment", title: "Go to a moment", oninput: () => act.seek(Number(this.scrub.value)) });
    this.ticks = element("canvas", { class: "panj-ticks", "aria-hidden": "true" });
    this.speed = element("input", { type: "range", id: "panj-speed", min: 0, max: NOTCHES, step: 1,
      value: FIRST_NOTCH, "aria-label": "Speed", title: "Speed (up, down)", oninput: () => this.#showSpeed() });
    this.speedText = element("output", { id: "panj-speed-text", for: "panj-speed" });
    this.interest = element("button", { type: "button", id: "panj-interest", "aria-pressed": "true",
      "aria-label": "Skip quiet hours, slow down for incidents", title: "Skip quiet hours, slow down for incidents (q)",
      onclick: () => this.flipInterest() }, icon("interest"));
    this.modes = choice({ id: "panj-mode", "aria-label": "View", onchange: () => act.mode(this.modes.value) },
      [["map", "map"], ["strip", "strip"], ["both", "both"]]);
    this.root = element("section", { class: "panj-box panj-transport", "aria-label": "Playing" },
      element("div", { class: "panj-row" },
        iconButton("panj-reset", icon("start"), "Back to the start", "Home", act.reset),
        iconButton("panj-event-back", icon("back"), "To the previous incident", "Shift+left", () => act.event(-1)),
        this.play,
        iconButton("panj-step", "+1 h", "+1 h: one hour forwards", "right", () => act.step(1 / 24)),
        iconButton("panj-event", icon("forward"), "To the next incident", "Shift+right", () => act.event(1)),
        element("span", { class: "panj-inline" }, this.speed, this.speedText),
        this.interest,
        this.modes,
        this.clock),
      element("div", { class: "panj-scrubber" }, this.ticks, this.scrub));
    this.#showSpeed();
    this.playing(false);
  }

  #showSpeed() {
    const speed = speedOf(Number(this.speed.value));
    setText(this.speedText, speedText(speed));
    this.speed.setAttribute("aria-valuetext", `${speedText(speed)} `);
    this.act.speed(speed);
  }

  /** Set the slider to a speed, days/s. */
  setSpeed(speed) {
    this.speed.value = Math.round((NOTCHES * Math.log(speed / SLOWEST)) / Math.log(FASTEST / SLOWEST));
    this.#showSpeed();
  }

  /** Skip quiet hours, or let the clock run evenly. */
  flipInterest() {
    const on = this.interest.getAttribute("aria-pressed") !== "true";
    this.interest.setAttribute("aria-pressed", String(on));
    this.act.interest(on);
  }

  /** One notch or more faster or slower. */
  faster(by) {
    this.speed.value = Number(this.speed.value) + by;
    this.#showSpeed();
  }

  playing(playing, over = false) {
    const [face, word] = playing ? ["pause", "Pause"] : over ? ["again", "Again"] : ["play", "Play"];
    this.play.replaceChildren(icon(face), word);
  }

  /** The moment, and the speed at which the clock goes, days/s. */
  update(story, t, speed) {
    const text = momentText(story.ground.start, t);
    setText(this.clock, text);
    setText(this.speedText, speedText(speed));
    this.scrub.max = story.days;
    if (document.activeElement !== this.scrub || Math.abs(this.scrub.value - t) > 0.05) this.scrub.value = t;
    this.scrub.setAttribute("aria-valuetext", text);
  }

  /** Months, what has been simulated, incidents, and moves of levers, above the bar. */
  drawTicks(stories, palette, moves) {
    const { ticks } = this;
    const [width, height] = [ticks.clientWidth, ticks.clientHeight];
    if (!width) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    [ticks.width, ticks.height] = [width * ratio, height * ratio];
    const c = ticks.getContext("2d");
    c.scale(ratio, ratio);
    const [first, second] = Object.values(stories);
    const at = (t) => 8 + ((width - 16) * t) / first.days;
    const known = Math.min(first.known, second?.known ?? Infinity);
    c.fillStyle = palette.grid;
    c.fillRect(at(0), height - 4, at(known) - at(0), 4);
    drawMonths(c, first, at, height, palette);
    [first, second].forEach((story, row) => {
      const half = second ? (height - 14) / 2 : height - 14;
      for (const event of story?.events ?? []) {
        c.fillStyle = palette.severity[event.severity];
        const tall = half * (0.4 + 0.2 * event.severity);
        c.fillRect(at(event.t) - 0.7, 10 + half * (row + 1) - tall, 1.6, tall);
      }
    });
    for (const move of moves) {
      c.fillStyle = palette.pick;
      c.fillRect(at(move.at) - 1, 0, 2, height);
    }
  }
}

function drawMonths(c, story, at, height, palette) {
  c.font = "10px system-ui, sans-serif";
  c.textBaseline = "top";
  let free = -Infinity;
  for (let day = 0; day <= story.days; day += 1) {
    const { month, first, day: text } = calendar(story.ground.start, day);
    const marked = story.days > 70 ? first : day % Math.max(1, Math.ceil(story.days / 12)) === 0;
    if (!marked) continue;
    const x = at(day);
    c.fillStyle = palette.grid;
    c.fillRect(x, 0, 1, height);
    const words = story.days > 70 ? month : text;
    const width = c.measureText(words).width;
    if (x < free || x + width + 3 > c.canvas.clientWidth) continue;
    c.fillStyle = palette.soft;
    c.fillText(words, x + 3, 0);
    free = x + width + 8;
  }
}
