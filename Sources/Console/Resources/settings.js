// Who may use the console, which agent answers where, and who must not be called.

import { get, post } from "./api.js";
import { section as audit } from "./audit.js";
import { ask, h, pageHead, toast } from "./dom.js";
import { when, zone } from "./words.js";

const scopes = [["viewer", "looks and listens"], ["operator", "also acts on calls"], ["builder", "also publishes agents and sets campaigns up"], ["admin", "also manages keys and accounts"]];

export async function show(main, { session }) {
  const isAdmin = session.scope === "admin";
  const mayAct = session.scope !== "viewer";
  const box = h("div", { class: "health-grid" });
  main.append(pageHead("Settings", "Who may come in, which agent answers where, and who must not be called."), box);

  async function draw() {
    const [numbers, lists, keys, accounts, open] = await Promise.all([
      get("/numbers"), get("/do-not-call"), ...["/keys", "/accounts", "/sessions"].map((path) => isAdmin ? get(path) : null)]);
    box.replaceChildren(
      // What stands beside the pages where there is room for it.
      h("section", { class: "card pad only-narrow", "aria-label": "This browser" }, h("h2", { class: "gap" }, "This browser"),
        h("p", { class: "soft gap" }, `Times of ${zone()}${session.warning ? "" : ` · ${session.name} · ${session.scope}`}`),
        h("div", { class: "row" }, h("button", { type: "button", onclick: () => document.getElementById("theme").click() }, "Light or dark"),
          session.warning ? null : h("button", { type: "button", onclick: () => document.getElementById("sign-out").click() }, "Sign out"))),
      section("Numbers", null, h("dl", { class: "pairs" },
        numbers.numbers.map((route) => [h("dt", {}, route.number), h("dd", {}, agent(route.agent, route.isAnswered), hours(numbers.rules.find((rule) => rule.name === route.rule)))]),
        h("dt", {}, numbers.numbers.length ? "All others" : "All numbers"), h("dd", {}, agent(numbers.defaultAgent, true)),
        numbers.callers.map((list) => [h("dt", {}, `Callers on ${list.name}`), h("dd", {}, callers(list))]),
        h("dt", {}, "No line is free"), h("dd", {}, given[numbers.overload]))),
      section("Do not call", null,
        lists.lists.length
          ? h("dl", { class: "pairs" }, lists.lists.map((list) => [h("dt", {}, list.list),
            h("dd", {}, `${list.numbers} number${list.numbers === 1 ? "" : "s"}${list.version ? `, copy of ${list.version}` : ""}`)]))
          : h("p", { class: "soft" }, "Nobody is on a list."),
        mayAct ? lookup(draw) : null),
      ...(keys ? [section("Keys", h("button", { type: "button", onclick: () => makeKey(draw) }, "New key…"), keyList(keys.keys, draw))] : []),
      ...(accounts ? [section("Accounts", h("button", { type: "button", onclick: () => addAccount(draw) }, "New account…"), accountList(accounts.accounts, draw))] : []),
      ...(open ? [section("Signed in", null, sessionList(open.sessions, draw))] : []),
      ...(session.hasPassword ? [section("Your password", h("button", { type: "button", onclick: changeOwn }, "Change…"), h("p", { class: "soft" }, "Whoever else is signed in with it is signed out."))] : []));
  }
  await draw();
  if (isAdmin) main.append(audit());
}

const section = (title, action, ...children) => h("section", { class: "card pad", "aria-label": title },
  h("div", { class: "row spread", style: { "margin-bottom": ".875rem" } }, h("h2", {}, title), action), children);

const agent = (name, isThere) => [h("a", { href: `#/agents/${encodeURIComponent(name)}` }, name), isThere ? null : h("span", { class: "error small" }, " there is no such agent")];

const given = { busy: "busy", message: "a message", number: "another number", queue: "a place in the queue" };

/** When the agent of a number answers, and what callers get otherwise. */
function hours(rule) {
  if (!rule) return null;
  const holidays = [...rule.holidays, ...rule.holidayRegions.map((region) => `those of ${region}`)];
  const otherwise = rule.closedAgent ? agent(rule.closedAgent, true) : rule.closedNumber ?? given[rule.closed];
  return [h("p", { class: "soft small" }, `${rule.isOpen ? "open" : "closed"} now · ${rule.hours ?? "at all hours"} (${rule.zone})`,
    holidays.length ? ` · but not on ${holidays.join(", ")}` : null, " · otherwise ", otherwise), languages(rule)];
}

/** The agents among whom callers choose with a key. */
const languages = (rule) => rule.languages.length
  ? h("ul", { class: "soft small", "aria-label": "Languages" }, rule.languages.map((choice) =>
    h("li", {}, `key ${choice.key} (${choice.language}, "${choice.say}"): `, agent(choice.agent, choice.isAnswered))))
  : null;

