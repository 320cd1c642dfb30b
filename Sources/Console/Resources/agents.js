// The agents: who they are, their source with its faults as one types, and their flow as a drawing.

import { get, post } from "./api.js";
import { ask, h, pageHead, toast } from "./dom.js";
import { draw } from "./graph.js";
import { section as knowledge } from "./knowledge.js";
import * as publishing from "./publish.js";
import * as trial from "./trial.js";
import { section } from "./versions.js";
import { builds } from "./words.js";

const TYPING_PAUSE = 350;

export async function show(main) {
  const { agents } = await get("/agents");
  main.append(pageHead("Agents", "Who answers the telephone."), ...(agents.length ? [] : [h("div", { class: "empty" }, h("h2", {}, "No agents"),
    h("p", {}, "Put an agent's file into the folder ", h("code", {}, "agents.directory"), "; ", h("code", {}, "parley agent check"), " says what is wrong with it."))]),
    h("ul", { class: "agent-list" }, agents.map((agent) => h("li", {},
      h("a", { class: "card agent-card", href: `#/agents/${agent.name}` },
        h("h2", {}, agent.name, agent.isDefault ? h("span", { class: "chip agent" }, "default") : null, h("span", { class: "chip" }, agent.kind)),
        h("p", { class: "soft" }, agent.summary),
        agent.greeting ? h("blockquote", {}, agent.greeting) : null,
        agent.objection ? h("p", { class: "error" }, `Answers no call: ${agent.objection}`) : null,
        h("p", { class: "soft small" }, [
          agent.numbers.length ? `Answers ${agent.numbers.join(", ")}` : null,
          `${Object.keys(agent.tools).length} tools`,
        ].filter(Boolean).join(" · ")))))));
}

