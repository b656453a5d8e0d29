/* The entry point: `mount`, for a page of its own and for a notebook.
 *
 * mount(element, source): `source` is one of sources.js; the room that is returned has
 * play(on), seek(t), step(days), setMode(name), destroy().
 */

import { openBasemap } from "./basemap.js";
import { Room } from "./room.js";
import { inlinedStory, replaySource, sentBasemap, socketSource } from "./sources.js";

export function mount(host, source, options = {}) {
  return new Room(host, source, options);
}

/** On a page of its own: play the story inside it, or connect to the server that served it. */
async function begin(host) {
  const story = await inlinedStory();
  await openBasemap(await sentBasemap(story));
  window.panj = mount(host, story ? replaySource(story) : socketSource(), { owns: true });
}

const own = document.getElementById("panj");
if (own) {
  begin(own).catch((error) => {
    own.textContent = `The page cannot be shown: ${error.message}`;
  });
}
