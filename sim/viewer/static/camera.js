/* The camera of a drawing: which part of the ground fills it, and how it flies there.
 *
 * A drawing at zoom z and shift s shows the place that lies at u when all is shown at z * u + s. */

const CLOSEST_KM = 24; // a drawing is never narrower than this
const FILL = 0.62; // share of the drawing that the places fill
const LEAST_ZOOM = 2.5;
const CURVE = 1.3; // how high a long flight rises (rho of van Wijk and Nuij)
const PACE_MS = 480; // for a length of 1
const LONGEST_MS = 1600;

/** Where a place is on the drawing when all is shown, px. */
function atRest(view, km, depth) {
  const [x, y] = view.project(km, depth);
  return [(x - view.shift[0]) / view.zoom, (y - view.shift[1]) / view.zoom];
}

function centred(view, zoom, [u, v]) {
  const flat = view.mode === "strip";
  return { zoom, shift: [view.width / 2 - zoom * u, flat ? 0 : view.height / 2 - zoom * v] };
}

/** Zoom and shift with which the places `[km, depth]` fill a drawing. */
export function framing(view, places) {
  const points = places.map(([km, depth]) => atRest(view, km, depth));
  const along = [0, 1].map((i) => points.map((point) => point[i]));
  const [low, high] = [along.map((values) => Math.min(...values)), along.map((values) => Math.max(...values))];
  const spans = [view.width / Math.max(high[0] - low[0], 1e-6),
    view.mode === "strip" ? Infinity : view.height / Math.max(high[1] - low[1], 1e-6)];
  const closest = (view.zoom * view.width * view.kmPerPx) / CLOSEST_KM;
  const zoom = Math.max(Math.min(FILL * Math.min(...spans), closest, view.maxZoom), LEAST_ZOOM);
  return centred(view, zoom, [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2]);
}

/** Zoom and shift with a place in the middle, `factor` times nearer. */
export function nearer(view, factor, km, depth) {
  return centred(view, Math.min(view.zoom * factor, view.maxZoom), atRest(view, km, depth));
}

/** Zoom and shift of a view, to return to. */
export function cameraOf(view) {
  return { zoom: view.zoom, shift: [...view.shift] };
}

/** Set the camera of a view, which keeps it within the drawing. */
export function aim(view, { zoom, shift }) {
  view.zoom = Math.min(Math.max(zoom, 1), view.maxZoom);
  view.shift = [...shift];
  view.move(0, 0);
}

/** A smooth flight from the camera of a view to another: it rises, crosses and descends, so that the
 * ground passes at an even pace (van Wijk and Nuij 2003). */
export class Flight {
  constructor(view, target, quick = false) {
    this.view = view;
    this.target = target;
    const middle = ({ zoom, shift }) => [(view.width / 2 - shift[0]) / zoom, (view.height / 2 - shift[1]) / zoom];
    this.from = middle(view);
    this.to = middle(target);
    this.wide = [view.width / view.zoom, view.width / target.zoom];
    this.far = Math.hypot(this.to[0] - this.from[0], this.to[1] - this.from[1]);
    this.#plan();
    this.lasts = quick ? 180 : Math.min(Math.max(PACE_MS * this.length, 250), LONGEST_MS);
  }

  #plan() {
    const [w0, w1] = this.wide;
    const p2 = CURVE * CURVE;
    this.straight = this.far < 1e-3 * w0;
    if (this.straight) {
      this.length = Math.abs(Math.log(w1 / w0)) / CURVE;
      return;
    }
    const r = (w, sign) => Math.asinh(
      -(w1 * w1 - w0 * w0 + sign * p2 * p2 * this.far ** 2) / (2 * w * p2 * this.far));
    this.r0 = r(w0, 1);
    this.r1 = r(w1, -1);
    this.length = (this.r1 - this.r0) / CURVE;
  }

  /** Move the view on; return whether it has arrived. */
  step(now) {
    this.begun ??= now;
    const done = Math.min((now - this.begun) / this.lasts, 1);
    if (done >= 1) {
      aim(this.view, this.target);
      return true;
    }
    const eased = done < 0.5 ? 2 * done * done : 1 - 2 * (1 - done) ** 2;
    const [wide, along] = this.#at(eased * this.length, eased);
    const zoom = this.view.width / wide;
    const centre = [0, 1].map((i) => this.from[i] + along * (this.to[i] - this.from[i]));
    aim(this.view, { zoom, shift: [this.view.width / 2 - zoom * centre[0], this.view.height / 2 - zoom * centre[1]] });
    return false;
  }

  /** Width seen and share of the way gone after a length `s` of the flight. */
  #at(s, eased) {
    const [w0, w1] = this.wide;
    if (this.straight) return [w0 * (w1 / w0) ** eased, eased];
    const turn = this.r0 + CURVE * s;
    const wide = (w0 * Math.cosh(this.r0)) / Math.cosh(turn);
    const gone = (w0 / CURVE ** 2) * (Math.cosh(this.r0) * Math.tanh(turn) - Math.sinh(this.r0));
    return [wide, gone / this.far];
  }
}
