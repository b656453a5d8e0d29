/* The steps of an incident: crossing, sign, alarm, team, contact and result, in one world or in two.
 * Read from the story alone. */

import { LEVELS, nearestMinute, placeOn } from "./story.js";
import { groupOf, serial } from "./agenttext.js";

const SAME_DAYS = 1 / 1440;
const AFTER_DAYS = 1;
const MOST_TEAMS = 2; // shown for one incident; later ones are left out
const ORDER = ["crossing", "sign", "alarm", "team", "contact", "event", "end"];

/** The graver first; of equals, the earlier. */
export function byGravity(one, two) {
  return two.victims - one.victims || two.deaths - one.deaths || two.wounded - one.wounded
    || one.t - two.t;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `1 h 25 min` of a span in days. */
export function spanText(days) {
  const minutes = Math.round(days * 1440);
  if (minutes < 60) return `${minutes} min`;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours >= 48) return `${Math.round(hours / 24)} days`;
  return rest && hours < 10 ? `${hours} h ${rest} min` : `${hours} h`;
}

/** What happened to a crossing or a plan `of`, as `[{kind, t, km, depth, label, text, key,
 * event}]` in order of time; `event` is the incident it led to in this world, or null. `key` is the same for
 * the same step in another world. */
export function stepsOf(story, of, event) {
  const { kinds } = story.ground;
  const track = story.tracks.get(of);
  const steps = [];
  const add = (kind, t, [km, depth], label, text, key = kind, isEvent = false) => {
    if (t !== null && t !== undefined) steps.push({ kind, t, km, depth, label, text, key, event: isEvent });
  };
  if (track) addCrossing(track, kinds, add);
  for (const team of teamsTo(story, of)) addTeam(team, track, add);
  if (event) addEvent(event, track, kinds, add);
  else if (track) addEnd(track, kinds, add);
  return steps.sort((a, b) => a.t - b.t || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/** Where a crossing was at `t`; before and after, where it began and ended. */
function placeAt({ points }, t) {
  const end = t < points[0][0] ? points[0] : points.at(-1);
  return placeOn(points, t) ?? [end[1], end[2]];
}

function addCrossing(track, kinds, add) {
  const [t, km, depth] = track.points[0];
  const load = track.load >= 0.5 ? ` with ${Math.round(track.load)} kg` : "";
  add("crossing", t, [km, depth], "crossing",
    `${groupOf(track, kinds)} cross${track.size === 1 ? "es" : ""} the river${
      track.night ? " by night" : ""}${load}.`);
  if (track.seen === null || track.cue === "attack") return;
  // a sign lies where they came out of the water
  const place = track.cue === "sign" ? [km, depth] : placeAt(track, track.seen);
  const late = track.ended !== null && track.seen > track.ended ? ", after it was over" : "";
  const first = track.seen - t < SAME_DAYS ? "" : `, ${spanText(track.seen - t)} after they crossed`;
  add("sign", track.seen, place, kinds.cues[track.cue],
    `${capital(kinds.cues[track.cue])}${late || first}.`, `sign ${track.cue}`);
}

/** Teams that were called to it, in order of the call. */
function teamsTo(story, of) {
  return story.teamsTo(of).sort((a, b) => a.called - b.called).slice(0, MOST_TEAMS);
}

function addTeam(team, track, add) {
  const [, base, depth] = team.points[0];
  const name = serial(team.who);
  const arrived = team.arrived !== null && team.points.find((point) => point[0] >= team.arrived);
  const far = arrived ? `, ${Math.round(Math.abs(arrived[1] - base))} km away` : "";
  add("alarm", team.called, [base, depth], "alarm",
    `Alarm: team ${name} is called${team.size ? ` (${team.size} guards)` : ""}${far}.`,
    `alarm ${team.who}`);
  if (!arrived) return;
  const late = track && track.ended !== null && team.arrived > track.ended + SAME_DAYS;
  add("team", team.arrived, [arrived[1], arrived[2]], "team arrives",
    `Team ${name} arrives after ${spanText(team.arrived - team.called)}${late ? ": too late" : ""}.`,
    `team ${team.who}`);
}

function addEvent(event, track, kinds, add) {
  const kind = kinds.events[event.kind];
  const met = track?.met ?? null;
  const place = [event.km, event.depth];
  if (met !== null && Math.abs(met - event.t) > SAME_DAYS) {
    add("contact", met, placeAt(track, met), "contact", "Guards meet them.");
  }
  const contact = met !== null && Math.abs(met - event.t) <= SAME_DAYS;
  const said = contact ? "contact" : kind.label;
  add(contact ? "contact" : "event", event.t, place, event.deaths ? `${said}, ${event.deaths} killed` : said,
    `${capital(said)}${event.result ? `: ${event.result}` : ""}.`, contact ? "contact" : `event ${event.kind}`, true);
}

function addEnd(track, kinds, add) {
  if (track.met !== null) {
    add("contact", track.met, placeAt(track, track.met), "contact", "Guards meet them.");
  }
  if (track.ended === null) return;
  const words = kinds.endings[track.end];
  add("end", track.ended, placeAt(track, track.ended), words, `The group ${words}.`, `end ${track.end}`);
}

/** What followed an incident within a day: levels raised in its district, worksites shut. */
export function aftermath(story, event) {
  if (!event) return "";
  const soon = (t) => t >= event.t - SAME_DAYS && t <= event.t + AFTER_DAYS;
  const raised = story.alertLog.find(([t, district, level, cause]) => (
    soon(t) && district === event.district && cause === "incident" && level > 0));
  const shut = story.sitesShut(event.t - SAME_DAYS, event.t + AFTER_DAYS);
  const name = story.ground.districts[event.district].name;
  const parts = [raised && `the alert level in ${name} becomes ${LEVELS[raised[2]]}`,
    shut && `${shut} worksite${shut > 1 ? "s shut" : " shuts"}`].filter(Boolean);
  return parts.length ? `Within a day ${parts.join(", and ")}.` : "";
}

/** How many steps two worlds share, and whether they part at all. */
export function shared(a, b) {
  const same = (one, two) => one && two && one.key === two.key && one.text === two.text
    && Math.abs(one.t - two.t) < SAME_DAYS;
  let count = 0;
  while (same(a[count], b[count])) count += 1;
  return { count, apart: count < Math.max(a.length, b.length) };
}

/** `Tue 23 Dec 2025, Vanj`: when and where. */
export function headingOf(story, { t, km }) {
  const { weekday, day, year } = nearestMinute(story.ground.start, t);
  return `${weekday} ${day} ${year}, ${story.ground.districts[story.districtAt(km)].name}`;
}
