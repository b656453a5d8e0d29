/* Icons as paths, since fonts do not all have them. */

const PATHS = {
  start: "M3 3h2v10H3zM13 3v10L6 8z",
  back: "M8 3v10L2 8zM14 3v10L8 8z",
  forward: "M8 3v10l6-5zM2 3v10l6-5z",
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  again: "M8 2.5a5.5 5.5 0 1 0 5.5 5.5h-2A3.5 3.5 0 1 1 8 4.5V7l4.5-3.5L8 0z",
  theme: "M8 2a6 6 0 1 0 0 12zM8 1a7 7 0 0 1 0 14v-1.2A5.8 5.8 0 0 0 8 2.2z",
  interest: "M1 7h2.2l1.6-4.5L7.6 14l2.2-8 1.1 3H15v-2h-2.8L10.1 1 7.4 9.2 5.2 0 2.3 7z",
  all: "M2 2h5v2H4v3H2zM14 14H9v-2h3V9h2z",
};

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const made = document.createElementNS(space, "svg");
  made.setAttribute("viewBox", "0 0 16 16");
  made.setAttribute("aria-hidden", "true");
  made.setAttribute("class", "panj-icon");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name]);
  made.append(path);
  return made;
}
