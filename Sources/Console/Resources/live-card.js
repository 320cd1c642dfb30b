// One call on the wall: how it goes, what is said, and what can be done about it.

import { post } from "./api.js";
import { ask, h, icon, icons, toast } from "./dom.js";
import { listensTo, toggle } from "./listen.js";
import { handBack, holds, takeOver } from "./takeover.js";
import { Lines, write } from "./transcript.js";
import { caller, clockOfSeconds, states } from "./words.js";

/** A caller who waits this long for an answer is pointed out. */
const LONG_WAIT = 3000;

/** Whether the caller waits for an answer. */
export const waits = (call) => states[call.state.state][1] === "thinking";

/** One call on the wall. */
export class Card {
  constructor(call, mayAct) {
    this.call = call;
    this.dot = h("i", { class: "dot", "aria-hidden": "true" });
    this.state = h("span", {});
    this.wait = h("span", { class: "chip warn numbers", hidden: true });
    this.speaker = h("span", { class: "chip", hidden: true });
    this.muted = h("span", { class: "chip warn", hidden: true }, "muted");
    this.operator = h("span", { class: "chip warn", hidden: true }, "operator on the line");
    this.time = h("time", {});
    this.callerMeter = h("i");
    this.agentMeter = h("i");
    // A screen reader that read forty calls at once would be of no use: it reads the one that somebody is at.
    this.talk = h("div", { class: "live-talk", role: "log", "aria-live": "off", "aria-label": `What is said on the call from ${caller(call)}`, tabindex: "0" });
    this.lines = new Lines(this.talk);
    this.mute = h("button", { type: "button", onclick: () => this.act("mute", { isMuted: !this.call.state.isMuted }) }, "Mute");
    this.takeover = h("button", { type: "button", onclick: () => this.toggleTakeover() });
    this.listen = h("button", { type: "button", onclick: () => this.toggleListening() });
    this.foot = h("div", { class: "live-foot" },
      this.listen,
      mayAct ? this.mute : null,
      mayAct ? h("button", { type: "button", onclick: () => this.say() }, "Say…") : null,
      mayAct ? h("button", { type: "button", onclick: () => this.whisper() }, "Whisper…") : null,
      mayAct ? h("button", { type: "button", onclick: () => this.sendOn() }, "Transfer…") : null,
      mayAct ? this.takeover : null,
      h("span", { class: "grow" }),
      mayAct ? h("button", { type: "button", class: "danger", onclick: () => this.hangUp() }, icon(icons.end), "End") : null);
    this.element = h("article", { class: "card live-card", "aria-label": `Call from ${caller(call)} with ${call.agent}`, dataset: { call: call.id } },
      h("div", { class: "live-head" },
        h("a", { href: `#/calls/${call.id}` }, call.agent),
        h("span", { class: "soft small" }, caller(call)), this.time),
      h("div", { class: "live-state" }, this.dot, this.state, this.speaker, this.muted, this.operator, this.wait),
      h("div", { class: "meters", "aria-hidden": "true" },
        "caller", h("div", { class: "meter caller" }, this.callerMeter),
        "agent", h("div", { class: "meter agent" }, this.agentMeter)),
      this.talk,
      this.foot);
    this.element.addEventListener("focusin", () => this.talk.setAttribute("aria-live", "polite"));
    this.element.addEventListener("focusout", () => this.talk.setAttribute("aria-live", "off"));
    this.draw();
    this.tick();
  }

  /** Whether the newest words are in sight. */
  isAtEnd() { return this.lines.isAtEnd(); }

  draw(isAtEnd = this.isAtEnd()) {
    const { state, turns } = this.call;
    const [words, look] = states[state.state];
    this.dot.className = `dot ${look}`;
    write(this.state, state.tool ? `Tool: ${state.tool}` : words);
    this.speaker.hidden = state.speaker === this.call.agent;
    write(this.speaker, `now with ${state.speaker}`);
    this.muted.hidden = !state.isMuted;
    this.operator.hidden = !state.hasOperator;
    write(this.takeover, state.hasOperator || holds() === this.call.id ? "Hand back" : "Take over");
    this.drawListening();
    write(this.mute, state.isMuted ? "Unmute" : "Mute");
    this.mute.setAttribute("aria-pressed", String(state.isMuted));
    this.lines.draw(turns.slice(-12), state);
    if (!isAtEnd) return;
    // A page that nobody sees has no next picture: what waits for one would pile up all day.
    if (document.hidden) setTimeout(() => this.toEnd());
    else requestAnimationFrame(() => this.toEnd());
  }

