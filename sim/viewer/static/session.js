/* The talk with the source of the story: open, more, levers; and again after a loss. */

import { Story } from "./story.js";

const AHEAD_SECONDS = 4; // of the viewer's time, to have in store
const LEAST_AHEAD = 1; // day
const PATIENCE_MS = 15000;

export class Session {
  /** `on` has worlds(stories, fresh), stretch(), catalogue(message), levers(levers),
   * say(text, bad). */
  constructor(source, on) {
    this.source = source;
    this.on = on;
    this.stories = {};
    this.wanted = null;
    this.moves = [];
    this.opening = null;
    this.asked = null;
    this.grounds = new Map();
  }

  start() {
    this.source.start({
      message: (message) => this.#take(message),
      status: (state) => this.#status(state),
    });
  }

  get ready() {
    return Boolean(this.stories.a);
  }

  /** How far both worlds are known. */
  get known() {
    return Math.min(...Object.values(this.stories).map((story) => story.known));
  }

  get days() {
    return this.stories.a.days;
  }

  /** Build other worlds. */
  open(wanted, levers = {}) {
    this.wanted = wanted;
    this.moves = [];
    this.#open(levers);
  }

  #open(levers) {
    this.opening = { sides: this.wanted.against ? ["a", "b"] : ["a"], fresh: true };
    this.grounds.clear();
    this.asked = null;
    const { scenario, against, seed } = this.wanted;
    this.on.say("building the world …");
    this.source.send({ do: "open", scenario, against, seed, levers });
  }

  /** Move a lever at the moment shown. */
  lever(key, value, at) {
    const lever = this.stories.a.ground.levers.find((one) => one.key === key);
    this.moves.push({ key, value, at, live: lever.live });
    this.on.say(lever.live ? "acting from now on …" : "running again with the same seed …");
    this.source.send({ do: "lever", key, value, at });
  }

  /** Ask for what comes when little is left, so that the model is never far ahead. */
  ask(t, speed, now) {
    if (!this.source.live || !this.ready || this.opening) return;
    if (this.asked && now - this.asked < PATIENCE_MS) return;
    const ahead = Math.max(LEAST_AHEAD, AHEAD_SECONDS * speed);
    const until = Math.min(this.days, t + ahead);
    if (this.known >= Math.min(this.days, t + ahead / 2)) return;
    if (this.source.send({ do: "more", until })) this.asked = now;
  }

  #status(state) {
    if (state === "lost") {
      this.asked = null;
      this.lost = true;
      this.on.say("The connection to the program is lost; trying again …", true);
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
      error: () => this.#error(message),
    }[message.is];
    take?.();
  }

  #error(message) {
    this.asked = null;
    if (message.do === "open") this.opening = null;
    if (message.do === "lever") {
      this.moves.pop();
      this.on.levers(this.stories.a.ground.levers);
    }
    this.on.say(message.text, true);
  }

  #catalogue(message) {
    this.on.catalogue(message, this.wanted ?? message.first);
    const again = this.lost && this.wanted;
    this.lost = false;
    if (!again) {
      this.open(message.first);
      return;
    }
    // The program has forgotten this page: the same worlds, the same moves.
    const moves = [...this.moves];
    const early = moves.filter((move) => !move.live).map(({ key, value }) => [key, value]);
    this.#open(Object.fromEntries(early));
    this.opening.fresh = false;
    for (const { key, value, at } of moves.filter((move) => move.live)) {
      this.source.send({ do: "lever", key, value, at });
    }
  }

  #ground(message) {
    const story = new Story(message, message.side);
    if (!this.opening) {
      this.stories[message.side] = story; // built anew by a lever
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
  }

  #stretch(message) {
    const story = this.stories[message.side];
    if (!story || (message.world ?? 0) !== story.world) return;
    story.append(message);
    if (message.side === Object.keys(this.stories).at(-1)) this.asked = null;
    this.on.stretch();
  }

  #moved({ key, value, live }) {
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
