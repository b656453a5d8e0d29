/* The counters: numbers on the page, of one world or of two side by side. */

import { element, numberText, setText } from "./elements.js";
import { COUNTERS } from "./story.js";

const NAMES = {
  crossings: ["crossings", "groups that crossed or tried to"],
  stopped: ["stopped", "smuggling groups stopped or fought"],
  incidents: ["incidents", "all that an agency could report"],
  attacks: ["attacks", "incidents with militants"],
  victims: ["victims", "guards, workers and villagers killed"],
  deaths: ["deaths", "killed on all sides"],
  sites_shut: ["sites shut", "worksites shut at this moment"],
  readiness: ["readiness", "mean of the districts at this moment"],
};

function shown(name, value) {
  return name === "readiness" ? `${Math.round(100 * value)}\u202f%` : numberText(value);
}

export class Counters {
  constructor() {
    this.cells = {};
    this.root = element("dl", { class: "panj-counters", "aria-label": "Counters" });
  }

  open(sides) {
    this.sides = sides;
    this.root.replaceChildren(...COUNTERS.map((name) => {
      const [label, about] = NAMES[name];
      this.cells[name] = sides.map((side) => element("span", {
        id: side === "a" ? `panj-count-${name}` : `panj-count-${name}-b`, "data-side": side }));
      return element("div", { title: about }, element("dt", {}, label),
        element("dd", {}, ...this.cells[name]));
    }));
    this.root.classList.toggle("panj-paired", sides.length > 1);
  }

  update(stories, t) {
    const values = this.sides.map((side) => stories[side].countersAt(t));
    for (const name of COUNTERS) {
      this.cells[name].forEach((cell, i) => setText(cell, shown(name, values[i][name])));
      const apart = values.length > 1 && values[0][name] !== values[1][name];
      this.cells[name][0].parentElement.classList.toggle("panj-apart", apart);
    }
  }
}
