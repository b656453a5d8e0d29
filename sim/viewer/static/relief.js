/* Terrain shading from what is known along the line: its height, the highest ground within 20 km
 * and the class of terrain. The folds are drawn from these and are not a survey. */

const COLUMNS = 360;
const AROUND_KM = 120;
const ROUGH = { lowland: 0.04, foothill: 0.5, gorge: 1.0, high_valley: 0.75, alpine: 0.8 };

/** Repeatable noise 0..1 at whole coordinates. */
function hashed(i, j) {
  let n = Math.imul(i, 374761393) + Math.imul(j, 668265263);
  n = Math.imul(n ^ (n >>> 13), 1274126177);
  return ((n ^ (n >>> 16)) >>> 0) / 4294967296;
}

function smoothNoise(x, y) {
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [x - i, y - j].map((f) => f * f * (3 - 2 * f));
  const top = hashed(i, j) * (1 - u) + hashed(i + 1, j) * u;
  const foot = hashed(i, j + 1) * (1 - u) + hashed(i + 1, j + 1) * u;
  return top * (1 - v) + foot * v;
}

/** Ridges: 1 on the crests, 0 in the valleys. */
function ridges(x, y) {
  let [sum, weight, size] = [0, 0.55, 26];
  for (let octave = 0; octave < 4; octave += 1) {
    sum += weight * (1 - Math.abs(2 * smoothNoise(x / size + 31 * octave, y / size) - 1));
    weight *= 0.55;
    size *= 0.5;
  }
  return sum / 1.1;
}

/** Height (m), roughness and nearness (0..1) at a place, from the points of the line. */
function heightsAt(points, x, y) {
  let [level, crest, rough, total, nearest] = [0, 0, 0, 0, Infinity];
  for (const p of points) {
    const square = (p.x - x) ** 2 + (p.y - y) ** 2;
    const weight = 1 / (square + 60) ** 2;
    level += weight * p.level;
    crest += weight * p.crest;
    rough += weight * p.rough;
    total += weight;
    if (square < nearest) nearest = square;
  }
  const away = Math.sqrt(nearest);
  const rise = Math.min(away / 24, 1);
  const near = Math.min(Math.max((AROUND_KM - away) / (0.8 * AROUND_KM), 0), 1);
  level /= total;
  crest /= total;
  return { level: level + 0.5 * rise * (crest - level), spread: crest - level,
    rough: (rough / total) * (0.3 + 0.7 * rise), near: near * near * (3 - 2 * near) };
}

function tintOf(scale, height) {
  let i = 1;
  while (i < scale.length - 1 && height > scale[i][0]) i += 1;
  const [a, b] = [scale[i - 1], scale[i]];
  const share = Math.min(Math.max((height - a[0]) / (b[0] - a[0]), 0), 1);
  return [1, 2, 3].map((k) => a[k] + share * (b[k] - a[k]));
}

const kept = new Map();

/** A canvas with the shaded relief and the box in km that it covers: `{canvas, box}`. */
export function reliefOf(ground, palette) {
  const name = `${palette.name} ${ground.line.length} ${ground.line[40]?.join()}`;
  if (!kept.has(name)) kept.set(name, shaded(ground, palette));
  return kept.get(name);
}

function shaded(ground, palette) {
  const points = ground.line.filter((_, i) => i % 3 === 0).map(([, x, y, level, kind, crest]) => (
    { x, y, level, crest: Math.max(crest ?? level * 1.3, level), rough: ROUGH[kind] ?? 0.5 }));
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  const box = [Math.min(...xs) - AROUND_KM, Math.min(...ys) - AROUND_KM,
    Math.max(...xs) + AROUND_KM, Math.max(...ys) + AROUND_KM];
  const cell = (box[2] - box[0]) / COLUMNS;
  const rows = Math.round((box[3] - box[1]) / cell);
  const heights = new Float32Array(COLUMNS * rows);
  const places = [];
  for (let j = 0; j < rows; j += 1) {
    for (let i = 0; i < COLUMNS; i += 1) {
      const [x, y] = [box[0] + cell * (i + 0.5), box[3] - cell * (j + 0.5)];
      const place = heightsAt(points, x, y);
      if (place.near > 0) {
        const folds = place.rough * (450 + 0.55 * place.spread) * (ridges(x, y) - 0.5);
        heights[j * COLUMNS + i] = place.level + folds;
      }
      places.push(place);
    }
  }
  return { canvas: painted(heights, places, rows, cell, palette), box };
}

/** Colours by height, lit from the north-west. */
function painted(heights, places, rows, cell, palette) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [COLUMNS, rows];
  const context = canvas.getContext("2d");
  const image = context.createImageData(COLUMNS, rows);
  for (let j = 1; j < rows - 1; j += 1) {
    for (let i = 1; i < COLUMNS - 1; i += 1) {
      const at = j * COLUMNS + i;
      if (places[at].near <= 0) continue;
      const east = (heights[at + 1] - heights[at - 1]) / (2000 * cell);
      const south = (heights[at + COLUMNS] - heights[at - COLUMNS]) / (2000 * cell);
      const light = 1 + Math.min(Math.max(1.1 * (east + south), -0.42), 0.3);
      const tint = tintOf(palette.relief, heights[at]);
      for (let k = 0; k < 3; k += 1) image.data[4 * at + k] = Math.min(255, tint[k] * light);
      image.data[4 * at + 3] = 255 * places[at].near;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
