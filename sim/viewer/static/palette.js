/* Colours of the two themes, and how shapes are drawn; the program says which kind has which. */

const LIGHT = {
  name: "light",
  paper: "#F6F5F1", ink: "#222222", soft: "#5A5A5A", faint: "#8A867D", halo: "#FFFFFFE0",
  line: "#1E1E1E", casing: "#FFFFFFC0",
  night: [22, 42, 110], nightAlpha: 0.36,
  levels: ["#FFFFFF", "#FBE3A6", "#F2AE4E", "#D55E00"],
  levelEdge: "#7A746A", levelAlpha: 0.86,
  relief: [[300, 214, 222, 196], [700, 228, 220, 190], [1500, 214, 198, 166],
    [2600, 198, 184, 164], [3800, 214, 207, 197], [5200, 246, 244, 241]],
  severity: ["#6F6F6F", "#A87500", "#C24A00", "#A8103A"],
  pick: "#7B00B4", onlyHere: "#7B00B4",
  chart: ["#0072B2", "#D55E00", "#222222", "#B0538C"],
  grid: "#00000014",
  map: {
    paper: "#F4F1EA", veil: "#E6E3DC", frontier: "#7A1F3D", casing: "#FFFFFF", water: "#4A86B0",
    lake: "#A9CBE0", shore: "#5E93B8", boundary: "#8C8378", province: "#B9B0A3", text: "#2B2A28",
    halo: "#FBF9F4", waterText: "#2F6A94", rangeText: "#8A7F70", countryText: "#9A8F80", shade: 0.68,
    tints: [[300, "#DCE5CB"], [700, "#E7E7CC"], [1500, "#EEE4C8"], [2500, "#E7DAC3"],
      [3500, "#E2D8CB"], [4500, "#EAE6E1"], [6500, "#FFFFFF"]],
  },
};

const DARK = {
  name: "dark",
  paper: "#12171C", ink: "#E9ECEF", soft: "#A9B2BA", faint: "#77828C", halo: "#0B0F13D8",
  line: "#F2F2F2", casing: "#000000B0",
  night: [2, 6, 24], nightAlpha: 0.55,
  levels: ["#3B444C", "#7A6324", "#C27B17", "#E8590C"],
  levelEdge: "#8D979F", levelAlpha: 0.8,
  relief: [[300, 30, 42, 42], [700, 42, 48, 42], [1500, 58, 55, 49],
    [2600, 72, 68, 62], [3800, 88, 86, 83], [5200, 112, 113, 115]],
  severity: ["#9AA5AE", "#E0B040", "#FF8A4C", "#FF7B92"],
  pick: "#E29BFF", onlyHere: "#E29BFF",
  chart: ["#56B4E9", "#FF7A33", "#E9ECEF", "#CC79A7"],
  grid: "#FFFFFF1A",
  map: {
    paper: "#14181C", veil: "#12161A", frontier: "#F2A7B8", casing: "#14181C", water: "#5B97C4",
    lake: "#2C5878", shore: "#4C7FA6", boundary: "#6F767D", province: "#434A51", text: "#E8E6E1",
    halo: "#14181C", waterText: "#8DBEE3", rangeText: "#8B9299", countryText: "#6E767E", shade: 0.85,
    tints: [[300, "#1F2D2A"], [700, "#27352E"], [1500, "#33382F"], [2500, "#3C3B36"],
      [3500, "#47453F"], [4500, "#55575A"], [6500, "#7A8087"]],
  },
};

/** The colours of a theme, with the `agents` and `events` that the program has sent as `kinds`. */
export function paletteOf(theme, kinds) {
  const looks = (sent = {}) => Object.fromEntries(
    Object.entries(sent).map(([name, look]) => [name, { ...look, colour: look[theme] }]));
  return { ...(theme === "dark" ? DARK : LIGHT), agents: looks(kinds?.agents),
    events: looks(kinds?.events) };
}

const TAU = 2 * Math.PI;

function polygon(c, x, y, r, corners, turn) {
  for (let i = 0; i < corners; i += 1) {
    const angle = turn + (TAU * i) / corners;
    c[i ? "lineTo" : "moveTo"](x + r * Math.cos(angle), y + r * Math.sin(angle));
  }
  c.closePath();
}

function starOf(c, x, y, r, points = 5, waist = 0.45) {
  for (let i = 0; i < 2 * points; i += 1) {
    const angle = -Math.PI / 2 + (TAU * i) / (2 * points);
    const reach = i % 2 ? waist * r : 1.2 * r;
    c[i ? "lineTo" : "moveTo"](x + reach * Math.cos(angle), y + reach * Math.sin(angle));
  }
  c.closePath();
}

