// The list of calls.

import { get } from "./api.js";
import { h, pageHead, toast } from "./dom.js";
import { caller, clock, clockOfSeconds, features, plain, resolutions, speakers, standings, when, zone } from "./words.js";

/** What a link may pick calls by beyond what the form has, in words. */
const picks = {
  since: (value) => `from ${when(Number(value))}`,
  before: (value) => `before ${when(Number(value))}`,
  at: (value) => `on the line ${when(Number(value))}`,
  direction: (value) => value,
  number: (value) => `our number ${value}`,
  campaign: (value) => `campaign ${value}`,
  attempt: (value) => `attempt ${plain(value)}`,
  language: (value) => `language ${value}`,
  version: (value) => `version ${value.slice(0, 8)}`,
  outcome: (value) => plain(value),
  resolution: (value) => resolutions[value] ?? value,
  endReason: (value) => `ended: ${value}`,
  feature: (value) => features[value] ?? value,
  endedSince: (value) => `ended from ${when(Number(value))}`,
  faults: (value) => `went wrong: ${value.split(",").map((fault) => plain(fault.split(":")[0])).join(", ")}`,
  slower: (value) => `an answer after ${value} ms or more`,
  yieldSlower: (value) => `spoke on for ${value} ms or more over the caller`,
  longer: (value) => `${clockOfSeconds(Number(value))} or longer`,
  own: (value) => (value === "true" ? "calls of their own" : "parts of other calls"),
  currency: (value) => `costs in ${value}`,
  card: (value) => `scorecard ${value}`,
  criterion: (value) => `criterion ${plain(value)}`,
  standing: (value) => standings[value]?.[0] ?? value,
  judged: (value) => (value === "true" ? "judged" : "open"),
  scoreBelow: (value) => `fewer than ${value} points`,
  disposition: (value) => `filed under ${plain(value)}`,
  summary: (value) => `summary with ${value}`,
  scoreAtLeast: (value) => (value === "0" ? "has points" : `${value} points or more`),
  ended: (value) => (value === "true" ? "over" : "on the line"),
};

let listed = "#/calls";
/** The list as somebody last picked it, to come back to. */
export const lastList = () => listed;
/** Whoever comes next has picked none. */
export const forgetList = () => { listed = "#/calls"; };

