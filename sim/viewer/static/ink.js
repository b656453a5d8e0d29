/* Text on a canvas that can be read on any ground. */

export const DISTRICT_FONT = "600 11.5px system-ui, sans-serif";

/** Room that the name of a district takes, px. */
export function nameWidth(c, name) {
  return c.measureText(name).width + 29;
}

/** A district's name with its alert, on a plate that fills `box`. */
export function drawName(c, name, level, box, palette) {
  const y = (box[1] + box[3]) / 2;
  c.textBaseline = "middle";
  c.fillStyle = palette.halo;
  c.beginPath();
  c.roundRect(box[0], box[1], box[2] - box[0], box[3] - box[1], 3);
  c.fill();
  c.fillStyle = palette.ink;
  c.fillText(name, box[0] + 5, y + 0.5);
  drawPips(c, level, box[2] - 20, y, palette);
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
