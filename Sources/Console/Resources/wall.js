// The live wall: every call on the line, as it happens.

import { get, post } from "./api.js";
import { ask, h, icon, icons, pageHead, s, toast } from "./dom.js";
import { choice, listensTo, stop as stopListening, toggle } from "./listen.js";
import * as live from "./live.js";
import * as stops from "./stops.js";
import { handBack, holds, takeOver } from "./takeover.js";
import { caller, clockOfSeconds, heardAndNot, states } from "./words.js";

/** A caller who waits this long for an answer is pointed out. */
const LONG_WAIT = 3000;
/** A call that has ended stays in sight for a moment. */
const AFTERGLOW = 8000;
/** How often it is asked who is in line for a line. */
const LINE_LOOK = 5000;
/** How often a page that nobody sees is kept true; browsers draw none. */
const UNSEEN = 200;

export async function show(main, { session }) {
  const cards = new Map();
  const stats = h("div", { class: "stats", "aria-live": "off" });
  const wall = h("div", { class: "wall" });
  const empty = h("div", { class: "empty" },
    s("svg", { viewBox: "0 0 64 32", "aria-hidden": "true" }, s("path", { d: "M4 16h10l4-9 7 18 7-22 7 26 6-17 4 4h11" })),
    h("h2", {}, "Nobody is on the line"),
    h("p", {}, "Calls appear here the moment they begin. ", h("a", { href: "#/talk" }, "Talk to an agent"), " to see one."));
  const mayAct = session.scope !== "viewer";
  const sides = choice();
  const endAll = mayAct ? h("button", { type: "button", class: "danger", hidden: true, onclick: () => endCalls() }, icon(icons.end), "End calls…") : null;
  const stopped = await stops.panel(mayAct);
  main.append(pageHead("Live", "Every call on the line, as it happens.", sides, endAll, stopped.button), stopped.list, stats, wall, empty);
  sides.hidden = true;
  let health = await get("/health");

  function addCards() {
    for (const call of live.calls.values()) {
      if (cards.has(call.id)) continue;
      const card = new Card(call, mayAct);
      cards.set(call.id, card);
      wall.append(card.element);
    }
  }

  /** Cards on whose calls something has happened since they were drawn. */
  const stale = new Set();
  let frame;
  let timer;

  /** Draws all that has come at the browser's next picture, for a hundred calls tell of themselves hundreds of times a second. */
  function drawSoon() {
    if (frame || timer) return;
    if (document.hidden) timer = setTimeout(draw, UNSEEN);
    else frame = requestAnimationFrame(draw);
  }

  function forget() {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = timer = undefined;
  }

  function draw() {
    forget();
    const changed = [...stale].filter((card) => !card.isOver);
    stale.clear();
    // All are measured before any is changed: otherwise the browser would lay the page out anew for each.
    const atEnd = changed.map((card) => card.isAtEnd());
    changed.forEach((card, index) => card.draw(atEnd[index]));
    empty.hidden = cards.size > 0;
    if (endAll) endAll.hidden = cards.size === 0;
    sides.hidden = cards.size === 0;
    drawStats();
  }

  /** One agent's calls, or all, at once. */
  async function endCalls() {
    const agents = [...new Set([...live.calls.values()].map(({ state }) => state.speaker))].sort();
    const whose = h("select", { id: "end-whose" }, h("option", { value: "" }, "all agents"), agents.map((name) => h("option", { value: name }, name)));
    const agent = await ask({
      title: "End calls?", accept: "End them", danger: true, read: () => whose.value,
      body: [h("p", {}, "They end at once, without a goodbye. New calls are still answered."), h("label", { for: "end-whose" }, "Calls of"), whose],
    });
    if (agent === null) return;
    try {
      const { calls } = await post("/live/hangup", agent ? { agent } : {});
      toast(calls.length === 1 ? "1 call was ended." : `${calls.length} calls were ended.`);
    } catch (error) { toast(error.message); }
  }

  function drawStats() {
    const all = [...live.calls.values()];
    const waiting = all.filter((call) => states[call.state.state][1] === "thinking").length;
    stats.replaceChildren(
      stat(`${all.length}`, `of ${health.maximumCalls} lines taken`),
      stat(`${all.filter((call) => call.state.state === "callerSpeaks").length}`, "callers speaking"),
      stat(`${all.filter((call) => call.state.state === "agentSpeaks").length}`, "agents speaking"),
      stat(`${waiting}`, waiting === 1 ? "caller waiting" : "callers waiting"),
      health.callersWaiting === undefined ? "" : stat(`${health.callersWaiting}`, inLine(health)));
  }

  // Who is in line is on no call yet, and no event tells of them.
  let isGone = false;
  const look = health.callersWaiting === undefined ? undefined : setInterval(async () => {
    if (document.hidden) return;
    try { health = await get("/health"); } catch { return; }
    if (!isGone) drawSoon();
  }, LINE_LOOK);

  const stop = live.listen(({ kind, callID, data }) => {
    if (kind === "levels") return cards.forEach((card) => card.drawLevels());
    if (kind === "picture") {
      for (const [id, card] of cards) {
        if (live.calls.has(id)) continue;
        card.element.remove();
        cards.delete(id);
      }
      for (const [id, card] of cards) {
        card.call = live.calls.get(id);
        stale.add(card);
      }
    }
    if (kind === "picture" || kind === "call.started") addCards();
    const card = cards.get(callID);
    if (card && kind === "call.ended") {
      card.end(data);
      setTimeout(() => {
        card.element.remove();
        cards.delete(callID);
        drawSoon();
      }, AFTERGLOW);
    } else if (card) stale.add(card);
    drawSoon();
  });
  // What was asked for while the page was seen is not drawn while it is not.
  const seen = () => { if (frame || timer) { forget(); drawSoon(); } };
  document.addEventListener("visibilitychange", seen);
  const clock = setInterval(() => cards.forEach((card) => card.tick()), 500);
  addCards();
  draw();
  return () => {
    stop();
    forget();
    document.removeEventListener("visibilitychange", seen);
    stopped.close();
    stopListening();
    clearInterval(clock);
    clearInterval(look);
    isGone = true;
  };
}

