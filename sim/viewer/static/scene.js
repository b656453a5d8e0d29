/* Everything that moves or changes with the hour: night, patrols, teams, those who cross, cells,
 * worksites, incidents. Drawing also notes what can be pointed at. */

import { drawShape, incidentLook } from "./palette.js";
import { traceWay } from "./steps.js";

const TRACE_DAYS = 30; // how long an incident stays marked, fading
const FLASH_SECONDS = 2.2; // how long a new one is ringed, in seconds of the user
const BASE_KM = 4.5; // a team at its base is drawn beside the line, so that posts do not hide it
const CALM_SPEED = 0.6; // days/s from which nights pass too quickly to be shown one by one
const FAST_SPEED = 2.2;

/** Draw the moment and return what is on the screen: `[{id, kind, x, y, km, depth, ...}]`. */
export function drawScene(c, scene) {
  const hits = [];
  const put = (hit) => {
    if (hit.x > -8 && hit.x < scene.view.width + 8) hits.push(hit);
  };
  drawNight(c, scene);
  drawCells(c, scene, put);
  drawOthers(c, scene, put);
  drawSites(c, scene, put);
  noteStanding(scene, put);
  drawPatrols(c, scene, put);
  drawMovers(c, scene, put);
  drawTeamsAtBase(c, scene, put);
  drawEvents(c, scene, put);
  drawPicked(c, scene, hits);
  return hits;
}

/** The night, which comes from the east; at high speed an even dusk instead of flicker. */
function drawNight(c, { story, view, palette, t, speed, calm }) {
  const [r, g, b] = palette.night;
  const blend = calm ? 1 : Math.min(Math.max((speed - CALM_SPEED) / (FAST_SPEED - CALM_SPEED), 0), 1);
  if (blend >= 1) return;
  const gradient = c.createLinearGradient(0, 0, view.width, 0);
  const columns = 24;
  let any = 0;
  for (let i = 0; i <= columns; i += 1) {
    const share = nightShare(view, (view.width * i) / columns);
    const dark = (1 - blend) * story.darkness(t, share);
    any = Math.max(any, dark);
    gradient.addColorStop(i / columns, `rgba(${r},${g},${b},${(dark * palette.nightAlpha).toFixed(3)})`);
  }
  if (any <= 0) return;
  c.fillStyle = gradient;
  c.fillRect(0, 0, view.width, view.height);
}

function nightShare(view, x) {
  if (view.mode === "strip") return view.share(Math.min(Math.max(view.km(x), 0), view.length));
  const [left, right] = [view.nightColumn(0), view.nightColumn(1)];
  return Math.min(Math.max((x - left) / (right - left), 0), 1);
}

function drawCells(c, { story, view, palette, t }, put) {
  story.ground.cells.forEach((cell, index) => {
    const state = story.cellState(index, t);
    const [x, y] = view.project(cell.km, cell.depth);
    const astir = state !== "planning" && state !== "dissolved" && state !== "regrouping";
    c.globalAlpha = state === "dissolved" ? 0.3 : 1;
    drawShape(c, palette.agents.cell, x, y, palette.agents.cell.size + (astir ? 1 : 0),
      { hollow: !astir, edge: palette.halo });
    c.globalAlpha = 1;
    put({ id: cell.id, kind: "cell", x, y, km: cell.km, depth: cell.depth, state, index });
  });
}

function drawSites(c, { story, view, palette, t }, put) {
  story.ground.sites.forEach((site, index) => {
    const open = story.siteOpen(index, t);
    const [x, y] = view.project(site.km, site.depth);
    drawShape(c, palette.agents.site, x, y, palette.agents.site.size,
      { hollow: !open, edge: palette.halo });
    put({ id: site.id, kind: "site", x, y, km: site.km, depth: site.depth, open, index });
  });
}

/** Kinds of agent that the page knows only from the story. */
function drawOthers(c, { story, view, palette }, put) {
  for (const { id, kind, km, depth } of story.ground.others) {
    const [x, y] = view.project(km, depth);
    drawShape(c, palette.agents[kind], x, y, palette.agents[kind].size, { edge: palette.halo });
    put({ id, kind, x, y, km, depth });
  }
}

/** Posts and villages are drawn beneath, but can be pointed at. */
function noteStanding({ story, view }, put) {
  for (const [kind, places] of [["village", story.ground.villages], ["post", story.ground.posts]]) {
    places.forEach((place, index) => {
      const [x, y] = view.project(place.km, place.depth ?? 0);
      put({ id: place.id, kind, x, y, km: place.km, depth: place.depth ?? 0, index });
    });
  }
}

