/* The control room as an anywidget. The constant `FILES`, the page's modules by name, comes before this.
 *
 * A notebook takes one module and has no folder to import from, so each file gets its own address in the
 * browser, and imports point there. Nothing is loaded from outside.
 */

const addresses = new Map();

function address(name, more = "") {
  if (!addresses.has(name)) {
    const code = FILES[name].replace(/(\bfrom\s*)"\.\/([\w.-]+\.js)"/g,
      (_, from, other) => `${from}"${address(other)}"`);
    const file = new Blob([code, more], { type: "text/javascript" });
    addresses.set(name, URL.createObjectURL(file));
  }
  return addresses.get(name);
}

let parts = null;

async function load() {
  await import(address("uPlot.iife.min.js", "\nglobalThis.uPlot ??= uPlot;"));
  const [{ mount }, { replaySource, sentBasemap }, { openBasemap }] = await Promise.all(
    ["panj.js", "sources.js", "basemap.js"].map((name) => import(address(name))));
  return { mount, replaySource, open: async (story) => openBasemap(await sentBasemap(story)) };
}

async function unpacked(story) {
  const stream = new Blob([story]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

const LOOK_MS = 250;
const SAME_DAYS = 1 / 1440;

/** Keep the traits `t`, `playing` and `mode` equal to those of the room, whichever changes. */
function synchronise(model, room) {
  const seek = () => Math.abs(model.get("t") - room.t) > SAME_DAYS && room.seek(model.get("t"));
  const play = () => model.get("playing") !== room.isPlaying && room.play(model.get("playing"));
  const mode = () => model.get("mode") !== room.mode && room.setMode(model.get("mode"));
  const handlers = { "change:t": seek, "change:playing": play, "change:mode": mode };
  for (const [event, hear] of Object.entries(handlers)) {
    hear();
    model.on(event, hear);
  }
  const beat = setInterval(() => {
    const moved = Math.abs(model.get("t") - room.t) > SAME_DAYS;
    if (moved) model.set("t", room.t);
    if (moved || model.get("playing") !== room.isPlaying || model.get("mode") !== room.mode) {
      model.set("playing", room.isPlaying);
      model.set("mode", room.mode);
      model.save_changes();
    }
  }, LOOK_MS);
  return () => {
    clearInterval(beat);
    for (const [event, hear] of Object.entries(handlers)) model.off(event, hear);
  };
}

async function render({ model, el }) {
  const { mount, replaySource, open } = await (parts ??= load());
  const story = await unpacked(model.get("story"));
  await open(story);
  const source = replaySource(story);
  el.classList.add("panj-notebook");
  el.dataset.lmSuppressShortcuts = "true"; // keys pressed here are not the notebook's
  const room = mount(el, source, { theme: model.get("theme") });
  const stop = synchronise(model, room);
  return () => {
    stop();
    room.destroy();
  };
}

export default { render };
