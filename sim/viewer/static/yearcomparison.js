/* The comparison over many years: the effect of the levers, in words and as a chart, as years come in. */

import { choice, element, numberText, setText } from "./elements.js";

const ASK_MS = 500;
const MORE_YEARS = 100;
const WIDE = 262; // of the picture; bars, then the mean, then words
const BARS = 38;
const MEAN_AT = 50;
const WORDS_AT = 69;
const TALL = 73;
const LEAST = 8; // columns
const ZERO = 9; // width of the column of years without a difference

const per_cent = (share) => `${numberText(100 * share)} %`;

export class YearComparison {
  /** `ask(more)` asks the program for the comparison; `more` may have the `years` to continue to. */
  constructor(ask) {
    this.ask = ask;
    this.result = null;
    this.outcome = choice({ id: "panj-odds-outcome", "aria-label": "Outcome", onchange: () => this.#showResults() }, []);
    this.rows = element("div", { class: "panj-odds-rows" });
    this.bar = element("progress", { id: "panj-odds-bar", "aria-label": "Years run so far" });
    this.years = element("span", { id: "panj-odds-years" });
    this.wrong = element("p", { class: "panj-odds-wrong", id: "panj-odds-wrong", role: "alert" });
    this.hold = element("button", { type: "button", id: "panj-odds-hold", onclick: () => this.#hold() });
    this.more = element("button", { type: "button", id: "panj-odds-more", onclick: () => this.#more() },
      `${MORE_YEARS} more`);
    this.basis = element("p", { class: "panj-soft" });
    this.voice = element("div", { class: "panj-unseen", role: "status" });
    this.root = element("details", { class: "panj-box", open: true, id: "panj-odds", hidden: true },
      element("summary", {}, element("h2", {}, "In many years")),
      element("section", { "aria-label": "In many years" },
        element("div", { class: "panj-odds-of" }, this.outcome, this.years),
        this.bar, this.wrong, this.rows,
        element("div", { class: "panj-odds-do" }, this.hold, this.more),
        element("details", {}, element("summary", {}, "How to read this"), this.basis), this.voice));
  }

  /** The worlds or their levers have changed. With `later` the years wait for `begin`, or for the user. */
  follow(later) {
    clearTimeout(this.waiting);
    this.later = later;
    this.ask(later ? { years: 0 } : {});
  }

  /** What the years waited for is done. */
  begin() {
    if (!this.later) return;
    this.later = false;
    this.ask({ years: this.result?.wanted }); // given explicitly: an earlier request may have started them, and been stopped
  }

  /** Take an answer of the program. */
  take(message) {
    clearTimeout(this.waiting);
    if (message.is === "error") {
      setText(this.wrong, message.text);
      return;
    }
    if (message.pair < this.result?.pair) return; // it belongs to an earlier comparison
    const before = this.result;
    this.result = message;
    this.root.hidden = message.state === "none";
    if (this.root.hidden) return;
    this.#state(message);
    if (before?.pair !== message.pair || before?.years !== message.years) this.#showResults();
    if (message.state === "done" && before?.state !== "done") setText(this.voice, this.rows.innerText);
    if (this.#busy) this.waiting = setTimeout(() => this.ask({}), ASK_MS);
  }

  get #busy() {
    return ["waiting", "running"].includes(this.result.state);
  }

  #hold() {
    this.later = false;
    this.ask({ years: this.#busy ? 0 : this.result.wanted });
  }

  #more() {
    this.later = false;
    this.ask({ years: Math.min(this.result.wanted + MORE_YEARS, this.result.most) });
  }

  #state({ state, ahead, beside, wrong, years, wanted, most, found }) {
    const word = found?.run ?? "year";
    const tabs = (many) => (many === 1 ? "another tab" : `${many} other tabs`);
    const first = this.later ? "the year on the screen is read"
      : state === "waiting" && ahead ? `${tabs(ahead)} ${ahead === 1 ? "runs" : "run"} some ${word}s` : "";
    const turns = state === "running" && beside ? `, in turn with ${tabs(beside)}` : "";
    setText(this.years, first ? `waiting: ${first} first`
      : `${numberText(years)} of ${numberText(wanted)} ${word}s${turns}`);
    this.bar.max = wanted;
    if (years || !this.#busy) this.bar.value = years;
    else this.bar.removeAttribute("value"); // it has begun, and there is no result yet
    setText(this.wrong, wrong.charAt(0).toUpperCase() + wrong.slice(1));
    const done = years >= wanted;
    setText(this.hold, this.#busy ? "Stop" : this.later ? "Begin now" : "Continue");
    this.hold.hidden = !this.#busy && done;
    this.more.disabled = wanted >= most;
  }

  #showResults() {
    const { found, policies, against } = this.result;
    const several = policies.length > 1 || policies[0].side !== "a";
    const known = found ? Object.entries(found.policies[0].outcomes) : [];
    if (known.length && !this.outcome.options.length) {
      this.outcome.replaceChildren(...known.map(([value, { label }]) => element("option", { value }, label)));
    }
    this.outcome.hidden = !this.outcome.options.length;
    this.rows.replaceChildren(...policies.map((policy, i) => element("section", {},
      several ? element("h3", {}, policy.named) : null,
      ...(found ? answer(found.policies[i].outcomes[this.outcome.value], found.run) : [
        element("p", { class: "panj-none" }, "No result yet.")]),
      element("p", { class: "panj-soft" }, comparedText(policy, against)),
      ...(found ? drawnNote(policy.levers, found.policies[i].drawn) : []))));
    const expected = found?.policies[0].outcomes[this.outcome.value]?.expected;
    setText(this.basis, [basis(found?.run ?? "year", expected), ...(found?.notes ?? [])].join(" "));
  }
}

/** "Sorties of a post: 6 a day, not 2 a day; held from day 0. Against baseline as it is." */
function comparedText({ levers }, against) {
  const held = levers.map(({ label, value, instead_of: was }) => `${label}: ${value}, not ${was}`);
  const policy = held.length ? `${held.join("; ")}; held from day 0. ` : "";
  return `${policy}Against ${against}.`;
}

/** A note on levers that fix what the other world draws for each year. */
function drawnNote(levers, drawn) {
  const held = levers.filter(({ key }) => drawn.includes(key)).map(({ label }) => label.toLowerCase());
  if (!held.length) return [];
  return [element("p", { class: "panj-soft" },
    `Held here, but drawn for each year of the other world: ${held.join(", ")}.`)];
}

function basis(run, expected) {
  const mean = expected ? "below, the mean of expected harm, which varies less by chance, and its interval" : "below, the mean and its interval";
  return `The ${run} on the screen is not among these ${run}s. The two of a pair have the same seed and the same draw of `
    + `what nobody knows, so they differ only by the policy. Bars: pairs by their difference, as counted; ${mean}. `
    + `A lever that was moved in the middle of the ${run} is held here from the first day.`;
}

/** The sentence, the chart, and the shares of years. */
function answer(one, run) {
  if (!one) return [];
  const shares = one.n ? `${sharesText(one)} of ${numberText(one.n)} pairs of ${run}s.` : "";
  return [element("p", { class: "panj-odds-told" }, `${one.told}.`),
    ...(one.spread && one.n > 1 ? [picture(one, `${one.told}. ${shares}`)] : []),
    element("p", { class: "panj-soft" }, shares),
    ...(shares && one.expected ? [element("p", { class: "panj-soft" },
      "The mean is of expected harm and the pairs are of counted harm, so they may point in different directions.")] : [])];
}

function sharesText({ better, less, equal, more }) {
  const [good, bad] = better === "more" ? [more, less] : [less, more];
  const words = better === "neither" ? ["Less", "more"] : ["Better", "worse"];
  const same = equal ? `the same in ${per_cent(equal)}, ` : "";
  return `${words[0]} in ${per_cent(good)}, ${same}${words[1]} in ${per_cent(bad)}`;
}

function drawn(tag, properties, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(properties)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Columns of pairs outwards from zero; below them the mean with its interval. */
function picture({ spread, better, difference, low, high, unit }, label) {
  const { width, less, equal, more } = spread;
  const used = (columns, end) => Math.max(columns.findLastIndex(Boolean) + 1, Math.ceil(end / width), 1);
  let [left, right] = [used(less, -(low ?? 0)), used(more, high ?? 0)];
  const spare = Math.max(0, Math.ceil((LEAST - left - right) / 2)); // few columns would be broad ones
  [left, right] = [Math.min(left + spare, less.length), Math.min(right + spare, more.length)];
  const column = (WIDE - ZERO) / (left + right);
  const zero = left * column + ZERO / 2;
  const x = (value) => zero + Math.sign(value) * ZERO / 2 + (value / width) * column;
  const tallest = Math.max(equal, ...less, ...more);
  const bar = (at, wide, count, kind) => {
    const tall = count ? Math.max(1.5, (count / tallest) * BARS) : 0;
    return drawn("rect", { x: at + 0.5, y: BARS - tall, width: Math.max(wide - 1, 0.5), height: tall, class: kind });
  };
  const kinds = { less: ["good", "bad"], more: ["bad", "good"], neither: ["plain", "plain"] }[better];
  const bars = [
    ...less.slice(0, left).map((count, i) => bar(zero - ZERO / 2 - (i + 1) * column, column, count, kinds[0])),
    bar(zero - ZERO / 2, ZERO, equal, "plain"),
    ...more.slice(0, right).map((count, i) => bar(zero + ZERO / 2 + i * column, column, count, kinds[1]))];
  const mean = low === null ? [] : [
    drawn("line", { x1: x(low), x2: x(high), y1: MEAN_AT, y2: MEAN_AT, class: "interval" })];
  const ends = (count, columns) => `${endText(count * width, unit)}${columns.length === count && columns.at(-1) ? "+" : ""}`;
  const word = (at, anchor, text) => drawn("text", { x: at, y: WORDS_AT, "text-anchor": anchor }, text);
  const [fewer, greater] = unit === "share" ? ["less", "more"] : wordsFor(unit);
  const words = [word(0, "start", `${ends(left, less)} ${fewer}`), word(WIDE, "end", `${ends(right, more)} ${greater}`)];
  if (zero > 66 && zero < WIDE - 66) words.push(word(zero, "middle", "0"));
  return drawn("svg", { viewBox: `0 -2 ${WIDE} ${TALL + 2}`, role: "img", "aria-label": label, class: "panj-odds-picture" },
    drawn("line", { x1: 0, x2: WIDE, y1: BARS + 0.5, y2: BARS + 0.5, class: "axis" }),
    drawn("line", { x1: zero, x2: zero, y1: BARS, y2: MEAN_AT + 5, class: "axis" }),
    ...bars, ...mean, drawn("circle", { cx: x(difference), cy: MEAN_AT, r: 3.6, class: "mean" }), ...words);
}

function wordsFor(unit) {
  return unit === "USD" ? ["less", "more"] : ["fewer", "more"];
}

function endText(value, unit) {
  const shown = unit === "share" ? 100 * value : value;
  const text = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 2 })
    .format(shown).replace("K", "k"); // 500k and 6M, as the sentence has them
  return unit === "share" ? `${text} pt` : text;
}
