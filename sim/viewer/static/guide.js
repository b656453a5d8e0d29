/* The guide takes the user to incidents: on opening, from one to the next, by a link; and back. */

import { addressOf, quoted, readAddress, showAddress } from "./address.js";
import { cameraOf, framing } from "./camera.js";
import { every } from "./elements.js";
import { Followed, targetNamed } from "./follow.js";
import { byGravity } from "./incident.js";

const ADDRESS_MS = 700;
const WHOLE = { zoom: 1, shift: [0, 0] };

export class Guide {
  /** `room` is the control room; `owns` tells whether the page and its address are ours. */
  constructor(room, owns) {
    this.room = room;
    this.owns = owns;
    this.followed = null;
    this.goal = owns ? { gravest: true } : null;
    this.seeking = 0;
    this.faults = []; // of the link
    this.due = every(ADDRESS_MS);
    this.onHashChange = () => this.#followAddress();
    if (owns) window.addEventListener("hashchange", this.onHashChange);
  }

  // -- by an address -----------------------------------------------------------------------

  /** What to open: what the address asks for, as far as it is offered. */
  wanted(scenarios, first) {
    const request = this.owns ? readAddress(window.location.hash) : null;
    if (!request) return { wanted: first, moves: [] };
    this.faults = [...request.faults];
    const names = scenarios.map((one) => one.name);
    const known = (name, role) => {
      if (!name || names.includes(name)) return name;
      this.faults.push(`it names the ${role} ${quoted(name)}, which is not offered here`);
      return null;
    };
    const scenario = known(request.scenario, "scenario");
    const against = known(request.against, "scenario to compare with");
    const whole = scenario || !request.scenario;
    const named = whole && (request.scenario || request.against);
    const wanted = { ...first, ...(named ? { scenario: scenario ?? first.scenario, against } : {}),
      seed: request.seed ?? first.seed };
    this.goal = whole && (request.t !== null || request.incident) ? request : { gravest: true };
    this.#showFaults();
    return { wanted, moves: whole ? request.moves : [] };
  }

