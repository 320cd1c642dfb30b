// The whole campaign in virtual time: what would happen, as far as a model of callees can tell.

import { post } from "./api.js";
import { hourChart, hourTable } from "./campaign-hours.js";
import { h } from "./dom.js";
import { clockOfSeconds, percent, plain, when } from "./words.js";

/** - `path`: of the campaign. */
export function section(path) {
  const begins = h("input", { type: "datetime-local", id: "rehearsal-begins" });
  const seed = h("input", { type: "number", id: "rehearsal-seed", min: 0, value: "1" });
  const go = h("button", { type: "submit" }, "Rehearse");
  const status = h("p", { class: "soft small", role: "status" });
  const box = h("div", { class: "stack" });

  async function run(event) {
    event.preventDefault();
    go.disabled = true;
    status.textContent = "Rehearsing; nobody is called.";
    try {
      draw(await post(`${path}/rehearsal`, { begins: begins.value ? new Date(begins.value).toISOString() : undefined, seed: Number(seed.value) || 0 }));
      status.textContent = "";
    } catch (problem) {
      status.replaceChildren(h("span", { class: "error" }, problem.message));
    } finally { go.disabled = false; }
  }

  function draw(report) {
    const stat = (words, value) => h("div", { class: "stat" }, h("b", {}, value), h("span", {}, words));
    const table = (title, counts) => h("section", { "aria-label": title }, h("h3", { class: "small soft" }, title), h("dl", { class: "pairs" },
      Object.entries(counts).sort((a, b) => b[1] - a[1]).flatMap(([word, count]) => [h("dt", {}, plain(word)), h("dd", {}, String(count))]),
      Object.keys(counts).length ? [] : [h("dt", {}, "none"), h("dd", {}, "")]));
    const { model } = report;
    box.replaceChildren(
      h("div", { class: "stats" },
        stat("contacts", String(report.contacts)), stat("attempts", String(report.attempts)), stat("answered by a person", String(report.answered)),
        stat("abandoned", String(report.abandoned)), stat("calls at a time, at most", String(report.mostCalls)), stat("on the line, all calls", clockOfSeconds(report.lineSeconds)),
        report.lineCost ? stat("for the carrier's lines", `${Number(report.lineCost.amount).toFixed(2)} ${report.lineCost.currency}`) : null,
        stat("the last call ends", report.finishes ? when(report.finishes) : "nobody is called")),
      ...[
        report.paused ? `The campaign would pause: ${report.paused}.` : "",
        report.isCutShort ? "This took more than a minute and was stopped; the figures are of its beginning." : "",
        report.unfinished ? `${report.unfinished} contacts still wait at the end.` : "",
      ].filter(Boolean).map((words) => h("p", { class: "error" }, words)),
      ...report.bounds.map((bound) => h("p", { class: "small soft" }, `${bound.key} allows ${bound.allowed} of the ${bound.wanted} that the campaign's pacing asks for.`)),
      ...(report.hours.length ? [hourChart(report.hours), h("details", { class: "as-table" }, h("summary", {}, "As a table"),
        h("div", { class: "table-box", tabindex: 0, role: "region", "aria-label": "The rehearsal's attempts by hour" }, hourTable(report.hours)))] : []),
      h("div", { class: "health-grid" }, table("Attempts, by outcome", report.outcomes), table("Never called (again), by rule", report.blocked), table("Decisions to wait, by rule", report.delayed)),
      h("p", { class: "small soft" }, `Assumed of the callees: ${percent(model.talks)} talk, ${percent(model.hangsUpEarly)} hang up early, ${percent(model.optsOut)} opt out, ${percent(model.machine)} machines, ${percent(model.busy)} busy, ${percent(model.fails)} failures; the rest does not answer. It is no forecast.`));
  }

  return h("section", { class: "card pad stack", "aria-label": "Rehearsal" }, h("h2", {}, "Rehearsal"),
    h("form", { class: "filters", onsubmit: run },
      h("label", { class: "field", for: "rehearsal-begins" }, "Begins (now when empty)", begins),
      h("label", { class: "field", for: "rehearsal-seed" }, "Seed", seed), go),
    status, box);
}
