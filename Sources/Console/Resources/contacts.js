// People of whom something is known, from calls and from campaigns: finding one, and everything about them.

import { patch, post } from "./api.js";
import { h, pageHead, toast } from "./dom.js";
import { plain, when } from "./words.js";

/** What somebody is called: as calls noted it, or as a campaign's file has it. */
const called = (one) => one.facts.find((fact) => fact.name === "name")?.value ?? one.campaigns.find((place) => place.variables.name)?.variables.name ?? "";
const card = (title, ...children) => h("section", { class: "card pad stack", "aria-label": title }, h("h2", {}, title), children);
const none = (words) => h("p", { class: "soft" }, words);

export async function show(main, { session }) {
  const head = pageHead("Contacts", "People of whom something is known, from calls and from campaigns.");
  if (session.scope === "viewer") return main.append(head, none("Whoever may only look is not shown who is known; that takes an operator."));
  const text = h("input", { type: "search", id: "search", maxlength: 200, placeholder: "Name, number or what is known" });
  const rows = h("tbody");
  const moreBox = h("div", { class: "more", hidden: true }, h("button", { type: "button", onclick: () => load(next).catch(failed) }, "Show more"));
  const table = h("div", { class: "card table-box", hidden: true }, h("table", {}, h("caption", { class: "visually-hidden" }, "Contacts, by number"),
    h("thead", {}, h("tr", {}, ["Number", "Name", "Campaigns", "Facts"].map((words) => h("th", { scope: "col" }, words)))), rows), moreBox);
  const why = h("p", {});
  const empty = h("div", { class: "empty", hidden: true }, h("h2", {}, "Nobody"), why);
  const file = h("div", { class: "stack contact-file", tabindex: -1 });
  main.append(head,
    h("form", { class: "filters", role: "search", onsubmit: (event) => { event.preventDefault(); load().catch(failed); } }, h("label", { class: "field", for: "search" }, "Search", text)),
    table, empty, file);

  const failed = (error) => toast(error.message);
  let next;
  let asked = 0;
  async function load(after) {
    const mine = ++asked;
    const page = await post("/contacts/search", { text: text.value.trim(), limit: 50, after });
    if (mine !== asked) return;
    if (!after) rows.replaceChildren();
    rows.append(...page.contacts.map(row));
    next = page.next;
    moreBox.hidden = !next;
    table.hidden = rows.children.length === 0;
    empty.hidden = !table.hidden;
    why.replaceChildren(...(text.value.trim() ? ["Nothing is known of anybody like this. A part of the name, of the number or of what is known will do."]
      : ["People appear here when a call notes something of them, or with a list of a ", h("a", { href: "#/campaigns" }, "campaign"), "."]));
  }

  const row = (one) => h("tr", {},
    h("td", { class: "numbers once" }, h("button", { type: "button", class: "quiet link", "aria-label": `Open ${one.number}`, onclick: () => open(one.number) }, one.number)),
    h("td", {}, called(one)),
    h("td", {}, one.campaigns.map((place) => place.campaign).join(", ") || "–"),
    h("td", { class: "numbers" }, String(one.facts.length)));

  async function open(number) {
    try {
      draw(await post("/contacts/lookup", { number }));
      file.focus();
      file.scrollIntoView({ block: "start" });
    } catch (error) { failed(error); }
  }

  function draw(one) {
    const { lists, consents } = one.standing;
    file.setAttribute("aria-label", one.number);
    file.setAttribute("role", "region");
    file.replaceChildren(
      h("h2", { class: "numbers" }, [one.number, called(one)].filter(Boolean).join(" · ")),
      lists.length ? h("ul", { class: "error" }, lists.map((entry) => h("li", {}, `Must not be called: on the list "${entry.list}" since ${when(entry.addedAt)}: ${entry.reason}`))) : "",
      facts(one),
      card("Campaigns", one.campaigns.length ? h("ul", { class: "checks" }, one.campaigns.map((place) => h("li", {}, h("div", {},
        h("a", { href: `#/campaigns/${encodeURIComponent(place.campaign)}` }, place.campaign),
        h("span", { class: "soft" }, ` ${[place.state, place.outcome && plain(place.outcome), `${place.attempts} attempt${place.attempts === 1 ? " that counts" : "s that count"}`, place.nextAt && `next ${when(place.nextAt)}`].filter(Boolean).join(" · ")}`),
        h("div", { class: "soft small" }, Object.entries(place.variables).map(([name, value]) => `${plain(name)}: ${value}`).join(" · ")))))) : none("In none."),
      one.attempts.length ? [h("h3", {}, "Attempts"), h("ul", { class: "small" }, one.attempts.map((attempt) => h("li", {},
        attempt.callID ? h("a", { href: `#/calls/${attempt.callID}` }, when(attempt.intendedAt)) : when(attempt.intendedAt),
        ` ${[attempt.campaign, attempt.outcome ? plain(attempt.outcome) : attempt.state].filter(Boolean).join(" · ")}`)))] : null),
      card("Calls", one.calls.length ? h("ul", {}, one.calls.map((call) => h("li", {},
        h("a", { href: `#/calls/${call.id}` }, when(call.startedAt)), h("span", { class: "soft" }, ` ${[call.direction, call.agent, call.outcome && plain(call.outcome)].filter(Boolean).join(" · ")}`)))) : none("None.")),
      card("Consents", consents.length ? h("ul", {}, consents.map((consent) => h("li", {},
        `${consent.kind} for ${consent.seller}, ${when(consent.givenAt)}, ${consent.source}${consent.revokedAt ? `; revoked ${when(consent.revokedAt)}` : ""}`))) : none("None.")));
  }

  function facts(one) {
    const name = h("input", { id: "fact-name", required: true, maxlength: 41, pattern: "[a-z][a-z0-9_]*", title: "small letters, digits and _", placeholder: "language" });
    const value = h("input", { id: "fact-value", required: true, maxlength: 500, placeholder: "German" });
    async function change(wish) {
      try {
        draw(await patch("/contacts", { number: one.number, facts: wish }));
        // What had the focus is gone.
        file.focus();
      } catch (error) { failed(error); }
    }
    return card("What is known", one.facts.length ? h("ul", { class: "checks" }, one.facts.map((fact) => h("li", { dataset: { fact: fact.name } },
      h("div", { class: "grow" }, h("b", {}, plain(fact.name)), ` ${fact.isSecret ? "proves who calls, and is shown to nobody" : fact.value}`,
        h("div", { class: "soft small" }, `${fact.source}, ${when(fact.notedAt)}`)),
      h("button", { type: "button", class: "quiet", "aria-label": `Forget ${plain(fact.name)}`, onclick: () => change({ [fact.name]: null }) }, "Forget")))) : none("Nothing yet."),
    h("form", { class: "filters", onsubmit: (event) => { event.preventDefault(); change({ [name.value.trim()]: value.value.trim() }); } },
      h("label", { class: "field", for: "fact-name" }, "Name", name), h("label", { class: "field", for: "fact-value" }, "What it is", value), h("button", {}, "Note")));
  }

  let timer;
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => load().catch(failed), 250);
  });
  await load();
  return () => clearTimeout(timer);
}
