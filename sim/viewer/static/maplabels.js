/* The labels of the base map: districts on their own stretches, towns, rivers, ranges, countries,
 * chainage, scale, north and credit. Each takes the nearest free place. */

import { drawName, nameWidth, outlinedText } from "./drawing.js";
import { drawCached } from "./drawingcache.js";
import { around } from "./labels.js";
import { nearness, widthOf } from "./basemaplayer.js";
import { drawNorth, drawScale } from "./scale.js";

const SANS = "system-ui, sans-serif";
const SMALL_PX = 520; // a narrower drawing has smaller names of districts, without pips
const TOWNS = {
  1: { font: `700 11px ${SANS}`, from: 0, dot: 2.6 },
  2: { font: `9.5px ${SANS}`, from: 0.55, dot: 2.1 },
  3: { font: `8.5px ${SANS}`, from: 0.95, dot: 1.7 },
};
const KINDS = {
  country: { font: `700 14px ${SANS}`, ink: "countryText", spacing: 5, from: 0.5, to: 3 },
  range: { font: `italic 9.5px ${SANS}`, ink: "rangeText", spacing: 2.5, from: 0.8, to: 4 },
  river: { font: `italic 9px ${SANS}`, ink: "waterText", from: 0.95 },
  main: { font: `italic 10.5px ${SANS}`, ink: "waterText", from: 0.55 },
  lake: { font: `italic 9px ${SANS}`, ink: "waterText", from: 1.3 },
};
const SIDES = { r: [1, 0], l: [-1, 0], t: [0, -1], b: [0, 1],
  tr: [0.75, -0.75], tl: [-0.75, -0.75], br: [0.75, 0.75], bl: [-0.75, 0.75] };
const SAMPLE_PX = 3;
const ATTEMPTS = 7;
const GRID_PX = 5; // how finely places for a name are tried

/** Draw all labels; their places are found once for a view, and only the alert of districts changes. */
export function drawMapLabels(c, { story, view, palette, t, title, labels }) {
  const drawn = drawCached(c, view, "words", `${palette.name} ${title}`,
    (still) => placeLabels(still, { ground: story.ground, view, palette, labels: labels() }));
  c.font = districtFont(view);
  for (const { index, name, number, bare, box, anchor, end } of drawn.districts) {
    drawTie(c, anchor, end, palette.map);
    drawName(c, number ?? name, story.level(index, t), box, palette, { bare });
  }
  view.labels = drawn.districts;
}

function isSmall(view) {
  return view.width < SMALL_PX;
}

function districtFont(view) {
  return isSmall(view) ? `600 9px ${SANS}` : `600 11.5px ${SANS}`;
}

function placeLabels(c, { ground, view, palette, labels }) {
  const inks = palette.map;
  const halo = { halo: inks.halo };
  reserveCorners(c, view, labels);
  avoidFrontier(view, labels);
  const all = townsOf(view);
  for (const { town, at } of all) if (town.rank === 1) labels.avoid(...at, TOWNS[1].dot + 1);
  const districts = placeDistricts(c, { ground, view, labels });
  const key = districts.filter(({ number }) => number).map(({ number, name }) => `${number} ${name}`);
  drawKey(c, key, { view, labels, inks, halo });
  const towns = all.filter(({ at: [x, y] }) => labels.open(x, y));
  for (const { town, at } of towns) labels.avoid(...at, TOWNS[town.rank].dot + 1);
  drawTowns(c, { towns, labels, inks, halo, small: isSmall(view),
    named: new Set(districts.map(({ name }) => name)) });
  drawChainage(c, { view, labels, inks, halo });
  drawNames(c, { view, labels, inks, halo });
  drawCorners(c, view, { ...palette, ...halo, ink: inks.text, soft: inks.rangeText });
  return { districts };
}

// -- corners -------------------------------------------------------------------------------

/** The credit of the map: its lines, left of the buttons, or above them if there is too little room. */
function creditOf(c, view) {
  c.font = `9px ${SANS}`;
  const { credit } = view.place;
  const room = view.width - 270; // between scale and buttons
  const lines = c.measureText(credit).width < room ? [credit] : credit.split(/(?<=;) /);
  const widest = Math.max(...lines.map((line) => c.measureText(line).width));
  const foot = view.height - view.barPx - 8;
  return widest < view.width - 200 ? { lines, widest, right: view.width - 104, foot }
    : { lines, widest, right: view.width - 8, foot: foot - 34 };
}

