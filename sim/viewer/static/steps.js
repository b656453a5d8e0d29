/* The steps of an incident on the map: the paths of those involved, and a numbered mark for each step,
 * filled once it has happened. */

import { touches } from "./labels.js";
import { nearestMinute } from "./story.js";

const RADIUS = 9.5;
const STRIDE_KM = 1; // paths along the line are drawn in pieces, since the line is not straight

/** Trace points `[t, km, depth]` up to `until`. */
export function traceWay(c, view, points, until = Infinity) {
  c.beginPath();
  points.forEach(([t, km, depth], i) => {
    const [t0, km0, depth0] = points[i - 1] ?? [t, km, depth];
    if (t0 > until) return;
    const share = t > until && t > t0 ? (until - t0) / (t - t0) : 1;
    const pieces = Math.max(1, Math.ceil((Math.abs(km - km0) * share) / STRIDE_KM));
    for (let n = i ? 1 : 0; n <= (i ? pieces : 0); n += 1) {
      const gone = i ? (share * n) / pieces : 0;
      c[i || n ? "lineTo" : "moveTo"](...view.project(km0 + gone * (km - km0), depth0 + gone * (depth - depth0)));
    }
  });
}

/** Draw the paths and the numbered steps of `followed`: `{steps, tracks}`. */
export function drawSteps(c, scene, followed) {
  const { view, palette, t } = scene;
  for (const track of followed.tracks) drawTrack(c, view, track, palette, t);
  const marks = placed(view, followed.steps);
  for (const { at, spot } of marks) drawTie(c, at, spot, palette);
  marks.forEach(({ step, spot }, i) => drawMark(c, spot, i + 1, step.t <= t + 1e-6, palette));
  drawLabels(c, scene, marks);
}

/** The whole path faint, the part already walked strong. */
function drawTrack(c, view, track, palette, t) {
  const outwards = track.kind === "team" ? track.points.filter(([at]) => at <= (track.released ?? Infinity))
    : track.points;
  const { colour } = palette.agents[track.kind];
  const strokes = [[Infinity, palette.halo, 5, []], [Infinity, colour, 1.6, [3, 4]], [t, colour, 3, []]];
  for (const [until, ink, width, dash] of strokes) {
    traceWay(c, view, outwards, until);
    c.strokeStyle = ink;
    c.lineWidth = width;
    c.setLineDash(dash);
    c.lineJoin = "round";
    c.stroke();
  }
  c.setLineDash([]);
}

/** The position of each mark: at its place, or beside marks that are already there. */
function placed(view, steps) {
  const taken = steps.filter((step) => step.event) // the mark of the incident itself stays in sight
    .map((step) => view.project(step.km, step.depth));
  const free = ([x, y]) => taken.every(([u, v]) => Math.hypot(u - x, v - y) > 2 * RADIUS + 1);
  return steps.map((step) => {
    const at = view.project(step.km, step.depth);
    let spot = at;
    for (let n = 1; !free(spot) && n < 24; n += 1) {
      const reach = (2 * RADIUS + 2) * (1 + Math.floor((n - 1) / 8));
      const turn = ((n - 1) % 8) * (Math.PI / 4);
      spot = [at[0] + reach * Math.cos(turn), at[1] + reach * Math.sin(turn)];
    }
    taken.push(spot);
    return { step, at, spot };
  });
}

function drawTie(c, at, spot, palette) {
  if (at === spot) return;
  c.beginPath();
  c.moveTo(...at);
  c.lineTo(...spot);
  c.strokeStyle = palette.ink;
  c.lineWidth = 1.2;
  c.stroke();
}

function drawMark(c, [x, y], number, past, palette) {
  c.beginPath();
  c.arc(x, y, RADIUS, 0, 2 * Math.PI);
  c.fillStyle = past ? palette.ink : palette.paper;
  c.fill();
  c.strokeStyle = past ? palette.paper : palette.ink;
  c.lineWidth = 1.6;
  c.stroke();
  c.font = "700 11.5px system-ui, sans-serif";
  c.textAlign = "center";
  c.textBaseline = "middle";
  c.fillStyle = past ? palette.paper : palette.ink;
  c.fillText(String(number), x, y + 0.5);
  c.textAlign = "left";
}

/** `22:37 alarm` beside each mark, where there is room. */
function drawLabels(c, { view, palette, story, t }, marks) {
  c.font = "600 11.5px system-ui, sans-serif";
  const taken = marks.map(({ spot: [x, y] }) => [x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS]);
  for (const { step, spot: [x, y] } of marks) {
    const text = `${nearestMinute(story.ground.start, step.t).time} ${step.label}`;
    const [wide, high, off] = [c.measureText(text).width + 8, 16, RADIUS + 3];
    const boxes = [[x + off, y - 8], [x - off - wide, y - 8], [x - wide / 2, y - off - high],
      [x - wide / 2, y + off], [x + 6, y + off - 2], [x + 6, y - off - high + 2],
      [x - wide - 6, y + off - 2], [x - wide - 6, y - off - high + 2]]
      .map(([left, top]) => [left, top, left + wide, top + high]);
    const box = boxes.find((one) => one[0] > 2 && one[1] > 2 && one[2] < view.width - 2
      && one[3] < view.height - 2 && !taken.some((other) => touches(one, other, 0)));
    if (!box) continue;
    taken.push(box);
    c.globalAlpha = step.t <= t + 1e-6 ? 1 : 0.75;
    c.fillStyle = palette.paper;
    c.beginPath();
    c.roundRect(box[0], box[1], wide, high, 4);
    c.fill();
    c.fillStyle = palette.ink;
    c.textBaseline = "middle";
    c.fillText(text, box[0] + 4, box[1] + high / 2 + 0.5);
    c.globalAlpha = 1;
  }
}
