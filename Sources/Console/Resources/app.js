// The frame: which page is shown, who is signed in, light or dark.

import { get, post, Problem, remove } from "./api.js";
import { h, icon, icons, toast } from "./dom.js";
import * as live from "./live.js";
import { zone } from "./words.js";

// Pages other than the first are loaded when they are wanted.
const pages = {
  live: () => import("./wall.js"),
  calls: () => import("./calls.js"),
  call: () => import("./call.js"),
  talk: () => import("./talk.js"),
  agents: () => import("./agents.js"),
  agent: () => import("./agents.js"),
  campaigns: () => import("./campaigns.js"),
  campaign: () => import("./campaigns.js"),
  contacts: () => import("./contacts.js"),
  reviews: () => import("./reviews.js"),
  analytics: () => import("./analytics.js"),
  health: () => import("./health.js"),
  settings: () => import("./settings.js"),
};

const main = document.getElementById("main");
/** A page that takes longer says so [ms]. */
const SLOW = 400;
let leave;
let visit = 0;

/** What an address says; one that was cut off in the middle of a letter says it as it stands. */
function decoded(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

/** `#/calls/c123?x=y` → page, argument and parameters. */
function place() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [first, second] = path.split("/");
  const page = first || "live";
  const parameters = new URLSearchParams(query ?? "");
  if (page === "calls" && second) return { page: "call", nav: "calls", argument: decoded(second), parameters };
  if (page === "agents" && second) return { page: "agent", nav: "agents", argument: decoded(second), parameters };
  if (page === "campaigns" && second) return { page: "campaign", nav: "campaigns", argument: decoded(second), parameters };
  return { page: pages[page] ? page : "live", nav: page, parameters };
}

async function show() {
  const mine = ++visit;
  const { page, nav, argument, parameters } = place();
  leave?.();
  leave = undefined;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.dataset.page === nav) {
      link.setAttribute("aria-current", "page");
      // On a telephone the pages are a row that is wider than it.
      link.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    else link.removeAttribute("aria-current");
  }
  let module;
  try { module = await pages[page](); } catch { return failed(new Error("The page could not be loaded.")); }
  if (mine !== visit) return;
  // Its own, so that a page that comes when somebody has gone on puts nothing into the next one.
  const own = h("div", { class: "page" });
  main.replaceChildren(own);
  const waiting = h("p", { class: "soft", role: "status" }, "Loading …");
  const slow = setTimeout(() => own.append(waiting), SLOW);
  try {
    const show = { agent: module.showAgent, campaign: module.showCampaign }[page] ?? module.show;
    const done = await show(own, { argument, parameters, session });
    // Somebody went on while the page was being made.
    if (mine !== visit) done?.();
    else leave = done;
  } catch (error) {
    if (mine === visit && error.status !== 401) failed(error);
  } finally {
    clearTimeout(slow);
    waiting.remove();
  }
  if (mine !== visit) return;
  const title = main.querySelector("h1")?.textContent;
  document.title = title ? `${title} · Parley` : "Parley";
}

function failed(error) {
  main.replaceChildren(h("div", { class: "empty", role: "alert" }, h("h1", {}, "This cannot be shown"), h("p", {}, error.message),
    h("p", {}, h("button", { type: "button", onclick: () => (session.scope ? show() : start()) }, "Try again"))));
}

// Who is signed in.

let session = {};

async function start() {
  try { session = await get("/session"); } catch (error) { return failed(error); }
  if (!session.scope) return signIn(session.signIn);
  const notice = document.getElementById("notice");
  notice.hidden = !session.warning;
  notice.replaceChildren(...markCode(session.warning ?? ""));
  document.getElementById("who").textContent = session.warning ? "" : `${session.name} · ${session.scope}`;
  document.getElementById("sign-out").hidden = Boolean(session.warning);
  live.start().catch((error) => {
    if (error instanceof Problem && error.status === 401) return;
    toast(error.message);
    live.again();
  });
  await show();
}

/** Words between backquotes as code. */
const markCode = (text) => text.split("`").map((part, index) => (index % 2 ? h("code", {}, part) : part));

/** Why somebody comes back from the identity provider and is not signed in. */
const refusals = {
  provider: "The identity provider could not be asked. Try again in a moment, or sign in with a key.",
  refused: "The identity provider did not sign you in.",
  stale: "That sign-in was begun elsewhere, or took too long. Try again.",
  role: "You are known there, but have none of the roles that may use this console.",
};