function barsOf(c, x, y, r, turn) {
  const [long, wide] = [r, 0.34 * r];
  const corners = [[wide, wide], [long, wide], [long, -wide], [wide, -wide]];
  for (let arm = 0; arm < 4; arm += 1) {
    const [cos, sin] = [Math.cos(turn + (arm * TAU) / 4), Math.sin(turn + (arm * TAU) / 4)];
    corners.slice(0, 3).forEach(([u, v], i) => {
      const method = arm || i ? "lineTo" : "moveTo";
      c[method](x + u * cos + v * sin, y + u * sin - v * cos);
    });
  }
  c.closePath();
}

const SHAPES = {
  disc: (c, x, y, r) => { c.moveTo(x + r, y); c.arc(x, y, r, 0, TAU); },
  ring: (c, x, y, r) => { c.moveTo(x + r, y); c.arc(x, y, r, 0, TAU); },
  square: (c, x, y, r) => c.rect(x - r, y - r, 2 * r, 2 * r),
  fort: (c, x, y, r) => {
    c.rect(x - r, y - 0.45 * r, 2 * r, 1.5 * r);
    for (const at of [-1, -0.25, 0.5]) c.rect(x + at * r, y - 1.05 * r, 0.5 * r, 0.7 * r);
  },
  up: (c, x, y, r) => polygon(c, x, y + 0.15 * r, 1.1 * r, 3, -Math.PI / 2),
  down: (c, x, y, r) => polygon(c, x, y - 0.15 * r, 1.1 * r, 3, Math.PI / 2),
  diamond: (c, x, y, r) => polygon(c, x, y, 1.1 * r, 4, 0),
  star: (c, x, y, r) => starOf(c, x, y, r),
  star6: (c, x, y, r) => starOf(c, x, y, r, 6, 0.62),
  burst: (c, x, y, r) => starOf(c, x, y, r, 8, 0.62),
  spark: (c, x, y, r) => starOf(c, x, y, 1.15 * r, 4, 0.4),
  octagon: (c, x, y, r) => polygon(c, x, y, 1.06 * r, 8, Math.PI / 8),
  house: (c, x, y, r) => {
    c.moveTo(x, y - 1.15 * r);
    for (const [u, v] of [[1, -0.2], [0.8, 1], [-0.8, 1], [-1, -0.2]]) c.lineTo(x + u * r, y + v * r);
    c.closePath();
  },
  plus: (c, x, y, r) => barsOf(c, x, y, r, 0),
  cross: (c, x, y, r) => barsOf(c, x, y, 1.1 * r, Math.PI / 4),
  arrow: (c, x, y, r) => {
    c.moveTo(x, y - r);
    c.lineTo(x + 0.9 * r, y + 0.9 * r);
    c.lineTo(x, y + 0.35 * r);
    c.lineTo(x - 0.9 * r, y + 0.9 * r);
    c.closePath();
  },
};

/** How an incident looks: the shape of its kind; colour by who was hurt, size by how many died,
 * hollow where nobody did. */
export function incidentLook(palette, { kind, severity, deaths }) {
  return { shape: palette.events[kind].shape, colour: palette.severity[severity],
    size: 4.4 + 0.5 * Math.min(severity, 1) + 3.2 * Math.sqrt(deaths), hollow: deaths === 0 };
}

/** Draw a look (`shape`, `colour`): filled, or hollow; `edge` sets it off from the ground. */
export function drawShape(c, look, x, y, r, { hollow = false, edge = null } = {}) {
  const { a: ratio, b: turn, e: right, f: down } = c.getTransform();
  if (turn || right || down) {
    paintShape(c, look, x, y, r, hollow, edge);
    return;
  }
  // thousands of shapes of few kinds are drawn in a second: each is painted once and then copied
  const { image, half } = stampOf(look, r, hollow, edge, ratio);
  const [left, top] = [Math.round(x * ratio - half) / ratio, Math.round(y * ratio - half) / ratio];
  c.drawImage(image, left, top, (2 * half) / ratio, (2 * half) / ratio);
}

const stamps = new Map();

function stampOf(look, r, hollow, edge, ratio) {
  const key = `${look.shape} ${look.colour} ${r} ${hollow} ${edge} ${ratio}`;
  const known = stamps.get(key);
  if (known) return known;
  const half = Math.ceil((1.3 * r + 3) * ratio);
  const canvas = new OffscreenCanvas(2 * half, 2 * half);
  const c = canvas.getContext("2d");
  c.setTransform(ratio, 0, 0, ratio, half, half);
  paintShape(c, look, 0, 0, r, hollow, edge);
  const stamp = { image: canvas.transferToImageBitmap(), half };
  stamps.set(key, stamp);
  return stamp;
}

function paintShape(c, { shape, colour }, x, y, r, hollow, edge) {
  c.beginPath();
  SHAPES[shape](c, x, y, r);
  if (!hollow && shape !== "ring") {
    if (edge) {
      c.strokeStyle = edge;
      c.lineWidth = 2.2;
      c.stroke();
    }
    c.fillStyle = colour;
    c.fill();
    return;
  }
  if (edge) {
    c.fillStyle = edge;
    c.fill();
  }
  c.strokeStyle = colour;
  c.lineWidth = 1.5;
  c.stroke();
}
