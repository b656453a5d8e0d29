/* Text that is legible on any ground, and the line with its districts, on a canvas. */

export const DISTRICT_FONT = "600 11.5px system-ui, sans-serif";

/** Room that the name of a district takes, px; where there is little, without its alert. */
export function nameWidth(c, name, { bare = false } = {}) {
  return c.measureText(name).width + (bare ? 8 : 29);
}

/** A district's name with its alert, on a plate that fills `box`. */
export function drawName(c, name, level, box, palette, { bare = false } = {}) {
  const y = (box[1] + box[3]) / 2;
  c.textBaseline = "middle";
  c.fillStyle = palette.halo;
  c.beginPath();
  c.roundRect(box[0], box[1], box[2] - box[0], box[3] - box[1], 3);
  c.fill();
  c.fillStyle = palette.ink;
  c.fillText(name, box[0] + (bare ? 4 : 5), y + 0.5);
  if (!bare) drawPips(c, level, box[2] - 20, y, palette);
}

/** Text with an outline in the colour of the paper. */
export function outlinedText(c, text, x, y, palette, colour) {
  c.textBaseline = "middle";
  c.lineJoin = "round";
  c.lineWidth = 3;
  c.strokeStyle = palette.halo;
  c.strokeText(text, x, y);
  c.fillStyle = colour;
  c.fillText(text, x, y);
}

/** Three small bars, filled up to the level: the alert without colour. */
function drawPips(c, level, x, y, palette) {
  for (let i = 0; i < 3; i += 1) {
    const height = 3 + 2.5 * i;
    c.fillStyle = i < level ? palette.ink : palette.faint;
    c.globalAlpha = i < level ? 1 : 0.35;
    c.fillRect(x + 5 * i, y + 4 - height, 3.4, height);
  }
  c.globalAlpha = 1;
}

/** Fill the path as the band of a district at an alert level. */
export function fillBand(c, palette, level) {
  c.globalAlpha = palette.levelAlpha;
  c.fillStyle = palette.levels[level];
  c.fill();
  c.globalAlpha = 1;
  c.strokeStyle = palette.levelEdge;
  c.lineWidth = 0.8;
  c.stroke();
}

/** Stroke the path as the line where its shape is not the true one. */
export function strokeLine(c, palette) {
  c.lineJoin = "round";
  for (const [colour, width] of [[palette.casing, 4.5], [palette.line, 1.8]]) {
    c.strokeStyle = colour;
    c.lineWidth = width;
    c.stroke();
  }
}
