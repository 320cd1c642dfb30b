// One call: its recording, what was said and heard, what the tools did, and where the time went.

import { get, post } from "./api.js";
import { ask, h, toast } from "./dom.js";
import * as interaction from "./interaction.js";
import * as live from "./live.js";
import { analysis } from "./analysis.js";
import { lastList } from "./calls.js";
import { Player } from "./waveform.js";
import { handBack, holds, takeOver } from "./takeover.js";
import { scorecard } from "./scorecard.js";
import { Lines } from "./transcript.js";
import { transferWish } from "./live-card.js";
import { answerers, caller, clock, consents, exactly, heardAndNot, ms, parts, percent, plain, RATE, speakers, states, when } from "./words.js";

/** Below this a transcript is marked as uncertain. */
const UNSURE = 0.5;

export async function show(main, { argument: id, parameters, session }) {
  let player;
  let stop;
  const story = await get(`/calls/${encodeURIComponent(id)}`);
  if (story.isLive) stop = follow(main, story, session);
  else player = await past(main, story, parameters.get("turn"), session);
  return () => {
    stop?.();
    player?.close();
  };
}

function head(call, ...more) {
  return h("div", {}, h("a", { class: "crumb", href: lastList() }, "← Calls"),
    h("div", { class: "page-head" }, h("div", {},
      h("h1", {}, `${caller(call)} with ${call.agent}`),
      h("p", { class: "numbers", title: exactly(call.startedAt) }, when(call.startedAt), call.endedAt ? ` · ${clock(call.duration)}` : null),
      h("div", { class: "facts" }, more))));
}

// A call that is over.

/** `wanted` is a turn that somebody comes for: `3.caller.0`. */
async function past(main, story, wanted, session) {
  const { call, turns, tools, incidents, recording } = story;
  const entries = [
    ...turns.map((turn) => ({ at: turn.started, turn })),
    ...tools.map((tool) => ({ at: tool.started, tool })),
    ...incidents.map((incident) => ({ at: incident.position ?? 0, incident })),
  ].sort((a, b) => a.at - b.at);
  const played = [];
  let player;
  if (recording) {
    player = new Player(call, turns, recording.redactions ?? [], (seconds) => {
      for (const { element, from, to } of played) {
        const isNow = seconds >= from && seconds < to;
        element.classList.toggle("is-now", isNow);
        if (isNow) element.setAttribute("aria-current", "true");
        else element.removeAttribute("aria-current");
      }
    });
  }
  const list = h("ol", { class: "talk-list" });
  const rows = new Map();
  for (const entry of entries) {
    const element = entry.turn ? turnRow(entry.turn, player) : entry.tool ? toolRow(entry.tool) : incidentRow(entry.incident);
    if (entry.turn && player) played.push({ element, from: entry.turn.started / RATE, to: (entry.turn.ended ?? entry.turn.started) / RATE });
    list.append(element);
    if (entry.turn) rows.set(`${entry.turn.number}.${entry.turn.speaker}.${entry.turn.part}`, element);
  }
  function jump(place) {
    const row = rows.get(place);
    if (!row) return;
    list.querySelector(".is-found")?.classList.remove("is-found");
    row.classList.add("is-found");
    row.tabIndex = -1;
    row.scrollIntoView({ block: "center" });
    row.focus({ preventScroll: true });
  }
  main.append(
    head(call,
      call.outcome ? h("span", { class: "chip good" }, plain(call.outcome)) : null,
      h("span", { class: "chip" }, call.endReason ?? "not ended"),
      call.answerer ? h("span", { class: "chip" }, `answered by ${answerers[call.answerer]}`) : null,
      consentChip(call),
      call.cost?.total ? h("span", { class: "chip", title: call.cost.items.map((item) => `${item.provider}: ${item.quantity} ${item.unit}, ${item.amount ?? "no price"}`).join("\n") }, `${call.cost.total} ${call.cost.currency}`) : null,
      call.counts.interruptions ? h("span", { class: "chip" }, `${call.counts.interruptions} interrupted`) : null,
      call.counts.notUnderstood ? h("span", { class: "chip warn" }, `${call.counts.notUnderstood} not understood`) : null,
      incidents.length ? h("span", { class: "chip bad" }, `${incidents.length} incident${incidents.length > 1 ? "s" : ""}`) : null),
    player ? player.element : h("p", { class: "card pad soft" }, "This call was not recorded."),
    h("div", { class: "call-grid" },
      h("section", { class: "card", "aria-label": "Transcript" },
        h("div", { class: "section-head" }, h("h2", {}, "Transcript"),
          h("span", { class: "soft small" }, player ? "Choose a line to hear it." : null)), list),
      h("div", { class: "aside" }, analysis(story, session, jump), scorecard(story, session, jump), waterfall(turns, player), interaction.panel(call, turns), facts(call, story), journal(call, story.journalCount))));
  jump(wanted);
  if (player) {
    try { await player.load(); } catch (error) { toast(error.message); }
  }
  return player;
}