function reserveCorners(c, view, labels) {
  const { lines, widest, right, foot: base } = creditOf(c, view);
  const foot = view.height - view.barPx;
  labels.block([right - 4 - widest, base + 4 - 11 * lines.length, view.width, foot]);
  labels.block([0, foot - 30, Math.max(100 / view.kmPerPx < 300 ? 100 / view.kmPerPx : 150, 80) + 20, foot]);
  labels.block([view.width - 34, 4, view.width, 52]); // north
}

function drawCorners(c, view, palette) {
  const { lines, right, foot } = creditOf(c, view);
  c.textAlign = "right";
  lines.forEach((line, i) => outlinedText(c, line, right, foot - 11 * (lines.length - 1 - i), palette, palette.soft));
  c.textAlign = "start";
  drawScale(c, view, palette, "", view.barPx);
  drawNorth(c, view.width - 18, 32, view.place.north, palette);
}

// -- the frontier --------------------------------------------------------------------------

function avoidFrontier(view, labels) {
  const band = widthOf("band", nearness(view));
  const step = Math.max(3 * view.kmPerPx, 0.25);
  for (let km = 0; km <= view.length; km += step) {
    const [x, y] = view.project(km, 0);
    if (!onScreen(view, x, y, 40)) continue;
    const [u, v] = view.inward(km);
    labels.fence(x, y, 4);
    labels.avoid(x + (band / 2) * u, y + (band / 2) * v, band / 2);
  }
}

function onScreen(view, x, y, more = 0) {
  return x >= -more && y >= -more && x <= view.width + more && y <= view.height + more;
}

/** Points of each district's stretch on the screen, `[x, y, km]`. */
function stretchesOf(ground, view) {
  const step = Math.max(SAMPLE_PX * view.kmPerPx, 0.25);
  return ground.districts.map(({ from, to }) => {
    const found = [];
    for (let km = from + step / 2; km < to; km += step) {
      const [x, y] = view.project(km, 0);
      if (onScreen(view, x, y)) found.push([x, y, km]);
    }
    return found;
  });
}

/** A place for each name beside its own stretch, nearer than any other, with a line to it. The order
 * decides which names find a place, so names left over come first in the next attempt. */
function placeDistricts(c, { ground, view, labels }) {
  const bare = isSmall(view);
  const stretches = stretchesOf(ground, view);
  c.font = districtFont(view);
  const candidates = ground.districts.flatMap(({ name }, index) => {
    if (!stretches[index].length) return [];
    const sizes = (bare ? [true] : [false, true]).map((without) => {
      const size = [nameWidth(c, name, { bare: without }), bare ? 12 : 15];
      return { bare: without, size, spots: spotsOf(view, stretches[index], size) };
    });
    return [{ index, name, sizes }];
  });
  let order = candidates.toSorted((a, b) => stretches[a.index].length - stretches[b.index].length);
  let best = { placed: [] };
  for (let attempt = 0; attempt < ATTEMPTS && best.placed.length < candidates.length; attempt += 1) {
    const held = labels.copy();
    const placed = order.map((one) => placeOne(held, stretches, one));
    const found = placed.filter(Boolean);
    if (!best.held || found.length > best.placed.length) best = { held, placed: found };
    order = [...order.filter((_, i) => !placed[i]), ...order.filter((_, i) => placed[i])];
  }
  if (best.held) labels.take(best.held);
  const left = candidates.filter(({ index }) => !best.placed.some((one) => one.index === index));
  return [...best.placed, ...numbered(c, left, { view, labels, stretches })];
}

/** Numbers beside the stretches of those whose names find no room; a key has the names. */
function numbered(c, left, { view, labels, stretches }) {
  return left.flatMap(({ index, name }, i) => {
    const number = String(i + 1);
    const size = [nameWidth(c, number, { bare: true }), 12];
    const found = placeOne(labels, stretches, { index, name,
      sizes: [{ bare: true, size, spots: spotsOf(view, stretches[index], size) }] });
    return found ? [{ ...found, number }] : [];
  });
}

