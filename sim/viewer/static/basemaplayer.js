/* The base map, drawn below everything: relief, water, boundaries, the frontier and its districts. */

import { tintedRelief } from "./basemap.js";
import { drawCached } from "./drawingcache.js";

const PLAIN_KM_PER_PX = 0.62; // the base map on a pane of 1,100 px: zoom 1 of the widths below
const STEPS = [1, 2, 4, 8];
const WIDTHS = {
  frontier: [2.2, 2.8, 3.4, 4], river1: [1.9, 2.4, 3, 4], river2: [1.3, 1.6, 2, 2.6],
  river3: [1, 1.3, 1.7, 2.2], river4: [0, 0.5, 0.8, 1.2], boundary: [1.1, 1.4, 1.7, 2],
  province: [0, 0.7, 0.9, 1.1], band: [7, 9, 12, 15],
};
const NEAR = 4; // from this zoom on the river is drawn beneath a finer frontier, so that both are seen
const FAR_KM = 2000;

/** How near the map is: 1 where all of it fills a wide pane, 2 where half of that is seen. */
export function nearness(view) {
  return PLAIN_KM_PER_PX / view.kmPerPx;
}

/** Width of a line at that nearness, px, even between the steps of the table. */
export function widthOf(name, near) {
  const at = Math.min(Math.max(Math.log2(near), 0), STEPS.length - 1);
  const [low, high] = [Math.floor(at), Math.ceil(at)].map((i) => WIDTHS[name][i]);
  return low + (at % 1) * (high - low);
}

/** Everything that no policy changes, cached until the view moves; then the alert of districts. */
export function drawBasemap(c, { story, view, palette, t }) {
  const { place } = view;
  c.fillStyle = palette.map.paper;
  c.fillRect(0, 0, view.width, view.height);
  drawCached(c, view, "place", palette.name, (still) => drawStill(still, place, view, palette.map, palette));
  drawBands(c, { story, view, palette, t });
  drawFrontier(c, view, palette.map);
}

function drawStill(c, place, view, inks, palette) {
  const near = nearness(view);
  const [left, top] = view.screen(place.bounds[0], place.bounds[3]);
  const [right, foot] = view.screen(place.bounds[2], place.bounds[1]);
  c.save();
  c.beginPath();
  c.rect(left, top, right - left, foot - top);
  c.clip();
  c.imageSmoothingQuality = "high";
  c.drawImage(tintedRelief(place, palette), left, top, right - left, foot - top);
  c.globalAlpha = 0.5;
  c.fillStyle = inks.veil;
  for (const ring of place.veil) {
    c.beginPath();
    trace(c, view, ring);
    c.fill();
  }
  c.globalAlpha = 1;
  for (const line of place.provinces) stroke(c, view, line, inks.province, widthOf("province", near), [4, 3]);
  for (const { rank, line } of place.rivers) {
    c.globalAlpha = rank === 4 ? 0.6 : 1;
    stroke(c, view, line, inks.water, widthOf(`river${rank}`, near));
  }
  c.globalAlpha = 1;
  for (const lake of place.lakes) drawLake(c, view, lake, inks);
  for (const line of place.boundaries) {
    const width = widthOf("boundary", near);
    c.globalAlpha = 0.5;
    stroke(c, view, line, inks.casing, width + 1.5);
    c.globalAlpha = 1;
    stroke(c, view, line, inks.boundary, width, [7, 2, 1.5, 2]);
  }
  c.restore();
}

function trace(c, view, line) {
  line.forEach(([x, y], i) => c[i ? "lineTo" : "moveTo"](...view.screen(x, y)));
}

function stroke(c, view, line, ink, width, dash = []) {
  if (!width) return;
  c.beginPath();
  trace(c, view, line);
  c.setLineDash(dash);
  c.strokeStyle = ink;
  c.lineWidth = width;
  [c.lineJoin, c.lineCap] = ["round", dash.length ? "butt" : "round"];
  c.stroke();
  c.setLineDash([]);
}

function drawLake(c, view, { rings, at }, inks) {
  c.beginPath();
  for (const ring of rings) {
    trace(c, view, ring);
    c.closePath();
  }
  if (at) c.arc(...view.screen(...at), 2.4, 0, 2 * Math.PI);
  c.fillStyle = inks.lake;
  c.fill("evenodd");
  c.strokeStyle = inks.shore;
  c.lineWidth = 0.6;
  c.stroke();
}

/** The part of the frontier between two chainages, with its bends. */
function traceStretch(c, view, from, to) {
  c.moveTo(...view.project(from, 0));
  for (const [x, y, km] of view.place.frontier) {
    if (km > from && km < to) c.lineTo(...view.screen(x, y));
  }
  c.lineTo(...view.project(to, 0));
}

/** Each district as a band along the near side of its stretch, in the colour of its alert: a broad
 * stroke of which the far side is cut away. */
function drawBands(c, { story, view, palette, t }) {
  const width = widthOf("band", nearness(view));
  const { districts } = story.ground;
  c.save();
  clipNearSide(c, view);
  c.lineJoin = "round";
  c.lineCap = "butt";
  districts.forEach((district, index) => {
    for (const [ink, more, alpha] of [[palette.levelEdge, 1.6, 0.75], [palette.levels[story.level(index, t)], 0, 1]]) {
      c.beginPath();
      traceStretch(c, view, district.from, district.to);
      c.strokeStyle = ink;
      c.lineWidth = 2 * width + more;
      c.globalAlpha = alpha;
      c.stroke();
    }
  });
  c.globalAlpha = 1;
  for (const { from } of districts.slice(1)) drawBound(c, view, from, width, palette);
  c.restore();
}

function clipNearSide(c, view) {
  const { frontier } = view.place;
  const [first, last] = [frontier[0], frontier.at(-1)];
  c.beginPath();
  trace(c, view, [[first[0] - FAR_KM, first[1]], ...frontier, [last[0] + FAR_KM, last[1]],
    [last[0] + FAR_KM, FAR_KM], [first[0] - FAR_KM, FAR_KM]]);
  c.clip();
}

function drawBound(c, view, km, width, palette) {
  const [x, y] = view.project(km, 0);
  const [u, v] = view.inward(km);
  c.beginPath();
  c.moveTo(x, y);
  c.lineTo(x + (width + 2) * u, y + (width + 2) * v);
  c.strokeStyle = palette.ink;
  c.lineWidth = 1.4;
  c.stroke();
}

function drawFrontier(c, view, inks) {
  const near = nearness(view);
  const width = widthOf("frontier", near);
  stroke(c, view, view.place.frontier, inks.casing, width + 2.4);
  if (near < NEAR) {
    stroke(c, view, view.place.frontier, inks.frontier, width);
    return;
  }
  for (const { rank, line } of view.place.rivers) {
    if (rank === 1) stroke(c, view, line, inks.water, width + 1.6);
  }
  stroke(c, view, view.place.frontier, inks.frontier, 2);
}
