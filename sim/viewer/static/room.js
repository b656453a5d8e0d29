/* The control room: connects the parts and keeps the time. */

import { helpDialog, legend, movers } from "./aside.js";
import { linkBrushes } from "./brush.js";
import { Card } from "./card.js";
import { Chart } from "./chart.js";
import { rowsOf } from "./compare.js";
import { Counters } from "./counters.js";
import { element, every } from "./elements.js";
import { Feed } from "./feed.js";
import { Guide } from "./guide.js";
import { onKey } from "./keys.js";
import { Levers } from "./levers.js";
import { YearComparison } from "./yearcomparison.js";
import { interestingSpeed, slowStretches } from "./pace.js";
import { paletteOf } from "./palette.js";
import { Pane } from "./pane.js";
import { Picker } from "./picker.js";
import { Session } from "./session.js";
import { IncidentCard } from "./incidentcard.js";
import { Tour } from "./tour.js";
import { Transport } from "./transport.js";
import { describe } from "./agenttext.js";

const LONGEST_FRAME_S = 0.1;
const MODES = { map: ["map"], strip: ["strip"], both: ["map", "strip"] };
const prefers = (query) => window.matchMedia?.(query).matches ?? false;

export class Room {
  /** `owns`: whether the page and its address belong to the room; in a notebook they do not. */
  constructor(host, source, { theme = null, owns = false } = {}) {
    this.t = 0;
    this.speed = 0;
    this.pace = 0;
    this.byInterest = true;
    this.isPlaying = false;
    this.mode = "map";
    this.theme = theme ?? (prefers("(prefers-color-scheme: dark)") ? "dark" : "light");
    this.calm = prefers("(prefers-reduced-motion: reduce)");
    this.panes = [];
    this.frames = 0;
    this.rows = { list: [], marks: {}, missing: {} };
    this.owns = owns;
    this.guide = new Guide(this, owns);
    this.session = new Session(source, this.#handlers());
    this.source = source;
    this.#build(host);
    this.#theme();
    this.slow = { page: every(140), chart: every(350), list: every(900) };
    this.session.start();
    this.beat = requestAnimationFrame((now) => this.#frame(now));
  }

  #handlers() {
    return {
      worlds: (stories, fresh) => this.#worlds(stories, fresh),
      stretch: () => {
        this.#compare();
        this.stale = true;
        this.guide.storyGrew();
        if (this.session.read >= 1) this.comparison.begin();
      },
      catalogue: (message, wanted) => {
        this.picker.catalogue(message.scenarios);
        const opening = this.session.ready ? { wanted, moves: [] }
          : this.guide.wanted(message.scenarios, message.first);
        this.picker.set(opening.wanted);
        return opening;
      },
      levers: (levers) => {
        this.levers.set(levers);
        this.#followComparison();
      },
      comparison: (message) => this.comparison.take(message),
      say: (text, bad) => this.picker.say(text, bad),
      notice: (text) => this.notice(text),
      wanted: (wanted) => {
        this.picker.set(wanted);
        this.guide.goal = null;
      },
    };
  }

  #build(host) {
    this.tour = new Tour(this);
    const act = this.act = {
      toggle: () => (this.tour.active ? this.tour.toggle() : this.play(!this.isPlaying)), step: (days) => this.step(days),
      event: (by) => this.toEvent(by), reset: () => this.seek(0), seek: (t) => this.seek(t),
      speed: (speed) => { this.speed = speed; },
      interest: (on) => { this.byInterest = on; }, mode: (mode) => this.setMode(mode),
    };
    this.transport = new Transport(act);
    this.picker = new Picker({
      onOpen: (wanted) => {
        this.notice("");
        this.guide.expect(wanted);
        this.session.open(wanted);
      },
      onTheme: () => this.flip(),
      onHelp: () => this.help.showModal() });
    this.counters = new Counters();
    this.chart = new Chart();
    this.feed = new Feed((event, side) => {
      this.tour.drop();
      this.guide.follow({ side, of: event.of, event: event.kind ? event : null });
    });
    this.incidentCard = new IncidentCard({ next: (by) => this.toEvent(by), watch: () => this.guide.watch(),
      leave: () => this.leave(), seek: (t) => this.goTo(t) });
    this.levers = new Levers((key, value) => {
      this.leverMoved = true;
      this.session.lever(key, value, this.t);
    });
    this.comparison = new YearComparison((more) => this.source.send({ do: "odds", ...more }));
    this.legend = legend();
    this.movers = movers((pane, hit) => this.pick(pane, hit));
    this.card = new Card(() => this.pick(null, null));
    this.help = helpDialog();
    this.stage = element("div", { class: "panj-stage", id: "panj-stage" });
    this.root = element("div", { class: "panj", tabindex: "-1" }, this.picker.root,
      element("aside", { class: "panj-left", "aria-label": "Levers and legend" },
        element("button", { type: "button", class: "panj-sheet panj-primary", onclick: () => this.#sheet() }, "Close"),
        this.source.live ? this.levers.root : null, this.movers.root, this.legend.root),
      element("main", { class: "panj-centre" }, this.counters.root,
        element("div", { class: "panj-stagebox" }, this.stage, this.card.tip, this.card.root),
        this.transport.root, this.chart.root),
      element("div", { class: "panj-right" }, this.tour.root, this.incidentCard.root, this.comparison.root, this.feed.root), this.help);
    this.picker.choices.hidden = !this.source.live;
    this.picker.title.after(this.tour.button, element("button", { type: "button", id: "panj-sheet-open", class: "panj-sheet",
      onclick: () => this.#sheet() }, this.source.live ? "Levers" : "Legend"));
    for (const kind of ["pointermove", "pointerdown", "wheel", "keydown", "click", "dblclick"]) {
      this.root.addEventListener(kind, () => { this.stale = true; }, { passive: true });
    }
    this.sizes = new ResizeObserver(() => { this.stale = true; });
    this.sizes.observe(this.stage);
    this.keys = (event) => onKey(this, event);
    document.addEventListener("keydown", this.keys);
    host.replaceChildren(this.root);
  }

  /** On a telephone, levers and legend are a sheet that opens and closes. */
  #sheet() {
    this.root.toggleAttribute("data-sheet");
  }

  // -- worlds ------------------------------------------------------------------------------

  #worlds(stories, fresh) {
    if (fresh) {
      this.leverMoved = false;
      this.t = 0;
      this.goal = null;
      this.play(false);
      this.pick(null, null);
      this.picked = null;
    }
    this.#compare();
    const sides = Object.keys(stories);
    const titles = sides.map((side) => stories[side].ground.scenario.title);
    const seed = this.source.live ? "" : ` · seed ${stories.a.ground.seed}`;
    const shown = this.source.live && sides.length > 1 ? [] : titles; // the drawings are named
    this.picker.title.textContent = shown.join("  |  ") + seed;
    this.names = Object.fromEntries(sides.map((side) => [side, this.#name(stories[side])]));
    this.feed.open(sides.length > 1);
    this.counters.open(sides);
    this.tour.open(sides.length > 1);
    this.levers.set(stories.a.ground.levers ?? []);
    this.#followComparison();
    this.#theme();
    this.#stage();
    this.guide.worlds(fresh);
  }

  /** The year on the screen is read before the many, unless the user has moved a lever. */
  #followComparison() {
    this.comparison.follow(!this.leverMoved && this.session.read < 1);
  }

  #compare() {
    this.rows = rowsOf(this.session.stories);
    this.slowly = slowStretches(this.rows.list);
  }

  #name(story) {
    return story.ground.scenario.name.replaceAll("_", " ");
  }

  #stage() {
    const { stories } = this.session;
    if (!stories.a) return;
    const wanted = Object.keys(stories).flatMap((side) => MODES[this.mode].map((mode) => [side, mode]));
    const same = wanted.length === this.panes.length
      && wanted.every(([side, mode], i) => this.panes[i].side === side && this.panes[i].mode === mode);
    if (same) this.panes.forEach((pane) => pane.setStory(stories[pane.side]));
    else {
      const on = { point: (...all) => this.#point(...all), pick: (pane, hit) => this.pick(pane, hit),
        owns: this.owns };
      this.panes = wanted.map(([side, mode]) => new Pane(stories[side], mode, on));
      linkBrushes(this.panes);
      this.stage.replaceChildren(...this.panes.map((pane) => pane.root));
    }
    const paired = Object.keys(stories).length > 1;
    for (const pane of this.panes) {
      pane.title.textContent = paired ? `${pane.side.toUpperCase()}: ${this.names[pane.side]}` : "";
    }
    this.stage.dataset.panes = this.panes.length;
    this.stale = true;
  }

  // -- what the user does ------------------------------------------------------------------

  play(on) {
    if (on && this.session.ready && this.t >= this.session.days) this.t = 0;
    if (on && this.guide.followed && this.t >= this.guide.followed.to - 1e-6) this.guide.leave({ stay: true });
    if (on) this.guide.goal = null;
    this.isPlaying = on;
    this.goal = null;
    this.transport.playing(on, !on && this.session.ready && this.t >= this.session.days);
    this.stale = true;
  }

  /** Back from a tour or an incident. */
  leave() {
    if (this.tour.active) this.tour.end();
    else this.guide.leave();
  }

  /** To a moment, by hand; an incident elsewhere is no longer followed. */
  seek(t) {
    if (!this.session.ready) return;
    this.tour.drop();
    this.guide.released(t);
    this.goTo(t);
  }

  /** To a moment; if it is not known yet, as soon as it is. */
  goTo(t) {
    const held = Math.min(Math.max(t, 0), this.session.days);
    this.goal = held > this.session.known ? held : null;
    this.t = Math.min(held, this.session.known);
    this.stale = true;
  }

  /** To the next or the previous incident of the feed; on a tour, to another stop. */
  toEvent(by) {
    if (this.tour.active) this.tour.go(by);
    else this.guide.next(by);
  }

  step(days) {
    this.play(false);
    this.seek(Math.round((this.t + days) * 24 * 60) / 1440);
  }

  setMode(mode) {
    this.mode = mode;
    this.transport.modes.value = mode;
    this.#stage();
  }

  flip() {
    this.theme = this.theme === "dark" ? "light" : "dark";
    this.#theme();
  }

  #theme() {
    this.root.dataset.theme = this.theme;
    this.palette = paletteOf(this.theme, this.session.stories.a?.ground.kinds);
    if (!this.session.ready) return;
    this.legend.fill(this.palette, Object.keys(this.session.stories).length > 1);
    this.chart.open(this.session.stories, this.palette);
    this.stale = true;
  }

  /** Show a message above the page that only the user can close. */
  notice(text) {
    this.picker.notice(text);
  }

  #point(pane, hit, x, y, spoken) {
    this.pointed = hit && { id: hit.id, side: pane.side };
    this.card.point(pane, hit, x, y, this.t);
    pane.above.style.cursor = hit ? "pointer" : "grab";
    if (spoken) this.feed.voice.textContent = this.card.tip.textContent;
  }

