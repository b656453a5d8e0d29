/* The clock by interest: quiet hours are skipped, and incidents play slowly, the graver the slower. */

import { countUntil } from "./story.js";

const ORDINARY = 1 / 3; // days/s, 8 hours: what the speeds below belong to
const QUIET = 8; // times the speed set, where no incident is near
const FASTEST = 10; // days/s
const SLOW = [1 / 3, 1 / 6, 1 / 12, 1 / 24]; // days/s by severity, at the ordinary speed
const BEFORE = 1.5 / 24; // days before an incident that belong to it
const AFTER = 0.5 / 24;
const BRAKE_S = 0.7; // seconds in which the clock slows down for an incident

/** Stretches of time in which the clock goes slowly: `[[from, to, days/s], ...]` by their beginning. */
export function slowStretches(rows) {
  return rows.filter((row) => row.event.kind).map(({ event, other }) => {
    const grade = Math.max(event.severity, other?.severity ?? 0);
    return [Math.min(event.t, other?.t ?? Infinity) - BEFORE, Math.max(event.t, other?.t ?? 0) + AFTER, SLOW[grade]];
  }).sort((one, two) => one[0] - two[0]);
}

/** Simulated days for a second of the user at `t`, if the speed is set to `speed`. */
export function interestingSpeed(stretches, t, speed) {
  const scale = speed / ORDINARY;
  const begun = countUntil(stretches, t);
  let slowest = Infinity;
  for (let i = begun - 1; i >= 0 && t - stretches[i][0] < 2; i -= 1) {
    if (t < stretches[i][1]) slowest = Math.min(slowest, stretches[i][2] * scale);
  }
  if (slowest < Infinity) return Math.min(slowest, FASTEST);
  const next = stretches[begun];
  const quiet = Math.max(Math.min(QUIET * speed, FASTEST), speed);
  return next ? Math.min(quiet, Math.max(next[2] * scale, (next[0] - t) / BRAKE_S)) : quiet;
}
