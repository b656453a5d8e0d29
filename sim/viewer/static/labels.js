/* Words on a drawing that do not lie on each other: each takes the nearest free place. */

function touches(a, b, gap = 1) {
  return a[0] < b[2] + gap && b[0] < a[2] + gap && a[1] < b[3] + gap && b[1] < a[3] + gap;
}

export class Labels {
  constructor(width, height) {
    this.bounds = [2, 2, width - 2, height - 2];
    this.taken = [];
    this.dots = [];
    this.fences = [];
  }

  /** Keep a box `[left, top, right, bottom]` free of words. */
  block(box) {
    this.taken.push(box);
  }

  /** Keep a point and `radius` px around it free where possible. */
  avoid(x, y, radius) {
    this.dots.push([x - radius, y - radius, x + radius, y + radius]);
  }

  /** As `avoid`, and no leader may cross it. */
  fence(x, y, radius) {
    this.avoid(x, y, radius);
    this.fences.push([x - radius, y - radius, x + radius, y + radius]);
  }

  /** Nothing may lie on the line between two points or cross it. */
  fenceLine(from, to) {
    const steps = Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / 4);
    for (let i = 1; i < steps; i += 1) {
      const share = i / steps;
      this.fence(from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1]), 2);
    }
  }

  /** Whether a box is inside the drawing and free. */
  free(box) {
    const [left, top, right, foot] = this.bounds;
    if (box[0] < left || box[1] < top || box[2] > right || box[3] > foot) return false;
    return !this.taken.some((other) => touches(box, other, 3))
      && !this.dots.some((dot) => touches(box, dot, 0));
  }

  /** Whether the way from `anchor` to a box crosses nothing that is to be avoided. */
  #reaches(anchor, box) {
    const x = Math.min(Math.max(anchor[0], box[0]), box[2]);
    const y = Math.min(Math.max(anchor[1], box[1]), box[3]);
    const length = Math.hypot(x - anchor[0], y - anchor[1]);
    for (let gone = 10; gone < length; gone += 4) {
      const share = gone / length;
      const at = [anchor[0] + share * (x - anchor[0]), anchor[1] + share * (y - anchor[1])];
      const spot = [at[0], at[1], at[0], at[1]];
      if ([...this.fences, ...this.taken].some((other) => touches(spot, other, 0))) return false;
    }
    return true;
  }

  /** The first free of the candidates `[x, y, cost, anchor]` for a box of that size around
   * (x, y), as `{box, anchor}`, or null; if `reached`, one that a leader from its anchor reaches. */
  place(candidates, width, height, reached = false) {
    for (const [x, y, , anchor] of candidates) {
      const box = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
      if (this.free(box) && (!reached || this.#reaches(anchor, box))) {
        this.taken.push(box);
        return { box, anchor };
      }
    }
    return null;
  }
}

/** Centres around an anchor, nearest first, turning away from `direction` little by little. */
export function around(anchor, direction, { near, far, step, turn = 1.2 }, width, height) {
  const found = [];
  const heading = Math.atan2(direction[1], direction[0]);
  for (let reach = near; reach <= far; reach += step) {
    for (let angle = 0; angle <= turn; angle += 0.2) {
      for (const sign of angle ? [-1, 1] : [1]) {
        const [cos, sin] = [Math.cos(heading + sign * angle), Math.sin(heading + sign * angle)];
        found.push([anchor[0] + cos * (reach + width / 2 * Math.abs(cos)),
          anchor[1] + sin * (reach + height / 2 * Math.abs(sin)), reach + 8 * angle]);
      }
    }
  }
  return found.sort((a, b) => a[2] - b[2]);
}