  /** Follow what was picked; of what stands, show its state. */
  pick(pane, hit) {
    const target = hit && this.guide.targetOf(pane.side, hit);
    if (target) {
      this.guide.follow(target);
      return;
    }
    this.picked = hit ? { id: hit.id, side: pane.side } : null;
    if (!hit) {
      this.card?.hide();
      return;
    }
    this.card.show(describe(hit, pane.story, this.t));
  }

  #refreshCard() {
    if (!this.picked || this.card.root.hidden) return;
    const pane = this.panes.find((one) => one.side === this.picked.side);
    const hit = pane?.hits.find((one) => one.id === this.picked.id);
    if (hit) this.card.show(describe(hit, pane.story, this.t));
  }

  // -- time --------------------------------------------------------------------------------

  #frame(now) {
    this.beat = requestAnimationFrame((next) => this.#frame(next));
    const passed = Math.min((now - (this.last ?? now)) / 1000, LONGEST_FRAME_S);
    this.last = now;
    if (!this.session.ready) return;
    this.session.ask(this.goal ?? (this.guide.seeking ? this.session.known : this.t), now);
    this.#advance(passed);
    this.tour.advance(passed);
    if (this.isPlaying || this.stale || this.panes.some((pane) => pane.flies)) {
      this.stale = false;
      this.#draw(now);
      this.frames += 1;
      this.behind = true;
    }
    if (this.behind && this.slow.page(now)) this.#page(now);
  }

  #advance(passed) {
    const { known, days } = this.session;
    if (this.goal !== null && this.goal !== undefined) {
      this.t = Math.min(this.goal, known);
      if (this.t >= this.goal) this.goal = null;
      this.stale = true;
    } else if (this.isPlaying) {
      const { followed } = this.guide;
      this.pace = followed ? followed.speedAt(this.t) * (this.speed / followed.before.speed) * this.tour.haste
        : this.byInterest ? interestingSpeed(this.slowly, this.t, this.speed) : this.speed;
      const end = followed ? Math.min(followed.to, known) : known;
      if (this.t < end) this.t = Math.min(this.t + passed * this.pace, end);
      if (this.t >= days || (followed && this.t >= followed.to)) this.play(false);
    }
  }

  #draw(now) {
    const { stories } = this.session;
    const { t, palette, calm } = this;
    const moment = { t, now, speed: this.isPlaying ? this.pace : 0, playing: this.isPlaying, palette, calm };
    for (const pane of this.panes) {
      pane.draw({ ...moment,
        picked: this.picked?.side === pane.side ? this.picked.id : null,
        pointed: this.pointed?.side === pane.side ? this.pointed.id : null,
        marks: this.rows.marks[pane.side], missing: this.rows.missing[pane.side],
        followed: this.guide.followed?.worlds[pane.side], story: stories[pane.side] });
    }
  }

  /** Update the texts, a few times a second. */
  #page(now) {
    this.behind = false;
    const { stories } = this.session;
    const { a } = stories;
    const { followed } = this.guide;
    this.transport.update(a, this.t, this.isPlaying ? this.pace : followed ? 1 / 24 : this.speed);
    this.transport.drawTicks(stories, this.palette, this.session.moves);
    this.counters.update(stories, this.t);
    const until = Math.max(this.t, followed?.to ?? 0);
    this.feed.update(this.rows.list.filter((row) => row.t <= until),
      { start: a.ground.start, palette: this.palette, now, names: this.names, followed: followed?.name });
    this.guide.page(now);
    this.#refreshCard();
    if (this.slow.chart(now)) this.chart.update(this.t);
    else this.behind = true;
    if (this.slow.list(now)) {
      this.movers.update(this.panes.filter((pane) => pane.mode === this.panes[0].mode)
        .flatMap((pane) => pane.hits.filter((hit) => hit.moving).map((hit) => ({ pane, hit }))));
    }
  }

  /** Close what is open: the sheet, the card, the tour or the incident. */
  escape() {
    if (this.root.hasAttribute("data-sheet")) this.#sheet();
    else if (!this.card.root.hidden) this.pick(null, null);
    else this.leave();
  }

  destroy() {
    cancelAnimationFrame(this.beat);
    document.removeEventListener("keydown", this.keys);
    this.sizes.disconnect();
    this.guide.close();
    this.session.close();
    this.root.remove();
  }
}
