/* The card of the incident followed: steps numbered as on the map, and where the worlds part. */

import { element, setText } from "./elements.js";
import { icon } from "./icons.js";
import { aftermath, headingOf, shared } from "./incident.js";
import { nearestMinute } from "./story.js";

export class IncidentCard {
  /** `act` has next(by), watch(), leave(), seek(t). */
  constructor(act) {
    this.act = act;
    this.title = element("h2", { id: "panj-story-title" });
    this.when = element("div", { class: "panj-soft" });
    this.body = element("div", { class: "panj-story-body", id: "panj-story-body", tabindex: "0", "aria-label": "What happened, step by step" });
    const button = (id, label, face, title, onclick) => element("button", { type: "button", id, title, "aria-label": title, onclick }, face, label);
    this.root = element("section", { class: "panj-box panj-story", id: "panj-story", hidden: true, "aria-labelledby": "panj-story-title" },
      element("div", { class: "panj-row" }, this.title,
        button("panj-story-close", null, "×", "Back to where you were (Esc)", () => act.leave())),
      this.when, this.body,
      element("div", { class: "panj-row panj-story-acts" },
        button("panj-story-back", null, icon("back"), "The previous incident (Shift+left)", () => act.next(-1)),
        element("button", { type: "button", id: "panj-story-watch", title: "Watch it from its first step",
          onclick: () => act.watch() }, "Watch it"),
        button("panj-story-next", null, icon("forward"), "The next incident (Shift+right)", () => act.next(1)),
        this.place = element("span", { class: "panj-soft" })));
  }

  /** Show what is followed; `place` is its number among all, `names` are those of the worlds by side. */
  show(followed, stories, { names, place }) {
    this.root.hidden = false;
    const story = stories[followed.side];
    const { events } = story.ground.kinds;
    const event = followed.event ?? Object.values(followed.worlds).find((world) => world.event)?.event;
    const label = event ? events[event.kind].label : "a crossing";
    setText(this.title, label.charAt(0).toUpperCase() + label.slice(1));
    const first = followed.worlds[followed.side].steps[0];
    setText(this.when, first ? headingOf(story, first) : "");
    setText(this.place, place);
    this.body.replaceChildren(...this.#contents(followed, stories, names));
    this.body.scrollTop = 0;
    this.at = null;
  }

  #contents(followed, stories, names) {
    const sides = Object.keys(followed.worlds);
    const { start } = stories.a.ground;
    if (sides.length === 1) {
      const { steps, event } = followed.worlds.a;
      return [this.#list(steps, 0, start), this.#after(stories.a, event)];
    }
    const [a, b] = sides.map((side) => followed.worlds[side].steps);
    const { count, apart } = shared(a, b);
    const parts = [];
    if (count) parts.push(element("h3", {}, "In A and in B"), this.#list(a.slice(0, count), 0, start));
    if (!apart) return [...parts, element("p", { class: "panj-part" }, "The same in both worlds.")];
    const sentence = count ? `After step ${count} the worlds part.` : "The worlds parted earlier.";
    parts.push(element("p", { class: "panj-part", id: "panj-story-part" }, sentence));
    for (const [side, steps] of [["a", a], ["b", b]]) {
      parts.push(element("h3", {}, `In ${side.toUpperCase()}: ${names[side]}`),
        steps.length > count ? this.#list(steps.slice(count), count, start)
          : element("p", { class: "panj-none" }, steps.length ? "Nothing more happens." : "None of this happens."),
        this.#after(stories[side], followed.worlds[side].event));
    }
    return parts;
  }

  #list(steps, before, start) {
    const days = new Set(steps.map((step) => Math.floor(step.t)));
    return element("ol", { class: "panj-steps" }, ...steps.map((step, i) => {
      const { time, day } = nearestMinute(start, step.t);
      return element("li", {}, element("button", { type: "button", "data-t": step.t, title: "Go to this step",
        onclick: () => this.act.seek(step.t) },
      element("b", { class: "panj-number" }, String(before + i + 1)),
      element("span", {}, element("span", { class: "panj-when" }, days.size > 1 ? `${day}, ${time}` : time), step.text)));
    }));
  }

  #after(story, event) {
    const text = aftermath(story, event);
    return element("p", { class: "panj-soft", hidden: !text }, text);
  }

  /** Mark what has happened by `t`. */
  update(t) {
    for (const button of this.body.querySelectorAll("button")) {
      button.classList.toggle("panj-coming", Number(button.dataset.t) > t + 1e-6);
    }
  }

  hide() {
    this.root.hidden = true;
  }
}
