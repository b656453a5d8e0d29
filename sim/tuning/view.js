/* The tuner as an anywidget: draws the answers of the kernel, and sends it the moves.
 * Nothing is loaded from outside; every text from the kernel is set as text. */

const SVG = "http://www.w3.org/2000/svg";
const STEPS = 1000;
const WAIT_MS = 60;

function make(tag, attributes = {}, ...inside) {
  const found = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) found.addEventListener(name.slice(2), value);
    else found.setAttribute(name, value);
  }
  found.append(...inside);
  return found;
}

function drawn(tag, attributes) {
  const found = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) found.setAttribute(name, value);
  return found;
}

/** Three digits that a reader needs, no more. */
function short(value) {
  if (typeof value !== "number") return String(value);
  return Number.isInteger(value) ? value.toLocaleString("en") : Number(value.toPrecision(3)).toLocaleString("en", { maximumSignificantDigits: 3 });
}

// -- sliders ------------------------------------------------------------------------------------

const toPlace = (s, value) => STEPS * (s.log ? Math.log(value / s.low) / Math.log(s.high / s.low) : (value - s.low) / (s.high - s.low));

function toValue(s, place) {
  if (s.step) return Number(Math.min(s.high, s.low + Math.round(place / STEPS * (s.high - s.low) / s.step) * s.step).toPrecision(6));
  const share = place / STEPS;
  const value = s.log ? s.low * (s.high / s.low) ** share : s.low + (s.high - s.low) * share;
  return Math.min(s.high, Math.max(s.low, Number(value.toPrecision(3))));
}

/** A density along the slider as a closed path in a box of 1000 by 100. */
function curve(heights, most) {
  const width = STEPS / heights.length;
  const points = heights.map((h, i) => `L${((i + 0.5) * width).toFixed(1)} ${(100 - 96 * Math.min(h / most, 1)).toFixed(1)}`);
  return `M0 100 L0 ${(100 - 96 * Math.min(heights[0] / most, 1)).toFixed(1)} ${points.join(" ")} L1000 ${(100 - 96 * Math.min(heights.at(-1) / most, 1)).toFixed(1)} L1000 100Z`;
}

function behind(s) {
  const svg = drawn("svg", { viewBox: "0 0 1000 100", preserveAspectRatio: "none", "aria-hidden": "true" });
  const most = 1.1 * Math.max(...s.prior.map((h) => Math.min(h, 6)), ...s.posterior.map((h) => Math.min(h, 6)));
  svg.append(drawn("path", { d: curve(s.prior, most), fill: "var(--prior)", "fill-opacity": 0.3 }));
  if (s.posterior.length) {
    svg.append(drawn("path", { d: curve(s.posterior, most), fill: "var(--model)", "fill-opacity": 0.3, stroke: "var(--model)", "stroke-width": 1.3, "vector-effect": "non-scaling-stroke" }));
  }
  return svg;
}

function slider(s, moved) {
  const output = make("output");
  const name = make("span", { title: s.about }, s.group === "free" ? s.key : s.about);
  const box = make("div", { class: `slider${s.prior.length ? "" : " plain"}` }, make("header", {}, name, output));
  if (s.group === "free") box.append(make("p", {}, s.about));
  const label = `${s.key}: ${s.about}`;
  let first = true;
  let control;
  if (s.choices.length) {
    control = make("select", { "aria-label": label }, ...s.choices.map((word) => make("option", { value: word }, word)));
    control.addEventListener("change", () => moved(s.key, control.value, true, true));
    box.append(control);
  } else {
    control = make("input", { type: "range", min: 0, max: STEPS, step: 1, "aria-label": label });
    const tell = (end) => {
      const value = toValue(s, Number(control.value));
      write(value);
      moved(s.key, value, first, end);
      first = end;
    };
    control.addEventListener("input", () => tell(false));
    control.addEventListener("change", () => tell(true));
    box.append(make("div", { class: "track" }, ...(s.prior.length ? [behind(s)] : []), control));
  }
  const unit = ["-", "share", "probability", "ratio", "exponent"].includes(s.unit) ? "" : ` ${s.unit}`;
  const write = (value) => { output.value = `${short(value)}${s.choices.length ? "" : unit}`; };
  const show = (value) => {
    box.classList.toggle("moved", value !== s.value);
    if (!first) return; // under the hand
    if (s.choices.length) control.value = value;
    else control.value = Math.round(toPlace(s, value));
    write(value);
    control.setAttribute("aria-valuetext", output.value);
  };
  return { box, show };
}

