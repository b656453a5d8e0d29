/* Projections from chainage and depth to the screen: the base map, a schematic map where there is no base
 * map, or the strip (the straightened line). Each holds its zoom and shift. */

import { basemapOf } from "./basemap.js";

export const DEPTH_FACTOR = 2; // factor by which the schematic map stretches distances from the line
export const BAND_KM = 9; // depth of the coloured band of a district on the schematic map
const FINE_KM = 0.25; // spacing of the table that finds places on the base map
const TURN_KM = 9; // shorter bends of the frontier do not change the direction of depth
const EDGE_PX = 14;
const WEST_PX = 26; // room for the name of the first district
const SEEN_KM = 2; // resolution of the test which part of the line is on the screen
const STRIP_TOP_KM = 16;
const STRIP_FOOT_KM = -14;

/** Unit normals to the left of the line, smoothed so that they do not cross in its bends. */
function normalsOf(line) {
  const last = line.length - 1;
  const raw = line.map((_, i) => {
    const a = line[Math.max(i - 3, 0)];
    const b = line[Math.min(i + 3, last)];
    const length = Math.hypot(b[1] - a[1], b[2] - a[2]) || 1;
    return [-(b[2] - a[2]) / length, (b[1] - a[1]) / length];
  });
  return raw.map((_, i) => {
    let [x, y] = [0, 0];
    for (let j = Math.max(i - 3, 0); j <= Math.min(i + 3, last); j += 1) {
      x += raw[j][0];
      y += raw[j][1];
    }
    const length = Math.hypot(x, y) || 1;
    return [x / length, y / length];
  });
}

function boxOf(points) {
  const [xs, ys] = [0, 1].map((i) => points.map((point) => point[i]));
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** What zooming and moving have in common; `project` gives screen px of (km, depth). */
class Projection {
  constructor(ground) {
    this.ground = ground;
    this.length = ground.line[ground.line.length - 1][0];
    this.zoom = 1;
    this.shift = [0, 0];
  }

  resize(width, height, margin) {
    this.width = width;
    this.height = height;
    this.margin = margin;
    this.fit();
    this.#clamp();
  }

  /** Zoom by `factor` about the screen point (x, y). */
  zoomAt(factor, x, y) {
    const zoom = Math.min(Math.max(this.zoom * factor, 1), this.maxZoom);
    const ratio = zoom / this.zoom;
    this.shift = [x - ratio * (x - this.shift[0]), y - ratio * (y - this.shift[1])];
    this.zoom = zoom;
    this.#clamp();
  }

  move(dx, dy) {
    this.shift = [this.shift[0] + dx, this.shift[1] + dy];
    this.#clamp();
  }

  reset() {
    this.zoom = 1;
    this.shift = [0, 0];
  }

  #clamp() {
    const size = [this.width, this.height];
    this.shift = this.shift.map((s, i) => Math.min(Math.max(s, size[i] * (1 - this.zoom)), 0));
  }

  /** A key for what is on the screen, which shows when a cached drawing is stale. */
  get key() {
    return [this.mode, this.width, this.height, this.zoom, ...this.shift].join(" ");
  }
}

class MapProjection extends Projection {
  mode = "map";
  maxZoom = 12;

  constructor(ground) {
    super(ground);
    this.line = ground.line;
    this.normals = normalsOf(ground.line);
    this.step = this.line[1][0] - this.line[0][0];
    this.box = boxOf(this.line.map((p) => [p[1], p[2]]));
  }

  fit({ top, side = 0, left: west = side, right: east = side, foot } = this.margin) {
    const [left, low, right, high] = this.box;
    this.scale = Math.min(
      (this.width - west - east) / (right - left),
      (this.height - top - foot) / (high - low),
    );
    this.left = (this.width + west - east - this.scale * (right - left)) / 2 - this.scale * left;
    const spare = this.height - top - foot - this.scale * (high - low);
    this.base = this.height - foot - spare / 2 + this.scale * low;
  }

