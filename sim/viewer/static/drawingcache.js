/* Drawings that are cached until what they show has changed. */

const drawings = new WeakMap();

/** Draw a cached drawing of `view` on the canvas of `c`; redraw it with `draw(context)` if its `key`,
 * or the part of the ground on the screen, has changed. */
export function drawCached(c, view, name, key, draw) {
  const { a: ratio } = c.getTransform();
  const full = `${view.key} ${ratio} ${key}`;
  if (!drawings.has(view)) drawings.set(view, new Map());
  const ofView = drawings.get(view);
  let cached = ofView.get(name);
  if (cached?.full !== full) {
    cached ??= { canvas: new OffscreenCanvas(1, 1) };
    const [width, height] = [c.canvas.width, c.canvas.height];
    if (cached.canvas.width !== width || cached.canvas.height !== height) {
      [cached.canvas.width, cached.canvas.height] = [width, height];
    }
    const context = cached.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, view.width, view.height);
    cached.result = draw(context);
    cached.full = full;
    ofView.set(name, cached);
  }
  c.save();
  c.setTransform(1, 0, 0, 1, 0, 0);
  c.drawImage(cached.canvas, 0, 0);
  c.restore();
  return cached.result;
}
