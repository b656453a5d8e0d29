/* The address of a moment: scenario, against, seed, levers moved, time, and the incident followed.
 *
 *     #scenario=baseline&against=triggered&seed=3&t=53.935&incident=group/vanj/5.0.4&in=b
 *
 * A lever is `lever=KEY:VALUE` from day 0 on, or `lever=KEY:VALUE@DAY`. */

const LARGEST_SEED = 2n ** 63n - 1n;

/** Whether a text is a seed: a whole number from 0 to 2^63 - 1. */
export function isSeed(text) {
  return /^\d{1,19}$/.test(text) && BigInt(text) <= LARGEST_SEED;
}

function leverOf(text) {
  const found = /^([\w.]+):([^@]+)(?:@([\d.]+))?$/.exec(text);
  if (!found) return null;
  const [, key, value, at] = found;
  return { key, value: Number.isNaN(Number(value)) ? value : Number(value), live: at !== undefined,
    at: at === undefined ? 0 : Number(at) };
}

/** What an address asks for, `{scenario, against, seed, t, incident, side, moves, faults}`, or null
 * where it asks for nothing. What cannot be read is null and told in `faults`. */
export function readAddress(hash) {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const known = ["scenario", "against", "seed", "t", "incident", "lever", "in"];
  if (!known.some((name) => said.has(name))) return null;
  const faults = [];
  const checked = (name, right, what) => {
    const text = said.get(name);
    if (text === null || right(text)) return text;
    faults.push(`${name} = “${text}” is not ${what}`);
    return null;
  };
  const t = checked("t", (text) => text.trim() !== "" && Number.isFinite(Number(text)) && Number(text) >= 0,
    "a day of the run");
  const moves = said.getAll("lever").map((text) => {
    const move = leverOf(text);
    if (!move) faults.push(`lever = “${text}” is not KEY:VALUE or KEY:VALUE@DAY`);
    return move;
  }).filter(Boolean);
  return { scenario: said.get("scenario") || null, against: said.get("against") || null,
    seed: checked("seed", isSeed, "a whole number from 0 to 2^63 − 1"),
    t: t === null ? null : Number(t), incident: said.get("incident") || null,
    side: said.get("in") === "b" ? "b" : "a", moves, faults };
}

/** The address of what is shown. */
export function addressOf({ scenario, against, seed, moves = [], t, incident, side }) {
  const plain = (text) => encodeURIComponent(text).replaceAll("%2F", "/").replaceAll("%3A", ":")
    .replaceAll("%40", "@");
  const parts = [["scenario", scenario], ["against", against], ["seed", seed],
    ...moves.map(({ key, value, live, at }) => ["lever", `${key}:${value}${live ? `@${at.toFixed(4)}` : ""}`]),
    ["t", t.toFixed(4)], ["incident", incident], ["in", incident && side === "b" ? "b" : null]];
  return `#${parts.filter(([, value]) => value).map(([name, value]) => `${name}=${plain(value)}`).join("&")}`;
}

/** Put an address into the bar; a page that may not (one inside a notebook) goes without. */
export function showAddress(address) {
  if (window.location.hash === address) return;
  try {
    window.history.replaceState(null, "", address);
  } catch {
    // a page of a sandbox has no address of its own
  }
}