/** Of callers who wait for a free line. */
const inLine = ({ callersWaiting, longestWait }) =>
  `${callersWaiting === 1 ? "caller" : "callers"} in line${longestWait === undefined ? "" : `, for ${clockOfSeconds(longestWait)} at most`}`;

const stat = (number, text) => h("div", { class: "stat" }, h("b", {}, number), h("span", {}, text));

/** Puts a text where another one stands; the browser has nothing to do where it is the same. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
  return element;
}

/** What is said on a call on the line, with what is being said at its end. */
export class Lines {
  /** - `log`: what has the lines. */
  constructor(log) {
    this.log = log;
    // Lines by the turns they show; and those that are being said, of which nobody is read each word.
    this.drawn = new WeakMap();
    this.saying = h("p", { class: "bubble agent now", "aria-live": "off" });
    this.interim = h("p", { class: "bubble caller now", "aria-live": "off" });
  }

  /** Whether the newest words are in sight. */
  isAtEnd() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 40; }

  draw(turns, state) {
    // What was said stays as it is drawn; most events only tell how what is being said goes on.
    const lines = turns.map((turn) => {
      const line = this.drawn.get(turn) ?? bubble(turn);
      this.drawn.set(turn, line);
      return line;
    });
    if (state.saying) lines.push(write(this.saying, state.saying));
    if (state.interim) lines.push(write(this.interim, `${state.interim} …`));
    // What stands stays where it is: a line that is put in anew is read anew, and what somebody marked in it is lost.
    const kept = new Set(lines);
    for (const line of [...this.log.children]) if (!kept.has(line)) line.remove();
    lines.forEach((line, index) => {
      const there = this.log.children[index];
      if (there !== line) this.log.insertBefore(line, there ?? null);
    });
  }
}

/** One call on the wall. */
class Card {
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
    if (isAtEnd) requestAnimationFrame(() => { this.talk.scrollTop = this.talk.scrollHeight; });
  }

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
    const isWaiting = states[this.call.state.state][1] === "thinking" && waited > LONG_WAIT;
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

/** One side's words; what was not heard is struck through. */
function bubble(turn) {
  if (turn.speaker === "operator") return h("p", { class: "bubble operator" }, h("b", { class: "small" }, "Operator "), turn.text);
  if (turn.speaker === "caller") return h("p", { class: "bubble caller" }, turn.text || "(not understood)");
  const [heard, lost] = heardAndNot(turn);
  return h("p", { class: "bubble agent" }, heard, lost ? h("s", { title: "said, but not heard by the caller" }, lost) : null);
}
