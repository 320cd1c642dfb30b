// What calls come to in numbers. Each number leads to the calls that it is made of.

import { get } from "./api.js";
import { h, pageHead, s } from "./dom.js";
import { clockOfSeconds, percent, plain, resolutions } from "./words.js";

const spans = { "1": ["Last 24 hours", "hour"], "7": ["Last 7 days", "day"], "30": ["Last 30 days", "day"], "90": ["Last 90 days", "day"] };
const kinds = Object.keys(resolutions);

export async function show(main, { parameters }) {
  const [{ agents }, { campaigns }] = await Promise.all([get("/agents"), get("/campaigns", { limit: 1000 }).catch(() => ({ campaigns: [] }))]);
  // One that there was.
  const wanted = parameters.get("agent");
  if (wanted && !agents.some(({ name }) => name === wanted)) agents.push({ name: wanted });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  const choice = (name, first, values) => h("select", { id: name, name },
    first === undefined ? null : h("option", { value: "" }, first),
    values.map(([value, words]) => h("option", { value, selected: (parameters.get(name) ?? (name === "days" ? "7" : "")) === value }, words)));
  const days = choice("days", undefined, Object.entries(spans).map(([value, [words]]) => [value, words]));
  const agent = choice("agent", "Every agent", agents.map(({ name }) => [name, name]));
  const campaign = choice("campaign", "Any or none", campaigns.map(({ name }) => [name, name]));
  const language = choice("language", "Any", [["en", "English"], ["es", "Spanish"]]);
  const direction = choice("direction", "Both ways", [["inbound", "Inbound"], ["outbound", "Outbound"]]);
  const number = h("input", { type: "search", id: "number", name: "number", placeholder: "+15550100", value: parameters.get("number") ?? "" });
  let version = parameters.get("version") ?? "";
  const box = h("div", { class: "numbers-page", "aria-live": "polite" });
  main.append(
    pageHead("Analytics", "What calls come to. Each number leads to its calls."),
    h("form", { class: "filters", onsubmit: (event) => { event.preventDefault(); search(); } },
      [["Time", days], ["Agent", agent], ["Direction", direction], ["Our number", number], ["Campaign", campaign], ["Language", language]]
        .map(([words, field]) => h("label", { class: "field", for: field.id }, words, field))),
    box);

  const picked = () => ({ agent: agent.value, direction: direction.value, number: number.value.trim(), campaign: campaign.value, language: language.value, version });
  let asked = 0;
  async function load() {
    const mine = ++asked;
    const before = Date.now();
    const found = await get("/analytics", { ...picked(), since: before - Number(days.value) * 86_400_000, before, bucket: spans[days.value][1], zone });
    if (mine === asked) draw(found);
  }
  function search() {
    if (!agent.value) version = "";
    const query = new URLSearchParams(Object.entries({ days: days.value, ...picked() }).filter(([, value]) => value));
    history.replaceState(null, "", `#/analytics?${query}`);
    load().catch((error) => box.replaceChildren(h("p", { class: "error", role: "alert" }, error.message)));
  }

  function draw(found) {
    // Counted are calls of their own; what is no count of those says so: `own: undefined`.
    const to = (more) => {
      const { since, before } = found;
      const query = Object.entries({ since, before, ...picked(), own: "true", ...more }).filter(([, value]) => value !== undefined && value !== "");
      return `#/calls?${new URLSearchParams(query)}`;
    };
    const { totals, rates, interaction: turns, features } = found;
    const share = (value) => (value === undefined ? "–" : percent(value));
    const stat = (words, value, count, more) => h("a", { class: "stat", href: to(more) }, h("b", {}, value), h("span", {}, words, count === undefined ? null : ` · ${count}`));
    const on = (feature, words = "on") => [`${words} ${features[feature]} ${features[feature] === 1 ? "call" : "calls"}`, to({ feature })];
    // A percentile is the end of its step; the calls are those whose value lies in that step, or beyond it.
    const lasting = (seconds) => (seconds === undefined ? { ended: "true" } : { longer: seconds - 1 });
    const length = (seconds) => (seconds === undefined ? "–" : h("a", { href: to(lasting(seconds)) }, clockOfSeconds(seconds)));
    box.replaceChildren(
      version ? h("p", { class: "row" }, h("span", { class: "chip" }, `version ${version.slice(0, 8)}`), h("button", { type: "button", class: "quiet", onclick: () => { version = ""; search(); } }, "All versions")) : "",
      h("div", { class: "card pad stats" },
        stat("calls", String(totals.calls), undefined, {}),
        kinds.slice(0, 4).map((kind) => stat(resolutions[kind], share(rates[kind]), totals[kind], { resolution: kind })),
        stat("reached the goal", share(rates.goal), totals.goals, { feature: "goal" }),
        stat("median length", found.handling.p50 === undefined ? "–" : clockOfSeconds(found.handling.p50), undefined, lasting(found.handling.p50)),
        found.peak ? stat("at the same time, at most", String(found.peak.calls), undefined, together(found.peak.at)) : null,
        found.costs.map((cost) => stat("cost", `${Number(cost.total).toFixed(2)} ${cost.currency}`, cost.calls, { own: undefined, currency: cost.currency }))),
      panel("Calls", chart(found, to), legend(), byTime(found, to)),
      h("div", { class: "health-grid" },
        panel("Taking turns", measures([
          ["Answer after the caller's last word: p50, p95, p99", spread(turns.response, (least) => to({ slower: least }))],
          ["Silence after the caller's first sound over the agent: the same", spread(turns.yield, (least) => to({ yieldSlower: least }))],
          ["Turns that were answered", `${share(rates.response)} of ${turns.asked}`, on("asked"), on("unanswered", "not so on")],
          ["Interruptions that silenced the agent", `${share(rates.yield)} of ${turns.bargeIns}`, on("interrupted"), on("unyielded", "not so on")],
          ["The agent began while the caller spoke", `${share(rates.overCaller)} of ${turns.agentStarts}`, on("agentSpoke"), on("spokeOver", "so on")],
          ["Sounds that it spoke on after", `${share(rates.tolerance)} of ${turns.backchannels}`, on("backchannels"), on("startled", "not so on")],
        ])),
        panel("Callers", measures([
          ["Stayed, and were helped or brought to a person", share(rates.retained), on("retained", "so on"), on("lost", "not so on")],
          ["Hung up before the first answer", share(rates.abandoned), calls(totals.abandoned, to({ resolution: "abandoned" }))],
        ])),
        panel("Length", measures([
          ["Half of the calls", length(found.handling.p50)],
          ["95 of 100", length(found.handling.p95)],
          ["All together", clockOfSeconds(totals.seconds), calls(totals.ended, to({ ended: "true" }))],
        ])),
        panel("What was done", counts(found.outcomes, (word) => to(word ? { outcome: word, ended: "true" } : { feature: "noOutcome" }), "nothing that changes anything")),
        panel("Why calls ended", counts(found.endReasons, (word) => to(word ? { endReason: word, ended: "true" } : { feature: "noEndReason" }), "nobody said")),
        found.dispositions.length ? panel("Filed under", counts(found.dispositions, (word) => to({ disposition: word }), "nothing")) : null),
      versions(found.versions, to), scorecards(found.scorecards, to), campaignTable(found.campaigns, to));
  }

  function versions(rows, to) {
    return tablePanel("Versions", ["Agent", "Version", "Calls", "Contained", "Transferred", "Goal"], rows.map(({ agent: name, version: hash, totals }) => {
      const part = (count, more) => [totals.ended ? percent(count / totals.ended) : "–", to({ agent: name, version: hash, ...more })];
      return [name, hash.slice(0, 8), [String(totals.calls), to({ agent: name, version: hash })], part(totals.contained, { resolution: "contained" }), part(totals.transferred, { resolution: "transferred" }), part(totals.goals, { feature: "goal" })];
    }));
  }

  /** Of each card its points, then its criteria. */
  function scorecards(rows, to) {
    return tablePanel("Scorecards", ["Agent", "Criterion", "Version", "Calls", "Failed", "Not applicable", "Open", "Result"], rows.flatMap((row) => {
      const of = (count, more) => [String(count), to({ agent: row.agent, version: row.version, card: row.card, ...more })];
      const from = (name) => [row.agent, name, row.version.slice(0, 8)];
      return [
        [...from(`All of ${row.card}`), of(row.calls, { scoreAtLeast: 0 }), "", "", "", row.mean === undefined ? "–" : [`${row.mean} points`, of(row.calls, { scoreAtLeast: 0 })[1]]],
        ...row.criteria.map((one) => [...from(plain(one.name)), of(one.pass + one.fail, { criterion: one.name, judged: "true" }), of(one.fail, { criterion: one.name, standing: "fail" }),
          of(one.notApplicable, { criterion: one.name, standing: "not_applicable" }), of(one.open, { criterion: one.name, judged: "false" }), one.rate === undefined ? "–" : [`${percent(one.rate)} passed`, to({ agent: row.agent, version: row.version, card: row.card, criterion: one.name, standing: "pass" })]]),
      ];
    }));
  }

  function campaignTable(rows, to) {
    return tablePanel("Campaigns", ["Campaign", "Placed", "Answered", "By a person", "Talked", "Goal"], rows.map((row) => {
      const part = (count, feature) => [String(count), to({ campaign: row.name, feature })];
      const campaign = `#/campaigns/${encodeURIComponent(row.name)}`;
      // An attempt that nobody answered is no call; the campaign's page has them all.
      return [[row.name, campaign], [String(row.attempts), campaign], part(row.calls), part(row.person, "person"), part(row.talked, "talked"), part(row.goals, "goal")];
    }));
  }

  let timer;
  number.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 300); });
  for (const field of [days, agent, direction, campaign, language]) field.addEventListener("change", search);
  await load();
  return () => clearTimeout(timer);
}

