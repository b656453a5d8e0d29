/* The feed: what happened, in sentences, the newest first; with two worlds, the differences. */

import { element, every, setText } from "./elements.js";
import { nearestMinute } from "./story.js";

const SHOWN = 80;
const SPEAK_MS = 4000;
/** The sentence without its date and district, which are beside it already. */
function withoutDate(text) {
  return text.replace(/^[^:]*?, (?=[A-Z])/, "");
}

const MARKS = { only: "only in", otherwise: "ended differently", same: "in both" };

export class Feed {
  /** `onJump(event, side)` when a sentence is chosen. */
  constructor(onJump) {
    this.onJump = onJump;
    this.filter = element("select", { id: "panj-feed-filter", "aria-label": "Which events to list",
      onchange: () => { this.key = ""; } });
    this.list = element("ol", { id: "panj-feed", class: "panj-feed", tabindex: "0", "aria-label": "Events" });
    this.voice = element("div", { class: "panj-unseen", role: "log", "aria-live": "polite", id: "panj-voice" });
    this.count = element("span", { id: "panj-feed-count", class: "panj-soft" });
    this.root = element("section", { class: "panj-box panj-feedbox", "aria-label": "Events" },
      element("div", { class: "panj-row" }, element("h2", {}, "Events"), this.count, this.filter),
      this.list, this.voice);
    this.maySpeak = every(SPEAK_MS);
    this.spoken = 0;
    this.key = "";
  }

  /** Offer the filters for one world or two. */
  open(paired) {
    this.paired = paired;
    const options = paired
      ? [["differ", "differences"], ["all", "all"], ["grave", "someone killed"]]
      : [["all", "all"], ["fights", "fights and harm"], ["grave", "someone killed"]];
    this.filter.replaceChildren(
      ...options.map(([value, text]) => element("option", { value }, text)));
    this.key = "";
    this.spoken = 0;
  }

  #passes(row) {
    switch (this.filter.value) {
      case "differ": return row.mark !== "same";
      case "fights": return row.event.severity >= 1;
      case "grave": return row.event.severity >= 2 || (row.other?.severity ?? 0) >= 2;
      default: return true;
    }
  }

  /** The rows that the filter lets through. */
  passing(rows) {
    return rows.filter((row) => this.#passes(row));
  }

  /** Show the rows `[{t, event, side, mark, note, other}]`, in order of time; one may be `followed`. */
  update(rows, { start, palette, now, names, followed }) {
    const passed = this.passing(rows);
    const key = [this.filter.value, palette.name, passed.length, passed.at(-1)?.t, followed,
      passed.map((row) => row.mark?.[0]).join("")].join(" ");
    this.#speak(passed, now);
    if (key === this.key) return;
    this.key = key;
    setText(this.count, `${passed.length}`);
    const focused = document.activeElement?.dataset?.event;
    this.list.replaceChildren(...passed.slice(-SHOWN).reverse()
      .map((row) => this.#item(row, { start, palette, names, followed })));
    const current = this.list.querySelector("[aria-current]");
    if (current) this.list.scrollTop = current.offsetTop - this.list.offsetTop; // the list, and not the page
    if (!passed.length) this.list.append(element("li", { class: "panj-none" }, this.#nothing()));
    if (focused) [...this.list.querySelectorAll("button")].find((b) => b.dataset.event === focused)?.focus();
  }

  #nothing() {
    return this.paired ? "No difference so far. Both worlds share all random draws."
      : "Nothing has happened yet.";
  }

  #item({ event, side, mark, note, other }, { start, palette, names, followed }) {
    const current = followed && (event.identity === followed || other?.identity === followed);
    const { day, time } = nearestMinute(start, event.t);
    const badge = mark && element("span", { class: `panj-mark panj-mark-${mark}` },
      mark === "only" ? `${MARKS.only} ${side.toUpperCase()}: ${names[side]}` : MARKS[mark]);
    const rest = mark === "otherwise" && other ? `In B: ${withoutDate(other.text)}` : note;
    const button = element("button", {
      type: "button", "data-event": event.identity, "data-severity": event.severity,
      style: `--severity:${palette.severity[event.severity]}`,
      title: "Follow it on the map", "aria-current": current ? "true" : null, onclick: () => this.onJump(event, side),
    }, element("span", { class: "panj-when" }, `${day}, ${time}`), badge,
    element("span", { class: "panj-told" }, withoutDate(event.text)),
    rest ? element("span", { class: "panj-note" }, rest) : null);
    return element("li", {}, button);
  }

  /** Announce the newest event to screen readers, with pauses. */
  #speak(rows, now) {
    if (rows.length < this.spoken) this.spoken = rows.length;
    if (rows.length === this.spoken || !this.maySpeak(now)) return;
    const fresh = rows.length - this.spoken;
    const more = fresh > 1 ? ` (${fresh - 1} more before it)` : "";
    setText(this.voice, `${rows.at(-1).event.text}${more}`);
    this.spoken = rows.length;
  }
}
