/* The schematic map of a ground without base map: its line, a relief made up from heights along it,
 * districts as bands on the near side, and their names outside. */

import { DISTRICT_FONT, drawName, fillBand, nameWidth, outlinedText, strokeLine } from "./drawing.js";
import { around } from "./labels.js";
import { BAND_KM, DEPTH_FACTOR } from "./projection.js";
import { reliefOf } from "./relief.js";
import { drawScale } from "./scale.js";

/** What is beneath the places. */
export function drawSchematicMap(c, { story, view, palette, t }) {
  c.fillStyle = palette.paper;
  c.fillRect(0, 0, view.width, view.height);
  drawRelief(c, story, view, palette);
  drawBands(c, story, view, palette, t);
  drawLine(c, view, palette);
}

/** Names, chainage and scale. */
export function drawSchematicLabels(c, { story, view, palette, t, labels }) {
  avoidLine(labels, view);
  labels.block([0, view.height - 32, view.height > 230 ? 440 : 110, view.height]); // the scale
  drawNames(c, { story, view, palette, labels, t });
  drawChainage(c, view, palette, labels);
  drawCountries(c, view, palette, labels);
  const note = `north up; distances from the line drawn ×${DEPTH_FACTOR}; relief schematic`;
  drawScale(c, view, palette, view.width > 500 && view.height > 230 ? note : "");
}

function drawRelief(c, story, view, palette) {
  const { canvas, box } = reliefOf(story.ground, palette);
  const [left, top] = view.screen(box[0], box[3]);
  const [right, foot] = view.screen(box[2], box[1]);
  c.imageSmoothingQuality = "high";
  c.drawImage(canvas, left, top, right - left, foot - top);
}

/** Trace the line from `from` to `to` at `depth`, forwards or backwards. */
function trace(c, view, from, to, depth, start) {
  const count = Math.max(1, Math.round(Math.abs(to - from) / 2.5));
  for (let i = 0; i <= count; i += 1) {
    const [x, y] = view.project(from + ((to - from) * i) / count, depth);
    c[start && i === 0 ? "moveTo" : "lineTo"](x, y);
  }
}

function drawBands(c, story, view, palette, t) {
  story.ground.districts.forEach((district, index) => {
    c.beginPath();
    trace(c, view, district.from, district.to, 0, true);
    trace(c, view, district.to, district.from, BAND_KM, false);
    c.closePath();
    fillBand(c, palette, story.level(index, t));
  });
}

function drawLine(c, view, palette) {
  c.beginPath();
  trace(c, view, 0, view.length, 0, true);
  strokeLine(c, palette);
}

function avoidLine(labels, view) {
  for (let km = 0; km <= view.length; km += 4) {
    labels.fence(...view.project(km, 0), 7);
    labels.avoid(...view.project(km, BAND_KM / 2), 5);
    labels.avoid(...view.project(km, BAND_KM), 3);
  }
}

/** Names outside the band, joined to it by a thin leader, with a mark for each step of alert. */
function drawNames(c, { story, view, palette, labels, t }) {
  c.font = DISTRICT_FONT;
  const placed = story.ground.districts.map((district, index) => {
    const spot = nameSpot(view, labels, district, nameWidth(c, district.name));
    if (spot) labels.fenceLine(spot.anchor, spot.end);
    return { ...spot, name: district.name, level: story.level(index, t) };
  }).filter((one) => one.box);
  for (const { anchor, end } of placed) leader(c, anchor, end, palette);
  for (const { name, level, box } of placed) drawName(c, name, level, box, palette);
}

/** A place for a name and where its leader meets the band: near the middle of the district, or
 * where there is room. */
function nameSpot(view, labels, district, width) {
  const reach = { near: 8, far: Math.max(90, 0.32 * view.height), step: 5, turn: 1.6 };
  const spots = [0.5, 0.65, 0.35, 0.8, 0.2].flatMap((share) => {
    const km = district.from + share * (district.to - district.from);
    const anchor = view.project(km, BAND_KM);
    if (anchor[0] < 0 || anchor[0] > view.width || anchor[1] < 0 || anchor[1] > view.height) return [];
    const [x, y] = view.inward(km);
    return around(anchor, [x, y - 0.6], reach, width, 16)
      .map(([u, v, cost]) => [u, v, cost + 40 * Math.abs(share - 0.5), anchor]);
  }).sort((one, two) => one[2] - two[2]);
  const found = labels.place(spots, width, 16, true) ?? labels.place(spots, width, 16);
  return found && { ...found, end: nearestOf(found.box, found.anchor) };
}

function nearestOf(box, [x, y]) {
  const inset = Math.min(6, (box[2] - box[0]) / 4);
  return [Math.min(Math.max(x, box[0] + inset), box[2] - inset), Math.min(Math.max(y, box[1]), box[3])];
}

function leader(c, anchor, end, palette) {
  c.beginPath();
  c.moveTo(...anchor);
  c.lineTo(...end);
  c.strokeStyle = palette.soft;
  c.lineWidth = 0.8;
  c.stroke();
}

function drawChainage(c, view, palette, labels) {
  const every = [10, 20, 50, 100, 200, 400].find((km) => km / view.kmPerPx > 70 / Math.sqrt(view.zoom));
  c.font = "10px system-ui, sans-serif";
  for (let km = 0; km <= view.length; km += every) {
    const [x, y] = view.project(km, 0);
    const inward = view.inward(km);
    c.beginPath();
    c.moveTo(x, y);
    c.lineTo(x - 7 * inward[0], y - 7 * inward[1]);
    c.strokeStyle = palette.ink;
    c.lineWidth = 1.2;
    c.stroke();
    const text = km === 0 ? "km 0" : km.toLocaleString("en-GB");
    const width = c.measureText(text).width;
    const away = [-inward[0], -inward[1]];
    const spots = around([x, y], away, { near: 8, far: 26, step: 5, turn: 1 }, width, 11);
    const box = labels.place(spots, width, 11)?.box;
    if (box) outlinedText(c, text, box[0], (box[1] + box[3]) / 2, palette, palette.soft);
  }
}

/** The names of the two countries, faint, where there is room. */
function drawCountries(c, view, palette, labels) {
  const small = view.width < 500;
  c.font = `600 ${small ? 9 : 13}px system-ui, sans-serif`;
  c.letterSpacing = small ? "2px" : "5px";
  const [left, low, right, high] = view.box;
  for (const [name, u, v] of [["TAJIKISTAN", 0.74, 0.72], ["AFGHANISTAN", 0.37, 0.14]]) {
    const centre = view.screen(left + u * (right - left), low + v * (high - low));
    const width = c.measureText(name).width + 12;
    const spots = around(centre, [0, -1], { near: 0, far: 80, step: 8, turn: 3 }, 0, 0);
    const box = labels.place(spots, width, 16)?.box;
    if (box) outlinedText(c, name, box[0] + 6, (box[1] + box[3]) / 2, palette, palette.soft);
  }
  c.letterSpacing = "0px";
}
