/* The levers: sliders and choices, each marked as acting from now on or from the start. */

import { amountText, choice, element, setText } from "./elements.js";

const WAIT_MS = 250;

function valueText(lever, value) {
  if (lever.kind === "choice") return "";
  const digits = lever.step >= 1 ? 0 : lever.step >= 0.1 ? 1 : 2;
  return amountText(value, lever.unit, digits);
}

export class Levers {
  /** `onMove(key, value)` when a lever is let go. */
  constructor(onMove) {
    this.onMove = onMove;
    this.body = element("div", { class: "panj-levers" });
    this.root = element("details", { class: "panj-box", open: true, id: "panj-levers" },
      element("summary", {}, element("h2", {}, "Levers")), this.body);
    this.rows = new Map();
  }

  open(levers) {
    this.rows.clear();
    const groups = [["guards", "What the defender decides"], ["unknown", "What nobody knows well"]];
    this.body.replaceChildren(...groups.flatMap(([group, title]) => {
      const those = levers.filter((lever) => (lever.group ?? "guards") === group);
      return those.length ? [element("h3", {}, title), ...those.map((lever) => this.#row(lever))] : [];
    }));
  }

  #row(lever) {
    const id = `panj-lever-${lever.key.replaceAll(/[._]/g, "-")}`;
    const shown = element("output", { for: id }, valueText(lever, lever.value));
    const control = lever.kind === "choice" ? this.#choices(id, lever) : this.#slider(id, lever, shown);
    const badge = element("span", { class: `panj-badge ${lever.live ? "panj-live" : ""}`,
      title: lever.live ? "Takes effect from the moment shown" : "Simulates the year again from day 0 with the same seed" },
    lever.live ? "from now on" : "runs again");
    this.rows.set(lever.key, { control, shown, lever });
    return element("div", { class: "panj-lever" },
      element("div", { class: "panj-row" }, element("label", { for: id }, lever.label), shown),
      element("div", { class: "panj-row" }, control, badge));
  }

  #choices(id, lever) {
    const made = choice({ id, onchange: () => this.onMove(lever.key, made.value) },
      lever.choices.map((word) => [word, word]));
    made.value = lever.value;
    return made;
  }

  #slider(id, lever, shown) {
    let waiting = 0;
    const made = element("input", { type: "range", id, min: lever.low, max: lever.high,
      step: lever.step, value: lever.value, oninput: () => {
        setText(shown, valueText(lever, Number(made.value)));
        made.setAttribute("aria-valuetext", shown.textContent);
        clearTimeout(waiting);
        waiting = setTimeout(() => this.onMove(lever.key, Number(made.value)), WAIT_MS);
      } });
    made.setAttribute("aria-valuetext", valueText(lever, lever.value));
    return made;
  }

  /** Show the values of the world. */
  set(levers) {
    if (levers.length !== this.rows.size || levers.some((lever) => !this.rows.has(lever.key))) {
      this.open(levers);
      return;
    }
    for (const { key, value } of levers) {
      const { control, shown, lever } = this.rows.get(key);
      if (document.activeElement === control) continue;
      control.value = value;
      if (lever.kind !== "choice") setText(shown, valueText(lever, value));
    }
  }
}
