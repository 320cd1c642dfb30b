// Taking contacts from a file: its first rows, what each column is, and what came of it.

import { newKey, send } from "./api.js";
import { h } from "./dom.js";

/** Bytes that a preview looks at, as the service takes them. */
const BEGINNING = 1048576;
const meanings = [
  ["phone", "telephone number"], ["state", "state of the address"], ["time_zone", "time zone"], ["consent", "consent"],
  ["consent_date", "consent: when"], ["consent_expires", "consent: until when"], ["consent_source", "consent: where the proof is"],
];

/** A column's name as the agent's variables are written. */
const variable = (name) => name.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean).join("_");

/** - `path`: of the campaign; - `changed`: told when there are more contacts. */
export function section(path, changed) {
  const file = h("input", { type: "file", id: "contacts-file", accept: ".csv,.tsv,.txt,text/csv", onchange: () => look() });
  const encoding = h("select", { id: "contacts-encoding", onchange: () => look() },
    h("option", { value: "" }, "found out"), ["utf-8", "utf-16le", "utf-16be", "windows-1252"].map((name) => h("option", { value: name }, name)));
  const summary = h("p", { class: "soft small" });
  const objection = h("p", { class: "error", role: "alert" });
  const table = h("div", { class: "table-box", tabindex: 0, role: "region", "aria-label": "The first rows", hidden: true });
  const rejected = h("ul", { class: "small error", "aria-label": "Rows that would be left out" });
  const take = h("button", { type: "button", class: "primary", disabled: true, onclick: () => bring() }, "Import");
  const result = h("p", { role: "status" });
  let columns = [];
  let selects = [];
  let key;
  let asked = 0;

  const query = (map) => {
    const parameters = new URLSearchParams(map.map((pair) => ["map", pair]));
    if (encoding.value) parameters.set("encoding", encoding.value);
    return parameters;
  };
  // A plus is a plus to the service, and no space.
  const written = (parameters) => (parameters.size ? `?${parameters.toString().replaceAll("+", "%20")}` : "");
  const mapping = () => columns.map((column, index) => `${column.name}:${selects[index].value}`)
    .filter((_, index) => variable(columns[index].name));

  async function look(map) {
    const mine = ++asked;
    const chosen = file.files[0];
    result.replaceChildren();
    if (!chosen) return;
    const parameters = query(map ?? []);
    if (chosen.size > BEGINNING) parameters.set("partial", "true");
    try {
      const found = await send(`${path}/contacts/preview${written(parameters)}`, chosen.slice(0, BEGINNING), "text/csv");
      if (mine === asked) draw(found, chosen);
    } catch (problem) {
      if (mine !== asked) return;
      objection.textContent = problem.message;
      take.disabled = true;
    }
  }

  function draw(found, chosen) {
    // What is another file, or is read in another way, is another thing to do.
    key = newKey();
    objection.textContent = found.objection ?? "";
    take.disabled = Boolean(found.objection);
    summary.textContent = `${found.rowCount} rows${chosen.size > BEGINNING ? " in the first part" : ""}, ${found.rejectedCount} would be left out; read as ${found.encoding} with the delimiter ${found.delimiter}`;
    if (found.columns.length) columns = found.columns;
    const focused = selects.indexOf(document.activeElement);
    const guessed = new Map(found.mapping.map((pair) => [pair.slice(0, pair.lastIndexOf(":")), pair.slice(pair.lastIndexOf(":") + 1)]));
    selects = columns.map((column) => select(column, found.objection ? guessed.get(column.name) ?? variable(column.name) : column.field ?? ""));
    const cell = (row, field) => ({ phone: row.number, state: row.state, time_zone: row.timeZone, consent: row.consent })[field] ?? row.variables[field] ?? "";
    table.replaceChildren(h("table", { class: "mapping" },
      h("caption", { class: "visually-hidden" }, "The first rows, and what each column is"),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Line"), columns.map((column, index) => h("th", { scope: "col" }, column.name, selects[index])))),
      h("tbody", {}, found.rows.slice(0, 8).map((row) => h("tr", {}, h("td", { class: "numbers soft" }, String(row.line)),
        columns.map((column) => h("td", {}, cell(row, column.field))))))));
    table.hidden = columns.length === 0;
    rejected.replaceChildren(...found.rejected.slice(0, 5).map(({ line, reason }) => h("li", {}, `line ${line}: ${reason}`)));
    if (focused >= 0) selects[focused]?.focus();
  }

  function select(column, field) {
    const own = variable(column.name);
    const choices = [["", "left out"], ...meanings];
    for (const name of [own, field]) if (name && !choices.some(([value]) => value === name)) choices.push([name, `variable ${name}`]);
    const element = h("select", { "aria-label": `What ${column.name} is`, onchange: () => look(mapping()) }, choices.map(([value, words]) => h("option", { value }, words)));
    element.value = field;
    return element;
  }

  async function bring() {
    take.disabled = true;
    result.replaceChildren("Taking the contacts; the figures above tell how far it is.");
    try {
      const done = await send(`${path}/contacts${written(query(mapping()))}`, file.files[0], "text/csv", key);
      result.replaceChildren(`${done.added} added, ${done.duplicates} there already, ${done.rejected} left out. `,
        done.rejectedAt ? h("a", { href: done.rejectedAt, download: "" }, "Fetch what was left out") : "");
      await changed();
    } catch (problem) {
      result.replaceChildren(h("span", { class: "error" }, problem.message));
      take.disabled = false;
    }
  }

  return h("section", { class: "card pad stack", "aria-label": "Contacts" }, h("h2", {}, "Add contacts"),
    h("div", { class: "filters" }, h("label", { class: "field", for: "contacts-file" }, "CSV file", file), h("label", { class: "field", for: "contacts-encoding" }, "Encoding", encoding)),
    summary, objection, table, rejected, h("div", { class: "row" }, take), result);
}
