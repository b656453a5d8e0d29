/* Drawings that are kept until what they show has changed. */

const drawings = new WeakMap();

/** Draw a kept drawing of `view` over the canvas of `c`, and draw it anew with `draw(context)` where
 * its `key`, or the part of the ground on the screen, is another than before. */
export function drawCached(c, view, name, key, draw) {
  const { a: ratio } = c.getTransform();
  const full = `${view.key} ${ratio} ${key}`;
  if (!drawings.has(view)) drawings.set(view, new Map());
  const own = drawings.get(view);
  let kept = own.get(name);
  if (kept?.full !== full) {
    kept ??= { canvas: new OffscreenCanvas(1, 1) };
    const [width, height] = [c.canvas.width, c.canvas.height];
    if (kept.canvas.width !== width || kept.canvas.height !== height) {
      [kept.canvas.width, kept.canvas.height] = [width, height];
    }
    const context = kept.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, view.width, view.height);
    kept.told = draw(context);
    kept.full = full;
    own.set(name, kept);
  }
  c.save();
  c.setTransform(1, 0, 0, 1, 0, 0);
  c.drawImage(kept.canvas, 0, 0);
  c.restore();
  return kept.told;
}
