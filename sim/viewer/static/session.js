/* The exchange with the source of the story: open, more, levers; and again after a lost connection. */

import { Story } from "./story.js";

const FIRST_DAYS = 2; // to have a picture soon
const MORE_DAYS = 12; // per request while the year is read, so that other tabs get their turn
const AHEAD_DAYS = 400; // read beyond the moment shown: a year, to know its incidents
const PATIENCE_MS = 15000;

export class Session {
  /** `on` has worlds(stories, fresh), stretch(), levers(levers), comparison(message), say(text, bad), notice(text),
   * wanted(wanted), and catalogue(message, wanted), which returns what to open: `{wanted, moves}`. */
  constructor(source, on) {
    this.source = source;
    this.on = on;
    this.stories = {};
    this.wanted = null;
    this.moves = [];
    this.sentMoves = [];
    this.offered = [];
    this.opening = null;
    this.askedAt = null;
    this.grounds = new Map();
  }

  start() {
    this.source.start({
      message: (message) => this.#take(message),
      status: (state, why) => this.#status(state, why),
    });
  }

  get ready() {
    return Boolean(this.stories.a);
  }

  /** How far both worlds are known. */
  get known() {
    return Math.min(...Object.values(this.stories).map((story) => story.known));
  }

  /** The share of the year ahead that is known; 1 where all of it is. */
  get read() {
    return Math.min(this.known / Math.min(this.days, AHEAD_DAYS), 1);
  }

  get days() {
    return this.stories.a.days;
  }

  /** Build other worlds, with levers moved as in `moves`. */
  open(wanted, moves = []) {
    this.last = { wanted: this.wanted, moves: this.moves };
    this.wanted = wanted;
    this.moves = [...moves];
    this.#open(true);
  }

  /** Levers that are not live are set in the scenario; live ones are moved once the worlds exist. */
  #open(fresh) {
    this.opening = { sides: this.wanted.against ? ["a", "b"] : ["a"], fresh };
    this.grounds.clear();
    this.askedAt = null;
    this.sentMoves = [];
    const { scenario, against, seed } = this.wanted;
    const levers = Object.fromEntries(this.moves.filter((move) => !move.live)
      .map(({ key, value }) => [key, value]));
    this.on.say("building the world …");
    this.source.send({ do: "open", scenario, against, seed, levers });
  }

  /** Move a lever at the moment shown. */
  lever(key, value, at) {
    const lever = this.stories.a.ground.levers.find((one) => one.key === key);
    const move = { key, value, at, live: lever.live };
    this.moves.push(move);
    const sent = this.#sendMove(move);
    if (!sent && this.source.live) this.on.say("The connection to the program is lost; the lever moves when it is back.", true);
    else this.on.say(lever.live ? "taking effect from now on …" : "running again with the same seed …");
  }

  #sendMove(move) {
    this.sentMoves.push(move);
    return this.source.send({ do: "lever", key: move.key, value: move.value, at: move.at });
  }

  /** Ask for what comes: up to `t` first, then little by little for a year beyond it. */
  ask(t, now) {
    if (!this.source.live || !this.ready || this.opening || this.sentMoves.length) return;
    if (this.askedAt && now - this.askedAt < PATIENCE_MS) return;
    const { known } = this;
    if (known >= Math.min(this.days, t + AHEAD_DAYS)) return;
    const until = Math.max(known + (known ? MORE_DAYS : FIRST_DAYS), t);
    if (this.source.send({ do: "more", until: Math.min(this.days, until) })) this.askedAt = now;
  }

  #status(state, why) {
    if (state === "lost") {
      this.askedAt = null;
      this.lost = true;
      this.on.say(`The connection to the program is lost${why ? ` (${why})` : ""}; trying again …`, true);
    } else if (state === "connected") {
      this.on.say(this.lost ? "connected again" : "connected");
    }
  }

  #take(message) {
    const take = {
      catalogue: () => this.#catalogue(message),
      sides: () => { this.opening = { sides: message.sides, fresh: true }; },
      ground: () => this.#ground(message),
      stretch: () => this.#stretch(message),
      lever: () => this.#moved(message),
      odds: () => this.on.comparison(message),
      error: () => this.#error(message),
    }[message.is];
    take?.();
  }

  #error(message) {
    this.askedAt = null;
    if (message.do === "odds") this.on.comparison(message);
    if (message.do === "open") this.#refused(message.text);
    if (message.do === "lever") {
      const refused = this.sentMoves.shift();
      this.moves = this.moves.filter((move) => move !== refused);
      this.on.levers(this.stories.a.ground.levers);
    }
    this.on.say(message.text, true);
  }

  /** The request cannot be built: the worlds stay as they were, and the controls show so. */
  #refused(text) {
    this.opening = null;
    const { wanted, moves } = this.last;
    const refused = this.wanted;
    [this.wanted, this.moves] = [wanted, moves];
    this.on.notice(text);
    if (wanted) this.on.wanted(wanted);
    else if (refused !== this.first) { // nothing stood before: what the program was started with
      this.open(this.first);
      this.on.wanted(this.first);
    }
  }

  #catalogue(message) {
    const again = this.lost && this.wanted;
    this.lost = false;
    this.first = message.first;
    this.offered = message.scenarios;
    const { wanted, moves } = this.on.catalogue(message, this.wanted ?? message.first);
    if (again) this.#open(false); // the program has forgotten this page: the same worlds, the same moves
    else this.open(wanted, moves);
  }

  #ground(message) {
    const story = new Story(message, message.side);
    if (!this.opening) {
      this.stories[message.side] = story; // built again by a lever
      this.on.worlds(this.stories, false);
      return;
    }
    this.grounds.set(message.side, story);
    if (this.opening.sides.some((side) => !this.grounds.has(side))) return;
    const { fresh } = this.opening;
    this.stories = Object.fromEntries(this.opening.sides.map((side) => [side, this.grounds.get(side)]));
    this.opening = null;
    this.grounds = new Map();
    this.on.say("");
    this.on.worlds(this.stories, fresh);
    for (const move of this.moves.filter((one) => one.live)) this.#sendMove(move);
  }

  #stretch(message) {
    const story = this.stories[message.side];
    if (!story || (message.world ?? 0) !== story.world) return;
    story.append(message);
    if (message.side === Object.keys(this.stories).at(-1)) this.askedAt = null;
    this.on.stretch();
  }

  #moved({ key, value, live }) {
    this.sentMoves.shift();
    for (const story of Object.values(this.stories)) {
      const lever = story.ground.levers.find((one) => one.key === key);
      if (lever) lever.value = value;
    }
    this.on.levers(this.stories.a.ground.levers);
    const label = this.stories.a.ground.levers.find((one) => one.key === key)?.label ?? key;
    this.on.say(live ? `${label} changed from now on` : `${label} changed; the world was run again`);
  }

  close() {
    this.source.close();
  }
}
