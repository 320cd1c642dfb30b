// What the agent's scorecard made of a call, with the turns that show it.

import { get, post } from "./api.js";
import { h, toast } from "./dom.js";
import { plain, standings } from "./words.js";

/** Between two looks whether a call has been scored, and looks at most. */
const PAUSE = 1000;
const LOOKS = 60;

/** `jump` goes to a turn of the transcript: `3.caller.0`. */
export function scorecard(story, session, jump) {
  const { call } = story;
  const box = h("section", { class: "card scorecard", "aria-label": "Scorecard" });
  const mayScore = session.scope !== "viewer" && call.endedAt;
  draw(story.scorecard);
  return box;

  function draw(card) {
    box.hidden = !card && !mayScore;
    const points = card?.score === undefined ? "no points" : `${card.score} of 100 points`;
    box.replaceChildren(
      h("div", { class: "section-head" }, h("h2", {}, "Scorecard"),
        h("span", { class: "soft small numbers" }, card ? `${points} · ${card.counted} of ${card.weight} by weight` : null)),
      h("ul", { class: "findings" }, (card?.findings ?? []).map(finding)),
      card?.note ? h("p", { class: "pad soft small" }, card.note) : "",
      mayScore ? h("div", { class: "pad" }, h("button", { type: "button", class: "quiet", onclick: again }, card ? "Score again" : "Score this call")) : "");
  }

  function finding(one) {
    const [words, kind] = standings[one.standing] ?? [one.standing, ""];
    return h("li", {},
      h("p", { class: "row" }, h("b", {}, plain(one.criterion)), h("span", { class: `chip ${kind}` }, words),
        h("span", { class: "soft small numbers" }, `weight ${one.weight}${one.kind === "question" ? " · by the judge" : ""}`)),
      h("p", { class: "small" }, one.reason),
      one.evidence.map(evidence));
  }

  function evidence(one) {
    const figure = one.figure === undefined ? null : `${one.figure} ${one.unit ?? ""} `;
    const quote = one.quote ? `“${one.quote}”` : null;
    if (one.turn === undefined || !one.speaker) return quote || figure ? h("p", { class: "small soft" }, figure, quote) : null;
    const place = `${one.turn}.${one.speaker}.${one.part ?? 0}`;
    return h("p", { class: "small" }, figure,
      h("a", { href: `#/calls/${call.id}?turn=${place}`, onclick: (event) => { event.preventDefault(); jump(place); } }, quote ?? `Turn ${one.turn}`));
  }

  async function again(event) {
    event.target.disabled = true;
    try {
      let card = await post(`/calls/${encodeURIComponent(call.id)}/scorecard`);
      for (let look = 0; look < LOOKS && card.state === "pending" && box.isConnected; look++) {
        await new Promise((done) => { setTimeout(done, PAUSE); });
        card = await get(`/calls/${encodeURIComponent(call.id)}/scorecard`);
      }
      draw(card);
    } catch (error) {
      event.target.disabled = false;
      toast(error.message);
    }
  }
}
