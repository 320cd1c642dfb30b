// Acts of agents that wait for a person.

import { get, post } from "./api.js";
import { ask, h, pageHead, redraw, toast } from "./dom.js";
import { plain, when } from "./words.js";

const INTERVAL = 3000;
const PAGE = 200;
const looks = { pending: "warn", approved: "", running: "", done: "good", rejected: "", expired: "", failed: "bad", unclear: "bad" };

export async function show(main, { session }) {
  const mayAct = session.scope !== "viewer";
  const list = h("ul", { class: "review-list" });
  const all = h("input", { type: "checkbox", onchange: () => draw().catch((error) => toast(error.message)) });
  // As many as are shown; grows by a page with each wish for more.
  let limit = PAGE;
  const more = h("button", { type: "button", hidden: true, onclick: () => { limit = Math.min(limit + PAGE, 1000); draw().catch((error) => toast(error.message)); } }, "Show more");
  const empty = h("div", { class: "empty", hidden: true }, h("h2", {}, "Nothing waits for you"), h("p", {}, "What an agent may not do by itself appears here."));
  main.append(pageHead("Reviews", "What agents want to do, and may not without a person."),
    h("label", { class: "row small soft" }, all, "Show decided ones too"), list, more, empty);

  async function draw() {
    const { reviews, next } = await get("/reviews", { state: all.checked ? undefined : "pending", limit });
    more.hidden = !next || limit >= 1000;
    // Not under somebody's fingers.
    if (list.contains(document.activeElement) && document.activeElement.matches("button:active")) return;
    redraw(list, ...reviews.map(card));
    empty.hidden = reviews.length > 0;
  }

  function card(review) {
    return h("li", { class: "card pad", dataset: { review: review.id } },
      h("div", { class: "row" }, h("b", { class: "mono" }, review.tool), h("span", { class: `chip ${looks[review.state]}` }, review.state),
        h("span", { class: "soft small" }, `filed ${when(review.filedAt)} by ${review.agent}`),
        review.state === "pending" ? h("span", { class: "soft small" }, `until ${when(review.expiresAt)}`) : null),
      h("p", { class: "soft" }, review.reason),
      h("dl", { class: "arguments" }, Object.entries(parse(review.arguments)).map(([name, value]) => [h("dt", {}, plain(name)), h("dd", {}, typeof value === "string" ? value : JSON.stringify(value))])),
      h("p", { class: "small" }, h("a", { href: `#/calls/${encodeURIComponent(review.callID)}` }, "The call"), review.contact ? ` · ${review.contact}` : null),
      review.decidedBy ? h("p", { class: "small soft" }, `${review.state === "rejected" ? "Rejected" : "Approved"} by ${review.decidedBy}${review.note ? `: ${review.note}` : ""}`) : null,
      review.result ? h("p", { class: "small mono" }, review.result) : null,
      mayAct && review.state === "pending" ? h("div", { class: "row" },
        h("button", { type: "button", class: "primary", onclick: () => decide(review, "approve") }, "Approve"),
        h("button", { type: "button", class: "danger", onclick: () => decide(review, "reject") }, "Reject")) : null);
  }

  async function decide(review, verb) {
    const note = h("input", { maxlength: 500, "aria-label": "A note for the record", placeholder: "A note for the record" });
    const words = verb === "approve" ? ["Approve this?", "The service does it within seconds, once.", "Approve it"] : ["Reject this?", "It will not be done.", "Reject it"];
    const answer = await ask({ title: words[0], body: [h("p", {}, `${review.tool} ${review.arguments}`), h("p", { class: "soft" }, words[1]), note], accept: words[2], danger: verb === "reject", read: () => ({ note: note.value.trim() || undefined }) });
    if (!answer) return;
    try { await post(`/reviews/${review.id}/${verb}`, answer); } catch (error) { toast(error.message); }
    await draw();
  }

  await draw();
  const timer = setInterval(() => draw().catch(() => {}), INTERVAL);
  return () => clearInterval(timer);
}

function parse(text) {
  try { return JSON.parse(text); } catch { return { arguments: text }; }
}
