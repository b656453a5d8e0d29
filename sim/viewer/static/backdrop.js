/* What stands still: below the agents the ground, posts and villages; above them and the dark of the
 * night, names and chainage. Drawn again only when one of these changes. */

import { drawSchematicMap, drawSchematicLabels } from "./schematicmap.js";
import { Labels } from "./labels.js";
import { drawShape } from "./palette.js";
import { drawBasemap } from "./basemaplayer.js";
import { drawMapLabels } from "./maplabels.js";
import { drawStripGround, drawStripLabels } from "./stripmap.js";

/** The ground, for the lowest canvas of a pane. */
export function drawGround(c, still) {
  const { story, view, palette } = still;
  if (view.mode === "strip") drawStripGround(c, still);
  else if (view.place) drawBasemap(c, still);
  else drawSchematicMap(c, still);
  drawPlaces(c, story, view, palette);
}

/** Names, chainage and scale, for the highest canvas of a pane. */
export function drawLabels(c, still) {
  const { view, title } = still;
  c.clearRect(0, 0, view.width, view.height);
  const labels = () => {
    const fresh = new Labels(view.width, view.height - (view.barPx ?? 0));
    if (title) fresh.block(titleBox(c, title));
    if (view.mode === "map") fresh.block(zoomBox(view));
    return fresh;
  };
  if (view.mode === "strip") drawStripLabels(c, { ...still, labels: labels() });
  else if (view.place) drawMapLabels(c, { ...still, labels });
  else drawSchematicLabels(c, { ...still, labels: labels() });
}

function zoomBox({ width, height, barPx = 0 }) {
  return [width - 110, height - barPx - 42, width, height];
}

function titleBox(c, title) {
  c.font = "600 12px system-ui, sans-serif";
  return [0, 0, 40 + c.measureText(title).width, 26];
}

function drawPlaces(c, story, view, palette) {
  const { villages, posts } = story.ground;
  for (const village of villages) {
    const [x, y] = view.project(village.km, village.depth);
    drawShape(c, palette.agents.village, x, y, palette.agents.village.size, { edge: palette.paper });
  }
  for (const post of posts) {
    const [x, y] = view.project(post.km, 0);
    drawShape(c, palette.agents.post, x, y, palette.agents.post.size, { edge: palette.casing });
  }
}
