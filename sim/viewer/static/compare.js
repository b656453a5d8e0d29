/* The differences between two worlds up to t; events and crossings are matched by identity. */

import { groupOf } from "./agenttext.js";

const SAME_DAYS = 1 / 24;

/** The sentence without its report, which is not a difference on the ground. */
function happened(event) {
  return event.text.replace(/ \((not )?reported[^)]*\)\.$/, ".");
}

function sameOutcome(a, b) {
  return a.kind === b.kind && a.victims === b.victims && a.deaths === b.deaths
    && a.wounded === b.wounded && happened(a) === happened(b) && Math.abs(a.t - b.t) < SAME_DAYS;
}

/** How the same group ended in the other world by t, in words; empty if unknown. */
function elsewhere(story, event, t) {
  const track = story.tracks.get(event.of);
  if (!track || track.ended === null || track.ended > t) return "";
  return `there the same group ${story.ground.kinds.endings[track.end]}`;
}

function eventsUntil(story, t) {
  return story.events.slice(0, story.eventCount(t));
}

/** The lines of the feed as far as the worlds are known: all incidents of one world, or the common
 * and the different ones of two, as `differencesAt` gives them. */
export function rowsOf({ a, b }) {
  if (b) return differencesAt(a, b, Math.min(a.known, b.known));
  return { list: a.events.map((event) => ({ t: event.t, event, side: "a" })), marks: {}, missing: {} };
}

/** Differences of the stories a and b by time t.
 *
 * `list`: `[{t, mark: "only" | "otherwise" | "same", side, event, other, note}]` in order of time;
 * `marks`: for each side a Map from event to mark; `missing`: for each side the events that
 * happened only in the other.
 */
function differencesAt(a, b, t) {
  const list = [];
  const marks = { a: new Map(), b: new Map() };
  const missing = { a: [], b: [] };
  const inB = new Map(eventsUntil(b, t).map((event) => [event.identity, event]));
  const note = (row) => {
    list.push(row);
    marks[row.side].set(row.event, row.mark);
  };
  for (const event of eventsUntil(a, t)) {
    const other = inB.get(event.identity);
    inB.delete(event.identity);
    if (!other) {
      missing.b.push(event);
      note({ t: event.t, mark: "only", side: "a", event, note: elsewhere(b, event, t) });
    } else {
      const mark = sameOutcome(event, other) ? "same" : "otherwise";
      note({ t: Math.max(event.t, other.t), mark, side: "a", event, other, note: "" });
      marks.b.set(other, mark);
    }
  }
  for (const event of inB.values()) {
    missing.a.push(event);
    note({ t: event.t, mark: "only", side: "b", event, note: elsewhere(a, event, t) });
  }
  list.push(...crossingsApart(a, b, t, list));
  list.sort((one, two) => one.t - two.t);
  return { list, marks, missing };
}

/** Crossings that ended differently without an incident in either world. */
function crossingsApart(a, b, t, listed) {
  const known = new Set(listed.flatMap((row) => [row.event.of, row.other?.of]));
  const rows = [];
  for (const [id, track] of a.tracks) {
    const other = b.tracks.get(id);
    if (track.kind === "team" || !other || known.has(id)) continue;
    if (track.ended === null || other.ended === null || track.end === other.end) continue;
    if (Math.max(track.ended, other.ended) > t) continue;
    const [at, km, depth] = track.points[track.points.length - 1];
    const { kinds } = a.ground;
    const text = `${groupOf(track, kinds)}: ${kinds.endings[track.end]} in A, ${kinds.endings[other.end]} in B.`;
    const event = { t: at, km, depth, kind: null, severity: 0, identity: id, of: id, text };
    rows.push({ t: Math.max(track.ended, other.ended), mark: "otherwise", side: "a", event, note: "" });
  }
  return rows;
}
