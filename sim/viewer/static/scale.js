/* How long a kilometre is on a map, and where north is. */

import { outlinedText } from "./drawing.js";

/** A bar of a round number of km in the lower left corner, `lift` px above the foot; beside it
 * there may be a note. */
export function drawScale(c, view, palette, note = "", lift = 0) {
  const km = [5, 10, 20, 50, 100].find((n) => n / view.kmPerPx > 60) ?? 100;
  const width = km / view.kmPerPx;
  const [x, y] = [12, view.height - 14 - lift];
  for (const [ink, line] of [[palette.halo, 4], [palette.ink, 1.6]]) {
    c.strokeStyle = ink;
    c.lineWidth = line;
    c.beginPath();
    c.moveTo(x, y - 4);
    c.lineTo(x, y);
    c.lineTo(x + width, y);
    c.lineTo(x + width, y - 4);
    c.stroke();
  }
  c.font = "10px system-ui, sans-serif";
  outlinedText(c, `${km} km`, x + 4, y - 7, palette, palette.ink);
  if (note) outlinedText(c, note, x + width + 12, y - 2, palette, palette.soft);
}

/** An arrow to the north about (x, y); `direction` is in degrees to the left of the right edge. */
export function drawNorth(c, x, y, direction, palette) {
  const turn = (direction * Math.PI) / 180;
  const [u, v] = [Math.cos(turn), -Math.sin(turn)];
  for (const [ink, line] of [[palette.halo, 4], [palette.ink, 1.5]]) {
    c.strokeStyle = ink;
    c.lineWidth = line;
    c.beginPath();
    c.moveTo(x - 9 * u, y - 9 * v);
    c.lineTo(x + 9 * u, y + 9 * v);
    for (const side of [-1, 1]) {
      c.moveTo(x + 9 * u, y + 9 * v);
      c.lineTo(x + 3 * u - 3.5 * side * v, y + 3 * v + 3.5 * side * u);
    }
    c.stroke();
  }
  c.font = "700 10px system-ui, sans-serif";
  c.textAlign = "center";
  outlinedText(c, "N", x + 17 * u, y + 17 * v, palette, palette.ink);
  c.textAlign = "start";
}
