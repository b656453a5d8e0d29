/* Where a story comes from: a live server, one file, or a notebook. All have
 * `start({message, status})`, `send(message)`, `close()` and `live`. */

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 8000;

/** A websocket to the server that served the page; it reconnects by itself. */
export function socketSource(url = socketAddress()) {
  let socket = null;
  let closed = false;
  let retry = FIRST_RETRY_MS;
  const connect = (on) => {
    socket = new WebSocket(url);
    socket.onopen = () => {
      retry = FIRST_RETRY_MS;
      on.status("connected");
    };
    socket.onmessage = (event) => on.message(JSON.parse(event.data));
    socket.onclose = ({ reason }) => {
      if (closed) return;
      on.status("lost", reason);
      setTimeout(() => closed || connect(on), retry);
      retry = Math.min(2 * retry, LONGEST_RETRY_MS);
    };
  };
  return {
    live: true,
    start: connect,
    send(message) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
    close() {
      closed = true;
      socket?.close();
    },
  };
}

function socketAddress() {
  const { protocol, host } = window.location;
  return `${protocol === "https:" ? "wss" : "ws"}://${host}/ws`;
}

/** A stored story: `{format, basemap, sides: [{side, ground, stretch}]}`. */
export function replaySource(story) {
  return {
    live: false,
    start(on) {
      on.status("replay");
      on.message({ is: "sides", sides: story.sides.map((one) => one.side) });
      for (const { side, ground } of story.sides) on.message({ ...ground, is: "ground", side });
      for (const { side, stretch } of story.sides) on.message({ ...stretch, is: "stretch", side });
    },
    send: () => false,
    close() {},
  };
}

/** The base map that came with a story, or that the server has; null where there is none. */
export async function sentBasemap(story) {
  if (story) return story.basemap ?? null;
  const answer = await fetch("basemap.json");
  return answer.ok ? answer.json() : null;
}

/** The story inside the page, or null: `<script id="panj-replay">` or `window.PANJ_STORY`. */
export async function inlinedStory() {
  if (window.PANJ_STORY) return window.PANJ_STORY;
  const holder = document.getElementById("panj-replay");
  if (!holder) return null;
  const { encoding, data } = JSON.parse(holder.textContent);
  return encoding === "gzip+base64" ? unpacked(data) : data;
}

async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}