const panel = (title, ...content) => h("section", { class: "card pad", "aria-label": title }, h("h2", { class: "gap" }, title), content);
/** Milliseconds, in steps of ten; `to` takes the beginning of a step. */
const spread = ({ count, p50, p95, p99 }, to) => (count ? [p50, p95, p99].map((value, index) => [index ? " · " : null, h("a", { href: to(value - 10) }, `${value} ms`)]) : "–");
/** Who is on the line at a moment, whenever they came, and with those who were put through to. */
const together = (at) => ({ since: undefined, before: undefined, own: undefined, at });
const calls = (count, href) => [`${count} ${count === 1 ? "call" : "calls"}`, href];
const maybeLink = (cell) => (Array.isArray(cell) ? h("a", { href: cell[1] }, cell[0]) : cell);

const measures = (rows) => h("dl", { class: "pairs" }, rows.map(([words, value, ...links]) => [h("dt", {}, words),
  h("dd", {}, value, links.map((link) => [" ", h("a", { class: "small", href: link[1] }, link[0])]))]));

const counts = (rows, to, none) => (rows.length
  ? h("dl", { class: "pairs" }, rows.map(({ word, calls: count }) => [h("dt", {}, word ? plain(word) : none), h("dd", {}, h("a", { href: to(word) }, String(count)))]))
  : h("p", { class: "soft" }, "No call has ended."));