/** Whether it might be recorded; nothing where nobody was told or asked. */
function consentChip({ recordingConsent: consent }) {
  if (!consent) return null;
  const [text, kind] = consents[consent.state];
  return h("span", { class: `chip ${kind}`, title: `${clock(consent.position)}${consent.evidence ? `, by ${consent.evidence}` : ""}` }, text);
}

function turnRow(turn, player) {
  const hear = () => player?.seek(turn.started / RATE, true);
  const at = h(player ? "button" : "span", { class: "at", type: player ? "button" : undefined, "aria-label": player ? `Play from ${clock(turn.started)}` : undefined }, clock(turn.started));
  const isCaller = turn.speaker === "caller";
  const [heard, lost] = turn.speaker === "agent" ? heardAndNot(turn) : [turn.text, ""];
  return h("li", { class: `turn ${turn.speaker}${player ? " can-play" : ""}`, onclick: hear },
    at,
    h("div", {},
      h("span", { class: "who" }, speakers[turn.speaker]),
      h("p", {}, heard || (isCaller ? h("span", { class: "soft" }, "(nothing understood)") : null),
        lost ? h("s", { title: "said, but not heard by the caller" }, h("span", { class: "visually-hidden" }, " (not heard by the caller:) "), lost) : null),
      h("div", { class: "meta" },
        turn.confidence != null ? h("span", { class: `confidence${turn.confidence < UNSURE ? " is-low" : ""}`, title: "how likely these are the words" }, h("i", { style: { "--share": turn.confidence } }), percent(turn.confidence)) : null,
        turn.intent && turn.intent !== "none" ? h("span", { class: "chip caller" }, plain(turn.intent)) : null,
        turn.intent === "none" ? h("span", { class: "chip warn" }, "outside the task") : null,
        Object.entries(turn.entities).sort().map(([name, value]) => h("span", { class: "chip" }, `${name}: ${value}`)),
        turn.interrupted ? h("span", { class: "chip warn" }, "interrupted") : null,
        turn.latency ? h("span", { class: "soft small numbers" }, `after ${ms(turn.latency.total)}`) : null)));
}

function toolRow(tool) {
  const isBad = tool.succeeded === false;
  const took = tool.finished ? `${Math.round(((tool.finished - tool.started) / RATE) * 1000)} ms` : "no answer";
  return h("li", { class: "turn tool" }, h("span", { class: "at" }, clock(tool.started)),
    h("div", { class: `box${isBad ? " is-bad" : ""}` },
      h("div", { class: "row" }, h("b", { class: "mono" }, tool.name), h("span", { class: `chip ${isBad ? "bad" : "good"}` }, isBad ? "failed" : tool.finished ? "done" : "running"), h("span", { class: "soft small numbers" }, took)),
      h("dl", {}, h("dt", {}, "asked"), h("dd", {}, tool.arguments), h("dt", {}, "answer"), h("dd", {}, tool.outcome ?? "–"))));
}

