// The published versions of an agent: which take calls, how those go, what changed, and the way back.

import { get, post } from "./api.js";
import { ask, h, toast } from "./dom.js";
import { when } from "./words.js";

/** How the error budget of a version of `agent` stands, with links to the calls that it counts. */
export function budget({ budget, burntBecause, hash }, agent) {
  const calls = (count, more) => h("a", { href: `#/calls?${new URLSearchParams({ agent, version: hash, since: budget.since, endedSince: budget.endedSince, ...more })}` }, String(count));
  const bad = () => calls(budget.badCalls, { faults: Object.entries(budget.counts).map((pair) => pair.join(":")).join(",") });
  if (burntBecause) return [h("span", { class: "error" }, `Burnt: ${burntBecause}`), budget ? [" (now ", bad(), " of ", calls(budget.calls), ")"] : null];
  if (!budget) return "–";
  if (budget.state === "unproven") return [calls(budget.calls), ` of the ${budget.minCalls} calls that it takes to tell`];
  return [`${Math.round(budget.spent * 100)} % spent: `, bad(), " of ", calls(budget.calls), " calls"];
}

/**
 * The section of an agent's page, and what draws it anew; `changed` is called when other versions take calls than before.
 */
export async function section(name, mayAct, changed) {
  const path = `/agents/${encodeURIComponent(name)}`;
  const body = h("div", { class: "pad" });
  const off = h("button", { type: "button", class: "danger", hidden: true, onclick: () => unpublish() }, "Unpublish…");
  const box = h("section", { class: "card versions", "aria-label": "Versions" },
    h("div", { class: "section-head" }, h("h2", {}, "Versions"),
      h("span", { class: "soft small" }, "What was published. Calls keep the version they began with."), off), body);

  function draw(list) {
    off.hidden = !(mayAct && list.live);
    if (!list.versions.length) return body.replaceChildren(h("p", { class: "soft" }, "None is published: the file answers."));
    body.replaceChildren(
      ...[list.refused && `The service does not take it: ${list.refused}`, list.escalates && "New calls go to the agent's escalation.", !list.live && "None is live: the file answers."]
        .filter(Boolean).map((text) => h("p", { class: "error" }, text)),
      h("div", { class: "table-box" }, h("table", { "aria-label": `Versions of ${name}` },
        h("thead", {}, h("tr", {}, ["Version", "Published", "Calls", "Error budget", "What to do"].map((text) => h("th", { scope: "col" }, text)))),
        h("tbody", {}, list.versions.map((version) => row(version, list))))),
      list.next ? h("div", { class: "more" }, h("button", { type: "button", onclick: (event) => older(list, event.target) }, "Show more")) : "");
  }

  /** Shows the next page below those that are there; what takes calls is told anew with each. */
  async function older(list, button) {
    button.disabled = true;
    try {
      const page = await get(`${path}/versions`, { after: list.next });
      // What was done meanwhile has drawn another list.
      if (!button.isConnected) return;
      draw({ ...page, versions: [...list.versions, ...page.versions] });
      body.querySelector(`[data-version="${page.versions[0]?.number}"] button, .more button`)?.focus();
    } catch (error) {
      button.disabled = false;
      toast(error.message);
    }
  }

  function row(version, list) {
    const isLive = version.number === list.live;
    return h("tr", { dataset: { version: version.number } },
      h("td", {}, `${version.number} `, version.percent ? h("span", { class: `chip ${isLive ? "good" : "warn"}` }, `${isLive ? "live" : "trial"} ${version.percent} %`) : null,
        h("div", { class: "soft small mono" }, version.hash)),
      h("td", {}, `${when(version.publishedAt)} by ${version.publishedBy}`, version.note ? h("div", { class: "soft small" }, version.note) : null),
      h("td", {}, version.calls ? h("a", { href: `#/calls?${new URLSearchParams({ agent: name, version: version.hash })}` }, String(version.calls)) : "0"),
      h("td", {}, budget(version, name)),
      h("td", {}, h("div", { class: "row" },
        list.live && !isLive ? h("button", { type: "button", onclick: () => compare(version, list) }, "Compare") : null,
        mayAct && list.live && !isLive ? h("button", { type: "button", onclick: () => split(version) }, "Split…") : null,
        mayAct && list.live && !isLive ? h("button", { type: "button", class: "danger", onclick: () => rollBack(version) }, "Roll back to it") : null)));
  }

  async function compare(version, list) {
    try {
      const diff = await get(`${path}/diff`, { from: list.live, to: version.number });
      const text = diff.files.map((file) => `--- ${file.path} (${diff.from})\n+++ ${file.path} (${diff.to})\n${file.diff}`).join("\n");
      await ask({ title: `From ${diff.from} to ${diff.to}`, body: h("pre", { class: "diff" }, text || "They are the same."), accept: "Close" });
    } catch (error) { toast(error.message); }
  }

  async function rollBack(version) {
    const note = h("input", { maxlength: 500, "aria-label": "A note for the record", placeholder: "A note for the record" });
    const answer = await ask({
      title: `Give new calls to version ${version.number}?`, body: [h("p", { class: "soft" }, "Calls under way go on as they began. The version gets a fresh error budget."), note],
      accept: "Roll back", danger: true, read: () => ({ note: note.value.trim() || undefined }),
    });
    if (answer) await act("rollback", { version: version.number, ...answer });
  }

  /** Gives a version a share of the new calls. */
  async function split(version) {
    const percent = h("input", { type: "number", id: "split-percent", min: 0, max: 100, step: 1, required: true, value: String(version.percent || 10) });
    const share = await ask({
      title: `Split new calls with version ${version.number}`, accept: "Split", read: () => Number(percent.value),
      body: [h("label", { for: "split-percent" }, "Of a hundred new calls, it takes"), percent,
        h("p", { class: "soft" }, "0 ends the trial, 100 makes it the live version.")],
    });
    if (share !== null) await act("split", { version: version.number, percent: share });
  }

  async function unpublish() {
    const yes = await ask({
      title: `Take the versions of ${name} off?`, accept: "Unpublish", danger: true,
      body: h("p", {}, "New calls get the agent's file again; the versions are kept. Calls under way go on as they began."),
    });
    if (yes) await act("unpublish");
  }

  async function act(verb, wish) {
    try {
      draw(await post(`${path}/${verb}`, wish));
      changed();
    } catch (error) { toast(error.message); }
  }

  draw(await get(`${path}/versions`));
  return { element: box, draw };
}