  /** Screen px of a place in km east and north. */
  screen(x, y) {
    const u = this.left + this.scale * x;
    const v = this.base - this.scale * y;
    return [u * this.zoom + this.shift[0], v * this.zoom + this.shift[1]];
  }

  project(km, depth) {
    const at = Math.min(Math.max(km, 0), this.length) / this.step;
    const i = Math.min(Math.floor(at), this.line.length - 2);
    const share = at - i;
    const [a, b] = [this.line[i], this.line[i + 1]];
    const [m, n] = [this.normals[i], this.normals[i + 1]];
    const far = DEPTH_FACTOR * depth;
    const x = a[1] + share * (b[1] - a[1]) + far * (m[0] + share * (n[0] - m[0]));
    const y = a[2] + share * (b[2] - a[2]) + far * (m[1] + share * (n[1] - m[1]));
    return this.screen(x, y);
  }

  /** Direction on the screen that leads to the near side at `km`. */
  inward(km) {
    const i = Math.min(Math.round(km / this.step), this.normals.length - 1);
    return [this.normals[i][0], -this.normals[i][1]];
  }

  /** Share of the way from west to east, for the sun. */
  share(km) {
    const i = Math.min(Math.round(km / this.step), this.line.length - 1);
    return (this.line[i][1] - this.box[0]) / (this.box[2] - this.box[0] || 1);
  }

  /** Places on the screen of the shares 0..1 from west to east; the night sweeps from right to left. */
  nightColumn(share) {
    return this.screen(this.box[0] + share * (this.box[2] - this.box[0]), 0)[0];
  }

  get kmPerPx() {
    return 1 / (this.scale * this.zoom);
  }

  /** Stretches of the line on the screen, `[[from, to], ...]` in km. */
  seen() {
    const found = [];
    for (let km = 0; km <= this.length; km += SEEN_KM) {
      const [x, y] = this.project(km, 0);
      if (x < 0 || y < 0 || x > this.width || y > this.height) continue;
      const last = found.at(-1);
      if (last && km - last[1] <= SEEN_KM) last[1] = km;
      else found.push([km, km]);
    }
    return found;
  }

  /** Centre the line at a chainage, at the same zoom. */
  centreOn(km) {
    const [x, y] = this.project(km, 0);
    this.move(this.width / 2 - x, this.height / 2 - y);
  }

  /** Fill the drawing with the stretch of the line between two chainages. */
  showStretch(from, to) {
    let [left, top, right, foot] = [Infinity, Infinity, -Infinity, -Infinity];
    const count = Math.max(2, Math.ceil((to - from) / SEEN_KM));
    for (let i = 0; i <= count; i += 1) {
      const [x, y] = this.project(from + ((to - from) * i) / count, 0);
      [left, top, right, foot] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(foot, y)];
    }
    const [wide, high] = [right - left, foot - top].map((size) => (1.3 * size) / this.zoom);
    const zoom = Math.min(this.width / wide, this.height / high, this.maxZoom);
    const middle = [(left + right) / 2, (top + foot) / 2].map((at, i) => (at - this.shift[i]) / this.zoom);
    this.zoom = Math.max(zoom, 1);
    this.shift = [this.width / 2 - this.zoom * middle[0], this.height / 2 - this.zoom * middle[1]];
    this.move(0, 0);
  }
}

/** The base map: places in km of its own plane, the true line, and depth true to scale. */
class PlaceProjection extends MapProjection {
  barPx = 0; // of the foot, for a bar with the chainage

  constructor(ground, place) {
    super(ground);
    this.place = place;
    this.line = place.frontier;
    this.box = boxOf(this.line);
    this.#tabulate();
  }