/** The key to the numbers, in the first free place from the upper left. */
function drawKey(c, lines, { view, labels, inks, halo }) {
  if (!lines.length) return;
  c.font = districtFont(view);
  const [width, height] = [Math.max(...lines.map((line) => c.measureText(line).width)) + 6, 12 * lines.length + 4];
  const places = [];
  for (let y = 6 + height / 2; y < view.height - view.barPx; y += 12) {
    for (let x = 6 + width / 2; x < view.width; x += 12) places.push([x, y]);
  }
  const box = labels.place(places, width, height)?.box;
  lines.forEach((line, i) => box && outlinedText(c, line, box[0] + 3, box[1] + 8 + 12 * i, halo, inks.text));
}

/** With its alert, or without if there is too little room. */
function placeOne(labels, stretches, { index, name, sizes }) {
  for (const [{ bare, size, spots }, margin] of [6, 0].flatMap((px) => sizes.map((one) => [one, px]))) {
    const found = labels.place(spots, ...size, true, (box) => isNearest(stretches, index, box, margin));
    if (!found) continue;
    const end = [0, 1].map((i) => Math.min(Math.max(found.anchor[i], found.box[i] + 3), found.box[i + 2] - 3));
    labels.fenceLine(found.anchor, end);
    return { index, name, bare, ...found, end };
  }
  return null;
}

/** Centres about a stretch, the cheapest first: near it, and not far from its middle. */
function spotsOf(view, stretch, [width, height]) {
  if (!stretch.length) return [];
  const far = Math.max(60, 0.2 * view.height);
  const middle = stretch[stretch.length >> 1];
  const reach = [far + width / 2, far + height / 2];
  const spans = [0, 1].map((i) => {
    const along = stretch.map((point) => point[i]);
    const size = i ? [view.height, height] : [view.width, width];
    return [Math.max(Math.min(...along) - reach[i], size[1] / 2 + 3),
      Math.min(Math.max(...along) + reach[i], size[0] - size[1] / 2 - 3)];
  });
  const found = [];
  for (let x = spans[0][0]; x <= spans[0][1]; x += GRID_PX) {
    for (let y = spans[1][0]; y <= spans[1][1]; y += GRID_PX) {
      const [away, anchor] = nearestPoint(stretch, x, y, width / 2, height / 2);
      if (away < 4 || away > far) continue;
      found.push([x, y, away + 0.3 * Math.hypot(x - middle[0], y - middle[1]), anchor]);
    }
  }
  return found.sort((one, other) => one[2] - other[2]);
}

/** How far a box about (x, y) is from a stretch, and from which of its points. */
function nearestPoint(stretch, x, y, wide, high) {
  let [best, least] = [null, Infinity];
  for (const point of stretch) {
    const across = Math.max(Math.abs(point[0] - x) - wide, 0);
    const along = Math.max(Math.abs(point[1] - y) - high, 0);
    const away = across * across + along * along;
    if (away < least) [best, least] = [point, away];
  }
  return [Math.sqrt(least), best];
}

/** Whether a box is nearer to its own stretch than to any other, by more than `margin` px. */
function isNearest(stretches, own, [left, top, right, foot], margin) {
  const [x, y, wide, high] = [(left + right) / 2, (top + foot) / 2, (right - left) / 2, (foot - top) / 2];
  const [away] = nearestPoint(stretches[own], x, y, wide, high);
  return stretches.every((stretch, index) => index === own
    || nearestPoint(stretch, x, y, wide, high)[0] > away + margin);
}

function drawTie(c, anchor, end, inks) {
  for (const [ink, width] of [[inks.halo, 2.6], [inks.text, 0.9]]) {
    c.beginPath();
    c.moveTo(...anchor);
    c.lineTo(...end);
    c.strokeStyle = ink;
    c.lineWidth = width;
    c.stroke();
  }
}

function drawChainage(c, { view, labels, inks, halo }) {
  const near = nearness(view);
  const every = [[6, 10], [2, 50], [0.6, 100]].find(([from]) => near >= from)?.[1] ?? 200;
  c.font = `600 9px ${SANS}`;
  for (let km = 0; km <= view.length; km += every) {
    const [x, y] = view.project(km, 0);
    if (!onScreen(view, x, y)) continue;
    const [u, v] = view.inward(km).map((part) => -part);
    c.beginPath();
    c.moveTo(x, y);
    c.lineTo(x + 6 * u, y + 6 * v);
    c.strokeStyle = inks.frontier;
    c.lineWidth = 1.3;
    c.stroke();
    const text = km === 0 ? "km 0" : km.toLocaleString("en-GB");
    const width = c.measureText(text).width;
    const box = labels.place(around([x, y], [u, v], { near: 8, far: 20, step: 4, turn: 1 }, width, 9), width, 9)?.box;
    if (box) outlinedText(c, text, box[0], (box[1] + box[3]) / 2, halo, inks.frontier);
  }
}

