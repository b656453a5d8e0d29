/* Keys of the control room. */

const MODES_IN_TURN = { map: "strip", strip: "both", both: "map" };

/** Do what a key means for the room, unless it is meant for something else. */
export function onKey(room, event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!room.root.isConnected || room.help.open) return;
  if (!room.root.contains(event.target) && event.target !== document.body) return;
  const act = actFor(room, event);
  if (!act) return;
  event.preventDefault();
  act();
}

/** What a key does; controls keep the keys they need. */
function actFor(room, { key, shiftKey, target }) {
  const tag = target.tagName;
  if (key === "Escape") return () => room.escape();
  if (tag === "SELECT" || (tag === "INPUT" && target.type !== "range")) return null;
  if (key === "?") return () => room.help.showModal();
  if (key === "m") return () => room.setMode(MODES_IN_TURN[room.mode]);
  if (key === "d") return () => room.flip();
  if (key === "q") return () => room.transport.flipInterest();
  if (key === " " && (tag === "BUTTON" || tag === "SUMMARY")) return null;
  if (key === " ") return room.act.toggle;
  if (tag === "INPUT") return null;
  return {
    ArrowRight: () => (shiftKey ? room.toEvent(1) : room.step(1 / 24)),
    ArrowLeft: () => (shiftKey ? room.toEvent(-1) : room.step(-1 / 24)),
    ArrowUp: () => room.transport.faster(1),
    ArrowDown: () => room.transport.faster(-1),
    Home: room.act.reset,
  }[key] ?? null;
}