export async function showAgent(main, { argument: name, session }) {
  const path = `/agents/${encodeURIComponent(name)}`;
  const { agent, source, graph } = await get(path);
  const gutter = h("div", { class: "gutter", "aria-hidden": "true" });
  const text = h("textarea", { spellcheck: "false", autocapitalize: "off", autocomplete: "off", "aria-label": `Source of ${agent.file}`, "aria-describedby": "verdict editor-keys", wrap: "off" });
  text.value = source;
  // What new calls get, with a text field's ends of lines; and as which version.
  let answering = text.value;
  let { published } = agent;
  const verdict = h("p", { class: "verdict", id: "verdict", role: "status" });
  const faults = h("ul", { class: "faults" });
  const picture = h("div", { class: "graph", tabindex: "0", role: "group", "aria-label": `Flow of ${name}` });
  const standing = h("span", { class: "soft small grow" });
  const discarding = h("div", { class: "row pad", hidden: true }, h("span", { class: "soft small grow" }, "This draft is kept in this tab until it is published or discarded."),
    h("button", { type: "button", class: "danger", onclick: () => discard() }, "Discard…"));
  const changed = () => follow().catch((error) => toast(error.message));
  const versions = await section(name, builds(session.scope), changed);
  const publish = publishing.button(name, () => text.value, (list) => {
    versions.draw(list);
    toast(list.refused ? "It is kept, and takes no calls yet: see Versions." : "Published: new calls get it.");
    changed();
  });
  // Until it is known to be good, and for those who may not.
  publish.disabled = true;
  publish.hidden = !builds(session.scope);
  main.append(
    h("div", {}, h("a", { class: "crumb", href: "#/agents" }, "← Agents"),
      pageHead(name, agent.summary, h("a", { class: "button", href: `#/talk?agent=${name}` }, "Talk to it"))),
    h("div", { class: "editor-grid" },
      h("section", { class: "card", "aria-label": "Flow" },
        h("div", { class: "section-head" }, h("h2", {}, "Flow"),
          h("span", { class: "soft small" }, "amber: what callers want, from anywhere · dashed: no · red: a tool failed")), picture),
      h("section", { class: "card", "aria-label": "Source" },
        h("div", { class: "section-head" }, h("h2", {}, agent.file), standing, publish),
        verdict, faults, discarding, h("div", { class: "editor" }, gutter, text),
        h("p", { class: "soft small pad", id: "editor-keys" }, "Tab indents; Escape, then Tab, leaves the text.")),
      builds(session.scope) ? trial.sections(name, () => text.value) : null),
    versions.element,
    knowledge(agent, builds(session.scope)));

  // A draft outlives a look at another page, a session that ends and a page that is loaded anew.
  const draft = `draft ${session.name ?? ""} ${name}`;
  const isDraft = () => text.value !== answering;
  function keep() {
    discarding.hidden = !isDraft();
    // Where there is no room, the browser's question before the page is left is what remains.
    try {
      if (isDraft()) sessionStorage.setItem(draft, text.value);
      else sessionStorage.removeItem(draft);
    } catch { /* It is still in the field. */ }
  }
  async function discard() {
    const yes = await ask({ title: "Discard this draft?", accept: "Discard", danger: true, body: h("p", {}, "What you changed is lost; the text becomes what answers now.") });
    if (!yes) return;
    text.value = answering;
    await validate();
    text.focus();
  }
  const stay = (event) => { if (isDraft()) event.preventDefault(); };
  window.addEventListener("beforeunload", stay);

  let bad = new Set();
  function numbers() {
    const count = text.value.split("\n").length;
    if (gutter.children.length !== count) gutter.replaceChildren(...Array.from({ length: count }, (_, index) => h("div", {}, String(index + 1))));
    [...gutter.children].forEach((line, index) => line.classList.toggle("is-bad", bad.has(index + 1)));
  }
  text.addEventListener("scroll", () => { gutter.scrollTop = text.scrollTop; });
  text.addEventListener("keydown", (event) => {
    // Tab indents; Escape, then Tab, leaves the field.
    if (event.key === "Escape") text.blur();
    if (event.key !== "Tab" || event.shiftKey) return;
    event.preventDefault();
    document.execCommand("insertText", false, "  ");
  });

  function goTo(line, column) {
    const lines = text.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + Math.max(column - 1, 0);
    text.focus();
    text.setSelectionRange(start, start + Math.max((lines[line - 1] ?? "").length - column + 1, 0));
    text.scrollTop = Math.max(line - 8, 0) * 20;
  }

  function show(result) {
    bad = new Set(result.faults.map((fault) => fault.line));
    numbers();
    const count = result.faults.length;
    verdict.replaceChildren(result.isValid
      ? h("span", { class: "chip good" }, text.value === answering ? "Valid: as it answers now" : "Valid draft")
      : h("span", { class: "chip bad" }, `${count} fault${count === 1 ? "" : "s"}`));
    faults.replaceChildren(...result.faults.slice(0, 50).map((fault) => h("li", {},
      h("button", { type: "button", onclick: () => goTo(Math.max(fault.line, 1), fault.column) },
        h("span", { class: "place" }, fault.line ? `${fault.line}:${fault.column}` : fault.file), fault.reason))));
    if (result.isValid) drawGraph(result.graph);
    publish.disabled = !result.isValid || (Boolean(published) && text.value === answering);
  }

  function stand() {
    standing.textContent = (published ? `Version ${published} answers. ` : "The file answers. ")
      + (builds(session.scope) ? "What you change here is a draft until you publish it." : "What you change here is a draft; a builder publishes it.");
  }

  /** Other versions take calls than before: the text follows, unless somebody is at work on it. */
  async function follow() {
    const now = await get(path);
    const isUntouched = text.value === answering;
    answering = now.source.replaceAll("\r\n", "\n");
    published = now.agent.published;
    stand();
    if (isUntouched) text.value = answering;
    await validate();
  }

  function drawGraph(flow) {
    picture.replaceChildren(flow ? draw(flow) : h("p", { class: "soft pad" }, "A language model leads this conversation; there is no flow to draw."));
  }

  let timer;
  let asked = 0;
  async function validate() {
    const mine = ++asked;
    keep();
    try {
      const result = await post("/agents/validate", { source: text.value });
      if (mine === asked) show(result);
    } catch (error) {
      if (mine === asked) verdict.replaceChildren(h("span", { class: "error" }, error.message));
    }
  }
  text.addEventListener("input", () => {
    numbers();
    keep();
    publish.disabled = true;
    clearTimeout(timer);
    timer = setTimeout(validate, TYPING_PAUSE);
  });
  stand();
  show({ isValid: true, faults: [], graph });
  const kept = sessionStorage.getItem(draft);
  if (kept !== null && kept !== answering) {
    text.value = kept;
    await validate();
  } else keep();
  return () => {
    clearTimeout(timer);
    window.removeEventListener("beforeunload", stay);
  };
}