  /** Show above the page all faults of the link, and `more` that were found since. */
  #showFaults(...more) {
    this.faults.push(...more);
    this.room.notice(this.faults.length
      ? `The link has faults: ${this.faults.join("; ")}. The rest of it is shown.` : "");
  }

  /** Add a fault for a time after the end of the run. */
  #checkTime(what, t) {
    const { days } = this.room.session;
    if (t > days) this.#showFaults(`${what} ${t} is after the end of the run (day ${days})`);
  }

  /** In a replay the address can only say where to begin. */
  replayed(stories) {
    const request = this.owns ? readAddress(window.location.hash) : null;
    if (!request) return;
    this.faults = [...request.faults];
    const held = { scenario: stories.a.ground.scenario.name, against: stories.b?.ground.scenario.name ?? null,
      seed: stories.a.ground.seed };
    for (const [name, what] of [["scenario", "scenario"], ["against", "scenario to compare with"], ["seed", "seed"]]) {
      if (request[name] && request[name] !== held[name]) {
        this.faults.push(`it names the ${what} ${quoted(request[name])}, but this file holds ${held[name] ?? "none"}`);
      }
    }
    this.goal = request.t !== null || request.incident ? request : { gravest: true };
    this.#showFaults();
  }

  /** The address was changed by hand, or by a link inside the page. */
  #followAddress() {
    const { session } = this.room;
    if (!session.ready || window.location.hash === this.address) return;
    this.address = window.location.hash;
    const request = readAddress(window.location.hash);
    if (!request) return;
    this.drop();
    if (!session.source.live) this.replayed(session.stories);
    else {
      const { wanted, moves } = this.wanted(session.offered, session.wanted);
      if (addressOf({ ...wanted, moves, t: 0 }) !== addressOf({ ...session.wanted, moves: session.moves, t: 0 })) {
        this.room.picker.set(wanted);
        session.open(wanted, moves);
      }
    }
    this.#begin();
    this.storyGrew(); // the worlds may already be known in full
  }

  #updateAddress() {
    if (this.address !== undefined && window.location.hash !== this.address) return; // the new address is handled first
    const { session, t } = this.room;
    const { a, b } = session.stories;
    const shown = session.wanted ?? { scenario: a.ground.scenario.name,
      against: b?.ground.scenario.name ?? null, seed: a.ground.seed };
    showAddress(addressOf({ ...shown, moves: session.moves, t: this.goal?.t ?? t,
      incident: this.followed?.name ?? this.goal?.incident, side: this.followed?.side ?? this.goal?.side }));
    this.address = window.location.hash;
  }

  // -- arriving ----------------------------------------------------------------------------

  /** Other worlds are on the screen. The same incident is followed where only the other policy is new. */
  worlds(fresh) {
    const { followed, room } = this;
    if (fresh && !room.session.source.live) this.replayed(room.session.stories);
    if (fresh) {
      this.drop();
      for (const { key, at } of room.session.moves) this.#checkTime(`lever ${key} at day`, at);
      this.#begin();
    } else followed?.read(room.session.stories);
  }

  /** Where the next worlds should open: at the moment shown, if the first of them is as before. */
  expect(wanted) {
    this.faults = [];
    const before = this.room.session.wanted;
    const same = before && before.scenario === wanted.scenario && before.seed === wanted.seed;
    const { followed, room } = this;
    this.goal = same ? { t: room.t, incident: followed?.name ?? null, side: followed?.side ?? "a" }
      : { gravest: this.owns };
  }

  #begin() {
    if (this.goal && this.goal.t !== null && this.goal.t !== undefined) this.room.goTo(this.goal.t);
  }

  /** More is known: go where the goal is, or on to what was looked for. */
  storyGrew() {
    const { session } = this.room;
    if (session.opening) return; // it belongs to worlds that are being replaced
    if (this.followed && this.followed.to + 1 > this.followed.readTo) {
      this.followed.read(session.stories);
      this.#show();
    }
    if (this.goal) this.#arrive(session.read >= 1);
    if (this.seeking) this.next(this.seeking);
  }

  #arrive(all) {
    const { goal, room } = this;
    const { session } = room;
    const { stories, days, known } = session;
    if (goal.gravest && !all) {
      room.picker.mention(`reading the year: ${Math.round(100 * session.read)} %`);
      return;
    }
    const target = goal.gravest ? gravest(stories) : goal.incident && targetNamed(stories, goal.incident, goal.side);
    if (!target && goal.incident && known < days) return; // it may still come
    if (target && known < Math.min(days, target.event?.t + 1 || 0)) return;
    this.goal = null;
    room.picker.mention("");
    const t = goal.t ?? null;
    this.#checkTime("day", goal.t);
    if (target) this.follow(target, { at: t ?? target.event?.t ?? null, play: false });
    else if (goal.incident) this.#showFaults(`the incident ${quoted(goal.incident)} does not happen in this run`);
  }

  // -- following ---------------------------------------------------------------------------

  /** What a mark on the map can be followed as, or null. */
  targetOf(side, hit) {
    const story = this.room.session.stories[side];
    if (hit?.kind === "event") return { side, of: hit.event.of, event: hit.event };
    const of = hit?.track && (hit.kind === "team" ? hit.track.of : hit.track.id);
    return of && story.tracks.has(of) ? { side, of, event: story.eventOf(of) } : null;
  }

  /** Where the user is: time, speed, whether it plays, cameras. */
  here() {
    const { t, speed, isPlaying, panes } = this.room;
    return { t, speed, playing: isPlaying, cameras: new Map(panes.map((pane) => [pane.name, cameraOf(pane.view)])) };
  }

  /** Back to where the user was; with `stay` the time continues from here. */
  back({ t, speed, playing, cameras }, stay = false) {
    const { room } = this;
    room.transport.setSpeed(speed);
    for (const pane of room.panes) pane.fly(() => cameras.get(pane.name) ?? WHOLE);
    if (stay) return;
    room.play(playing);
    room.goTo(t);
  }

  /** Show all of every drawing. */
  whole() {
    for (const pane of this.room.panes) pane.fly(() => WHOLE);
  }

  /** Fly to an incident and go through it slowly; `at` and `play` say where and whether it plays. */
  follow(target, { at = null, play = !this.room.calm } = {}) {
    const { room } = this;
    this.goal = null;
    this.seeking = 0;
    const before = this.followed?.before ?? this.here();
    if (at !== null && !this.followed) before.t = at; // the user was brought here: there is no other place to return to
    this.followed = new Followed(room.session.stories, target, before);
    room.stage.dataset.follow = "";
    room.pick(null, null);
    room.play(false);
    room.goTo(at ?? (play ? this.followed.from : this.followed.moment));
    const { places } = this.followed;
    for (const pane of places.length ? room.panes : []) pane.fly((view) => framing(view, places));
    this.#show();
    if (this.owns && window.innerWidth <= 700) room.stage.scrollIntoView({ block: "start" }); // the card is a sheet below
    if (play) room.play(true);
  }

  #show() {
    const { room, followed } = this;
    const rows = room.feed.passing(room.rows.list);
    const number = this.#here(rows) + 1;
    room.incidentCard.show(followed, room.session.stories, { names: room.names,
      place: number ? `${number} of ${rows.length}` : "" });
    room.incidentCard.update(room.t);
    room.stale = true;
  }

  #here(rows) {
    if (!this.followed) return -1;
    const { name } = this.followed;
    return rows.findIndex((row) => row.event.identity === name || row.other?.identity === name);
  }

  /** To the next line of the feed (`by` = 1) or the one before (-1). */
  next(by) {
    const { room } = this;
    const { session } = room;
    const t = this.followed?.moment ?? room.t;
    this.goal = null;
    const rows = room.feed.passing(room.rows.list);
    const here = this.#here(rows);
    const later = rows.findIndex((row) => row.t > t + 1e-5);
    const index = here >= 0 ? here + by : by > 0 ? later : rows.findLastIndex((row) => row.t < t - 1e-5);
    const row = rows[index];
    this.seeking = !row && by > 0 && session.known < session.days ? by : 0;
    if (row) this.follow({ side: row.side, of: row.event.of, event: row.event.kind ? row.event : null });
    else if (!this.seeking) room.picker.say(by > 0 ? "The feed has nothing later." : "The feed has nothing earlier.");
  }

  /** From the first step again. */
  watch() {
    this.room.goTo(this.followed.from);
    this.room.play(true);
  }

  /** Back to where the user was; with `stay` the time continues from here. */
  leave({ stay = false } = {}) {
    const { followed } = this;
    if (!followed) return;
    this.drop();
    this.back(followed.before, stay);
  }

  /** Stop following, without returning. */
  drop() {
    this.followed = null;
    this.seeking = 0;
    delete this.room.stage.dataset.follow;
    this.room.incidentCard.hide();
    this.room.stale = true;
  }

  /** The user went to another moment by hand. */
  released(t) {
    this.goal = null;
    this.seeking = 0;
    const { followed } = this;
    if (followed && (t < followed.from - 1e-6 || t > followed.to + 1e-6)) this.leave({ stay: true });
  }

  page(now) {
    const { room, followed } = this;
    if (followed) room.incidentCard.update(room.t);
    if (this.owns && this.due(now)) this.#updateAddress();
  }

  close() {
    window.removeEventListener("hashchange", this.onHashChange);
  }
}

/** The gravest incident of all worlds, or null. */
function gravest(stories) {
  const all = Object.entries(stories).flatMap(([side, { events }]) => events.map((event) => ({ side, of: event.of, event })));
  return all.sort((one, two) => byGravity(one.event, two.event))[0] ?? null;
}
