/* The base map that the program sends: lines, names and relief in km of one plane. A page opens it once;
 * grounds that lie on it say so. */

const FADE_PX = 40; // of the relief, towards its edges

let opened = null;

/** Open what was sent, or nothing; resolves when its pictures can be drawn. */
export async function openBasemap(sent) {
  if (!sent || opened) return;
  const [shade, elevation] = await Promise.all([sent.shade, sent.elevation].map(loaded));
  const [width, height] = [shade.naturalWidth, shade.naturalHeight];
  const relief = { width, height, shade: greyOf(shade, width, height), elevation: greyOf(elevation, width, height) };
  opened = { ...sent, relief };
}

/** The base map on which a ground lies, or null. */
export function basemapOf(ground) {
  return ground.basemap ? opened : null;
}

async function loaded(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

/** Values 0..255 of a grey picture, drawn in that size. */
function greyOf(image, width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const c = canvas.getContext("2d", { willReadFrequently: true });
  c.imageSmoothingQuality = "high";
  c.drawImage(image, 0, 0, width, height);
  const { data } = c.getImageData(0, 0, width, height);
  return Uint8Array.from({ length: width * height }, (_, i) => data[4 * i]);
}

const tinted = new Map();

/** The relief in the colours of a theme: by height, lit by its shade. */
export function tintedRelief(map, palette) {
  if (!tinted.has(palette.name)) tinted.set(palette.name, tint(map, palette.map));
  return tinted.get(palette.name);
}

function tint({ relief, flat, metres }, { tints, shade }) {
  const { width, height } = relief;
  const canvas = new OffscreenCanvas(width, height);
  const c = canvas.getContext("2d");
  const image = c.createImageData(width, height);
  const colours = Array.from({ length: 256 }, (_, step) => colourAt(tints, step * metres));
  for (let i = 0, at = 0; i < width * height; i += 1, at += 4) {
    const colour = colours[relief.elevation[i]];
    const light = 1 + (shade * (relief.shade[i] - flat)) / flat;
    for (let k = 0; k < 3; k += 1) image.data[at + k] = colour[k] * light; // held to 0..255 by its type
    const [x, y] = [i % width, Math.floor(i / width)];
    const edge = Math.min(x, y, width - 1 - x, height - 1 - y);
    image.data[at + 3] = 255 * Math.min(edge / FADE_PX, 1);
  }
  c.putImageData(image, 0, 0);
  return canvas;
}

function colourAt(tints, height) {
  const next = tints.findIndex(([at]) => at > height);
  const [a, b] = next < 0 ? [tints.at(-1), tints.at(-1)] : [tints[Math.max(next - 1, 0)], tints[next]];
  const share = b[0] > a[0] ? (height - a[0]) / (b[0] - a[0]) : 0;
  const part = (text, i) => Number.parseInt(text.slice(1 + 2 * i, 3 + 2 * i), 16);
  return [0, 1, 2].map((i) => part(a[1], i) + share * (part(b[1], i) - part(a[1], i)));
}
