/* The comparison of the store: fetched when its runs have changed, shown as the server wrote it. */

import { element, setText } from "/view/elements.js";

const at = (id) => document.getElementById(id);
const TABLES = ["contrasts", "costs", "ranking"];

export class Found {
  /** `picked()` are the scenarios picked. */
  constructor(picked) {
    this.picked = picked;
    this.only = at("lab-only");
    this.selects = { baseline: at("lab-baseline"), harm: at("lab-harm") };
    this.shown = null;
    this.state = null;
    for (const control of [this.only, ...Object.values(this.selects)])
      control.addEventListener("change", () => this.show());
    at("lab-wish").addEventListener("submit", (event) => event.preventDefault());
    at("lab-update").addEventListener("click", () => this.show());
  }

  /** The state of the store; while a batch runs, new results are shown only on request. */
  stand(state) {
    const before = this.state;
    this.state = state;
    const trouble = at("lab-trouble");
    trouble.hidden = !state.trouble;
    setText(trouble, state.trouble);
    const some = Object.values(state.runs).some(([ended]) => ended);
    if (!some) {
      this.#empty(state.trouble ? "" : "Nothing has been run yet. Pick scenarios, choose the years and press Start.");
      return;
    }
    const fresh = this.shown?.stamp !== state.stamp;
    if (fresh && (!this.shown || !state.batch || (before?.batch && !state.batch))) this.show();
    at("lab-update").hidden = !(this.shown && this.shown.stamp !== state.stamp);
  }

  /** The selection has changed. */
  chosen() {
    if (this.only.checked && this.shown && this.shown.query !== this.#query()) this.show();
  }

  #empty(words) {
    this.shown = null;
    for (const id of ["lab-wish", "lab-files", "lab-update"]) at(id).hidden = true;
    setText(at("lab-busy"), words);
    at("lab-found").replaceChildren();
    at("lab-picture").replaceChildren();
  }

  #query() {
    const names = Object.entries(this.state.runs).filter(([, [ended]]) => ended).map(([name]) => name);
    const chosen = this.selects.baseline.value;
    const baseline = names.includes(chosen) ? chosen : names.includes("baseline") ? "baseline" : names[0];
    const query = new URLSearchParams({ baseline });
    if (this.selects.harm.value) query.set("harm", this.selects.harm.value);
    if (this.only.checked)
      for (const name of this.picked()) if (names.includes(name)) query.append("scenario", name);
    return query.toString();
  }

  async show() {
    if (!this.state) return;
    const query = this.#query();
    const asked = this.shown = { stamp: this.state.stamp, query };
    at("lab-update").hidden = true;
    const box = at("lab-found");
    box.setAttribute("aria-busy", "true");
    setText(at("lab-busy"), "Comparing …");
    const answer = await this.#fetch(`/found?${query}`);
    if (this.shown !== asked) return;
    box.setAttribute("aria-busy", "false");
    setText(at("lab-busy"), "");
    at("lab-picture").replaceChildren();
    if (answer.error && this.state.batch) {  // the first runs of a batch are not pairs yet
      this.#empty("There is too little to compare yet.");
      return;
    }
    this.#put(box, answer);
    if (answer.error) {
      at("lab-files").hidden = true;
      return;
    }
    this.#wishes(box.firstElementChild?.dataset);
    this.#link(query);
    setText(at("lab-busy"), "Drawing …");
    const picture = await this.#fetch(`/picture?${query}`);
    if (this.shown !== asked) return;
    setText(at("lab-busy"), "");
    this.#put(at("lab-picture"), picture);
  }

  async #fetch(address) {
    try {
      const answer = await fetch(address);
      return answer.ok ? await answer.json() : { error: await answer.text() };
    } catch {
      return { error: "The lab cannot be reached." };
    }
  }

  /** HTML of the server, which has escaped all names; errors as text. */
  #put(box, { html, error }) {
    if (html !== undefined) box.innerHTML = html;
    else box.replaceChildren(element("pre", { class: "lab-said lab-bad", role: "alert" }, error));
  }

  /** The comparisons that can be chosen, as the answer lists them. */
  #wishes(data) {
    if (!data) return;
    for (const name of ["baseline", "harm"]) {
      const select = this.selects[name];
      const options = JSON.parse(data[`${name}s`]);
      select.replaceChildren(...options.map(([value, words]) => element("option", { value }, words)));
      select.value = data[name];
    }
    at("lab-wish").hidden = false;
    this.shown.query = this.#query();
  }

  #link(query) {
    at("lab-files").hidden = false;
    at("lab-report").href = `/report.html?${query}`;
    at("lab-years-csv").href = `/years.csv?${query}`;
    for (const name of TABLES) {
      const link = at(`lab-${name}`);
      link.href = `/${name}.csv?${query}`;
      link.hidden = name !== "contrasts" && !document.getElementById(name);
    }
  }
}
