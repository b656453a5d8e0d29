/* Callouts: the gravest incidents on the map in a few words, beside their marks. */

import { touches } from "./labels.js";
import { incidentLook } from "./palette.js";

const MOST = 3;
const DAYS = 21; // how long an incident is called out
const PAD = 5;
const HIGH = 18;

/** `3 killed: raid on a worksite`. */
function calloutText(event, { events }) {
  return `${event.deaths} killed: ${events[event.kind].label}`;
}

/** The `hits` to call out: incidents with deaths, the gravest first. */
export function called(hits, t) {
  return hits.filter(({ kind, event }) => kind === "event" && event.deaths > 0 && t - event.t < DAYS)
    .sort((one, two) => two.event.severity - one.event.severity || two.event.deaths - one.event.deaths
      || two.event.t - one.event.t).slice(0, MOST);
}

/** Draw the callouts. */
export function drawCallouts(c, { view, palette, t, story }, hits) {
  c.font = "600 11.5px system-ui, sans-serif";
  const grave = called(hits, t);
  const taken = grave.map(({ x, y, event }) => square(x, y, incidentLook(palette, event).size + 2));
  for (const { x, y, event } of grave) {
    const text = calloutText(event, story.ground.kinds);
    const box = freeBox(view, taken, [x, y], c.measureText(text).width + 2 * PAD);
    if (!box) continue;
    taken.push(box);
    drawBox(c, [x, y], box, text, palette, event);
  }
}

function square(x, y, r) {
  return [x - r, y - r, x + r, y + r];
}

/** The nearest free place for a box, above before below. */
function freeBox(view, taken, [x, y], wide) {
  for (const off of [26, 44, 62]) {
    for (const [u, v] of [[10, -off - HIGH], [-wide - 10, -off - HIGH], [10, off], [-wide - 10, off]]) {
      const box = [x + u, y + v, x + u + wide, y + v + HIGH];
      if (box[0] > 2 && box[1] > 2 && box[2] < view.width - 2 && box[3] < view.height - 2
        && !taken.some((other) => touches(box, other, 0))) return box;
    }
  }
  return null;
}

function drawBox(c, [x, y], [left, top, right, foot], text, palette, event) {
  const colour = palette.severity[event.severity];
  c.beginPath();
  c.moveTo(x, y);
  c.lineTo(Math.min(Math.max(x, left), right), y < top ? top : foot);
  c.strokeStyle = colour;
  c.lineWidth = 1.4;
  c.stroke();
  c.beginPath();
  c.roundRect(left, top, right - left, foot - top, 4);
  c.fillStyle = palette.paper;
  c.fill();
  c.stroke();
  c.fillStyle = palette.ink;
  c.textBaseline = "middle";
  c.fillText(text, left + PAD, (top + foot) / 2 + 0.5);
}
