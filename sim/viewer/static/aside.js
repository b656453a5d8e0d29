/* Legend, the list of groups and teams on the move, and the help. */

import { element } from "./elements.js";
import { drawShape } from "./palette.js";
import { LEVELS } from "./story.js";
import { groupOf, serial } from "./agenttext.js";

const LISTED = 40;
const GRAVITY = [["nobody hurt", true, 4.4], ["a fight, an attack or people wounded", true, 5], ["only intruders killed", false, 5.6],
  ["guards, workers or villagers killed", false, 6.5]]; // in the order of severity

function glyph(look, options = {}) {
  const canvas = element("canvas", { width: 32, height: 32, class: "panj-glyph", "aria-hidden": "true" });
  const c = canvas.getContext("2d");
  c.scale(2, 2);
  drawShape(c, look, 8, 8, options.hollow === undefined && look.shape === "ring" ? 3 : Math.min(look.size ?? 5, 6.5), options);
  return canvas;
}

function ringGlyph(palette, dash, colour) {
  const canvas = element("canvas", { width: 32, height: 32, class: "panj-glyph", "aria-hidden": "true" });
  const c = canvas.getContext("2d");
  c.scale(2, 2);
  c.beginPath();
  c.arc(8, 8, 6, 0, 7);
  c.setLineDash(dash);
  c.strokeStyle = colour;
  c.lineWidth = 2;
  c.stroke();
  return canvas;
}

export function legend() {
  const body = element("div", {});
  const root = element("details", { class: "panj-box", open: true, id: "panj-legend" },
    element("summary", {}, element("h2", {}, "Legend")), body);
  const row = (drawn, text) => element("li", {}, drawn, text);
  const fill = (palette, paired) => {
    const named = (looks) => Object.values(looks).map((look) => row(glyph(look), look.label));
    const agents = named(palette.agents);
    agents.push(row(glyph(palette.agents.team, { hollow: true }), "team at its base (beside the line)"),
      row(glyph(palette.agents.cell, { hollow: true }), "cell that is planning"),
      row(ringGlyph(palette, [2, 2], palette.ink), "known to the guards"));
    const events = Object.values(palette.events)
      .map((look) => row(glyph({ ...look, colour: palette.ink }, { hollow: true }), look.label));
    const gravity = GRAVITY.map(([text, hollow, size], grade) => row(
      glyph({ shape: "octagon", colour: palette.severity[grade], size }, { hollow }), text));
    if (paired) {
      events.unshift(row(ringGlyph(palette, [], palette.onlyHere), "only in this world"),
        row(ringGlyph(palette, [2, 3], palette.onlyHere), "only in the other"),
        row(ringGlyph(palette, [5, 3], palette.onlyHere), "ended differently"));
    }
    const levels = LEVELS.map((name, i) => row(element("i", { class: "panj-swatch",
      style: `background:${palette.levels[i]}` }), `${name} ${"▮".repeat(i)}`));
    body.replaceChildren(element("h3", {}, "Who"), element("ul", {}, ...agents),
      element("h3", {}, "Incidents (last 30 days)"), element("ul", {}, ...events),
      element("h3", {}, "Gravity of incidents: colour; deaths: size"), element("ul", {}, ...gravity),
      element("h3", {}, "Alert of a district"), element("ul", {}, ...levels));
  };
  return { root, fill };
}

/** Groups and teams under way, as buttons that show their state: the map for a keyboard. */
export function movers(onPick) {
  const list = element("ul", { class: "panj-movers", id: "panj-movers" });
  const root = element("details", { class: "panj-box", id: "panj-moving" },
    element("summary", {}, element("h2", {}, "On the move now")), list);
  const update = (rows) => {
    if (!root.open) return;
    const focused = document.activeElement?.dataset?.id;
    list.replaceChildren(...rows.slice(0, LISTED).map(({ pane, hit }) => element("li", {},
      element("button", { type: "button", "data-id": `${hit.id}${pane.side}`, onclick: () => onPick(pane, hit) },
        `${who(hit, pane.story.ground)}, km ${Math.round(hit.km)}`))));
    if (!rows.length) list.append(element("li", { class: "panj-none" }, "Only patrols."));
    if (focused) [...list.querySelectorAll("button")].find((b) => b.dataset.id === focused)?.focus();
  };
  return { root, update };
}

function who({ kind, track }, { kinds }) {
  if (kind === "team") return `Team ${serial(track.who)}`;
  return groupOf(track, kinds);
}

const KEYS = [
  ["space", "play or pause"], ["right, left", "one hour forwards or back"],
  ["Shift + right, left", "follow the next or the previous incident of the feed"],
  ["up, down", "faster, slower"], ["Home", "back to the start"],
  ["m", "map, strip or both"], ["d", "dark or light"],
  ["q", "turn on or off: skip quiet hours and slow down for incidents"],
  [". and ,", "with the map in focus: go from agent to agent along the line; Enter shows its state"],
  ["+ and −", "with the map in focus: zoom, and Shift + arrows to move; or pinch and drag, or use the wheel"],
  ["Esc", "close what is open; return from an incident to where you were"], ["?", "this help"],
];

export function helpDialog() {
  const dialog = element("dialog", { id: "panj-help", class: "panj-help", "aria-labelledby": "panj-help-title" },
    element("h2", { id: "panj-help-title" }, "Panj: what is on the screen"),
    element("p", {}, "A simulated year: synthetic posts and groups on a real frontier."
      + " Nothing here is a record of an event or the place of a real post."),
    element("p", {}, "Click an incident in the list or on the map, or a group on its way, to follow it: the map flies there, "
      + "the clock slows to about an hour a second, and numbered steps show what happened, here and in the other world. "
      + "The address of the page holds what is shown: copy it to show somebody the same moment."),
    element("p", {}, "A lever marked “from now on” changes what comes after the moment shown. One marked "
      + "“runs again” simulates the year again with the same seed. With two policies on the same seed, "
      + "the same group has the same identity in both worlds, so a difference is due to the policy."),
    element("p", {}, "One year may mislead. “In many years” answers the same question from a hundred pairs of other years: "
      + "each world with its levers held from the first day, against the first scenario without levers."),
    element("p", {}, "Relief, rivers and towns are real, small-scale and not for navigation; the arrow points north, and "
      + "distances from the line are true to scale. The bar below the map is the straightened line: drag on it to show a "
      + "part, drag the marked part to move, double click for all. A frontier other than the shipped one has a schematic map: "
      + "north is up, distances from the line are drawn twice as long, and the relief is made up from heights along the line."),
    element("h3", {}, "Keys"),
    element("dl", { class: "panj-keylist" }, ...KEYS.flatMap(([key, what]) => [
      element("dt", {}, element("kbd", {}, key)), element("dd", {}, what)])),
    element("form", { method: "dialog" }, element("button", { class: "panj-primary" }, "Close")));
  return dialog;
}