  /** Brings the newest words into sight. */
  toEnd() { this.talk.scrollTop = this.talk.scrollHeight; }

  drawLevels() {
    const [callerLevel, agentLevel] = this.call.levels;
    // Most of two hundred calls are as loud as they were, and most of those silent.
    if (callerLevel === this.loud?.[0] && agentLevel === this.loud[1]) return;
    this.loud = [callerLevel, agentLevel];
    this.callerMeter.style.transform = `scaleX(${callerLevel / 127})`;
    this.agentMeter.style.transform = `scaleX(${agentLevel / 127})`;
  }

  tick() {
    if (this.isOver) return;
    write(this.time, clockOfSeconds((Date.now() - new Date(this.call.startedAt)) / 1000));
    const waited = performance.now() - this.call.heardAt;
    const isWaiting = waits(this.call) && waited > LONG_WAIT;
    this.wait.hidden = !isWaiting;
    if (isWaiting) write(this.wait, `waiting ${Math.floor(waited / 1000)} s`);
    this.element.classList.toggle("is-waiting", isWaiting);
  }

  end(data) {
    this.isOver = true;
    this.draw();
    this.dot.className = "dot over";
    this.state.textContent = `Ended: ${data.endReason ?? "no reason given"}`;
    this.wait.hidden = true;
    this.drawLevels();
    this.element.classList.add("is-over");
    this.element.classList.remove("is-waiting");
    // Whoever is at one of its buttons stays at the call.
    if (this.foot.contains(document.activeElement)) {
      this.element.tabIndex = -1;
      this.element.focus({ preventScroll: true });
    }
    this.foot.hidden = true;
  }

  drawListening() {
    const isOn = listensTo() === this.call.id;
    write(this.listen, isOn ? "Stop listening" : "Listen");
    this.listen.setAttribute("aria-pressed", String(isOn));
  }

  async toggleListening() {
    try { await toggle(this.call.id, () => this.drawListening()); } catch (error) { toast(error.message); }
  }

  async act(act, body) {
    try { await post(`/calls/${this.call.id}/${act}`, body); } catch (error) { toast(error.message); }
  }

  async hangUp() {
    const yes = await ask({ title: "End this call?", body: h("p", {}, `The call from ${caller(this.call)} ends at once, without a goodbye.`), accept: "End the call", danger: true });
    if (yes) this.act("hangup");
  }

  async toggleTakeover() {
    try {
      if (this.call.state.hasOperator || holds() === this.call.id) await handBack(this.call.id);
      else await takeOver(this.call.id, () => this.draw());
    } catch (error) { toast(error.message); }
  }

  async whisper() {
    const input = h("input", { maxlength: 500, required: true, "aria-label": "What the agent is told", placeholder: "She is a premium customer." });
    const text = await ask({ title: "Whisper to the agent", body: [h("p", { class: "soft" }, "The caller does not hear it; the agent's next reply takes it into account."), input], accept: "Whisper", read: () => input.value.trim() });
    if (text) this.act("whisper", { text });
  }

  async sendOn() {
    const wish = await transferWish();
    if (wish) this.act("transfer", wish);
  }

  async say() {
    const input = h("input", { maxlength: 500, required: true, "aria-label": "What the agent says", placeholder: "One moment, please." });
    const text = await ask({ title: "Have the agent say", body: input, accept: "Say it", read: () => input.value.trim() });
    if (text) this.act("say", { text });
  }
}

/** Asks where a caller is to be sent on to and what they hear first; `null` when they stay. */
export function transferWish() {
  const to = h("input", { id: "transfer-to", type: "tel", maxlength: 200, required: true, placeholder: "+12125550123", autocomplete: "off" });
  const words = h("input", { id: "transfer-say", maxlength: 500, required: true, value: "One moment, please. I am putting you through." });
  return ask({
    title: "Transfer this call", accept: "Transfer", read: () => ({ to: to.value.trim(), say: words.value.trim() }),
    body: [h("label", { for: "transfer-to" }, "Number, or SIP address"), to, h("label", { for: "transfer-say" }, "The caller hears first"), words],
  });
}
