// Talking to an agent with this machine's microphone.

import { get, post } from "./api.js";
import { h, icon, icons, pageHead, toast } from "./dom.js";
import { Line } from "./line.js";
import { clockOfSeconds } from "./words.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

export async function show(main, { parameters, session }) {
  const { agents } = await get("/agents");
  const able = agents.filter((agent) => !agent.objection);
  const wanted = parameters.get("agent") ?? able.find((agent) => agent.isDefault)?.name;
  const choice = h("select", { id: "agent" }, able.map((agent) => h("option", { value: agent.name, selected: agent.name === wanted }, agent.name)));
  const button = h("button", { type: "button", class: "core", "aria-label": "Call", onclick: () => (line ? end() : begin()) }, icon(icons.mic));
  const orb = h("div", { class: "orb" }, h("i", { class: "ring-agent" }), h("i", { class: "ring-caller" }), button);
  const state = h("p", { role: "status" }, "Call the agent and speak, as on the telephone.");
  const log = h("div", { class: "talk-log", role: "log", "aria-label": "What is said", tabindex: "0" },
    h("p", { class: "hint" }, "What you and the agent say appears here. With headphones the agent does not hear itself."));
  const keys = h("details", { class: "keys" }, h("summary", { class: "soft small" }, "Telephone keys"),
    h("div", { class: "keypad" }, KEYS.map((key) => h("button", { type: "button", onclick: () => line?.press(key) }, key))));
  const link = h("p", { class: "small", hidden: true });
  main.append(pageHead("Talk", "Call an agent from this browser."),
    h("section", { class: "card", "aria-label": "Call" },
      h("div", { class: "stage" }, h("label", { class: "field", for: "agent" }, "Agent", choice), orb, state, link, keys), log));
  if (session.scope === "viewer") {
    button.disabled = true;
    state.textContent = "Calling an agent takes a key for operators.";
  }

  let line;
  let open = {};
  let since;
  let callID;

  async function begin() {
    button.disabled = true;
    link.hidden = true;
    state.textContent = "Connecting …";
    line = new Line(hear);
    try {
      await line.open(() => post("/browser-calls", { agent: choice.value }));
    } catch (error) {
      line = undefined;
      state.textContent = error.message;
    }
    button.disabled = false;
    draw();
  }

  function end() {
    line?.hangUp();
  }

  function hear(message) {
    if (message.event === "levels") {
      orb.style.setProperty("--caller-level", Math.min(Math.sqrt(message.caller), 1).toFixed(3));
      orb.style.setProperty("--agent-level", Math.min(Math.sqrt(message.agent), 1).toFixed(3));
    } else if (message.event === "started") {
      callID = message.call;
      since = performance.now();
      open = {};
      log.replaceChildren();
      draw();
    } else if (message.event === "transcript") {
      // Words of one side grow until they are final.
      const bubble = open[message.speaker] ?? log.appendChild(h("p", { class: `bubble ${message.speaker} now` }));
      bubble.textContent = message.text;
      bubble.classList.toggle("now", !message.final);
      open[message.speaker] = message.final ? undefined : bubble;
      if (!message.text) {
        bubble.remove();
        open[message.speaker] = undefined;
      }
      log.scrollTop = log.scrollHeight;
    } else if (message.event === "ended") {
      toast(`The call ended: ${message.reason}.`);
    } else if (message.event === "closed") {
      line = undefined;
      state.textContent = message.code === 1000 || !message.reason ? "The call is over." : `The call was refused: ${message.reason}`;
      if (callID) {
        link.replaceChildren(h("a", { href: `#/calls/${callID}` }, "Look at this call"));
        link.hidden = false;
      }
      callID = undefined;
      orb.style.removeProperty("--caller-level");
      orb.style.removeProperty("--agent-level");
      draw();
    }
  }

  function draw() {
    button.classList.toggle("is-live", Boolean(line));
    button.setAttribute("aria-label", line ? "Hang up" : "Call");
    button.replaceChildren(icon(line ? icons.end : icons.mic));
    choice.disabled = Boolean(line);
  }

  /** On the line a figure is a key of the telephone, and leads to no other page, which would end the call. */
  function press(event) {
    if (!line || event.ctrlKey || event.metaKey || event.altKey || !KEYS.includes(event.key) || event.target.closest("input, textarea, select, dialog")) return;
    event.preventDefault();
    event.stopPropagation();
    // A key that is held down is pressed once, as on a telephone.
    if (!event.repeat) line.press(event.key);
  }
  document.addEventListener("keydown", press, true);

  const timer = setInterval(() => {
    if (line && callID) state.textContent = `On the line with ${choice.value} · ${clockOfSeconds((performance.now() - since) / 1000)}`;
  }, 500);
  return () => {
    clearInterval(timer);
    document.removeEventListener("keydown", press, true);
    line?.hangUp();
  };
}
