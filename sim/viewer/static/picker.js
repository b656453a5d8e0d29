/* The choice of scenario, the one to compare with, and seed; and the messages of the page. */

import { isSeed } from "./address.js";
import { choice, element, setText } from "./elements.js";
import { icon } from "./icons.js";

export class Picker {
  /** `onOpen({scenario, against, seed})`, `onTheme()`, `onHelp()`. */
  constructor({ onOpen, onTheme, onHelp }) {
    const changed = () => {
      const wanted = this.wanted();
      if (isSeed(wanted.seed)) {
        this.shown = wanted;
        onOpen(wanted);
        return;
      }
      this.set(this.shown);
      this.say(`“${wanted.seed}” is not a seed: give a whole number from 0 to 2^63 − 1. The view stays at seed ${this.shown.seed}.`, true);
    };
    this.scenario = choice({ id: "panj-scenario", onchange: changed }, []);
    this.against = choice({ id: "panj-against", onchange: changed }, []);
    this.seed = element("input", { id: "panj-seed", inputmode: "numeric", value: "1", size: 6, onchange: changed });
    this.status = element("div", { id: "panj-status", class: "panj-status", role: "status" });
    this.title = element("div", { class: "panj-title", id: "panj-title" });
    this.choices = element("div", { class: "panj-choices" },
      element("label", { class: "panj-inline" }, "policy", this.scenario),
      element("label", { class: "panj-inline" }, "against", this.against),
      element("label", { class: "panj-inline" }, "seed", this.seed));
    this.notices = element("div", { id: "panj-notice", class: "panj-notice", role: "alert", hidden: true });
    this.root = element("header", { class: "panj-head" },
      element("h1", {}, "Panj"), this.choices, this.title, this.status,
      element("button", { type: "button", id: "panj-theme", "aria-label": "Dark or light",
        title: "Dark or light (d)", onclick: onTheme }, icon("theme")),
      element("button", { type: "button", id: "panj-help-open", "aria-label": "Help and keys",
        title: "Help and keys (?)", onclick: onHelp }, "?"), this.notices);
  }

  /** Show a message that must not be overlooked, until it is closed; an empty text closes it. */
  notice(text) {
    this.notices.hidden = !text;
    this.notices.replaceChildren(element("span", {}, text), element("button", { type: "button",
      "aria-label": "Close the message", class: "panj-zoom", onclick: () => this.notice("") }, "×"));
  }

  wanted() {
    return { scenario: this.scenario.value, against: this.against.value || null,
      seed: this.seed.value.trim() || "1" };
  }

  catalogue(scenarios) {
    const options = scenarios.map(({ name, title }) => (
      element("option", { value: name, title: title ?? "" }, name.replaceAll("_", " "))));
    this.scenario.replaceChildren(...options);
    this.against.replaceChildren(element("option", { value: "" }, "nothing"),
      ...options.map((option) => option.cloneNode(true)));
  }

  /** Show what is on the screen. */
  set({ scenario, against, seed }) {
    this.shown = { scenario, against, seed };
    this.scenario.value = scenario;
    this.against.value = against ?? "";
    this.seed.value = seed ?? "1";
  }

  /** Show a minor message, unless an error is shown. */
  mention(text) {
    if (!this.status.classList.contains("panj-bad")) this.say(text);
  }

  say(text, bad = false) {
    setText(this.status, text);
    this.status.classList.toggle("panj-bad", bad);
  }
}
