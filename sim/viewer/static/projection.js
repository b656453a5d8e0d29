/* From chainage and depth to the screen: the map (real coarse shape, north up) or the strip
 * (the line pulled straight). Both know how far they are zoomed and moved. */

export const DEPTH_FACTOR = 2; // on the map a distance from the line is drawn this much longer
export const BAND_KM = 9; // depth of the coloured band of a district
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

  /** A name for what is on the screen, to know when a picture kept of it is stale. */
  get key() {
    return [this.mode, this.width, this.height, this.zoom, ...this.shift].join(" ");
  }
}

export class MapProjection extends Projection {
  mode = "map";
  maxZoom = 12;

  constructor(ground) {
    super(ground);
    this.line = ground.line;
    this.normals = normalsOf(ground.line);
    this.step = this.line[1][0] - this.line[0][0];
    const xs = this.line.map((p) => p[1]);
    const ys = this.line.map((p) => p[2]);
    this.box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  }

  fit() {
    const [left, low, right, high] = this.box;
    const { top, side, foot } = this.margin;
    this.scale = Math.min(
      (this.width - 2 * side) / (right - left),
      (this.height - top - foot) / (high - low),
    );
    this.left = (this.width - this.scale * (right - left)) / 2 - this.scale * left;
    const spare = this.height - top - foot - this.scale * (high - low);
    this.base = this.height - foot - spare / 2 + this.scale * low;
  }

  /** Screen px of a place in km east and north. */
  screen(x, y) {
    const u = this.left + this.scale * x;
    const v = this.base - this.scale * y;
    return [u * this.zoom + this.shift[0], v * this.zoom + this.shift[1]];
  }

  /** km east and north of a place on the screen. */
  groundAt(u, v) {
    const x = ((u - this.shift[0]) / this.zoom - this.left) / this.scale;
    const y = (this.base - (v - this.shift[1]) / this.zoom) / this.scale;
    return [x, y];
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

  /** Places of the sun's shares 0..1 on the screen: the night sweeps from right to left. */
  nightColumn(share) {
    return this.screen(this.box[0] + share * (this.box[2] - this.box[0]), 0)[0];
  }

  get kmPerPx() {
    return 1 / (this.scale * this.zoom);
  }
}

export class StripProjection extends Projection {
  mode = "strip";
  maxZoom = 40;

  constructor(ground) {
    super(ground);
    this.map = new MapProjection(ground);
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
  return mode === "strip" ? new StripProjection(ground) : new MapProjection(ground);
}
