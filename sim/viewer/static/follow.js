/* The incident that is followed: where it begins and ends, its steps in each world, how fast the clock
 * goes, and where the user was before. */

import { stepsOf } from "./incident.js";

const LEAD = 0.6 / 24; // days before the first step and after the last
const HOUR_A_SECOND = 1 / 24; // days/s
const NEAR = 1 / 24; // of a step, within which the clock goes slowly
const GAP_SECONDS = 2.5; // the longest time to watch a wait between two steps
const BASE_KM = 70; // the base of a team is in the frame only if it is not farther away

/** One incident that is followed, in one world or two. */
export class Followed {
  /** `of` is the identity of the crossing or the plan; `event` the incident, or null where the
   * group was never met. `before` is where `leave` returns to. */
  constructor(stories, { side, of, event }, before) {
    this.side = side;
    this.of = of;
    this.name = event?.identity ?? of; // in an address
    this.before = before;
    this.read(stories);
  }

  /** Read the steps in every world, again where one has become longer. */
  read(stories) {
    this.worlds = Object.fromEntries(Object.entries(stories).map(([side, story]) => {
      const event = story.events.find((one) => one.identity === this.name) ?? story.eventOf(this.of);
      const steps = stepsOf(story, this.of, event);
      const tracks = [story.tracks.get(this.of), ...story.teamsTo(this.of)].filter(Boolean);
      return [side, { event, steps, tracks }];
    }));
    this.event = this.worlds[this.side].event;
    this.readTo = Math.min(...Object.values(stories).map((story) => story.known));
    const times = Object.values(this.worlds).flatMap(({ steps }) => steps.map((step) => step.t));
    this.times = [...new Set(times)].sort((a, b) => a - b);
    const { days } = Object.values(stories)[0];
    this.from = Math.max((this.times[0] ?? 0) - LEAD, 0);
    this.to = Math.min((this.times.at(-1) ?? 0) + LEAD, days);
  }

  /** The moment that represents it: the incident, or the last step. */
  get moment() {
    return this.event?.t ?? this.worlds[this.side].steps.at(-1)?.t ?? this.from;
  }

  /** Simulated days for a second of the user at `t`: an hour near a step, more in a long wait. */
  speedAt(t) {
    const next = this.times.find((time) => time > t) ?? this.to;
    const last = this.times.findLast((time) => time <= t) ?? this.from;
    const away = Math.min(t - last, next - t);
    if (away <= NEAR) return HOUR_A_SECOND;
    return Math.max(HOUR_A_SECOND, (next - last - 2 * NEAR) / GAP_SECONDS);
  }

  /** Seconds to watch it from beginning to end. */
  get lasts() {
    const stops = [this.from, ...this.times, this.to];
    const gaps = stops.slice(1).map((time, i) => time - stops[i]);
    return gaps.reduce((sum, gap) => sum + (gap <= 2 * NEAR ? gap / HOUR_A_SECOND
      : 2 * NEAR / HOUR_A_SECOND + Math.min(GAP_SECONDS, (gap - 2 * NEAR) / HOUR_A_SECOND)), 0);
  }

  /** The places that the drawings should show, the same in every world: steps, and bases that are near. */
  get places() {
    const steps = Object.values(this.worlds).flatMap((world) => world.steps);
    const centre = steps.find((step) => step.kind !== "alarm") ?? steps[0];
    return steps.filter((step) => step.kind !== "alarm" || Math.abs(step.km - centre.km) < BASE_KM)
      .map((step) => [step.km, step.depth]);
  }
}

/** The target of a name in an address: an incident of either world, a crossing, or null. */
export function targetNamed(stories, name, first = "a") {
  const sides = Object.keys(stories).sort((one) => (one === first ? -1 : 1));
  for (const side of sides) {
    const event = stories[side].events.find((one) => one.identity === name);
    if (event) return { side, of: event.of, event };
  }
  const side = sides.find((one) => stories[one].tracks.has(name));
  return side ? { side, of: name, event: stories[side].eventOf(name) } : null;
}
