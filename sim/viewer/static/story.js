/* One world: stretches are appended, and its state can be read at any time t.
 *
 * Times are days since the first midnight, places are chainage and depth in km; the format is
 * panj-story/1. Nothing here draws or touches the page.
 */

export const LEVELS = ["routine", "elevated", "heightened", "emergency"];
export const COUNTERS = [
  "crossings", "stopped", "incidents", "attacks", "victims", "deaths", "sites_shut", "readiness",
];

/** How many of the rows, sorted by `time`, are at or before `t`. */
export function countUntil(rows, t, time = (row) => row[0]) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (time(rows[middle]) <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}

const timeOf = (event) => event.t;
const leavesAt = (sortie) => sortie[2];

/** A value that changes at known instants: a first value, then `[[t, value], ...]`. */
class Steps {
  constructor(first) {
    this.rows = [[-Infinity, first]];
  }

  add(t, ...values) {
    this.rows.push([t, ...values]);
  }

  at(t) {
    return this.rows[countUntil(this.rows, t) - 1][1];
  }

  /** Instants of change up to `t`, without the start. */
  count(t) {
    return countUntil(this.rows, t) - 1;
  }
}

/** Where somebody on `points` is at `t`: `[km, depth]`, or null before and after. */
export function placeOn(points, t) {
  const last = points.length - 1;
  if (last < 0 || t < points[0][0] || t > points[last][0]) return null;
  const next = Math.min(countUntil(points, t), last);
  const a = points[Math.max(next - 1, 0)];
  const b = points[next];
  const span = b[0] - a[0];
  const share = span > 0 ? Math.min((t - a[0]) / span, 1) : 1;
  return [a[1] + share * (b[1] - a[1]), a[2] + share * (b[2] - a[2])];
}

export class Story {
  constructor(ground, side = "a") {
    this.ground = ground;
    this.side = side;
    this.world = ground.world ?? 0;
    this.days = ground.days;
    this.known = 0;
    this.over = false;
    this.sorties = [];
    this.longest = 0;
    this.tracks = new Map();
    this.byDay = new Map();
    this.called = new Map();
    this.events = [];
    this.counters = [];
    this.levels = ground.alert.map((level) => new Steps(level));
    this.shut = ground.sites.map(() => new Steps(true));
    this.cells = ground.cells.map(() => new Steps("planning"));
    this.bases = ground.teams.map((team) => new Steps(team.km));
    this.teamIndex = new Map(ground.teams.map((team, index) => [team.id, index]));
    this.alertLog = [];
  }

  /** Add what happened from `t0` to `t1`. */
  append(stretch) {
    for (const sortie of stretch.sorties) {
      this.sorties.push(sortie);
      this.longest = Math.max(this.longest, 2 * (sortie[3] - sortie[2]));
    }
    for (const track of stretch.tracks) this.#keep(track);
    for (const row of stretch.alert) {
      this.levels[row[1]].add(row[0], row[2]);
      this.alertLog.push(row);
    }
    for (const [t, site, open] of stretch.sites) this.shut[site].add(t, open);
    for (const [t, cell, state] of stretch.cells ?? []) this.cells[cell].add(t, state);
    for (const [t, team, km] of stretch.bases ?? []) this.bases[team].add(t, km);
    this.events.push(...stretch.events);
    this.events.sort((a, b) => a.t - b.t);
    for (const row of stretch.counters) this.counters.push(row);
    this.known = Math.max(this.known, stretch.t1);
    this.over = stretch.over || this.known >= this.days;
  }