export async function show(main, { parameters }) {
  listed = location.hash;
  const agents = (await get("/agents")).agents;
  // One that there was.
  const wanted = parameters.get("agent");
  if (wanted && !agents.some(({ name }) => name === wanted)) agents.push({ name: wanted });
  const text = h("input", { type: "search", name: "text", placeholder: "Words, number or id", value: parameters.get("text") ?? "", id: "search" });
  const agent = h("select", { id: "agent" }, h("option", { value: "" }, "Every agent"), agents.map(({ name }) => h("option", { value: name, selected: parameters.get("agent") === name }, name)));
  const days = h("select", { id: "days" }, [["", "Any time"], ["1", "Last 24 hours"], ["7", "Last 7 days"], ["30", "Last 30 days"]].map(([value, words]) => h("option", { value, selected: parameters.get("days") === value }, words)));
  const picked = new Map(Object.keys(picks).filter((name) => parameters.get(name)).map((name) => [name, parameters.get(name)]));
  const chips = h("div", { class: "facts", role: "group", "aria-label": "Also picked by" });
  const rows = h("tbody");
  const more = h("button", { type: "button", onclick: () => load(next).catch(failed) }, "Show more");
  const moreBox = h("div", { class: "more", hidden: true }, more);
  const why = h("p", {});
  const empty = h("div", { class: "empty", hidden: true }, h("h2", {}, "No calls"), why);
  const table = h("div", { class: "card table-box" },
    h("table", {},
      h("caption", { class: "visually-hidden" }, "Calls, newest first"),
      h("thead", {}, h("tr", {},
        h("th", { scope: "col", title: `Times of ${zone()}` }, "Began"), h("th", { scope: "col" }, "Caller"), h("th", { scope: "col", class: "hide-narrow" }, "Agent"),
        h("th", { scope: "col", class: "right" }, "Length"), h("th", { scope: "col", class: "hide-narrow" }, "Outcome"),
        h("th", { scope: "col", class: "hide-narrow" }, "Ended"), h("th", { scope: "col", class: "right hide-narrow" }, "Turns"))),
      rows), moreBox);
  main.append(
    pageHead("Calls", "What was said, heard and done."),
    h("form", { class: "filters", role: "search", onsubmit: (event) => { event.preventDefault(); search(); } },
      h("label", { class: "field", for: "search" }, "Search", text),
      h("label", { class: "field", for: "agent" }, "Agent", agent),
      h("label", { class: "field", for: "days" }, "Time", days)),
    chips, table, empty);

  const failed = (error) => toast(error.message);
  let next;
  let asked = 0;
  async function load(after) {
    const mine = ++asked;
    const since = days.value ? { since: Date.now() - Number(days.value) * 86_400_000 } : {};
    const page = await get("/calls", { ...Object.fromEntries(picked), text: text.value.trim(), agent: agent.value, ...since, after, limit: 50 });
    if (mine !== asked) return;
    if (!after) rows.replaceChildren();
    for (const call of page.calls) {
      rows.append(row(call));
      const hits = (page.hits ?? []).filter((hit) => hit.callID === call.id);
      if (hits.length) rows.append(h("tr", { class: "found" }, h("td", { colspan: 7 }, hits.map(found))));
    }
    next = page.next;
    moreBox.hidden = !next;
    empty.hidden = rows.children.length > 0;
    const isPicked = text.value.trim() || agent.value || days.value || picked.size;
    why.replaceChildren(...(isPicked ? ["None fits what is asked for. ", h("a", { href: "#/calls" }, "Show all calls")]
      : ["Calls are listed from their first second on. ", h("a", { href: "#/talk" }, "Talk to an agent"), " to have one."]));
    table.hidden = rows.children.length === 0;
  }

  let timer;
  function drawChips() {
    chips.hidden = picked.size === 0;
    chips.replaceChildren(...[...picked].map(([name, value]) => h("button", { type: "button", class: "chip", "aria-label": `Not only ${picks[name](value)}`, onclick: () => drop(name) },
      picks[name](value), h("span", { "aria-hidden": "true" }, "×"))));
  }
  function drop(name) {
    picked.delete(name);
    drawChips();
    // The keyboard goes to what is left of them.
    (chips.querySelector("button") ?? text).focus({ preventScroll: true });
    search();
  }
  function search() {
    const query = new URLSearchParams(Object.entries({ text: text.value.trim(), agent: agent.value, days: days.value, ...Object.fromEntries(picked) }).filter(([, value]) => value));
    listed = `#/calls${query.size ? `?${query}` : ""}`;
    history.replaceState(null, "", listed);
    load().catch(failed);
  }
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 250);
  });
  for (const choice of [agent, days]) choice.addEventListener("change", search);
  drawChips();
  await load();
  return () => clearTimeout(timer);
}

/** Where the words were said; leads to that turn. */
const found = (hit) =>
  h("a", { href: `#/calls/${hit.callID}?turn=${hit.turn}.${hit.speaker}.${hit.part}` },
    h("span", { class: "soft" }, `${speakers[hit.speaker]}, ${clock(hit.started)}: `),
    hit.snippet.map((piece) => (piece.isHit ? h("mark", {}, piece.text) : piece.text)));

function row(call) {
  const { callerTurns, notUnderstood } = call.counts;
  return h("tr", {},
    h("td", { class: "once" }, h("a", { class: "cover numbers", href: `#/calls/${call.id}` }, when(call.startedAt))),
    h("td", { class: "numbers" }, caller(call), h("span", { class: "only-narrow soft small" }, call.agent)),
    h("td", { class: "hide-narrow" }, call.agent),
    h("td", { class: "right numbers" }, call.endedAt ? clock(call.duration) : h("span", { class: "chip agent" }, "on the line")),
    h("td", { class: "hide-narrow" }, call.outcome ? h("span", { class: "chip good" }, plain(call.outcome)) : h("span", { class: "soft" }, "–")),
    h("td", { class: "hide-narrow soft" }, call.endReason ?? "–"),
    h("td", { class: "right numbers hide-narrow" }, String(callerTurns), notUnderstood ? h("span", { class: "soft", title: "not understood" }, ` (${notUnderstood} unclear)`) : null));
}