const callers = (list) => [list.agent ? agent(list.agent, true) : given[list.answer],
  h("p", { class: "soft small" }, list.numbers.join(", "), list.to.length ? ` · at ${list.to.join(", ")}` : null, list.always ? " · at any hour, however often" : null)];

/** Does what changes something, says what went wrong, and shows how it is then. */
async function act(work, draw) {
  let result;
  try { result = await work(); } catch (error) { return toast(error.message); }
  // What was made is shown even where the page cannot be: the first key closes it.
  draw().catch((error) => { if (error.status !== 401) toast(error.message); });
  return result;
}

// Do not call.

function lookup(draw) {
  const number = h("input", { id: "dnc-number", type: "tel", required: true, maxlength: 40, placeholder: "+12125550123" });
  const answer = h("div", { class: "small", role: "status" });
  const show = (standing) => {
    const consents = standing.consents.map((consent) =>
      `${consent.kind} consent for ${consent.seller} of ${when(consent.givenAt)}${consent.revokedAt ? ", revoked" : ""}`);
    const onList = standing.lists.map((entry) => `on the list "${entry.list}" since ${when(entry.addedAt)}: ${entry.reason}`);
    answer.replaceChildren(h("p", {}, h("b", {}, standing.number)), h("ul", {}, [...onList, ...consents].map((line) => h("li", {}, line))),
      onList.length ? null : h("button", { type: "button", class: "danger", onclick: () => suppress(standing.number) }, "Never call again…"));
  };
  async function suppress(given) {
    const reason = h("input", { maxlength: 200, required: true, "aria-label": "Why", placeholder: "Asked by letter" });
    const why = await ask({
      title: `Never call ${given} again?`, accept: "Never call again", danger: true, read: () => reason.value.trim(),
      body: [h("p", {}, "No campaign calls this number any more, and its consents are revoked. It cannot be taken back here."), reason],
    });
    if (!why) return;
    const standing = await act(() => post("/do-not-call", { number: given, reason: why }), draw);
    if (standing) toast(`${standing.number} is not called any more.`);
  }
  return h("form", {
    style: { "margin-top": "1rem" },
    onsubmit: async (event) => {
      event.preventDefault();
      try { show(await post("/do-not-call/lookup", { number: number.value.trim() })); } catch (error) { answer.replaceChildren(h("p", { class: "error" }, error.message)); }
    },
  }, h("label", { for: "dnc-number" }, "Look a number up"), h("div", { class: "row" }, number, h("button", {}, "Look up")), answer);
}

// Keys.

function keyList(keys, draw) {
  if (!keys.length) return h("p", { class: "soft" }, "None.");
  return h("ul", { class: "checks" }, keys.map((key) => {
    const ends = key.revokedAt && new Date(key.revokedAt) > new Date() ? `works until ${when(key.revokedAt)}` : null;
    const isOver = key.revokedAt && !ends;
    return h("li", { dataset: { key: key.id } }, h("div", { class: "grow" },
      h("b", {}, key.name), h("span", { class: "soft small" }, ` ${key.scope} · ${key.id}`),
      h("p", { class: "soft small" }, isOver ? `revoked ${when(key.revokedAt)}` : ends ?? (key.lastUsedAt ? `last used ${when(key.lastUsedAt)}` : "never used"))),
    isOver ? null : h("div", { class: "row" },
      ends ? null : h("button", { type: "button", class: "quiet", "aria-label": `Replace ${key.name}`, onclick: () => rotate(key, draw) }, "Replace…"),
      h("button", { type: "button", class: "quiet", "aria-label": `Revoke ${key.name}`, onclick: () => revoke(key, draw) }, "Revoke…")));
  }));
}

const scopeField = () => h("select", { id: "new-scope" }, scopes.map(([scope, words]) => h("option", { value: scope }, `${scope}: ${words}`)));

async function makeKey(draw) {
  const name = h("input", { id: "new-name", maxlength: 80, required: true });
  const scope = scopeField();
  const wish = await ask({
    title: "New key", accept: "Make the key", read: () => ({ name: name.value.trim(), scope: scope.value }),
    body: [h("label", { for: "new-name" }, "Who or what gets it"), name, h("label", { for: "new-scope" }, "May do"), scope],
  });
  if (wish) showOnce(await act(() => post("/keys", wish), draw));
}

async function rotate(key, draw) {
  const yes = await ask({ title: `Replace ${key.name}?`, body: h("p", {}, "A new key takes its place; the old one works for 24 hours more."), accept: "Replace" });
  if (yes) showOnce(await act(() => post(`/keys/${key.id}/rotate`, {}), draw));
}

