/* A tour of two minutes through the main differences between two worlds on the same seed. */

import { element, numberText, setText } from "./elements.js";

const STOPS = 6;
const INTRO_S = 9;
const STOP_S = 17; // at most for one stop, at least half of it
const HOLD_S = 4; // after the last step of a stop
const WATCH_S = 11; // in which an incident is played
const TOTALS = [["victims", "Guards, workers and villagers killed"], ["deaths", "Killed on all sides"],
  ["stopped", "Smuggling groups stopped"]];

/** The rows of the feed in which the worlds differ most, in order of time: by victims, then by deaths,
 * then by wounded. */
export function mainDifferences(rows, most = STOPS) {
  const apart = ({ event, other }, name) => Math.abs((event[name] ?? 0) - (other?.[name] ?? 0));
  return rows.filter((row) => row.mark !== "same" && row.event.kind)
    .sort((one, two) => apart(two, "victims") - apart(one, "victims") || apart(two, "deaths") - apart(one, "deaths")
      || apart(two, "wounded") - apart(one, "wounded") || one.t - two.t)
    .slice(0, most).sort((one, two) => one.t - two.t);
}

export class Tour {
  /** `room` is the control room. */
  constructor(room) {
    this.room = room;
    this.stops = null; // no tour
    this.words = element("p", { role: "status" });
    const button = (text, title, onclick) => element("button", { type: "button", title, onclick }, text);
    this.pause = button("Pause", "Pause or continue the tour (space)", () => this.toggle());
    this.root = element("section", { class: "panj-box panj-caption", id: "panj-caption", hidden: true, "aria-label": "Tour" },
      this.words, element("div", { class: "panj-row" },
        button("Back", "The previous stop", () => this.go(-1)), this.pause,
        button("Next", "The next stop", () => this.go(1)), button("End", "End the tour (Esc)", () => this.end())));
    this.button = element("button", { type: "button", id: "panj-tour", hidden: true,
      title: "A tour of two minutes through the main differences between the two policies", onclick: () => this.begin() }, "Tour");
  }

  get active() {
    return this.stops !== null;
  }

  /** Whether there are two worlds to compare. */
  open(paired) {
    this.drop();
    this.button.hidden = !paired;
  }

  begin() {
    const { guide } = this.room;
    this.before = guide.followed?.before ?? guide.here();
    guide.leave({ stay: true });
    this.stops = [];
    this.root.hidden = false;
    this.paused = false;
    this.#show(-1);
  }

  /** Back to where the user was. */
  end() {
    const { before, room } = this;
    this.drop();
    room.guide.drop();
    room.guide.back(before);
  }

  /** Stop the tour, wherever the user is. */
  drop() {
    this.stops = null;
    this.root.hidden = true;
  }

  toggle() {
    this.paused = !this.paused;
    setText(this.pause, this.paused ? "Continue" : "Pause");
    this.room.play(!this.paused && Boolean(this.room.guide.followed));
  }

  /** To another stop. */
  go(by) {
    const index = Math.min(Math.max(this.index + by, -1), this.stops.length);
    if (index !== this.index) this.#show(index);
  }

  #show(index) {
    const { room } = this;
    this.index = index;
    this.spent = this.rested = 0;
    if (this.paused) this.toggle();
    const row = this.stops[index];
    if (row) {
      room.guide.follow({ side: row.side, of: row.event.of, event: row.event });
      room.guide.followed.before = this.before;
      setText(this.words, `${index + 1} of ${this.stops.length}. ${this.#difference(row)}`);
      return;
    }
    room.play(false);
    room.guide.drop();
    room.guide.whole();
    setText(this.words, index < 0 ? this.#intro() : this.#outro());
  }

  #read() {
    return this.room.session.known >= this.room.session.days;
  }

  #intro() {
    if (!this.#read()) return "Reading the year …";
    const { rows, session, names } = this.room;
    this.stops = mainDifferences(rows.list);
    const [a, b] = [session.stories.a, session.stories.b].map((story) => story.countersAt(story.days));
    const totals = TOTALS.map(([name, words]) => `${words}: ${numberText(a[name])} in A, ${numberText(b[name])} in B.`);
    const whole = `The same year under two policies, A: ${names.a} and B: ${names.b}. ${totals.join(" ")}`;
    return this.stops.length ? `${whole} These are the main differences.` : `${whole} No incident differs.`;
  }

  #outro() {
    const all = this.room.rows.list.filter((row) => row.mark !== "same").length;
    return `These were the ${this.stops.length} gravest of ${all} differences. One year is one draw: `
      + "only many years show which policy is better.";
  }

  #difference({ mark, side, event, other, note }) {
    const died = (one) => (one.deaths ? `${one.deaths} killed` : "nobody killed");
    const name = this.room.session.stories.a.ground.kinds.events[event.kind].label;
    if (mark === "only") return `Only in ${side.toUpperCase()}, ${name}: ${died(event)}${note ? `; ${note}` : ""}.`;
    return `In both, ${name}: ${died(event)} in A, ${died(other)} in B.`;
  }

  /** How much faster than normal an incident plays, so that the tour keeps its time. */
  get haste() {
    const { followed } = this.room.guide;
    return this.active && followed ? Math.max(1, followed.lasts / WATCH_S) : 1;
  }

  /** `passed` seconds have gone by. */
  advance(passed) {
    if (!this.active || this.paused) return;
    if (this.index < 0 && !this.stops.length && this.#read()) setText(this.words, this.#intro());
    this.spent += passed;
    if (!this.room.isPlaying) this.rested += passed;
    const over = this.index < 0 ? this.spent > INTRO_S && this.#read()
      : this.spent > STOP_S || (this.rested > HOLD_S && this.spent > STOP_S / 2);
    if (over && this.index < this.stops.length) this.go(1);
  }
}
