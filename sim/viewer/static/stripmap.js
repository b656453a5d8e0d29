/* The strip map, the straightened line: depth lines, chainage, districts, height of the ground. */

import { DISTRICT_FONT, drawName, fillBand, nameWidth, outlinedText, strokeLine } from "./drawing.js";

const PROFILE_PX = 34;
const BAND_DEPTH_KM = 2.2; // of the coloured band of a district

export function drawStripGround(c, { story, view, palette, t }) {
  c.fillStyle = palette.paper;
  c.fillRect(0, 0, view.width, view.height);
  drawDepths(c, view, palette);
  drawProfile(c, story, view, palette);
  drawColumns(c, story, view, palette);
  story.ground.districts.forEach((district, index) => {
    const [left, zero] = view.project(district.from, 0);
    const [right, top] = view.project(district.to, BAND_DEPTH_KM);
    c.beginPath();
    c.rect(left, top, right - left, zero - top);
    fillBand(c, palette, story.level(index, t));
  });
  c.beginPath();
  c.moveTo(...view.project(0, 0));
  c.lineTo(...view.project(view.length, 0));
  strokeLine(c, palette);
}

export function drawStripLabels(c, { story, view, palette, t, labels }) {
  c.font = "10px system-ui, sans-serif";
  for (const depth of [10, -10]) {
    const words = depth > 0 ? `${depth} km inside` : `${-depth} km beyond`;
    const x = view.width - 112 - c.measureText(words).width;
    outlinedText(c, words, x, view.project(0, depth)[1], palette, palette.soft);
  }
  const words = `height of the line and of the crests, to ${Math.round(highest(story)).toLocaleString("en-GB")} m`;
  outlinedText(c, words, 6, view.height - 16 - PROFILE_PX, palette, palette.soft);
  drawStripNames(c, { story, view, palette, t, labels });
  drawStripChainage(c, view, palette);
}

function highest(story) {
  return Math.max(...story.ground.line.map((p) => p[5] ?? p[3]));
}

function drawDepths(c, view, palette) {
  const [, zero] = view.project(0, 0);
  const [, foot] = view.project(0, -Infinity);
  c.fillStyle = palette.grid;
  c.fillRect(0, zero, view.width, foot - zero);
  for (const depth of [15, 10, 5, -5, -10]) {
    const [, y] = view.project(0, depth);
    c.strokeStyle = palette.grid;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(0, y);
    c.lineTo(view.width, y);
    c.stroke();
  }
}

/** Height of the line and of the crests beside it, along the foot. */
function drawProfile(c, story, view, palette) {
  const foot = view.height - 18;
  const top = highest(story);
  for (const [column, alpha] of [[5, 0.28], [3, 0.55]]) {
    c.beginPath();
    c.moveTo(view.project(0, 0)[0], foot);
    for (const point of story.ground.line) {
      const height = (point[column] ?? point[3]) / top;
      c.lineTo(view.project(point[0], 0)[0], foot - PROFILE_PX * height);
    }
    c.lineTo(view.project(view.length, 0)[0], foot);
    c.closePath();
    c.globalAlpha = alpha;
    c.fillStyle = palette.faint;
    c.fill();
    c.globalAlpha = 1;
  }
}

function drawColumns(c, story, view, palette) {
  for (const district of story.ground.districts.slice(1)) {
    const [x] = view.project(district.from, 0);
    c.strokeStyle = palette.faint;
    c.setLineDash([2, 3]);
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(x, view.margin.top - 4);
    c.lineTo(x, view.height - 18);
    c.stroke();
  }
  c.setLineDash([]);
}

/** Names in two or three rows over their columns. */
function drawStripNames(c, { story, view, palette, t, labels }) {
  c.font = DISTRICT_FONT;
  const placed = [];
  const rows = [0, 1, 2].map((row) => view.margin.top - 13 - 19 * row);
  story.ground.districts.forEach((district, index) => {
    const [left] = view.project(district.from, 0);
    const [right] = view.project(district.to, 0);
    if (right < 4 || left > view.width - 4) return;
    const shown = [Math.max(left, 0), Math.min(right, view.width)];
    const width = nameWidth(c, district.name);
    const middle = (shown[0] + shown[1]) / 2;
    const x = Math.min(Math.max(middle, width / 2 + 4), view.width - width / 2 - 4);
    const box = labels.place(rows.map((y) => [x, y]), width, 15)?.box;
    if (!box) return;
    placed.push({ district, index, box, middle, y: (box[1] + box[3]) / 2 });
  });
  c.strokeStyle = palette.faint;
  c.lineWidth = 0.7;
  for (const { middle, y } of placed) {
    c.beginPath();
    c.moveTo(middle, y);
    c.lineTo(middle, view.margin.top);
    c.stroke();
  }
  for (const { district, index, box } of placed) {
    drawName(c, district.name, story.level(index, t), box, palette);
  }
}

function drawStripChainage(c, view, palette) {
  const every = [5, 10, 20, 50, 100, 200].find((km) => km / view.kmPerPx > 62) ?? 400;
  c.font = "10px system-ui, sans-serif";
  c.textAlign = "center";
  for (let km = 0; km <= view.length; km += every) {
    const [x] = view.project(km, 0);
    if (x < 8 || x > view.width - 8) continue;
    outlinedText(c, km === 0 ? "km 0" : km.toLocaleString("en-GB"),
      Math.max(x, 14), view.height - 8, palette, palette.soft);
  }
  c.textAlign = "start";
}
