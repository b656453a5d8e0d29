/* The way in: `mount` for a page, `render` for a notebook.
 *
 * mount(element, source): `source` is one of sources.js; the room that is returned has
 * play(on), seek(t), step(days), setMode(name), destroy().
 */

import { Room } from "./room.js";
import { inlinedStory, replaySource, socketSource, widgetSource } from "./sources.js";

export function mount(host, source, options = {}) {
  return new Room(host, source, options);
}

/** For anywidget: a story in the model's trait `story` is replayed, else messages are exchanged. */
export function render({ model, el }) {
  const story = model.get("story");
  const source = story?.sides ? replaySource(story) : widgetSource(model);
  el.classList.add("panj-notebook");
  const room = mount(el, source, { theme: model.get("theme") ?? "light" });
  return () => room.destroy();
}

export default { render };

/** In a page of its own: the story inside it, or the server that served it. */
async function begin(host) {
  const story = await inlinedStory();
  window.panj = mount(host, story ? replaySource(story) : socketSource());
}

const own = document.getElementById("panj");
if (own) {
  begin(own).catch((error) => {
    own.textContent = `The page cannot be shown: ${error.message}`;
  });
}
