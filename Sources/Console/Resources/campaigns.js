// Campaigns: how they go, how many people are how far, and starting and stopping them.

import { get, post } from "./api.js";
import * as contacts from "./campaign-contacts.js";
import * as making from "./campaign-new.js";
import { hourChart, hourTable } from "./campaign-hours.js";
import * as rehearsal from "./campaign-rehearsal.js";
import { ask, h, pageHead, redraw, toast } from "./dom.js";
import { builds, plain, when } from "./words.js";

/** While a campaign runs its numbers move. */
const INTERVAL = 3000;
const PAGE = 100;

const looks = { created: "", running: "good", paused: "warn", finished: "" };
const state = (status) => h("span", { class: `chip ${looks[status.state]}`, title: status.reason ?? "" }, status.state);

/** Of a limit, the part from which on it is near. */
const NEAR = 0.8;
const tenths = (share) => `${(share * 100).toFixed(1)} %`;

/** How the share of people without an agent in time stands to its limit, in words and as a colour; as the gate judges it. */
function standing({ answered, abandoned, late, share, limit }) {
  if (!answered) return ["nobody has answered yet", ""];
  if (share >= limit && abandoned + late > 1) return [`at the limit of ${tenths(limit)}: nobody is called`, "bad"];
  if (share >= limit) return [`over the limit of ${tenths(limit)}, but one of few: calls go on until a second one`, "warn"];
  if (share >= NEAR * limit) return [`near the limit of ${tenths(limit)}: at it nobody is called`, "warn"];
  return [`within the limit of ${tenths(limit)}`, "good"];
}

/** The figures at the head of a campaign's page. */
function figures({ waiting, calling, done, contacts, abandonment }) {
  const figure = (name, number, words, more, look = "") => h("div", { class: "stat", dataset: { figure: name } },
    h("b", { class: look }, number), h("span", {}, words), more ? h("span", { class: `below ${look}` }, more) : null);
  return [
    figure("waiting", String(waiting), waiting === 1 ? "person waits to be called" : "people wait to be called"),
    figure("calling", String(calling), "being called now"),
    figure("done", String(done), `done, of ${contacts}`),
    abandonment ? figure("abandonment", tenths(abandonment.share),
      `had no agent within 2 s, of ${abandonment.answered} who answered in 30 days: ${abandonment.abandoned} met none, ${abandonment.late} a late one`,
      ...standing(abandonment)) : null,
  ].filter(Boolean);
}

export async function show(main, { parameters, session }) {
  const mayBuild = builds(session.scope);
  if (mayBuild && parameters.get("new")) return making.show(main);
  const rows = h("tbody");
  const showsDials = h("input", { type: "checkbox", onchange: () => draw().catch((error) => toast(error.message)) });
  // As many as are shown; grows by a page with each wish for more.
  let limit = PAGE;
  const more = h("button", { type: "button", hidden: true, onclick: () => { limit = Math.min(limit + PAGE, 1000); draw().catch((error) => toast(error.message)); } }, "Show more");
  const empty = h("div", { class: "empty", hidden: true }, h("h2", {}, "No campaigns"),
    h("p", {}, mayBuild ? "“New campaign” makes one; its page takes the list of people." : "A builder makes one here, or with parley campaign create."));
  const table = h("div", { class: "card table-box" }, h("table", {},
    h("caption", { class: "visually-hidden" }, "Campaigns by name"),
    h("thead", {}, h("tr", {},
      h("th", { scope: "col" }, "Campaign"), h("th", { scope: "col" }, "State"), h("th", { scope: "col", class: "right" }, "Contacts"),
      h("th", { scope: "col" }, "Done"), h("th", { scope: "col", class: "right hide-narrow" }, "Being called"),
      h("th", { scope: "col", class: "right hide-narrow" }, "Attempts"))), rows));
  main.append(pageHead("Campaigns", "Calling a list of people, lawfully and once each.", ...(mayBuild ? [h("a", { class: "button primary", href: "#/campaigns?new=true" }, "New campaign")] : [])),
    h("label", { class: "row small soft" }, showsDials, "Show single calls and callbacks too"), table, more, empty);

  async function draw() {
    const { campaigns: shown, next } = await get("/campaigns", { limit, dials: showsDials.checked || undefined });
    redraw(rows, ...shown.map((status) => h("tr", {},
      h("td", {}, h("a", { href: `#/campaigns/${encodeURIComponent(status.name)}` }, status.name)),
      h("td", {}, state(status)),
      h("td", { class: "right numbers" }, String(status.contacts)),
      h("td", {}, h("span", { class: "progress", title: `${status.done} of ${status.contacts}` }, h("i", { style: { "--share": status.contacts ? status.done / status.contacts : 0 } })), h("span", { class: "small soft numbers" }, ` ${status.done}`)),
      h("td", { class: "right numbers hide-narrow" }, String(status.calling)),
      h("td", { class: "right numbers hide-narrow" }, String(status.attempts)))));
    more.hidden = !next || limit >= 1000;
    empty.hidden = shown.length > 0;
    table.hidden = shown.length === 0;
  }
  await draw();
  const timer = setInterval(() => draw().catch(() => {}), INTERVAL);
  return () => clearInterval(timer);
}