function tablePanel(title, heads, rows) {
  if (!rows.length) return "";
  return h("section", { class: "card table-box", tabindex: 0, "aria-label": title }, h("table", {},
    h("caption", { class: "visually-hidden" }, title),
    h("thead", {}, h("tr", {}, heads.map((head, index) => h("th", { scope: "col", class: index > 1 || heads[1] === "Placed" && index ? "right" : "" }, head)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, index) => h("td", { class: index > 1 || heads[1] === "Placed" && index ? "right numbers" : "" }, maybeLink(cell))))))));
}

const label = (bucket, unit) => new Date(bucket.since).toLocaleString(undefined, unit === "hour" ? { weekday: "short", hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short" });

/** Bars of calls, one above the other by how they ended. Those who see it may click; everybody has the table. */
function chart({ buckets, bucket: unit }, to) {
  const [width, height, foot] = [960, 220, 22];
  const most = Math.max(1, ...buckets.map(({ totals }) => totals.calls));
  const step = width / buckets.length;
  const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, class: "bars-chart", "aria-hidden": "true" });
  const every = Math.ceil(buckets.length / 8);
  buckets.forEach((bucket, index) => {
    const group = s("a", { href: to({ since: bucket.since, before: bucket.before }), tabindex: -1 });
    group.append(s("title", {}, `${label(bucket, unit)}: ${bucket.totals.calls} calls, ${bucket.peak} at the same time`),
      s("rect", { class: "ground", x: index * step, y: 0, width: step, height: height - foot }));
    let top = height - foot;
    const open = bucket.totals.calls - bucket.totals.ended;
    for (const [kind, count] of [...kinds.map((kind) => [kind, bucket.totals[kind]]), ["open", open]]) {
      const size = (count / most) * (height - foot - 8);
      if (size > 0) group.append(s("rect", { class: `part-${kind}`, x: index * step + step * 0.14, y: top -= size, width: step * 0.72, height: size }));
    }
    svg.append(group);
    if (index % every === 0) svg.append(s("text", { x: index * step + step / 2, y: height - 6 }, label(bucket, unit)));
  });
  return svg;
}

const legend = () => h("p", { class: "legend flat" }, [...kinds.map((kind) => [kind, resolutions[kind]]), ["open", "on the line"]].map(([kind, words]) => h("span", { class: `part-${kind}` }, h("i", {}), words)));

function byTime({ buckets, bucket: unit }, to) {
  return h("details", {}, h("summary", {}, "As a table"), h("div", { class: "table-box", tabindex: 0, role: "region", "aria-label": "Calls by time" }, h("table", {},
    h("caption", { class: "visually-hidden" }, `Calls by ${unit}`),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, unit === "hour" ? "Hour" : "Day"), ["Calls", ...kinds.map((kind) => resolutions[kind]), "At the same time"].map((words) => h("th", { scope: "col", class: "right" }, words)))),
    h("tbody", {}, buckets.map((bucket) => {
      const cell = (count, more) => h("td", { class: "right numbers" }, h("a", { href: to({ since: bucket.since, before: bucket.before, ...more }) }, String(count)));
      return h("tr", {}, h("th", { scope: "row" }, label(bucket, unit)), cell(bucket.totals.calls, {}), kinds.map((kind) => cell(bucket.totals[kind], { resolution: kind })), bucket.peakAt === undefined ? h("td", { class: "right numbers" }, "0") : cell(bucket.peak, together(bucket.peakAt)));
    })))));
}
