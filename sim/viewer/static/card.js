/* The state of an agent: a line at the pointer, and a card that stays. */

import { element, setText } from "./elements.js";
import { describe } from "./agenttext.js";

export class Card {
  constructor(onClose) {
    this.tip = element("div", { class: "panj-tip", id: "panj-tip", role: "tooltip", hidden: true });
    this.title = element("h2", { id: "panj-card-title" });
    this.facts = element("dl", {});
    this.root = element("section", { class: "panj-card", id: "panj-card", hidden: true,
      "aria-labelledby": "panj-card-title" },
    element("div", { class: "panj-row" }, this.title,
      element("button", { type: "button", "aria-label": "Close the card", class: "panj-zoom",
        onclick: onClose }, "×")), this.facts);
  }

  point(pane, hit, x, y, t) {
    this.tip.hidden = !hit;
    if (!hit) return;
    const { title, facts } = describe(hit, pane.story, t);
    const state = facts.find(([label]) => label === "state" || label === "known" || label === "what");
    setText(this.tip, [title, facts[0][1], state?.[1]].filter(Boolean).join(" · "));
    const box = pane.root.getBoundingClientRect();
    const outer = this.tip.offsetParent?.getBoundingClientRect() ?? { left: 0, top: 0, width: box.width };
    const left = box.left - outer.left + x;
    const width = Math.min(this.tip.offsetWidth, outer.width - 12);
    this.tip.style.left = `${Math.max(6, Math.min(left + 14, outer.width - width - 6))}px`;
    this.tip.style.top = `${box.top - outer.top + y + (y > box.height - 60 ? -40 : 16)}px`;
  }

  show({ title, facts }) {
    this.root.hidden = false;
    setText(this.title, title);
    const key = facts.map((fact) => fact.join("\t")).join("\n");
    if (key === this.key) return;
    this.key = key;
    this.facts.replaceChildren(...facts.flatMap(([label, text]) => [
      element("dt", {}, label), element("dd", {}, text)]));
  }

  hide() {
    this.root.hidden = true;
    this.key = "";
  }
}