/** `provider` is what the identity provider is called, where there is one. */
function signIn(provider = session.signIn) {
  const page = location.hash.startsWith("#/") ? location.hash : "#/live";
  const refusal = refusals[place().parameters.get("sign-in")];
  leave?.();
  leave = undefined;
  // No key and no link opens a page that would only be refused.
  session = { signIn: provider };
  document.getElementById("who").textContent = "";
  document.getElementById("sign-out").hidden = true;
  live.forget();
  const name = h("input", { id: "name", name: "name", autocomplete: "username", maxlength: 60, required: true, placeholder: "Name", "aria-describedby": "key-error" });
  const password = h("input", { id: "password", type: "password", name: "password", autocomplete: "current-password", maxlength: 200, required: true, placeholder: "Password", "aria-describedby": "key-error" });
  const key = h("input", { type: "password", name: "key", autocomplete: "off", required: true, placeholder: "parley_…", "aria-describedby": "key-error" });
  const error = h("p", { class: "error", id: "key-error", role: "alert" });
  const enter = (given) => async (event) => {
    event.preventDefault();
    error.textContent = "";
    try {
      await post("/session", given());
      await start();
    } catch (problem) { error.textContent = problem.message; }
  };
  main.replaceChildren(
    h("div", { class: "card pad stage" },
      h("h1", {}, "Sign in"),
      refusal ? h("p", { class: "error", role: "alert" }, refusal) : null,
      provider ? h("a", { class: "button primary", href: `/api/v1/session/openid?page=${encodeURIComponent(refusal ? "#/live" : page)}` }, `Sign in with ${provider}`) : null,
      h("form", { class: "row", id: "sign-in-by-name", onsubmit: enter(() => ({ name: name.value.trim(), password: password.value })) },
        h("label", { class: "visually-hidden", for: "name" }, "Name"), name,
        h("label", { class: "visually-hidden", for: "password" }, "Password"), password,
        h("button", { class: provider ? "" : "primary" }, "Sign in")),
      h("p", { class: "soft" }, "Or with a key of this service. ", h("code", {}, "parley keys create"), " makes one."),
      h("form", { class: "row", id: "sign-in-by-key", onsubmit: enter(() => ({ key: key.value.trim() })) },
        h("label", { class: "visually-hidden", for: "key" }, "Key"), Object.assign(key, { id: "key" }), h("button", {}, "Sign in")),
      error));
  document.title = "Sign in · Parley";
  name.focus();
}

window.addEventListener("parley:signed-out", () => signIn());
document.getElementById("sign-out").addEventListener("click", async () => {
  const away = session.signOut;
  let takeover, calls;
  try {
    [takeover, calls] = await Promise.all([import("./takeover.js"), import("./calls.js")]);
    await remove("/session");
  } catch (error) { return toast(error.message); }
  // Nobody speaks on to a caller from a page on which nobody is signed in.
  if (takeover.holds()) takeover.handBack(takeover.holds());
  // The page is left first: it would ask whether its draft is to be given up, and whoever stayed would be signed out there.
  leave?.();
  leave = undefined;
  // Drafts are of whoever made them.
  sessionStorage.clear();
  // So is what was searched for, a number perhaps.
  calls.forgetList();
  history.replaceState(null, "", "#/live");
  if (away) location.href = away;
  else signIn();
});

// Whether what is shown is as it is: without the service's events it is old, and looks the same.

const offline = document.getElementById("offline");
/** A connection that is back at once is not worth a word [ms]. */
const SHORT = 2000;
let lost;
live.listen(({ kind, data: isThere }) => {
  if (kind !== "connection" && kind !== "picture") return;
  if (kind === "picture" || isThere) {
    clearTimeout(lost);
    lost = undefined;
    offline.textContent = "";
  } else lost ??= setTimeout(() => {
    offline.textContent = "The service cannot be reached: calls are shown as they were when it was last heard. It is tried again by itself.";
  }, SHORT);
});

// How many are on the line.

const count = document.getElementById("live-count");
live.listen(({ kind }) => {
  if (kind === "levels") return;
  count.textContent = live.calls.size;
  count.hidden = live.calls.size === 0;
  count.setAttribute("aria-label", `${live.calls.size} on the line`);
});

document.getElementById("zone").textContent = `Times of ${zone()}`;

// Light and dark: as the system says, until somebody chooses.

const theme = document.getElementById("theme");
const chosen = localStorage.getItem("theme");
if (chosen) document.documentElement.dataset.theme = chosen;
theme.append(icon(icons.sun), h("span", {}, "Light or dark"));
theme.addEventListener("click", () => {
  const isDark = (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  document.documentElement.dataset.theme = isDark ? "light" : "dark";
  localStorage.setItem("theme", document.documentElement.dataset.theme);
});

// Keys: 1 to 9 and 0 for the pages, / for the search of a page.

const order = ["live", "calls", "talk", "agents", "campaigns", "contacts", "reviews", "analytics", "health", "settings"];
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
  const page = /^[0-9]$/.test(event.key) && order[(Number(event.key) + 9) % 10];
  if (page) location.hash = `#/${page}`;
  const search = main.querySelector('input[type="search"]');
  if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
  }
});

window.addEventListener("hashchange", () => {
  if (!session.scope) return;
  // First, so that it takes the focus from nothing on the new page.
  main.focus({ preventScroll: true });
  window.scrollTo(0, 0);
  show();
});
start();
