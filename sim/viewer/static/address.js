/* The address of a moment: scenario, against, seed, levers moved, time, and the incident followed.
 *
 *     #scenario=baseline&against=triggered&seed=3&t=53.935&incident=group/vanj/5.0.4&in=b
 *
 * A lever is `lever=KEY:VALUE` from day 0 on, or `lever=KEY:VALUE@DAY`. */

const LARGEST_SEED = 2n ** 63n - 1n;
const MOST_SAID = 80; // letters

const isName = (text) => text !== "";

/** Whether a text is a seed: a whole number from 0 to 2^63 - 1. */
export function isSeed(text) {
  return /^\d{1,19}$/.test(text) && BigInt(text) <= LARGEST_SEED;
}

/** Whether a text is a day: a number from 0 on, as people write it. */
function isDay(text) {
  return /^\d+(\.\d*)?(e\+?\d+)?$/i.test(text) && Number.isFinite(Number(text));
}

function leverOf(text) {
  const found = /^([\w.]+):([^@]+)(?:@(.+))?$/.exec(text);
  if (!found) return null;
  const [, key, value, at = "0"] = found;
  const number = Number(value);
  if (!isDay(at) || Math.abs(number) === Infinity) return null;
  return { key, value: Number.isNaN(number) ? value : number, live: found[3] !== undefined, at: Number(at) };
}

/** Words of a link in a message, shortened. */
export function quoted(text) {
  return `“${text.length > MOST_SAID ? `${text.slice(0, MOST_SAID)} …` : text}”`;
}

const KNOWN = { scenario: [isName, "a name"], against: [isName, "a name"],
  seed: [isSeed, "a whole number from 0 to 2^63 − 1"], t: [isDay, "a day of the run"],
  incident: [isName, "a name"], in: [(text) => text === "a" || text === "b", "a or b"] };

/** What an address asks for, `{scenario, against, seed, t, incident, side, moves, faults}`, or null
 * if it is empty. What cannot be read is null and listed in `faults`. */
export function readAddress(hash) {
  if (hash.length < 2) return null;
  const parameters = new URLSearchParams(hash.slice(1));
  const faults = [];
  const values = Object.fromEntries(Object.entries(KNOWN).map(([name, [right, what]]) => {
    const [text = null, ...more] = parameters.getAll(name);
    if (more.length) faults.push(`${name} is given ${more.length + 1} times`);
    if (text === null || right(text)) return [name, text];
    faults.push(`${name} = ${quoted(text)} is not ${what}`);
    return [name, null];
  }));
  const moves = parameters.getAll("lever").map((text) => {
    const move = leverOf(text);
    if (!move) faults.push(`lever = ${quoted(text)} is not KEY:VALUE or KEY:VALUE@DAY`);
    return move;
  }).filter(Boolean);
  const others = [...new Set(parameters.keys())].filter((name) => name !== "lever" && !Object.hasOwn(KNOWN, name));
  if (others.length) faults.push(`${others.slice(0, 3).map(quoted).join(", ")} ${others.length > 1 ? "are" : "is"} unknown`);
  return { ...values, t: values.t === null ? null : Number(values.t), side: values.in ?? "a", moves, faults };
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

/** Put an address into the address bar; a page inside a notebook may not, and goes without. */
export function showAddress(address) {
  if (window.location.hash === address) return;
  try {
    window.history.replaceState(null, "", address);
  } catch {
    // a sandboxed page has no address of its own
  }
}
