// How the service is, and how it is set up.

import { get } from "./api.js";
import { h, pageHead, redraw } from "./dom.js";
import { words } from "./stops.js";
import { budget } from "./versions.js";
import { clockOfSeconds, when } from "./words.js";

const INTERVAL = 5000;
/** What takes more requests, or changes seldom. */
const SLOW_INTERVAL = 60_000;

export async function show(main, { session }) {
  const box = h("div", { class: "health-grid" });
  main.append(pageHead("Health", "Whether calls can be taken, and what went wrong lately."), box);
  // A page that tells of trouble is there when some of what it tells cannot be had: that stays as it was last.
  let incidents = null;
  let agents = null;
  const look = async () => {
    [incidents, agents] = await Promise.all([
      get("/incidents", { limit: 20 }).then((page) => page.incidents).catch(() => incidents), standings().catch(() => agents)]);
  };
  async function draw() {
    const health = await get("/health");
    const checks = Object.entries(health.readiness.checks).sort();
    redraw(box,
      h("section", { class: "card pad", "aria-label": "Readiness" },
        h("h2", {}, { ready: "Ready for calls", "not ready": "Not ready for calls", draining: "Stopping: no new calls" }[health.readiness.status]),
        h("ul", { class: "checks", style: { "margin-top": ".875rem" } }, checks.map(([name, check]) => h("li", {},
          h("i", { class: `dot ${check.status === "ready" ? "is-good" : "is-bad"}`, "aria-hidden": "true" }), h("b", {}, name),
          h("span", { class: "soft" }, check.reason ?? check.status)))),
        health.stops.map((stop) => h("p", { class: "notice", style: { margin: "1rem 0 0" } }, words(stop))),
        health.warnings.filter((warning) => warning !== session.warning).map((warning) => h("p", { class: "notice", style: { margin: "1rem 0 0" } }, warning))),
      h("section", { class: "card pad", "aria-label": "Settings" }, h("h2", { style: { "margin-bottom": ".875rem" } }, "Service"),
        pairs([
          ["Running since", when(health.startedAt)], ["Calls on the line", [h("a", { href: "#/live" }, String(health.liveCalls)), ` of ${health.maximumCalls}`]],
          ...health.callersWaiting === undefined ? [] : [["Callers in line", health.longestWait === undefined ? "none" : `${health.callersWaiting}, for ${clockOfSeconds(health.longestWait)} at most`]],
          ["Refused calls", Object.entries(health.refused).sort().map(([why, count]) => `${count} ${why}`).join(", ")],
          ["Hears", health.recognizer], ["Speaks", health.synthesizer],
          ["Records calls", health.isRecording ? (health.retentionDays ? `yes, kept ${health.retentionDays} days` : "yes, kept for good") : "no"],
          ["Carriers prove themselves", health.carrierAuthentication === "signature" ? "by signature" : "not at all"],
          ["Events missed by slow readers", String(health.missedEvents)],
        ])),
      h("section", { class: "card pad", "aria-label": "Error budgets" }, h("h2", { style: { "margin-bottom": ".875rem" } }, "Error budgets"),
        agents === null ? unknown() : agents.length
          ? pairs(agents.map(([name, version, list]) => [
            h("a", { href: `#/agents/${encodeURIComponent(name)}` }, `${name}, version ${version.number}`),
            list.escalates ? h("span", { class: "error" }, "Taken off: new calls go to the agent's escalation") : budget(version, name)]))
          : h("p", { class: "soft" }, "No version is published: agents' files answer, and nothing is counted against them.")),
      h("section", { class: "card pad", "aria-label": "Incidents" }, h("h2", { style: { "margin-bottom": ".875rem" } }, "Latest incidents"),
        incidents === null ? unknown() : incidents.length
          ? h("ul", { class: "checks" }, incidents.map((incident) => h("li", {}, h("div", {},
            h("b", {}, incident.kind), h("span", { class: "soft small numbers" }, ` ${when(incident.happenedAt)} `),
            incident.callID ? h("a", { class: "small", href: `#/calls/${incident.callID}` }, "the call") : null,
            h("p", { class: "soft small" }, incident.detail)))))
          : h("p", { class: "soft" }, "None.")));
  }
  await look();
  await draw();
  const timers = [setInterval(() => draw().catch(() => {}), INTERVAL), setInterval(look, SLOW_INTERVAL)];
  return () => timers.forEach((timer) => clearInterval(timer));
}

const unknown = () => h("p", { class: "soft" }, "Not known at the moment.");

/** What takes calls of each agent that has a published version: name, version, and all that is known of its versions. */
async function standings() {
  const { agents } = await get("/agents");
  const published = agents.filter((agent) => agent.published);
  const lists = await Promise.all(published.map((agent) => serving(`/agents/${encodeURIComponent(agent.name)}/versions`)));
  return lists.flatMap((list) => list.versions.filter((version) => version.percent > 0 || version.number === list.live)
    .map((version) => [list.agent, version, list]));
}

/** An agent's versions as far back as the one that is live, which may be an old one that was gone back to. */
async function serving(path) {
  const list = await get(path);
  const isThere = (number) => number === undefined || list.versions.some((version) => version.number === number);
  let { next } = list;
  while (next && !(isThere(list.live) && isThere(list.trial))) {
    const page = await get(path, { after: next, limit: 1000 });
    list.versions.push(...page.versions);
    ({ next } = page);
  }
  return list;
}

const pairs = (rows) => h("dl", { class: "pairs" }, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