/** A patrol walks on the inner side of the line. */
function drawPatrols(c, { story, view, palette, t, speed }, put) {
  const { posts } = story.ground;
  c.globalAlpha = speed > FAST_SPEED ? 0.55 : 1;
  story.eachSortie(t, (index, km, leaves, home, side) => {
    const [x, y] = view.project(km, view.mode === "strip" ? 0.35 : 1.2);
    drawShape(c, palette.agents.patrol, x, y, palette.agents.patrol.size, { edge: palette.halo });
    put({ id: posts[index].id.replace("post/", "patrol/"), kind: "patrol", x, y, km, depth: 0,
      index, leaves, home, side });
  });
  c.globalAlpha = 1;
}

function drawMovers(c, scene, put) {
  const { story, view, palette, t } = scene;
  scene.out = new Set();
  for (const [track, km, depth] of story.tracksAt(t)) {
    const look = palette.agents[track.kind];
    const [x, y] = view.project(km, depth);
    if (track.kind === "team") scene.out.add(track.who);
    drawWay(c, scene, track);
    const known = track.kind === "team" || (track.seen !== null && track.seen <= t);
    drawShape(c, look, x, y, look.size, { edge: palette.halo });
    if (known && track.kind !== "team") drawRing(c, x, y, look.size + 4, palette.ink, [2, 2]);
    put({ id: track.id, kind: track.kind, x, y, km, depth, track, moving: true });
  }
}

/** The path behind a mover. */
function drawWay(c, { view, palette, t, picked }, track) {
  traceWay(c, view, track.points, t);
  c.strokeStyle = palette.agents[track.kind].colour;
  c.globalAlpha = 0.65;
  c.lineWidth = picked === track.id ? 2.4 : 1.2;
  c.stroke();
  c.globalAlpha = 1;
}

function drawTeamsAtBase(c, { story, view, palette, t, out }, put) {
  story.ground.teams.forEach((team, index) => {
    if (out.has(team.id)) return;
    const km = story.teamBase(index, t);
    const depth = BASE_KM;
    const [x, y] = view.project(km, depth);
    drawShape(c, palette.agents.team, x, y, palette.agents.team.size - 1,
      { hollow: true, edge: palette.halo });
    put({ id: team.id, kind: "team", x, y, km, depth, index });
  });
}

function drawEvents(c, scene, put) {
  const { story, view, palette, t, speed, playing, marks } = scene;
  const end = story.eventCount(t);
  for (let i = end - 1; i >= 0; i -= 1) {
    const event = story.events[i];
    const age = t - event.t;
    if (age > TRACE_DAYS) break;
    const [x, y] = view.project(event.km, event.depth);
    const look = incidentLook(palette, event);
    const { size } = look;
    const mark = marks?.get(event);
    c.globalAlpha = Math.max(1 - age / TRACE_DAYS, 0.25) * (mark === "same" ? 0.45 : 1);
    drawShape(c, look, x, y, size, { hollow: look.hollow, edge: palette.halo });
    if (mark && mark !== "same") drawDifference(c, x, y, size, mark, palette);
    const watch = age / Math.max(speed, 1e-6);
    if (playing && watch < FLASH_SECONDS) drawFlash(c, scene, x, y, size, event, watch);
    c.globalAlpha = 1;
    put({ id: event.identity, kind: "event", x, y, km: event.km, depth: event.depth, event });
  }
  for (const event of scene.missing ?? []) {
    const age = t - event.t;
    if (age < 0 || age > TRACE_DAYS) continue;
    const [x, y] = view.project(event.km, event.depth);
    c.globalAlpha = Math.max(1 - age / TRACE_DAYS, 0.3);
    drawRing(c, x, y, 9, palette.onlyHere, [2, 3], 1.8);
    c.globalAlpha = 1;
  }
}

/** A full ring if it happened only here, a dashed one if it ended differently. */
function drawDifference(c, x, y, size, mark, palette) {
  drawRing(c, x, y, size + 5, palette.onlyHere, mark === "only" ? [] : [5, 3], 2.4);
}

function drawFlash(c, { palette, calm }, x, y, size, event, watch) {
  const share = watch / FLASH_SECONDS;
  const reach = size + (calm ? 8 : 4 + 22 * Math.sqrt(share));
  c.globalAlpha = 1 - share;
  drawRing(c, x, y, reach, palette.severity[event.severity], [], 2.5);
}

function drawRing(c, x, y, radius, colour, dash = [], width = 1.3) {
  c.beginPath();
  c.arc(x, y, radius, 0, 2 * Math.PI);
  c.setLineDash(dash);
  c.strokeStyle = colour;
  c.lineWidth = width;
  c.stroke();
  c.setLineDash([]);
}

function drawPicked(c, { palette, picked, pointed }, hits) {
  for (const [id, width] of [[pointed, 1.5], [picked, 2.5]]) {
    const hit = id && hits.find((one) => one.id === id);
    if (hit) drawRing(c, hit.x, hit.y, 11, palette.pick, [], width);
  }
}
