/* Elements of the page, without a framework. */

/** `element("button", {class: "x", onclick: f}, "text", child, ...)`. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && typeof value === "boolean") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** A select with `[value, label]` options. */
export function choice(properties, options) {
  const made = element("select", properties);
  made.replaceChildren(...options.map(([value, label]) => element("option", { value }, label)));
  return made;
}

/** Set the text only if it differs, since an unchanged page needs no new layout. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** A number with separators between thousands. */
export function numberText(value, digits = 0) {
  return value.toLocaleString("en-GB", { minimumFractionDigits: 0, maximumFractionDigits: digits });
}

const UNITS = { "1/day": "a day", "1/year": "a year", "h/day": "h a day", h: "h" };

/** A value with its unit: `2 a day`, `30 %`, `1 team`. */
export function amountText(value, unit, digits = 0) {
  if (unit === "share" || unit === "probability") return `${numberText(100 * value)}\u202f%`;
  const said = UNITS[unit] ?? (value === 1 ? unit.replace(/s$/, "") : unit);
  return `${numberText(value, digits)} ${said}`;
}

/** A test that is true at most once in that many milliseconds. */
export function every(milliseconds) {
  let last = -Infinity;
  return (now) => {
    if (now - last < milliseconds) return false;
    last = now;
    return true;
  };
}