const incidentRow = (incident) =>
  h("li", { class: "turn incident" }, h("span", { class: "at" }, incident.position == null ? "" : clock(incident.position)),
    h("div", { class: "box" }, h("b", {}, `Incident: ${incident.kind}`), h("p", {}, incident.detail)));

/** Where the time went between the caller's last word and the agent's first. */
function waterfall(turns, player) {
  const answers = turns.filter((turn) => turn.latency);
  if (!answers.length) return null;
  const longest = Math.max(...answers.map((turn) => turn.latency.total), 1);
  const sorted = answers.map((turn) => turn.latency.total).sort((a, b) => a - b);
  const median = (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
  return h("section", { class: "card", "aria-label": "Response times" },
    h("div", { class: "section-head" }, h("h2", {}, "Response times"), h("span", { class: "soft small numbers" }, `median ${ms(median)}`)),
    h("div", { class: "waterfall" }, answers.map((turn) => {
      const words = parts.map(([key, , name]) => `${name} ${ms(turn.latency[key])}`).join(", ");
      return h("button", { class: "fall", type: "button", title: words, "aria-label": `Turn ${turn.number}: ${ms(turn.latency.total)}: ${words}`, onclick: () => player?.seek(turn.started / RATE - 1.5, true) },
        h("span", {}, String(turn.number)),
        h("span", { class: "bar" }, parts.map(([key, look]) => h("i", { class: look, style: { width: `${(turn.latency[key] / longest) * 100}%` } }))),
        h("span", {}, ms(turn.latency.total)));
    })),
    h("div", { class: "legend" }, parts.map(([, look]) => h("span", { class: look }, h("i"), look))));
}

function facts(call, story) {
  const rows = [
    ["Began", exactly(call.startedAt)], ["Ended", call.endedAt ? exactly(call.endedAt) : "–"],
    ["Caller", caller(call)], ["Called", call.to || "–"], ["Carrier", call.carrier], ["Direction", call.direction],
    ["Turns", `${call.counts.callerTurns} caller, ${call.counts.agentTurns} agent`],
    ["Tool calls", String(call.counts.toolCalls)], ["Agent version", call.agentVersion.slice(0, 12)], ["Call id", call.id],
  ];
  return h("section", { class: "card pad", "aria-label": "Facts" }, h("dl", { class: "pairs" }, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])));
}

/** Every input of the call's decisions; loaded when it is opened. */
function journal(call, count) {
  const list = h("ol", { tabindex: "0", "aria-label": "Journal" });
  let isLoaded = false;
  const more = h("button", { type: "button", class: "quiet", hidden: true });
  async function load(from) {
    const page = await get(`/calls/${encodeURIComponent(call.id)}/journal`, { from, limit: 500 });
    list.append(...page.entries.map((entry) => h("li", { title: entry.payload },
      h("span", {}, String(entry.sequence)), h("span", {}, `${(entry.position / RATE).toFixed(3)} s`), h("b", {}, entry.kind), h("span", {}, entry.payload))));
    more.hidden = page.next === undefined;
    more.textContent = "Show more";
    more.onclick = () => load(page.next).catch((error) => toast(error.message));
  }
  return h("details", {
    class: "card journal",
    ontoggle: (event) => {
      if (!event.target.open || isLoaded) return;
      isLoaded = true;
      load().catch((error) => toast(error.message));
    },
  }, h("summary", {}, "Journal ", h("span", { class: "soft small numbers" }, `${count} entries`)), list, more);
}

// A call on the line.

