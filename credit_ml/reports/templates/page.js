"use strict";
// Without this script every table is whole and every number's link works; with it, tables sort,
// long ones filter, and each is downloaded as CSV. Nothing is asked for.
const LONG = 12; // rows from which a table gets a filter
// An estimate with its interval, and the sign that says on which side all of it lies.
const INTERVAL = /^(.*\d.*?) \((\S+) to (\S+)\)(?: \S)?$/;
const NUMBER = /^([-+]?\d[\d,]*(?:\.\d+)?)\s*(.*)$/;

function text(cell) {
  return cell.textContent.replace(/\s+/g, " ").trim();
}

function plain(words) {
  return words.replace(/\u2212/g, "-");
}

// Rows of one body in the order of a column; what has no number or no words comes last.
function ordered(rows, column, numeric, down) {
  const keyed = rows.map(row => {
    const words = plain(text(row.cells[column]));
    const number = parseFloat(words.replace(/,/g, "").replace(/^[^\d-]*/, ""));
    return { row, key: numeric ? number : words, none: numeric ? isNaN(number) : !words };
  });
  const compare = (a, b) => numeric ? a.key - b.key : a.key.localeCompare(b.key, "en", { numeric: true });
  return keyed
    .sort((a, b) => a.none - b.none || (a.none ? 0 : (down ? -1 : 1) * compare(a, b)))
    .map(each => each.row);
}

function entries(body) {
  return [...body.rows].filter(row => !row.classList.contains("block"));
}

function sortable(table) {
  const heads = [...table.tHead.rows[0].cells].filter(each => each.matches("th"));
  const bodies = [...table.tBodies].map(body => [body, entries(body)]);
  for (const head of heads) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    // A head that leads to a cell keeps its link: buttons hold none.
    if (head.querySelector("a")) button.setAttribute("aria-label", `Sort by ${text(head)}`);
    else button.append(...head.childNodes);
    head.append(button);
    // Up, down, and as it was.
    button.addEventListener("click", () => {
      const now = { ascending: "descending", descending: "" }[head.getAttribute("aria-sort")] ?? "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      if (now) head.setAttribute("aria-sort", now);
      const numeric = head.classList.contains("number");
      for (const [body, rows] of bodies)
        body.append(...(now ? ordered(rows, head.cellIndex, numeric, now === "descending") : rows));
    });
  }
}

// A column of numbers with intervals is three columns, and its unit stands in their heads; where
// the rows have several units, these are a column too.
function columns(rows, heads) {
  return heads.flatMap((head, column) => {
    const name = text(head);
    const cells = rows.map(row => plain(text(row.cells[column])));
    const parts = cells.map(cell => INTERVAL.exec(cell)?.slice(1) ?? [cell, "", ""]);
    const read = parts.map(([first]) => NUMBER.exec(first));
    const known = cells.every((cell, place) => read[place] || /^\u2013?$/.test(cell));
    if (!head.classList.contains("number") || !known) return [[name, ...cells]];
    const units = read.map(found => found?.[2] ?? "");
    const one = new Set(units.filter((_, place) => read[place])).size <= 1;
    const unit = one ? units.find(Boolean) : "";
    const named = name + (unit ? ` [${unit}]` : "");
    const number = words => words.replace(/,/g, "");
    const made = [[named, ...read.map(found => found ? number(found[1]) : "")]];
    if (parts.some(part => part[1]))
      for (const [end, place] of [["low", 1], ["high", 2]])
        made.push([`${named}, ${end}`, ...parts.map(part => number(part[place]))]);
    if (!one) made.push([`${name}, unit`, ...units]);
    return made;
  });
}

// A cell that a spreadsheet would compute is text there: an apostrophe stands before it.
function quoted(cell) {
  const safe = /^[=+\-@\t\r]/.test(cell) && !/^[-+]?[\d.]+$/.test(cell) ? `'${cell}` : cell;
  return /[",\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

function csv(table, kept) {
  const rows = kept.flatMap(([, own]) => own);
  const made = columns(rows, [...table.tHead.rows[0].cells]);
  const blocks = kept.flatMap(([heading, own]) => own.map(() => heading));
  if (blocks.some(Boolean)) made.unshift(["Part", ...blocks]);
  const lines = made[0].map((_, row) => made.map(column => quoted(column[row])).join(","));
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

function saved(table, kept, caption) {
  const name = `${document.title} ${caption}`.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csv(table, kept)], { type: "text/csv;charset=utf-8" }));
  link.download = `${name.replace(/^-|-$/g, "").slice(0, 80)}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function filter(table, caption) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  const said = document.createElement("span");
  input.type = "search";
  input.setAttribute("aria-label", `Show rows with these words: ${caption}`);
  said.setAttribute("role", "status");
  label.append("Filter ", input);
  const shown = () => {
    const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0, all = 0;
    for (const body of table.tBodies) {
      const heading = body.querySelector(".block");
      const about = heading ? text(heading).toLowerCase() : "";
      let left = 0;
      for (const row of entries(body)) {
        const words = `${about} ${text(row).toLowerCase()}`;
        row.hidden = !wanted.every(each => words.includes(each));
        left += !row.hidden;
        all += 1;
      }
      if (heading) heading.hidden = !left;
      count += left;
    }
    said.textContent = wanted.length ? `${count} of ${all} rows` : "";
  };
  input.addEventListener("input", shown);
  table.showAll = () => { input.value = ""; shown(); };
  return [label, said];
}

for (const table of document.querySelectorAll(".scroll > table")) {
  const caption = text(table.caption);
  const kept = [...table.tBodies].map(body => [
    body.querySelector(".block") ? text(body.querySelector(".block")) : "", entries(body)]);
  const count = kept.reduce((sum, [, rows]) => sum + rows.length, 0);
  const tools = document.createElement("div");
  tools.className = "tools";
  if (count > 1) sortable(table);
  if (count > LONG) tools.append(...filter(table, caption));
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "CSV";
  button.setAttribute("aria-label", `Download as CSV: ${caption}`);
  button.addEventListener("click", () => saved(table, kept, caption));
  tools.append(button);
  table.parentElement.before(tools);
}

// A number in the words leads to its cell: what is folded around it opens first.
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  let fold = target.closest("details");
  while (fold) {
    fold.open = true;
    fold = fold.parentElement.closest("details");
  }
  if (target.closest("tr")?.hidden) target.closest("table").showAll();
  target.scrollIntoView({ block: target.closest("td, th") ? "center" : "start" });
}
addEventListener("hashchange", reveal);
reveal();
