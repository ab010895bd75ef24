// The page to explore: every number in it was measured by the run and stands in the block "data";
// here they are looked up, written as text and drawn, and nothing is computed but who reaches a
// threshold. Names are set as text alone, so that none of them can be more than a name.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const WHOM = {
  selection_rate: "everybody",
  true_positive_rate: `those who ${data.outcome.did}`,
  false_positive_rate: `those who ${data.outcome.did_not}`,
};
const WIDE = 640, HIGH = 260, LEFT = 64, RIGHT = 8, TOP = 8, FOOT = 38;

// --- words and elements ---------------------------------------------------------------------

function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function drawn(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

const number = (value, digits) =>
  value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .replace("-", "−");
const percent = (share) => number(100 * share, 1);
const signed = (value, digits) => (value > 0 ? "+" : "") + number(value, digits);

function points(rater, value) {
  return number(value, rater.digits) + (rater.unit ? ` ${rater.unit}` : "");
}

function interval([, low, high], shown) {
  return low === null ? "" : ` (${shown(low)} to ${shown(high)})`;
}

function share(fact) {
  return fact[0] === null ? "nobody to measure" : `${percent(fact[0])} %${interval(fact, percent)}`;
}

function listed(parts) {
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : parts.join("");
}

function fill(select, names) {
  const before = select.selectedIndex;
  select.replaceChildren(...names.map((name, place) => element("option", name, { value: place })));
  select.selectedIndex = before >= 0 && before < names.length ? before : 0;
}

function table(id, rows) {
  at(id).tBodies[0].replaceChildren(...rows.map((cells) => {
    const row = element("tr");
    cells.forEach((cell, place) => {
      const held = place ? element("td") : element("th", "", { scope: "row" });
      held.append(...[cell].flat());
      row.append(held);
    });
    return row;
  }));
}

// --- the threshold --------------------------------------------------------------------------

const rater = () => data.raters[at("rater").selectedIndex];
const measure = () => rater().measures[at("measure").selectedIndex];
const feature = () => rater().features[at("feature").selectedIndex];
const place = () => Number(at("threshold").value);

function chooseRater() {
  const chosen = rater();
  fill(at("feature"), chosen.features.map((each) => each.name));
  fill(at("measure"), chosen.measures.map((name) => `Of ${WHOM[name]}`));
  at("threshold").max = chosen.thresholds.length - 1;
  at("in-force").replaceChildren(...chosen.in_force.map(([threshold, granted]) => {
    const button = element("button", `${points(chosen, threshold)}: ${granted}`, { type: "button" });
    button.addEventListener("click", () => moveTo(chosen.thresholds.indexOf(threshold)));
    return button;
  }));
  moveTo(chosen.thresholds.indexOf(chosen.threshold));
  showCitizen();
}

function moveTo(where) {
  at("threshold").value = Math.max(where, 0);
  showGroups();
}

function bar(fact) {
  const made = element("span", "", { class: "bar", "aria-hidden": "true" });
  const filled = element("span", "", { class: "filled" });
  filled.style.width = `${100 * fact[0]}%`;
  made.append(filled);
  if (fact[1] !== null) {
    const sure = element("span", "", { class: "sure" });
    sure.style.left = `${100 * fact[1]}%`;
    sure.style.width = `${100 * (fact[2] - fact[1])}%`;
    made.append(sure);
  }
  return made;
}

function showGroups() {
  const chosen = rater(), name = measure(), groups = feature().groups, here = place();
  const threshold = points(chosen, chosen.thresholds[here]);
  const names = chosen.in_force.filter(([each]) => each === chosen.thresholds[here]);
  const granted = names.length ? ` (in force: ${listed(names.map(([, each]) => each))})` : "";
  at("shown").textContent = threshold;
  at("threshold").setAttribute("aria-valuetext", threshold + granted);
  const known = groups.filter((each) => each.rates[name][here][0] !== null);
  const said = known.map((each) => `${percent(each.rates[name][here][0])} % of ${each.said}`);
  const whom = name === "selection_rate" ? "" : `, and of ${WHOM[name]} alone`;
  at("said").textContent = said.length
    ? `With a threshold of ${threshold}${granted}${whom}, ${listed(said)} would pass.`
    : `With a threshold of ${threshold}${granted}, nobody can be measured.`;
  const reference = groups.find((each) => !each.gaps);
  at("gap-head").textContent =
    reference ? `Percentage points beside ${reference.name}` : "Beside the reference group";
  table("groups", groups.map((each) => {
    const fact = each.rates[name][here], gap = each.gaps?.[name][here];
    const people = element("span", `${number(each.people, 0)} people`, { class: "note" });
    const passes = [share(fact), ...(fact[0] === null ? [] : [bar(fact)])];
    const apart = gap && gap[0] !== null
      ? signed(100 * gap[0], 1) + interval(gap, percent) : gap ? "" : "compared with";
    return [[each.name, people], passes, apart];
  }));
  drawCurves(chosen, name, groups, here);
}

function drawCurves(chosen, name, groups, here) {
  const all = chosen.thresholds, first = all[0], last = all[all.length - 1];
  const x = (value) => LEFT + (WIDE - LEFT - RIGHT) * (last > first ? (value - first) / (last - first) : 0.5);
  const y = (value) => TOP + (HIGH - TOP - FOOT) * (1 - value);
  const picture = drawn("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, "aria-hidden": "true", focusable: "false" });
  for (const value of [0, 0.25, 0.5, 0.75, 1]) {
    picture.append(drawn("line", { x1: LEFT, x2: WIDE - RIGHT, y1: y(value), y2: y(value), class: "grid" }));
    picture.append(drawn("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, `${100 * value} %`));
  }
  for (const value of [first, all[Math.floor(all.length / 2)], last]) {
    const anchor = value === first ? "start" : value === last ? "end" : "middle";
    picture.append(drawn("text", { x: x(value), y: HIGH - 14, "text-anchor": anchor }, points(chosen, value)));
  }
  groups.forEach((each, order) => {
    const facts = each.rates[name].map((fact, step) => [all[step], ...fact]).filter((fact) => fact[1] !== null);
    const sure = facts.filter((fact) => fact[2] !== null);
    const band = [...sure.map((f) => [f[0], f[3]]), ...sure.map((f) => [f[0], f[2]]).reverse()];
    const path = (line) => line.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(" ");
    picture.append(drawn("polygon", { points: path(band), class: `band line-${order % 6}` }));
    picture.append(drawn("polyline", { points: path(facts), class: `curve line-${order % 6}` }));
  });
  const now = x(all[here]);
  picture.append(drawn("line", { x1: now, x2: now, y1: TOP, y2: HIGH - FOOT, class: "now" }));
  at("picture").replaceChildren(picture);
  at("key").replaceChildren(...groups.map((each, order) => {
    const item = element("li"), sign = drawn("svg", { viewBox: "0 0 28 8", "aria-hidden": "true", class: "sign" });
    sign.append(drawn("line", { x1: 0, x2: 28, y1: 4, y2: 4, class: `curve line-${order % 6}` }));
    item.append(sign, ` ${each.name}`);
    return item;
  }));
}

// --- single citizens ------------------------------------------------------------------------

function verdict(chosen, score) {
  return score >= chosen.threshold ? "passes" : "is refused";
}

function moved(chosen, score, from) {
  const [now, before] = [verdict(chosen, score), verdict(chosen, from)];
  const turned = now === before ? `${now} too` : now;
  return [points(chosen, score), signed(score - from, chosen.digits), turned];
}

function showCitizen() {
  if (!data.citizens.length) return;
  const chosen = rater(), citizen = data.citizens[at("citizen").selectedIndex];
  const own = citizen.raters[at("rater").selectedIndex];
  at("who").textContent =
    `${citizen.name}: ${points(chosen, own.score)} at ${chosen.name}, where ${points(chosen, chosen.threshold)} ` +
    `are needed: ${verdict(chosen, own.score)}.`;
  at("compared").textContent =
    `Others score ${points(chosen, own.compared)} on average. What lies between:`;
  const most = Math.max(...own.reasons.map(([, worth]) => Math.abs(worth)), 1e-9);
  table("reasons", own.reasons.map(([name, worth, text]) => {
    const made = element("span", "", { class: `worth ${worth < 0 ? "less" : "more"}`, "aria-hidden": "true" });
    made.style.width = `${(50 * Math.abs(worth)) / most}%`;
    return [name, [signed(worth, chosen.digits), made], text];
  }));
  table("twins", own.twins.map(([name, group, other, score]) =>
    other ? [`${name}: ${other} instead of ${group}`, ...moved(chosen, score, own.score)]
      : [`${name}: ${group}`, "no twin was made", "", ""]));
  const friends = own.friends;
  at("friends").textContent = friends
    ? `With the friends of ${friends.people} other citizens, one at a time, the score would be ` +
      `${points(chosen, friends.middle)} in the middle, and from ${points(chosen, friends.low)} to ` +
      `${points(chosen, friends.high)} for eight in ten of them. With ${share(friends.passes)} of them the ` +
      "citizen would pass."
    : "This rater reads nobody’s friends, or does not know the citizen: other friends would change nothing.";
  table("responses", own.responses.map(([regime, done, after, cost]) => {
    const [heading, description] = chosen.regimes[regime], [score, , decision] = moved(chosen, after, own.score);
    const told = [heading, element("span", description, { class: "note" })];
    return [told, done || "nothing", `${score}: ${decision}`, `${percent(cost)} %`];
  }));
}

function step(by) {
  const select = at("citizen"), many = select.options.length;
  select.selectedIndex = (select.selectedIndex + by + many) % many;
  showCitizen();
}

// --- start ----------------------------------------------------------------------------------

fill(at("rater"), data.raters.map((each) => each.name));
at("rater").addEventListener("change", chooseRater);
for (const id of ["feature", "measure"]) at(id).addEventListener("change", showGroups);
at("threshold").addEventListener("input", showGroups);
if (data.citizens.length) {
  fill(at("citizen"), data.citizens.map((each) => each.name));
  at("citizen").addEventListener("change", showCitizen);
  at("before").addEventListener("click", () => step(-1));
  at("after").addEventListener("click", () => step(1));
}
chooseRater();
document.documentElement.classList.add("ready");
