// Who did what, and whether the record of it is whole.

import { get } from "./api.js";
import { h, toast } from "./dom.js";
import { exactly } from "./words.js";

const PAGE = 50;
const looks = { done: "good", refused: "warn", failed: "bad" };

/** The section for those who may read the audit log. */
export function section() {
  const actor = h("input", { id: "audit-actor", type: "search", maxlength: 200, placeholder: "key 64ab63e7" });
  const act = h("input", { id: "audit-act", type: "search", maxlength: 200 });
  const rows = h("tbody");
  const more = h("button", { type: "button", onclick: () => load(next).catch(failed) }, "Show more");
  const moreBox = h("div", { class: "more", hidden: true }, more);
  const empty = h("p", { class: "soft", hidden: true }, "No row fits. Names are those of the rows, letter for letter.");
  const table = h("div", { class: "table-box", tabindex: 0, role: "region", "aria-label": "Rows of the audit log" }, h("table", {},
    h("caption", { class: "visually-hidden" }, "Acts, newest first"),
    h("thead", {}, h("tr", {}, ["Row", "When", "Who", "Act", "Of what", "Came to", "Details"].map((words) => h("th", { scope: "col" }, words)))), rows));
  const check = h("button", { type: "button", onclick: () => verify() }, "Check the chain");
  const verdict = h("p", { class: "small", role: "status" });
  const failed = (error) => toast(error.message);

  let next;
  let asked = 0;
  /** What the rows that are shown were picked by: more of them are of the same, whatever stands in the fields by then. */
  let picked;
  async function load(before) {
    const mine = ++asked;
    if (before === undefined) picked = { actor: actor.value.trim(), act: act.value.trim() };
    const page = await get("/audit", { limit: PAGE, before, ...picked });
    if (mine !== asked) return;
    if (before === undefined) rows.replaceChildren();
    rows.append(...page.entries.map(row));
    next = page.next;
    moreBox.hidden = next === undefined;
    empty.hidden = rows.children.length > 0;
    table.hidden = !empty.hidden;
  }

  const row = (one) => h("tr", {},
    h("td", { class: "numbers" }, String(one.number)),
    h("td", { class: "numbers once" }, exactly(one.happenedAt)),
    h("td", {}, one.actorName, h("div", { class: "soft small" }, one.actor)),
    h("td", {}, one.act),
    h("td", { class: "mono" }, one.subject || "–"),
    h("td", {}, h("span", { class: `chip ${looks[one.outcome]}` }, one.outcome)),
    h("td", { class: "small" }, Object.entries(one.detail).sort().map(([name, value]) => h("div", {}, `${name}: ${value}`))));

  async function verify() {
    check.disabled = true;
    verdict.textContent = "Walking along the chain …";
    try {
      const found = await get("/audit/verification");
      verdict.replaceChildren(...(found.isWhole
        ? [`Whole: ${found.rows} rows, from ${found.first} on, are as they were written. Keep the last one elsewhere to compare with: row ${found.head.number}, `, h("code", {}, found.head.hash)]
        : [h("span", { class: "error" }, `Not whole: row ${found.fault.number} is ${found.fault.kind}. ${found.fault.detail}`)]));
    } catch (error) { verdict.replaceChildren(h("span", { class: "error" }, error.message)); }
    check.disabled = false;
  }

  load().catch(failed);
  return h("section", { class: "card pad stack audit", "aria-label": "Audit log" },
    h("div", { class: "row spread" }, h("h2", {}, "Audit log"), check), verdict,
    h("form", { class: "filters", onsubmit: (event) => { event.preventDefault(); load().catch(failed); } },
      h("label", { class: "field", for: "audit-actor" }, "Who, by the row's second line", actor), h("label", { class: "field", for: "audit-act" }, "Act", act), h("button", {}, "Show")),
    table, empty, moreBox);
}