// -- figures ------------------------------------------------------------------------------------

function figure(row, moved) {
  const at = (value) => Math.min(1, Math.max(0, value / row.axis)) * STEPS;
  const svg = drawn("svg", { viewBox: "0 0 1000 26", preserveAspectRatio: "none", "aria-hidden": "true" });
  const box = (from, to, y, height, more) => svg.append(drawn("rect", { x: at(from), y, width: Math.max(at(to) - at(from), 2), height, ...more }));
  svg.append(drawn("rect", { x: 0, y: 17.5, width: STEPS, height: 1, fill: "var(--line)" }));
  for (const [low, high] of row.told) {
    if (high === null || low !== high) box(low, high ?? row.axis, 1, 22, { fill: "var(--told)", "fill-opacity": 0.16 });
  }
  if (row.mean !== null) {
    box(row.low, row.high, 8, 8, { fill: "var(--model)", "fill-opacity": 0.2 });
    box(row.lower, row.upper, 8, 8, { fill: "var(--model)", "fill-opacity": 0.35 });
    if (moved && row.begun !== null) svg.append(drawn("path", { d: `M${at(row.begun)} 5v14`, stroke: "var(--prior)", "stroke-width": 2, "vector-effect": "non-scaling-stroke" }));
    svg.append(drawn("path", { d: `M${at(row.mean - row.error)} 12H${at(row.mean + row.error)}`, stroke: "var(--model)", "stroke-width": 2, "vector-effect": "non-scaling-stroke" }));
    svg.append(drawn("path", { d: `M${at(row.mean)} 5v14`, stroke: "var(--model)", "stroke-width": 3, "vector-effect": "non-scaling-stroke" }));
    const ticks = row.simulated.map((x) => `M${at(x).toFixed(1)} 19v5`).join("");
    svg.append(drawn("path", { d: ticks, stroke: "var(--ink)", "stroke-opacity": 0.45, "stroke-width": 1, "vector-effect": "non-scaling-stroke" }));
  }
  for (const [low, high] of row.told) {
    for (const end of low === high ? [low] : [low, high].filter((x) => x !== null && x > 0)) {
      svg.append(drawn("path", { d: `M${at(end)} 0v24`, stroke: "var(--told)", "stroke-width": 2, "vector-effect": "non-scaling-stroke" }));
    }
  }
  return svg;
}

function line(row, moved) {
  const far = row.scales === null ? "" : row.scales === 0 ? "within" : `off ${row.scales > 0 ? "+" : "−"}${Math.abs(row.scales).toFixed(1)}`;
  const read = make("div", { class: "read" }, make("b", {}, row.words), " ", make("i", {}, row.figure), make("br"),
    make("span", { class: `far${Math.abs(row.scales) > 1 ? " much" : ""}` }, far));
  return make("div", { class: "row", title: row.about },
    make("div", { class: "name" }, row.label, " ", make("small", {}, row.period)), figure(row, moved), read);
}

// -- together -----------------------------------------------------------------------------------