// -- towns and names -----------------------------------------------------------------------

function townsOf(view) {
  const near = nearness(view);
  return view.place.towns.map((town) => ({ town, at: view.screen(town.x, town.y) }))
    .filter(({ town, at }) => near >= TOWNS[town.rank].from && onScreen(view, ...at));
}

/** A mark for each town, and its name unless the district beside it has the same name. */
function drawTowns(c, { towns, labels, inks, halo, named, small }) {
  for (const { town, at } of towns) drawTown(c, town, at, inks);
  for (const { town, at } of towns) {
    if (named.has(town.name)) continue;
    const { font, dot } = TOWNS[town.rank];
    c.font = small ? `8.5px ${SANS}` : font;
    const width = c.measureText(town.name).width;
    const sides = [town.side, ...Object.keys(SIDES).filter((side) => side !== town.side)];
    const spots = [3, 8].flatMap((gap) => sides.map((side) => {
      const [u, v] = SIDES[side];
      const reach = dot + gap;
      return [at[0] + u * (reach + 2) + Math.sign(u) * (width / 2), at[1] + v * (reach + 5)];
    }));
    const box = labels.place(spots, width, 10)?.box;
    if (box) outlinedText(c, town.name, box[0], (box[1] + box[3]) / 2 + 0.5, halo, inks.text);
  }
}

function drawTown(c, { rank }, [x, y], inks) {
  const r = TOWNS[rank].dot;
  c.beginPath();
  if (rank === 1) c.rect(x - r, y - r, 2 * r, 2 * r);
  else c.arc(x, y, r, 0, 2 * Math.PI);
  c.fillStyle = rank === 3 ? inks.halo : inks.text;
  c.strokeStyle = rank === 3 ? inks.text : inks.halo;
  c.lineWidth = 1;
  if (rank < 3) c.stroke();
  c.fill();
  if (rank === 3) c.stroke();
}

/** Countries, ranges, rivers and lakes, turned to their course; each in the first of its places. */
function drawNames(c, { view, labels, inks, halo }) {
  const near = nearness(view);
  for (const name of view.place.names) {
    const kind = KINDS[name.main ? "main" : name.kind];
    if (near < kind.from || near > (kind.to ?? Infinity)) continue;
    c.font = kind.font;
    c.letterSpacing = `${kind.spacing ?? 0}px`;
    const width = c.measureText(name.text).width;
    const spot = spotOnCourse(view, labels, name, width);
    if (spot) {
      c.save();
      c.translate(spot.x, spot.y);
      c.rotate(spot.turn);
      outlinedText(c, name.text, -width / 2, 0, halo, inks[kind.ink]);
      c.restore();
    }
    c.letterSpacing = "0px";
  }
}

const OFF_COURSE = { river: [7, -7, 11, -11], main: [10, -10, 14, -14, 19, -19], lake: [0, 8, -8, 13, -13],
  range: [0, 8, -8], country: [0, 14, -14, 28, -28] };

function spotOnCourse(view, labels, name, width) {
  for (const [kmX, kmY, degrees] of name.at) {
    const turn = (-degrees * Math.PI) / 180;
    const [x, y] = view.screen(kmX, kmY);
    if (!onScreen(view, x, y)) continue;
    for (const off of OFF_COURSE[name.main ? "main" : name.kind]) {
      const at = [x - off * Math.sin(turn), y + off * Math.cos(turn)];
      const boxes = boxesOf(at, turn, width);
      if (!boxes.every((box) => labels.free(box))) continue;
      boxes.forEach((box) => labels.block(box));
      return { x: at[0], y: at[1], turn };
    }
  }
  return null;
}

/** Small boxes along words that are turned. */
function boxesOf([x, y], turn, width) {
  const count = Math.max(1, Math.ceil(width / 9));
  return Array.from({ length: count }, (_, i) => {
    const along = width * ((i + 0.5) / count - 0.5);
    const [u, v] = [x + along * Math.cos(turn), y + along * Math.sin(turn)];
    return [u - 5, v - 5.5, u + 5, v + 5.5];
  });
}