  /** A track replaces the shorter one of the same id; days are indexed for `tracksAt`. */
  #keep(track) {
    const { points, id, of } = track;
    this.tracks.set(id, track);
    if (of) this.called.set(of, (this.called.get(of) ?? new Set()).add(id));
    if (!points.length) return;
    const last = Math.floor(points[points.length - 1][0]);
    for (let day = Math.floor(points[0][0]); day <= last; day += 1) {
      if (!this.byDay.has(day)) this.byDay.set(day, new Set());
      this.byDay.get(day).add(id);
    }
  }

  /** Calls `visit(post index, km, leaves, home)` for every patrol that is out. */
  eachSortie(t, visit) {
    const { sorties, ground } = this;
    const end = countUntil(sorties, t, leavesAt);
    for (let i = countUntil(sorties, t - this.longest - 1e-9, leavesAt); i < end; i += 1) {
      const [index, side, leaves, turns] = sorties[i];
      const half = turns - leaves;
      if (t > turns + half || half <= 0) continue;
      const post = ground.posts[index];
      const far = side < 0 ? post.from : post.to;
      const share = 1 - Math.abs(t - turns) / half;
      visit(index, post.km + share * (far - post.km), leaves, turns + half, side);
    }
  }

  /** How many sorties of a post left from `since` to `until`. */
  sortiesOf(post, since, until) {
    const [first, end] = [since, until].map((t) => countUntil(this.sorties, t, leavesAt));
    return this.sorties.slice(first, end).filter((sortie) => sortie[0] === post).length;
  }

  /** Tracks on which somebody is at `t`, with the place: `[[track, km, depth], ...]`. */
  tracksAt(t) {
    const found = [];
    for (const id of this.byDay.get(Math.floor(t)) ?? []) {
      const track = this.tracks.get(id);
      const place = placeOn(track.points, t);
      if (place) found.push([track, place[0], place[1]]);
    }
    return found;
  }

  level(district, t) {
    return this.levels[district].at(t);
  }

  siteOpen(site, t) {
    return this.shut[site].at(t);
  }

  cellState(cell, t) {
    return this.cells[cell].at(t);
  }

  teamBase(team, t) {
    return this.bases[team].at(t);
  }

  /** A key that changes when any level does, so that drawings below can be cached until then. */
  levelsKey(t) {
    return this.levels.map((steps) => steps.at(t)).join("");
  }

  eventCount(t) {
    return countUntil(this.events, t, timeOf);
  }

  /** The counters at `t`, by name. */
  countersAt(t) {
    const row = this.counters[countUntil(this.counters, t) - 1];
    return Object.fromEntries(COUNTERS.map((name, i) => [name, row ? row[i + 1] : 0]));
  }

  /** One counter at `t`. */
  counter(name, t) {
    return this.counters[countUntil(this.counters, t) - 1]?.[COUNTERS.indexOf(name) + 1] ?? 0;
  }

  /** The tracks of the teams that were called to a crossing. */
  teamsTo(of) {
    return [...this.called.get(of) ?? []].map((id) => this.tracks.get(id));
  }

  /** How many worksites were shut from `since` to `until`. */
  sitesShut(since, until) {
    const within = ([t, open]) => t >= since && t <= until && !open;
    return this.shut.filter((steps) => steps.rows.some(within)).length;
  }

  /** The incident that a crossing or a plan led to, or null. */
  eventOf(of) {
    return this.events.find((event) => event.of === of) ?? null;
  }

  districtAt(km) {
    const { districts } = this.ground;
    const found = districts.findIndex((district) => km < district.to);
    return found < 0 ? districts.length - 1 : found;
  }

  /** Darkness 0 (day) to 1 (night) at `share` of the way from the west end to the east end. */
  darkness(t, share) {
    const { sun } = this.ground;
    const day = Math.min(Math.max(Math.floor(t), 0), sun.length - 1);
    const row = sun[day];
    const rise = row[1] + share * (row[3] - row[1]);
    const set = row[2] + share * (row[4] - row[2]);
    const now = t - Math.floor(t);
    const light = Math.min(now - rise, set - now) / TWILIGHT + 0.5;
    return 1 - Math.min(Math.max(light, 0), 1);
  }
}

const TWILIGHT = 0.05; // days, about 70 minutes from full night to full day

const DAY_NAMES = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTH_NAMES = [
  "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/** The date and time of day `t` of a world that starts on the ISO date `start`. */
export function calendar(start, t) {
  const minutes = Math.floor(t * 1440 + 1e-6);
  const date = new Date(Date.parse(`${start}T00:00:00Z`) + minutes * 60000);
  const two = (n) => String(n).padStart(2, "0");
  const day = `${date.getUTCDate()} ${MONTH_NAMES[date.getUTCMonth()]}`;
  return {
    day,
    weekday: DAY_NAMES[date.getUTCDay()],
    year: date.getUTCFullYear(),
    time: `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`,
    month: MONTH_NAMES[date.getUTCMonth()],
    first: date.getUTCDate() === 1,
  };
}

/** The same to the nearest minute, as in the sentences. */
export function nearestMinute(start, t) {
  return calendar(start, t + 0.5 / 1440);
}

/** `Tue 23 Dec 2025, 04:10`. */
export function momentText(start, t) {
  const { weekday, day, year, time } = calendar(start, t);
  return `${weekday} ${day} ${year}, ${time}`;
}
