/* The list of scenarios, and which are picked. */

import { element, numberText, setText } from "/view/elements.js";

const SMALL = "(max-width: 1000px)";

export class Choices {
  /** `onChange()` is called when the selection changes. */
  constructor(onChange) {
    this.list = document.getElementById("lab-scenarios");
    this.summary = document.getElementById("lab-picked");
    this.rows = new Map();
    this.onChange = () => { this.#count(); onChange(); };
    this.list.addEventListener("change", this.onChange);
    document.getElementById("lab-all").addEventListener("click", () => this.#pick(() => true));
    document.getElementById("lab-none").addEventListener("click", () => this.#pick(() => false));
  }

  /** Show the catalogue; a page that was `kept` open keeps its selection. */
  offer({ scenarios, picked }, kept) {
    const chosen = new Set(kept ? this.picked() : picked);
    this.rows = new Map(scenarios.map((each) => [each.name, this.#row(each, chosen.has(each.name))]));
    this.list.replaceChildren(...[...this.rows.values()].map((row) => row.item));
    this.#count();
  }

  picked() {
    return [...this.rows].filter(([, row]) => row.box.checked).map(([name]) => name);
  }

  /** What the store holds of each; on a small screen the results come before the list. */
  hold({ runs, own }) {
    if (!this.held && Object.keys(runs).length && matchMedia(SMALL).matches)
      document.getElementById("lab-choose").open = false;
    this.held = true;
    for (const [name, row] of this.rows) {
      const [ended, failed] = runs[name] ?? [0, 0];
      const lost = failed ? `, ${numberText(failed)} failed` : "";
      setText(row.runs, ended ? `${numberText(ended)} years${lost}` : "");
      row.runs.hidden = !ended;
      setText(row.own, own.includes(name) ? "as stored; no file named here has the same values" : "");
      row.own.hidden = !own.includes(name);
    }
  }

  #pick(wanted) {
    for (const [name, row] of this.rows) row.box.checked = wanted(name);
    this.onChange();
  }

  #count() {
    setText(this.summary, `${this.picked().length} of ${this.rows.size} scenarios picked`);
  }

  #row({ name, title, sentence }, picked) {
    const id = `lab-pick-${name.replace(/[^\w-]/g, "-")}`;
    const box = element("input", { type: "checkbox", id, value: name, "aria-describedby": `${id}-says` });
    box.checked = picked;
    const runs = element("span", { class: "panj-badge lab-runs", hidden: true });
    const own = element("span", { class: "panj-soft", hidden: true });
    const item = element("li", {}, box, element("div", {},
      element("label", { for: id }, title), " ", runs,
      element("p", { id: `${id}-says`, class: "panj-soft" }, element("code", {}, name), ` ${sentence} `, own)));
    return { item, box, runs, own };
  }
}
