// What was written down of a call when it was over: what it was, what it is filed under, what was taken from it.

import { get, post } from "./api.js";
import { h, toast } from "./dom.js";
import { plain } from "./words.js";

/** Between two looks whether a call has been written down, and looks at most. */
const PAUSE = 1000;
const LOOKS = 60;

/** `jump` goes to a turn of the transcript: `3.caller.0`. */
export function analysis(story, session, jump) {
  const { call } = story;
  const box = h("section", { class: "card analysis", "aria-label": "Summary" });
  const mayAsk = session.scope !== "viewer" && call.endedAt;
  draw(story.analysis);
  return box;

  function draw(found) {
    box.hidden = !found && !mayAsk;
    const values = Object.entries(found?.values ?? {}).sort(([a], [b]) => a.localeCompare(b));
    const sources = { rules: "by the call's record", model: "by a model" };
    box.replaceChildren(
      h("div", { class: "section-head" }, h("h2", {}, "Summary"),
        h("span", { class: "soft small" }, sources[found?.source] ?? null)),
      found?.disposition ? h("p", { class: "pad row" }, h("a", { class: "chip", href: `#/calls?disposition=${encodeURIComponent(found.disposition)}` }, plain(found.disposition)), evidence("disposition", found)) : "",
      found?.summary ? h("p", { class: "pad" }, found.summary) : "",
      values.length ? h("div", { class: "pad" }, h("dl", { class: "pairs" }, values.map(([name, value]) => [h("dt", {}, plain(name)), h("dd", {}, String(value), " ", evidence(name, found))]))) : "",
      found?.missing?.length ? h("p", { class: "pad small" }, `Not found: ${found.missing.map(plain).join(", ")}`) : "",
      found?.note ? h("p", { class: "pad soft small" }, found.note) : "",
      mayAsk ? h("div", { class: "pad" }, h("button", { type: "button", class: "quiet", onclick: again }, found ? "Write down again" : "Write this call down")) : "");
  }

  function evidence(name, found) {
    return (found.evidence[name] ?? []).map((one) => {
      const place = `${one.turn}.${one.speaker}.${one.part ?? 0}`;
      return h("a", { class: "small", href: `#/calls/${call.id}?turn=${place}`, onclick: (event) => { event.preventDefault(); jump(place); } }, `“${one.quote}”`);
    });
  }

  async function again(event) {
    event.target.disabled = true;
    try {
      let found = await post(`/calls/${encodeURIComponent(call.id)}/analysis`);
      for (let look = 0; look < LOOKS && found.state === "pending" && box.isConnected; look++) {
        await new Promise((done) => { setTimeout(done, PAUSE); });
        found = await get(`/calls/${encodeURIComponent(call.id)}/analysis`);
      }
      draw(found);
    } catch (error) {
      event.target.disabled = false;
      toast(error.message);
    }
  }
}