function follow(main, story, session) {
  const { call } = story;
  const state = h("span", { class: "chip agent" });
  const log = h("div", { class: "talk-log", role: "log", "aria-label": "What is said", tabindex: "0" });
  const lines = new Lines(log);
  const callerMeter = h("i");
  const agentMeter = h("i");
  const mute = h("button", { type: "button", onclick: () => act("mute", { isMuted: !live.calls.get(call.id)?.state.isMuted }) });
  const pause = h("button", { type: "button", onclick: () => act(`recording/${live.calls.get(call.id)?.state.isRecordingPaused ? "resume" : "pause"}`) });
  const takeover = h("button", { type: "button", onclick: toggleTakeover }, "Take over");
  const tools = h("div", { class: "row" }, takeover, mute, pause,
    giving("whisper", "Whisper to the agent", "Whisper"),
    giving("say", "Have the agent say", "Say it"),
    h("button", { type: "button", onclick: sendOn }, "Transfer…"),
    h("button", { type: "button", class: "danger", onclick: hangUp }, "End call"));
  main.append(head(call, state), h("section", { class: "card" },
    h("div", { class: "pad" }, h("div", { class: "meters", "aria-hidden": "true" }, "caller", h("div", { class: "meter caller" }, callerMeter), "agent", h("div", { class: "meter agent" }, agentMeter)),
      session.scope === "viewer" ? null : tools), log));

  /** Whether it was done. */
  async function act(name, body) {
    try { await post(`/calls/${call.id}/${name}`, body); } catch (error) { return toast(error.message); }
    return true;
  }
  /** A field whose words are given to the call, once each; those that it did not take stay there. */
  function giving(name, words, button) {
    const field = h("input", { maxlength: 500, placeholder: `${words} …`, "aria-label": words });
    let isUnderWay = false;
    return h("form", {
      class: "row",
      onsubmit: async (event) => {
        event.preventDefault();
        const text = field.value.trim();
        if (!text || isUnderWay) return;
        isUnderWay = true;
        if (await act(name, { text }) && field.value.trim() === text) field.value = "";
        isUnderWay = false;
      },
    }, field, h("button", {}, button));
  }
  async function toggleTakeover() {
    try {
      if (live.calls.get(call.id)?.state.hasOperator || holds() === call.id) await handBack(call.id);
      else await takeOver(call.id, () => draw(live.calls.get(call.id)));
    } catch (error) { toast(error.message); }
  }
  async function sendOn() {
    const wish = await transferWish();
    if (wish) act("transfer", wish);
  }
  async function hangUp() {
    if (await ask({ title: "End this call?", body: h("p", {}, "It ends at once, without a goodbye."), accept: "End the call", danger: true })) act("hangup");
  }
  function draw(current) {
    if (!current) return;
    takeover.textContent = current.state.hasOperator || holds() === call.id ? "Hand back" : "Take over";
    const [words] = states[current.state.state];
    state.textContent = current.state.hasOperator ? "An operator has the line" : current.state.tool ? `Tool: ${current.state.tool}` : words;
    mute.textContent = current.state.isMuted ? "Unmute agent" : "Mute agent";
    pause.textContent = current.state.isRecordingPaused ? "Resume recording" : "Pause recording";
    const isAtEnd = lines.isAtEnd();
    lines.draw(current.turns, current.state);
    // Whoever has gone back to read is left there.
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  }
  let over;
  const stop = live.listen(({ kind, callID }) => {
    const current = live.calls.get(call.id);
    if (kind === "levels" && current) {
      callerMeter.style.transform = `scaleX(${current.levels[0] / 127})`;
      agentMeter.style.transform = `scaleX(${current.levels[1] / 127})`;
    } else if ((callID === call.id && kind === "call.ended") || (kind === "picture" && !current)) {
      // It is over, or ended while nothing was heard of the service. The last rows are on their way to the store.
      over ??= setTimeout(() => window.dispatchEvent(new HashChangeEvent("hashchange")), 1200);
    } else if (current && (callID === call.id || kind === "picture")) draw(current);
  });
  const current = live.calls.get(call.id);
  if (current) draw(current);
  return () => {
    stop();
    // Whoever has gone on is not shown their page anew.
    clearTimeout(over);
  };
}