async function revoke(key, draw) {
  const yes = await ask({ title: `Revoke ${key.name}?`, body: h("p", {}, "It is good for nothing at once."), accept: "Revoke", danger: true });
  if (yes) act(() => post(`/keys/${key.id}/revoke`), draw);
}

/** A key is seen this once. */
function showOnce(made) {
  if (!made) return;
  ask({ title: `The key of ${made.name}`, accept: "I have kept it", body: [h("p", {}, "Keep it now: it is not shown again."), h("p", {}, h("code", { class: "new-key" }, made.key))] });
}

// Accounts.

function accountList(accounts, draw) {
  if (!accounts.length) return h("p", { class: "soft" }, "None: people sign in with keys.");
  return h("ul", { class: "checks" }, accounts.map((account) => h("li", { dataset: { account: account.name } }, h("div", { class: "grow" },
    h("b", {}, account.name), h("span", { class: "soft small" }, ` ${account.scope}`),
    h("p", { class: "soft small" }, account.lastUsedAt ? `last signed in ${when(account.lastUsedAt)}` : "never signed in")),
  h("div", { class: "row" },
    h("button", { type: "button", class: "quiet", "aria-label": `New password for ${account.name}`, onclick: () => setPassword(account, draw) }, "Password…"),
    h("button", { type: "button", class: "quiet", "aria-label": `Remove ${account.name}`, onclick: () => removeAccount(account, draw) }, "Remove…")))));
}

const passwordField = () => h("input", { id: "new-password", type: "password", autocomplete: "new-password", minlength: 12, maxlength: 200, required: true });

async function addAccount(draw) {
  const name = h("input", { id: "new-name", maxlength: 60, required: true, pattern: "[a-z0-9.@_\\-]+", autocomplete: "off", title: "small letters, digits and . - _ @" });
  const [scope, password] = [scopeField(), passwordField()];
  const wish = await ask({
    title: "New account", accept: "Add", read: () => ({ name: name.value, scope: scope.value, password: password.value }),
    body: [h("label", { for: "new-name" }, "Name"), name, h("label", { for: "new-scope" }, "May do"), scope, h("label", { for: "new-password" }, "Password, 12 characters or more"), password],
  });
  if (wish) act(() => post("/accounts", wish), draw);
}

async function setPassword(account, draw) {
  const password = passwordField();
  const given = await ask({
    title: `New password for ${account.name}`, accept: "Set", read: () => password.value,
    body: [h("p", {}, "Whoever is signed in with the old one is signed out."), h("label", { for: "new-password" }, "Password, 12 characters or more"), password],
  });
  if (given) act(() => post(`/accounts/${encodeURIComponent(account.name)}/password`, { password: given }), draw);
}

async function removeAccount(account, draw) {
  const yes = await ask({ title: `Remove ${account.name}?`, body: h("p", {}, "They are signed out at once."), accept: "Remove", danger: true });
  if (yes) act(() => post(`/accounts/${encodeURIComponent(account.name)}/remove`), draw);
}

// Who is signed in.

const means = { key: "with a key", password: "with a password", openid: "with the identity provider" };

function sessionList(sessions, draw) {
  if (!sessions.length) return h("p", { class: "soft" }, "Nobody.");
  return h("ul", { class: "checks" }, sessions.map((session) => h("li", { dataset: { session: session.id } }, h("div", { class: "grow" },
    h("b", {}, session.name), h("span", { class: "soft small" }, ` ${session.scope} · ${means[session.signedInBy]}${session.isOwn ? " · this is you" : ""}`),
    h("p", { class: "soft small" }, `since ${when(session.signedInAt)}, last heard of ${when(session.lastSeenAt)}`)),
  session.isOwn ? null : h("button", { type: "button", class: "quiet", "aria-label": `End the session of ${session.name}`, onclick: () => endSession(session, draw) }, "End…"))));
}

async function endSession(session, draw) {
  const yes = await ask({
    title: `End the session of ${session.name}?`, accept: "End", danger: true,
    body: h("p", {}, "They are signed out at once, and may sign in again as long as their key, account or identity provider lets them."),
  });
  if (yes) act(() => post(`/sessions/${session.id}/end`), draw);
}

// One's own password.

async function changeOwn() {
  const old = h("input", { id: "old-password", type: "password", autocomplete: "current-password", maxlength: 200, required: true });
  const password = passwordField();
  const wish = await ask({
    title: "Change your password", accept: "Change", read: () => ({ old: old.value, new: password.value }),
    body: [h("label", { for: "old-password" }, "The one you have"), old, h("label", { for: "new-password" }, "The new one, 12 characters or more"), password],
  });
  if (!wish) return;
  try { await post("/session/password", wish); } catch (error) { return toast(error.message); }
  toast("Your password is changed.");
}
