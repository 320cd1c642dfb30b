// What agents may look things up in: the documents of the house, and what an agent would be given that asks.

import { get, post, put, remove } from "./api.js";
import { ask, h, toast } from "./dom.js";
import { when } from "./words.js";

const TYPES = { md: "text/markdown", markdown: "text/markdown", txt: "text/plain", csv: "text/csv", html: "text/html", htm: "text/html" };
const ends = Object.keys(TYPES);
const kind = (name) => name.slice(name.lastIndexOf(".") + 1).toLowerCase();
const size = (bytes) => (bytes === undefined ? "–" : bytes < 1024 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} KB`);
const path = (name) => `/documents/${encodeURIComponent(name)}`;

/** The section of an agent's page. */
export function section(agent, mayWrite) {
  let documents = [];
  const list = h("div", { class: "stack" });
  const said = h("p", { class: "small", role: "status" });
  const question = h("input", { id: "knowledge-question", maxlength: 400, required: true, placeholder: "How long does a refund take?" });
  const answer = h("div", { class: "stack", "aria-live": "polite" });
  const file = h("input", { id: "knowledge-file", type: "file", accept: ends.map((end) => `.${end}`).join(","), onchange: () => take() });
  const box = h("section", { class: "card knowledge", "aria-label": "Knowledge" },
    h("div", { class: "section-head" }, h("h2", {}, "Knowledge"), h("span", { class: "soft small" },
      agent.tools.knowledge_search ? "What this agent looks things up in, as all others do that use knowledge_search."
        : "This agent looks nothing up: it does not use knowledge_search. Others may.")),
    h("div", { class: "pad stack" },
      h("form", { onsubmit: (event) => { event.preventDefault(); tryIt(); } },
        h("label", { class: "small soft", for: "knowledge-question" }, "Try a question"),
        h("div", { class: "row" }, question, h("button", {}, "Ask"))),
      answer, list,
      mayWrite ? h("div", { class: "filters" }, h("label", { class: "field", for: "knowledge-file" }, "Add a file", file),
        h("button", { type: "button", onclick: () => write() }, "Write one…")) : null,
      said));

  function draw(found) {
    documents = found.documents;
    const columns = ["Document", "Size", "Passages", "Changed", ...(mayWrite ? ["What to do"] : [])];
    list.replaceChildren(
      documents.length ? h("div", { class: "table-box", tabindex: 0, role: "region", "aria-label": "The documents" }, h("table", { "aria-label": "Documents" },
        h("thead", {}, h("tr", {}, columns.map((text) => h("th", { scope: "col" }, text)))),
        h("tbody", {}, documents.map(row)))) : h("p", { class: "soft" }, "There are no documents yet."),
      found.leftOut.length ? h("ul", { class: "small error", "aria-label": "Files that were left out" }, found.leftOut.map((line) => h("li", {}, line))) : "");
  }

  function row(one) {
    return h("tr", { dataset: { document: one.name } },
      h("td", {}, h("button", { type: "button", class: "quiet", "aria-label": `Open ${one.name}`, onclick: () => open(one) }, one.name),
        one.title === one.name ? null : h("div", { class: "soft small" }, one.title)),
      h("td", { class: "numbers" }, size(one.bytes)),
      h("td", { class: "numbers" }, String(one.passages)),
      h("td", {}, when(one.changedAt)),
      mayWrite ? h("td", {}, h("button", { type: "button", class: "danger", "aria-label": `Remove ${one.name}`, onclick: () => drop(one) }, "Remove…")) : null);
  }

  /** All of them: what is put in is held against what is there. */
  async function all() {
    const found = await get("/documents", { limit: 1000 });
    for (let { next } = found; next;) {
      const page = await get("/documents", { limit: 1000, after: next });
      found.documents.push(...page.documents);
      ({ next } = page);
    }
    return found;
  }

  /** Shows how it is now; `words` are what has been done, and the list has the focus, since what had it may be gone. */
  async function again(words) {
    draw(await all());
    if (words === undefined) return;
    said.replaceChildren(words);
    list.querySelector("[tabindex]")?.focus();
  }

  /** Does what changes something, and says what went wrong. */
  async function act(work, words) {
    try {
      await work();
      await again(words);
      return true;
    } catch (error) {
      said.replaceChildren(h("span", { class: "error" }, error.message));
      // What somebody else has made of it is what the next change is held against.
      if (error.status === 412) {
        await again().catch(() => {});
        list.querySelector("[tabindex]")?.focus();
      }
      return false;
    }
  }

  const bring = (name, body, condition, words) =>
    act(() => put(path(name), body, TYPES[kind(name)] ?? "text/plain", condition), words);
  /** What was shown is what is changed, or nothing is. */
  const as = (one) => (one ? { "If-Match": `"${one.digest}"` } : { "If-None-Match": "*" });

  async function take() {
    const chosen = file.files[0];
    if (!chosen) return;
    const known = documents.find((one) => one.name === chosen.name);
    const isMeant = !known || await ask({
      title: `Put another ${chosen.name} in its place?`, accept: "Replace", danger: true,
      body: h("p", {}, "Agents find what the new one says at once, and what the old one said no more."),
    });
    if (isMeant) await bring(chosen.name, chosen, as(known), known ? `${chosen.name} is replaced: agents find what it says now.` : `${chosen.name} is there: agents find it from now on.`);
    // The same file may be chosen again.
    file.value = "";
  }

  async function write() {
    const name = h("input", { id: "knowledge-name", required: true, maxlength: 110, placeholder: "parking.md", pattern: `[A-Za-z0-9][A-Za-z0-9 ._\\-]*\\.(${ends.join("|")})`, title: `letters, digits, spaces and . _ -, ending in .${ends.join(", .")}` });
    const text = h("textarea", { id: "knowledge-text", class: "source", required: true, placeholder: "# Parking\n\nGuests park in the yard." });
    const wish = await ask({
      title: "A new document", accept: "Put it in", read: () => ({ name: name.value.trim(), text: text.value }),
      body: [h("label", { for: "knowledge-name" }, "Name"), name, h("label", { for: "knowledge-text" }, "Text"), text],
    });
    if (wish) await bring(wish.name, wish.text, as(documents.find((one) => one.name === wish.name)), `${wish.name} is there: agents find it from now on.`);
  }

  async function open(one) {
    let found;
    try { found = await get(path(one.name)); } catch (error) { return toast(error.message); }
    const mayChange = mayWrite && TYPES[kind(one.name)] !== undefined;
    const text = h("textarea", { class: "source", "aria-label": `Text of ${one.name}`, readonly: !mayChange });
    text.value = found.text;
    const before = text.value;
    const changed = await ask({ title: one.name, body: text, accept: mayChange ? "Save" : "Close", read: () => text.value });
    if (mayChange && changed !== null && changed !== before) await bring(one.name, changed, as(found.document), `${one.name} is changed: agents find it so from now on.`);
  }

  async function drop(one) {
    const isMeant = await ask({ title: `Remove ${one.name}?`, body: h("p", {}, "Agents find it no more, and its file is deleted."), accept: "Remove", danger: true });
    if (isMeant) await act(() => remove(path(one.name), as(one)), `${one.name} is removed.`);
  }

  let asked = 0;
  async function tryIt() {
    const mine = ++asked;
    try {
      const found = await post("/documents/search", { question: question.value.trim() });
      if (mine === asked) show(found);
    } catch (error) {
      if (mine === asked) answer.replaceChildren(h("p", { class: "error" }, error.message));
    }
  }

  function show(found) {
    if (!found.passages.length) return answer.replaceChildren(h("p", { class: "soft" }, "No document says anything about this; the agent hears so."));
    answer.replaceChildren(
      h("p", { class: "soft small" }, found.order === "meaning" ? "Given to the agent, the nearest in meaning first:" : "Given to the agent, the best by its words first:"),
      h("ol", { class: "passages", "aria-label": "Passages" }, found.passages.map((passage) => h("li", {},
        h("div", { class: "row" }, h("span", { class: "chip" }, passage.source), passage.heading ? h("b", {}, passage.heading) : null,
          h("span", { class: "soft small numbers" }, `score ${passage.score.toPrecision(2)}`)),
        h("p", {}, passage.text)))));
  }

  again().catch((error) => list.replaceChildren(h("p", { class: "error" }, error.message)));
  return box;
}
