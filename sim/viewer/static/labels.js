/* Labels on a drawing that do not overlap: each takes the nearest free place. */

/** Whether two boxes are nearer to each other than `gap` px. */
export function touches(a, b, gap = 1) {
  return a[0] < b[2] + gap && b[0] < a[2] + gap && a[1] < b[3] + gap && b[1] < a[3] + gap;
}

const CELL_PX = 4;
const AVOIDED = 1;
const FENCED = 2;

export class Labels {
  constructor(width, height) {
    this.bounds = [2, 2, width - 2, height - 2];
    this.taken = [];
    this.columns = Math.ceil(width / CELL_PX);
    this.rows = Math.ceil(height / CELL_PX);
    this.cells = new Uint8Array(this.columns * this.rows);
  }

  /** A copy, to try placements with. */
  copy() {
    const copy = new Labels(0, 0);
    copy.take(this);
    return copy;
  }

  /** Take the state of another. */
  take(other) {
    Object.assign(this, other, { taken: [...other.taken], cells: other.cells.slice() });
  }

  /** Keep a box `[left, top, right, bottom]` free of labels. */
  block(box) {
    this.taken.push(box);
  }

  /** Keep a point and `radius` px around it free of labels. */
  avoid(x, y, radius) {
    this.#mark(x, y, radius, AVOIDED);
  }

  /** As `avoid`, and no leader may cross it. */
  fence(x, y, radius) {
    this.#mark(x, y, radius, AVOIDED | FENCED);
  }

  #mark(x, y, radius, how) {
    const box = [x - radius, y - radius, x + radius, y + radius];
    this.#each(box, (cell) => {
      this.cells[cell] |= how;
      return false;
    });
  }

  /** Visit the cells under a box until `visit(cell)` is true; return whether it was. */
  #each(box, visit) {
    const [left, top, right, foot] = box.map((at) => Math.floor(at / CELL_PX));
    for (let j = Math.max(top, 0); j <= Math.min(foot, this.rows - 1); j += 1) {
      for (let i = Math.max(left, 0); i <= Math.min(right, this.columns - 1); i += 1) {
        if (visit(j * this.columns + i)) return true;
      }
    }
    return false;
  }

  /** Let nothing lie on the line between two points or cross it. */
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
      && !this.#each(box, (cell) => this.cells[cell] & AVOIDED);
  }

  /** Whether no label lies on a point. */
  open(x, y) {
    return !this.taken.some((other) => touches([x, y, x, y], other, 3));
  }

  /** Whether a leader from `anchor` to a box crosses nothing that is fenced. */
  #reaches(anchor, box) {
    const x = Math.min(Math.max(anchor[0], box[0]), box[2]);
    const y = Math.min(Math.max(anchor[1], box[1]), box[3]);
    const length = Math.hypot(x - anchor[0], y - anchor[1]);
    for (let gone = 10; gone < length; gone += 4) {
      const share = gone / length;
      const at = [anchor[0] + share * (x - anchor[0]), anchor[1] + share * (y - anchor[1])];
      const spot = [at[0], at[1], at[0], at[1]];
      if (this.taken.some((other) => touches(spot, other, 0))
        || this.#each(spot, (cell) => this.cells[cell] & FENCED)) return false;
    }
    return true;
  }

  /** The first free of the candidates `[x, y, cost, anchor]` for a box of that size around
   * (x, y), as `{box, anchor}`, or null; if `reached`, one that a leader from its anchor reaches;
   * `suits(box)` may refuse one. */
  place(candidates, width, height, reached = false, suits = () => true) {
    for (const [x, y, , anchor] of candidates) {
      const box = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
      if (this.free(box) && suits(box) && (!reached || this.#reaches(anchor, box))) {
        this.taken.push(box);
        return { box, anchor };
      }
    }
    return null;
  }
}

/** Centres around an anchor, nearest first, at growing angles from `direction`. */
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