  /** x, y and the direction inwards every `FINE_KM` along the line. */
  #tabulate() {
    const count = Math.round(this.length / FINE_KM);
    this.table = new Float64Array(4 * (count + 1));
    const at = (km) => {
      const { line } = this;
      let low = 0;
      let high = line.length - 1;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (line[middle][2] <= km) low = middle;
        else high = middle;
      }
      const share = Math.min(Math.max((km - line[low][2]) / (line[high][2] - line[low][2]), 0), 1);
      return [0, 1].map((i) => line[low][i] + share * (line[high][i] - line[low][i]));
    };
    for (let i = 0; i <= count; i += 1) this.table.set(at(i * FINE_KM), 4 * i);
    const reach = Math.round(TURN_KM / FINE_KM);
    const heading = (i) => {
      const [a, b] = [Math.max(i - reach, 0), Math.min(i + reach, count)].map((j) => 4 * j);
      const [x, y] = [this.table[b] - this.table[a], this.table[b + 1] - this.table[a + 1]];
      const length = Math.hypot(x, y) || 1;
      return [-y / length, x / length];
    };
    for (let i = 0; i <= count; i += 1) {
      let [x, y] = [0, 0];
      for (let j = -reach; j <= reach; j += 6) {
        const [u, v] = heading(Math.min(Math.max(i + j, 0), count));
        [x, y] = [x + u, y + v];
      }
      const length = Math.hypot(x, y) || 1;
      this.table[4 * i + 2] = x / length;
      this.table[4 * i + 3] = y / length;
    }
  }

  /** The line reaches from edge to edge. */
  fit() {
    super.fit({ top: EDGE_PX, left: WEST_PX, right: EDGE_PX, foot: EDGE_PX + this.barPx });
  }

  /** Where (km, depth) lies in the plane of the base map, km. */
  placeOf(km, depth = 0) {
    const { table } = this;
    const at = Math.min(Math.max(km, 0), this.length) / FINE_KM;
    const i = Math.min(Math.floor(at), table.length / 4 - 2);
    const share = at - i;
    const between = (k) => table[4 * i + k] + share * (table[4 * i + 4 + k] - table[4 * i + k]);
    return depth ? [between(0) + depth * between(2), between(1) + depth * between(3)]
      : [between(0), between(1)];
  }

  project(km, depth) {
    const [x, y] = this.placeOf(km, depth);
    return this.screen(x, y);
  }

  inward(km) {
    const i = 4 * Math.min(Math.max(Math.round(km / FINE_KM), 0), this.table.length / 4 - 1);
    return [this.table[i + 2], -this.table[i + 3]];
  }

  share(km) {
    return (this.placeOf(km)[0] - this.box[0]) / (this.box[2] - this.box[0]);
  }
}

class StripProjection extends Projection {
  mode = "strip";
  maxZoom = 40;

  constructor(ground) {
    super(ground);
    this.map = projectionFor("map", ground);
  }

  fit() {
    const { top, side, foot } = this.margin;
    this.scale = (this.width - 2 * side) / this.length;
    this.rise = (this.height - top - foot) / (STRIP_TOP_KM - STRIP_FOOT_KM);
    this.zero = top + this.rise * STRIP_TOP_KM;
  }

  move(dx) {
    super.move(dx, 0);
  }

  zoomAt(factor, x) {
    super.zoomAt(factor, x, 0);
    this.shift[1] = 0;
  }

  project(km, depth) {
    const u = (this.margin.side + this.scale * km) * this.zoom + this.shift[0];
    const held = Math.min(Math.max(depth, STRIP_FOOT_KM), STRIP_TOP_KM);
    return [u, this.zero - this.rise * held];
  }

  inward() {
    return [0, -1];
  }

  /** Chainage at the screen's x. */
  km(u) {
    return ((u - this.shift[0]) / this.zoom - this.margin.side) / this.scale;
  }

  share(km) {
    return this.map.share(km);
  }

  get kmPerPx() {
    return 1 / (this.scale * this.zoom);
  }
}

export function projectionFor(mode, ground) {
  if (mode === "strip") return new StripProjection(ground);
  const place = basemapOf(ground);
  return place ? new PlaceProjection(ground, place) : new MapProjection(ground);
}
