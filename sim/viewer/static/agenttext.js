/* The state of an agent in words, from the story alone. */

import { LEVELS, calendar } from "./story.js";
import { numberText } from "./elements.js";

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function clock(story, t) {
  const { day, time } = calendar(story.ground.start, t);
  return `${day}, ${time}`;
}

function where(story, hit) {
  const { districts } = story.ground;
  const name = districts[story.districtAt(hit.km)].name;
  const off = Math.abs(hit.depth);
  const side = off < 0.05 ? "on the line" : `${numberText(off, 1)} km ${hit.depth > 0 ? "inside" : "beyond"}`;
  return `${name}, km ${numberText(hit.km, 0)}, ${side}`;
}

/** Describe what was pointed at: `{title, facts: [[label, text], ...]}`. */
export function describe(hit, story, t) {
  const describeKind = KINDS[hit.kind] ?? (hit.track ? KINDS.mover : () => ({ facts: [] }));
  const { title = named(hit, story), facts } = describeKind(hit, story, t);
  return { title, facts: [["where", where(story, hit)], ...facts.filter(([, text]) => text)] };
}

/** `Militant cell Darvoz 2`: its kind and its own name. */
function named({ kind, id, track }, { ground }) {
  return `${capital(ground.kinds.agents[kind].label)} ${serial(track?.who ?? id)}`;
}

/** `1 scout`, `5 smugglers`: those on a track. */
export function groupOf(track, { agents }) {
  const { one, label } = agents[track.kind];
  return `${track.size} ${track.size === 1 ? one : label}`;
}

const KINDS = {
  post(hit, story, t) {
    const post = story.ground.posts[hit.index];
    const out = [];
    story.eachSortie(t, (index, km) => { if (index === hit.index) out.push(`km ${numberText(km, 0)}`); });
    return { facts: [
      ["section", `km ${numberText(post.from, 0)} to ${numberText(post.to, 0)}`],
      ["patrols out", out.join(", ") || "none"],
      ["last 7 days", `${story.sortiesOf(hit.index, t - 7, t)} sorties`],
      ["alert level", LEVELS[story.level(post.district, t)]]] };
  },
  patrol(hit, story) {
    const post = story.ground.posts[hit.index];
    return { title: `Patrol of post ${post.name ?? post.id}`, facts: [
      ["walks", hit.side < 0 ? "west half of the section" : "east half of the section"],
      ["left", clock(story, hit.leaves)], ["home", clock(story, hit.home)]] };
  },
  site(hit, story) {
    const site = story.ground.sites[hit.index];
    return { facts: [
      ["crew", `${site.people} people${site.chinese ? ", run by a Chinese firm" : ""}`],
      ["state", hit.open ? "at work" : "shut: the crew has left"]] };
  },
  cell: (hit, story) => ({ facts: [["state", hit.state],
    ["profile", story.ground.cells[hit.index].profile.replaceAll("_", "-")]] }),
  event: (hit, story) => ({ title: capital(story.ground.kinds.events[hit.event.kind].label),
    facts: [["what", hit.event.text], ["when", clock(story, hit.event.t)]] }),
  team: (hit, story, t) => ({ facts: hit.track ? teamFacts(hit.track, story, t) : [["state", "ready at its base"]] }),
  mover(hit, story, t) {
    const { track } = hit;
    const { kinds } = story.ground;
    const seen = track.seen !== null && track.seen <= t;
    const met = track.met !== null && track.met <= t;
    return { title: groupOf(track, kinds), facts: [
      ["crossed", clock(story, track.points[0][0])],
      ["carrying", [track.load ? `${numberText(track.load, 0)} kg` : "", track.armed ? "arms" : ""]
        .filter(Boolean).join(", ")],
      ["known", seen ? `${kinds.cues[track.cue]}, ${clock(story, track.seen)}` : "to nobody yet"],
      ["met", met ? clock(story, track.met) : ""],
      ["ended", track.ended !== null && track.ended <= t ? kinds.endings[track.end] : ""]] };
  },
};

function teamFacts(track, story, t) {
  const going = track.points.find((point, i) => i && point[1] !== track.points[0][1]);
  const left = track.points[1]?.[0] ?? track.points[0][0];
  let state = "on the way";
  if (t < left) state = "turning out";
  else if (track.released !== null && t >= track.released) state = "on the way home";
  else if (track.arrived !== null && t >= track.arrived) state = "searching";
  return [["state", state], ["called", clock(story, track.called)],
    ["because", track.of ? story.ground.kinds.cues[track.cue] : "alarm, not yet checked"],
    ["to", going ? `km ${numberText(going[1], 0)}` : ""],
    ["strength", track.size ? `${track.size} guards` : ""]];
}

/** `Darvoz 4` of `site/darvoz/3`. */
export function serial(id) {
  const [, place, number] = id.split("/");
  const name = (place ?? "").split("_").map(capital).join(" ");
  return number === undefined ? name : `${name} ${Number.parseInt(number, 10) + 1}`;
}
