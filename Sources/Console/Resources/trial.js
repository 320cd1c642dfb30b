// Trying what stands in an agent's editor: typing as the caller, and running the agent's scripts. Nothing of it lasts.

import { post } from "./api.js";
import { h, toast } from "./dom.js";
import { plain } from "./words.js";

/** What a caller does who says nothing. */
const others = { mumbles: "(not understood)", silence: "(silent)" };

/** Sections for the agent called `name`, whose text is `draft()`. */
export const sections = (name, draft) => [conversation(name, draft), scripts(name, draft)];

function conversation(name, draft) {
  let inputs = [];
  const log = h("div", { class: "talk-log", role: "log", "aria-label": "The conversation that is tried", tabindex: "0" });
  const words = h("input", { maxlength: 500, autocomplete: "off", "aria-label": "What the caller says", placeholder: "Say something as the caller …" });
  const state = h("span", { class: "soft small", role: "status" });
  const give = (kind, text) => hold([...inputs, text === undefined ? { kind } : { kind, text }]);
  const buttons = [
    h("button", { type: "submit", class: "primary" }, "Say it"),
    h("button", { type: "button", onclick: () => words.value.trim() && give("keys", words.value.trim()) }, "Press as keys"),
    h("button", { type: "button", onclick: () => give("silence") }, "Say nothing"),
    h("button", { type: "button", onclick: () => give("mumbles") }, "Mumble"),
    h("button", { type: "button", onclick: () => hold(inputs) }, "Again with this draft"),
    h("button", { type: "button", onclick: () => hold([]) }, "From the start"),
  ];

  /** Holds the conversation from its beginning, with the draft as it is now. */
  async function hold(wanted) {
    for (const button of buttons) button.disabled = true;
    state.textContent = "The agent answers …";
    try {
      const held = await post(`/agents/${encodeURIComponent(name)}/trial`, { source: draft(), inputs: wanted });
      // What came after the end was not answered.
      inputs = wanted.slice(0, wanted.length - held.unanswered);
      words.value = "";
      draw(held);
      state.textContent = held.ending ? `Ended: ${held.ending}` : "The agent waits for the caller.";
    } catch (error) {
      state.textContent = "";
      toast(error.message);
    }
    for (const button of buttons) button.disabled = false;
  }

  function draw({ exchanges }) {
    log.replaceChildren(...exchanges.flatMap(({ caller, outputs }) => [
      caller ? h("p", { class: "bubble caller" }, caller.text ? (caller.kind === "keys" ? `Keys: ${caller.text}` : caller.text) : others[caller.kind]) : null,
      ...outputs.map(line),
    ]).filter(Boolean));
    log.scrollTop = log.scrollHeight;
  }

  return h("section", { class: "card", "aria-label": "Try it" },
    h("div", { class: "section-head" }, h("h2", {}, "Try it"),
      h("span", { class: "soft small" }, "With the text above. Nothing is stored, and no tool reaches anybody: each conversation has an empty store, connectors talk to emulators, and what has none is not set up.")),
    h("form", { class: "row pad", onsubmit: (event) => { event.preventDefault(); if (words.value.trim()) give("says", words.value.trim()); } }, words, buttons, state),
    log);
}

/** What the agent did, for those who make it. */
function line(output) {
  const note = (...text) => h("p", { class: "soft small trial-note" }, ...text);
  switch (output.kind) {
    case "say": return h("p", { class: "bubble agent" }, output.text);
    case "understood": return note("understood: ", h("span", { class: "chip caller" }, plain(output.understanding.intent)), Object.entries(output.understanding.entities).sort().map(([key, value]) => h("span", { class: "chip" }, `${key}: ${value}`)));
    case "toolFinished": return note(h("b", { class: "mono" }, output.tool), " ", h("span", { class: `chip ${output.error ? "bad" : "good"}` }, output.error ? "failed" : "done"),
      " ", h("span", { class: "mono" }, JSON.stringify(output.arguments), " → ", output.error ?? JSON.stringify(output.result)));
    case "expect": return note("waits for: ", plain(output.expectation.context ?? output.expectation.kind));
    case "tookOver": return note(`taken over by ${output.agent}`);
    case "heldBack": return note(`held back: “${output.text}”`);
    case "unsupported": return note(`without support: “${output.text}”`);
    case "press": return note(`presses ${output.keys}`);
    case "transfer": return note(`transfers to ${output.destination}: ${output.reason}`);
    case "hangUp": return note(`hangs up: ${output.reason}`);
    default: return null;
  }
}

function scripts(name, draft) {
  const state = h("p", { class: "soft", role: "status" }, "The files in the folder “tests” beside the agents that are about this one.");
  const list = h("ul", { class: "checks" });
  const button = h("button", { type: "button", onclick: run }, "Run its scripts");

  async function run() {
    button.disabled = true;
    state.textContent = "Conversations are being held …";
    try {
      const { scripts: found, unread } = await post(`/agents/${encodeURIComponent(name)}/scripts`, { source: draft() });
      const held = found.flatMap((script) => script.conversations.map((one) => ({ ...one, file: script.file })));
      const failed = held.filter((one) => one.failures.length).length;
      state.textContent = held.length ? `${held.length} conversations, ${failed} failed.` : "There is no script of this agent.";
      list.replaceChildren(
        ...held.map((one) => h("li", {}, h("span", { class: `chip ${one.failures.length ? "bad" : "good"}` }, one.failures.length ? "failed" : "passed"),
          h("div", {}, one.name, one.failures.map((failure) => h("div", { class: "error small" }, `${one.file}:${failure.line}: ${failure.reason}`))))),
        ...unread.map((text) => h("li", {}, h("span", { class: "chip warn" }, "not read"), h("span", { class: "small" }, text))));
    } catch (error) {
      state.textContent = "";
      toast(error.message);
    }
    button.disabled = false;
  }

  return h("section", { class: "card", "aria-label": "Scripts" },
    h("div", { class: "section-head" }, h("h2", {}, "Scripts"), button),
    h("div", { class: "pad stack" }, state, list));
}
