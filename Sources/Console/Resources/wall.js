// The live wall: every call on the line, as it happens.

import { get, post } from "./api.js";
import { ask, h, icon, icons, pageHead, s, toast } from "./dom.js";
import { choice, stop as stopListening } from "./listen.js";
import * as live from "./live.js";
import { Card, waits } from "./live-card.js";
import * as stops from "./stops.js";
import { write } from "./transcript.js";
import { clockOfSeconds } from "./words.js";

/** A call that has ended stays in sight for a moment. */
const AFTERGLOW = 8000;
/** How often it is asked who is in line for a line. */
const LINE_LOOK = 5000;
/** How often a page that nobody sees is kept true; browsers draw none. */
const UNSEEN = 200;

export async function show(main, { session }) {
  const cards = new Map();
  const lines = figure("div");
  const callers = figure("div");
  const agents = figure("div");
  // Of forty calls most are out of sight: it leads to the one that waits longest.
  const waiting = figure("button", { type: "button", title: "To the caller who has waited longest", onclick: () => showWaiting() });
  const queue = figure("div", { hidden: true });
  const stats = h("div", { class: "stats", "aria-live": "off" }, [lines, callers, agents, waiting, queue].map(({ element }) => element));
  const wall = h("div", { class: "wall" });
  const compact = h("button", { type: "button", hidden: true, title: "Without what is said, for many calls at a glance", onclick: () => { localStorage.setItem("wall", isCompact() ? "" : "compact"); drawCompact(); } }, "Compact");
  const isCompact = () => localStorage.getItem("wall") === "compact";
  function drawCompact() {
    compact.setAttribute("aria-pressed", String(isCompact()));
    wall.classList.toggle("is-compact", isCompact());
    // What is not shown has no place that it was scrolled to.
    if (!isCompact()) cards.forEach((card) => card.toEnd());
  }
  drawCompact();
  const empty = h("div", { class: "empty" },
    s("svg", { viewBox: "0 0 64 32", "aria-hidden": "true" }, s("path", { d: "M4 16h10l4-9 7 18 7-22 7 26 6-17 4 4h11" })),
    h("h2", {}, "Nobody is on the line"),
    h("p", {}, "Calls appear here the moment they begin. ", h("a", { href: "#/talk" }, "Talk to an agent"), " to see one."));
  const mayAct = session.scope !== "viewer";
  const sides = choice();
  const endAll = mayAct ? h("button", { type: "button", class: "danger", hidden: true, onclick: () => endCalls() }, icon(icons.end), "End calls…") : null;
  let health = await get("/health");
  // The last that is waited for: it looks again and again, and a page that fails after it would never end that.
  const stopped = await stops.panel(mayAct);
  main.append(pageHead("Live", "Every call on the line, as it happens.", sides, compact, endAll, stopped.button), stopped.list, stats, wall, empty);
  sides.hidden = true;

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
    compact.hidden = cards.size === 0;
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
    const are = (state) => all.filter((call) => call.state.state === state).length;
    const wait = all.filter(waits).length;
    lines.set(all.length, `of ${health.maximumCalls} lines taken`);
    callers.set(are("callerSpeaks"), "callers speaking");
    agents.set(are("agentSpeaks"), "agents speaking");
    waiting.set(wait, wait === 1 ? "caller waiting" : "callers waiting");
    queue.element.hidden = health.callersWaiting === undefined;
    if (health.callersWaiting !== undefined) queue.set(health.callersWaiting, inLine(health));
  }

  function showWaiting() {
    const [first] = [...live.calls.values()].filter(waits).sort((a, b) => a.heardAt - b.heardAt);
    const card = cards.get(first?.id);
    if (!card) return toast("Nobody waits for an answer.");
    card.element.scrollIntoView({ block: "center" });
    card.element.querySelector("a").focus({ preventScroll: true });
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
        const { element } = card;
        const next = element.contains(document.activeElement) ? element.nextElementSibling ?? element.previousElementSibling ?? stats : undefined;
        element.remove();
        next?.querySelector("a, button")?.focus({ preventScroll: true });
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

/** A number with its words, which stays where it is while they change: a button that is made anew under a finger is not pressed. */
function figure(tag, properties) {
  const [number, words] = [h("b"), h("span")];
  return {
    element: h(tag, { class: "stat", ...properties }, number, " ", words),
    set: (count, text) => { write(number, String(count)); write(words, text); },
  };
}
