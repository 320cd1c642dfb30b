// Stopping one agent or all with one button, and what is stopped.

import { get, newKey, post, send } from "./api.js";
import { ask, h, redraw, toast } from "./dom.js";
import { when } from "./words.js";

/** Others stop agents, too. */
const INTERVAL = 5000;

/** What one stop does, in words. */
export const words = (stop) => `${stop.agent ?? "All agents"}: ${stop.escalates ? "new calls go to the escalation" : "new calls are refused"}, since ${when(stop.stoppedAt)}${stop.stoppedBy ? `, by ${stop.stoppedBy}` : ""}${stop.reason ? `: ${stop.reason}` : ""}`;

/** The button and the list of what is stopped; `close` ends its looking. */
export async function panel(mayAct) {
  const list = h("section", { class: "stops", "aria-label": "Stopped", hidden: true });
  const button = mayAct ? h("button", { type: "button", class: "danger", onclick: () => stop().catch((error) => toast(error.message)) }, "Stop…") : null;

  function draw({ stops }) {
    list.hidden = stops.length === 0;
    redraw(list, ...stops.map((one) => h("p", { class: "notice row", dataset: { stop: one.agent ?? "*" } },
      h("span", { class: "grow" }, words(one)),
      mayAct ? h("button", { type: "button", onclick: () => resume(one.agent) }, one.agent ? `Let ${one.agent} go on` : "Let all go on") : null)));
  }

  async function stop() {
    const { agents } = await get("/agents");
    const whose = h("select", { id: "stop-whose" }, h("option", { value: "" }, "all agents"), agents.map(({ name }) => h("option", { value: name }, name)));
    const calls = h("select", { id: "stop-calls" }, h("option", { value: "end" }, "are ended at once"), h("option", { value: "leave" }, "go on to their end"));
    const newCalls = h("select", { id: "stop-new" }, h("option", { value: "refuse" }, "are refused"), h("option", { value: "escalate" }, "go to the agent's escalation"));
    const reason = h("input", { id: "stop-reason", maxlength: 200, placeholder: "Why, for those who look at it later" });
    const wish = await ask({
      title: "Stop taking calls?", accept: "Stop", danger: true,
      read: () => ({ agent: whose.value || undefined, calls: calls.value, newCalls: newCalls.value, reason: reason.value.trim() || undefined }),
      body: [h("p", {}, "It holds, also after a restart, until somebody lets them go on. Campaigns place no calls meanwhile."),
        h("label", { for: "stop-whose" }, "Agent"), whose, h("label", { for: "stop-calls" }, "Calls on the line"), calls,
        h("label", { for: "stop-new" }, "New calls"), newCalls, h("label", { for: "stop-reason" }, "Reason"), reason],
    });
    if (!wish) return;
    const done = await send("/stops", JSON.stringify(wish), "application/json", newKey());
    draw(done);
    toast(`Stopped. ${done.ended.length === 1 ? "1 call was ended." : `${done.ended.length} calls were ended.`}`);
  }

  async function resume(agent) {
    try { draw(await post("/stops/resume", { agent })); } catch (error) { toast(error.message); }
  }

  draw(await get("/stops"));
  const timer = setInterval(() => get("/stops").then(draw).catch(() => {}), INTERVAL);
  return { button, list, close: () => clearInterval(timer) };
}