function render({ model, el }) {
  const tell = (said) => model.send(said);
  let waiting = null;
  let timer = null;
  const moved = (key, value, first, end) => {
    const opens = waiting?.key === key ? waiting.first || first : first;
    waiting = { do: "move", key, value, first: opens, end };
    const go = () => { timer = null; if (waiting) tell(waiting); waiting = null; };
    if (end) { clearTimeout(timer); go(); } else timer ??= setTimeout(go, WAIT_MS);
  };

  const all = model.get("sliders").map((s) => ({ ...slider(s, moved), key: s.key, group: s.group }));
  const of = (group) => all.filter((one) => one.group === group).map((one) => one.box);
  const left = make("div", { class: "left" },
    make("h4", {}, "Uncertain parameters"),
    make("div", { class: "legend" }, "Behind each handle: ", colour("prior", "--prior"), " and ", colour("posterior", "--model"), ". Parameters that the reports narrow most come first."),
    ...of("free"), make("h4", {}, "Levers of the defender"), ...of("lever"));
  const right = make("div", { class: "right" });

  const big = make("div", { class: "big" });
  const apart = make("div", { class: "big" });
  const button = (words, said, title) => make("button", { type: "button", title, onclick: () => tell(said()) }, words);
  const name = make("input", { type: "text", value: "tuned", size: 9, "aria-label": "Name of scenario and batch" });
  const named = (what) => () => ({ do: what, name: name.value.trim().replace(/[^\w-]+/g, "_") || "tuned" });
  const undo = button("Undo", () => ({ do: "undo" }), "Undo the last move");
  const best = button("Best so far", () => ({ do: "best" }), "Go to the setting of least distance");
  const reset = button("Reset", () => ({ do: "reset" }), "Set everything back to the base");
  const middle = button("Posterior", () => ({ do: "posterior" }), "Set every free parameter to the median of its posterior");
  const save = button("Save as scenario", named("save"), "Write NAME.toml into the working folder");
  const batch = button("Make a batch", named("batch"), "Run 100 paired years of base and tuned scenario into results/NAME");
  const chips = model.get("years").map((year) => make("button", { type: "button", onclick: () => {
    const there = new Set(model.get("answer").years);
    if (!there.delete(year)) there.add(year);
    if (there.size) tell({ do: "years", years: [...there] });
  } }, String(year)));
  const standing = make("span");
  const note = make("span", { class: "note", role: "status" });
  const bar = make("i");

  el.classList.add("panj-tuner");
  el.dataset.lmSuppressShortcuts = "true"; // keys pressed here do not go to the notebook
  el.replaceChildren(
    make("div", { class: "head" },
      make("div", {}, make("small", {}, "distance to the reports"), big),
      make("div", {}, make("small", {}, "distance of figures not fitted"), apart),
      make("div", { class: "buttons" }, undo, best, middle, reset, name, save, batch)),
    make("div", { class: "says" }, make("span", {}, "Years: "), ...chips, standing, note),
    make("div", { class: "bar" }, bar),
    make("div", { class: "body" }, left, right));

  const show = () => {
    const answer = model.get("answer");
    if (!answer.rows) return;
    for (const one of all) one.show(answer.values[one.key]);
    big.textContent = answer.distance === null ? "–" : answer.distance.toFixed(2);
    big.classList.toggle("waiting", answer.distance === null);
    apart.textContent = answer.held_out === null ? "–" : answer.held_out.toFixed(2);
    undo.disabled = !answer.undo;
    reset.disabled = batch.disabled = save.disabled = !answer.moved;
    best.disabled = answer.best === null;
    best.textContent = answer.best === null ? "Best so far" : `Best so far: ${answer.best.toFixed(2)}`;
    chips.forEach((chip) => chip.setAttribute("aria-pressed", answer.years.includes(Number(chip.textContent))));
    standing.textContent = answer.standing;
    note.textContent = answer.note;
    bar.style.width = `${100 * answer.share}%`;
    const rows = (apart) => answer.rows.filter((row) => row.held_out === apart).map((row) => line(row, answer.moved));
    right.replaceChildren(
      make("h4", {}, "Reported figures and simulated years"),
      make("div", { class: "legend" }, colour("reported", "--told"), "; ", colour("mean with its error, half and 90 % of years", "--model"), "; ", colour("base", "--prior"), "; ticks are simulated years. Off by 1: as much as one year differs from another."),
      ...rows(false), make("h4", {}, "Not fitted: compared, but not in the distance"), ...rows(true));
  };
  show();
  model.on("change:answer", show);
  return () => model.off("change:answer", show);
}

function colour(words, name) {
  return make("b", { style: `color: var(${name})` }, words);
}

export default { render };
