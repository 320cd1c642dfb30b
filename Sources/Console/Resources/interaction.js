// How caller and agent took turns on one call, from its own timeline.

import { h } from "./dom.js";
import { ms, percent } from "./words.js";

/** The value below which half of them are; `undefined` of none. */
function median(values) {
  if (!values.length) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

/** A card of the call's page; `null` while the call runs, and of old calls. */
export function panel({ interaction }, turns) {
  if (!interaction) return null;
  const { asked, answered, bargeIns, yields, agentStarts, overCaller, backchannels, tolerated } = interaction;
  const responses = turns.filter((turn) => turn.latency).map((turn) => turn.latency.total);
  const share = (part, whole) => (whole ? `${percent(part / whole)}: ${part} of ${whole}` : "none");
  const spread = (values, word) => (values.length ? `${word(median(values))}, at most ${word(Math.max(...values))}` : "none");
  const rows = [
    ["Answer after the caller's last word, median", spread(responses, ms)],
    ["Turns that were answered", share(answered, asked)],
    ["Silence after the caller's first sound over the agent, median", spread(yields, (value) => `${Math.round(value)} ms`)],
    ["Interruptions that silenced the agent", share(yields.length, bargeIns)],
    ["The agent began while the caller spoke", share(overCaller, agentStarts)],
    ["Sounds that it spoke on after", share(tolerated, backchannels)],
  ];
  return h("section", { class: "card pad", "aria-label": "Taking turns" }, h("h2", { class: "gap" }, "Taking turns"),
    h("dl", { class: "pairs" }, rows.map(([words, value]) => [h("dt", {}, words), h("dd", { class: "numbers" }, value)])));
}