export async function showCampaign(main, { argument: name, session }) {
  const path = `/campaigns/${encodeURIComponent(name)}`;
  const mayAct = session.scope !== "viewer";
  const chip = h("span", {});
  const reason = h("p", { class: "soft" });
  const act = h("button", { type: "button" });
  const head = h("section", { class: "stats", "aria-label": "Figures" });
  const funnel = h("div", { class: "funnel" });
  const outcomes = h("dl", { class: "pairs" });
  const doneBy = h("dl", { class: "pairs" });
  const facts = h("dl", { class: "pairs" });
  const hours = h("div", {});
  const hourRows = h("div", { class: "table-box", tabindex: 0, role: "region", "aria-label": "Attempts by hour, as a table" });
  const pace = h("section", { class: "card pad", "aria-label": "Pace", hidden: true }, h("h2", { class: "gap" }, "Attempts by hour, last seven days"), hours,
    h("details", { class: "as-table" }, h("summary", {}, "As a table"), hourRows));
  main.append(...[
    h("div", {}, h("a", { class: "crumb", href: "#/campaigns" }, "← Campaigns"),
      pageHead(name, undefined, mayAct ? act : null,
        // Every number is in it, so that it is for those who may call them.
        ...(mayAct ? ["csv", "jsonl"] : []).map((format) =>
          h("a", { class: "button", href: `/api/v1${path}/export?format=${format}`, download: `${name}.${format}` }, format === "csv" ? "Export CSV" : "Export JSON"))),
      h("div", { class: "facts" }, chip), reason),
    head,
    h("section", { class: "card pad", "aria-label": "Funnel" }, h("h2", { class: "gap" }, "How far"), funnel), pace,
    builds(session.scope) ? [contacts.section(path, () => get(path).then(draw)), rehearsal.section(path)] : [],
    h("div", { class: "health-grid" },
      h("section", { class: "card pad", "aria-label": "Attempts" }, h("h2", { class: "gap" }, "Attempts, by outcome"), outcomes),
      h("section", { class: "card pad", "aria-label": "Done" }, h("h2", { class: "gap" }, "Contacts that are done, by"), doneBy),
      h("section", { class: "card pad", "aria-label": "Definition" }, h("h2", { class: "gap" }, "Definition"), facts))].flat());

  /** To the calls of this campaign that have this. Where nobody answered there was no call. */
  const calls = (more) => `#/calls?${new URLSearchParams({ campaign: name, ...more })}`;
  const table = (element, counts, leads) => redraw(element, ...Object.entries(counts).sort((a, b) => b[1] - a[1]).flatMap(([word, count]) => [h("dt", {}, plain(word)),
    h("dd", {}, leads(word) ? h("a", { href: calls({ attempt: word }), "aria-label": `${count}: calls of attempts that ended ${plain(word)}` }, String(count)) : String(count))]),
    ...(Object.keys(counts).length ? [] : [h("dt", {}, "none yet"), h("dd", {}, "")]));

  let drawnHours = "";
  let drawn = "";
  function draw(campaign) {
    // Only what is new is drawn, so that nobody's place in the table is lost.
    if (drawn === JSON.stringify(campaign)) return;
    drawn = JSON.stringify(campaign);
    const { status, definition, funnel: stages, pace: hoursOfCalls } = campaign;
    if (drawnHours !== JSON.stringify(hoursOfCalls)) {
      drawnHours = JSON.stringify(hoursOfCalls);
      pace.hidden = hoursOfCalls.length === 0;
      hours.replaceChildren(hourChart(hoursOfCalls));
      hourRows.replaceChildren(hourTable(hoursOfCalls));
    }
    chip.replaceChildren(state(status));
    reason.textContent = status.reason ?? "";
    head.replaceChildren(...figures(status));
    const isRunning = status.state === "running";
    act.textContent = isRunning ? "Pause" : status.state === "created" ? "Start" : "Resume";
    act.hidden = status.state === "finished";
    act.onclick = () => (isRunning ? pause() : resume(status));
    const rows = [["contacts", stages.contacts], ["called", stages.called, {}], ["answered by a person", stages.answered, { feature: "person" }], ["talked with the agent", stages.reached, { feature: "talked" }]];
    redraw(funnel, ...rows.map(([words, count, picks]) => h("div", { class: "stage-row" },
      h("span", { class: "bar" }, h("i", { style: { width: `${stages.contacts ? (count / stages.contacts) * 100 : 0}%` } })),
      h("b", { class: "numbers" }, String(count)), picks ? h("a", { class: "soft", href: calls(picks) }, words) : h("span", { class: "soft" }, words))));
    table(outcomes, status.outcomes, () => true);
    // A rule ends a contact without an attempt.
    table(doneBy, status.doneBy, (word) => word in status.outcomes);
    facts.replaceChildren(...[
      ["Agent", definition.agent], ["In the name of", definition.seller], ["Purpose", definition.purpose],
      ["Calls from", definition.callerIDs.join(", ")], ["Countries", definition.countries.join(", ")],
      ["Days", `${definition.starts ?? "any"} – ${definition.ends ?? "any"}`], ["Attempts at most", String(definition.attempts)],
      ["Calls at a time", String(definition.concurrency)], ["Calls a second", String(definition.callsPerSecond)],
      ["Begun", status.startedAt ? when(status.startedAt) : "–"],
    ].flatMap(([word, value]) => [h("dt", {}, word), h("dd", {}, value)]));
  }

  async function pause() {
    const why = h("input", { maxlength: 200, "aria-label": "Why", placeholder: "Why, for those who look at it later" });
    const reason = await ask({ title: "Pause this campaign?", body: [h("p", {}, "No more calls are placed; those under way go on to their end."), why], accept: "Pause it", read: () => why.value.trim() || "by hand" });
    if (reason) await change("pause", { reason });
  }
  async function resume(status) {
    const yes = await ask({ title: "Let the service call?", body: h("p", {}, `${status.waiting} people are waiting to be called; the law's hours hold.`), accept: "Call them" });
    if (yes) await change(status.state === "created" ? "start" : "resume");
  }
  async function change(verb, body) {
    try { draw(await post(`${path}/${verb}`, body)); } catch (error) { toast(error.message); }
  }

  draw(await get(path));
  const timer = setInterval(() => get(path).then(draw).catch(() => {}), INTERVAL);
  return () => clearInterval(timer);
}
