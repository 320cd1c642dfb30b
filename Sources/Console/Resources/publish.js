// Publishing what stands in an agent's editor.

import { get, newKey, send } from "./api.js";
import { ask, h, toast } from "./dom.js";
import { lineDiff } from "./line-diff.js";

/**
 * The button that publishes `draft()` of the agent called `name`, after what changes for new calls has been shown;
 * `done` gets the agent's versions as they are then.
 */
export function button(name, draft, done) {
  const path = `/agents/${encodeURIComponent(name)}`;
  const element = h("button", { type: "button", class: "primary", onclick: publish }, "Publish…");

  async function publish() {
    const source = draft();
    element.disabled = true;
    try {
      // Asked anew: somebody may have published since this page was opened. And where somebody does while this is looked at,
      // it is refused; the acts come first, so that none is missed between the two.
      const { acts } = await get(`${path}/versions`, { limit: 1 });
      const { agent, source: answering } = await get(path);
      const wish = await confirm(source, answering, agent.published);
      if (!wish) return;
      const after = acts[0]?.id ?? 0;
      done(await send(`${path}/publish`, JSON.stringify({ source, after, ...wish }), "application/json", newKey()));
    } catch (error) { toast(error.message); } finally { element.disabled = false; }
  }

  /** How it is to be published; `null` when it is not. */
  function confirm(source, answering, published) {
    const changes = lineDiff(answering.replaceAll("\r\n", "\n"), source);
    const note = h("input", { maxlength: 500, id: "publish-note", placeholder: "What is new in it" });
    const percent = h("input", { type: "number", id: "publish-percent", min: 1, max: 100, step: 1, value: "100", required: true });
    return ask({
      title: `Publish ${name}?`, accept: "Publish",
      body: [
        h("p", { class: "soft" }, published ? `What changes from version ${published}, which answers now:` : "What changes from the file, which answers now:"),
        h("pre", { class: "diff", tabindex: "0", "aria-label": "What changes" }, changes || "Nothing changes."),
        h("p", { class: "soft" }, "Calls under way go on as they began. Files that the source refers to are taken as they are on the service's machine now."),
        // A trial stands beside a live version, so there is none before the first.
        published ? [h("label", { for: "publish-percent" }, "Of a hundred new calls, it takes"), percent] : null,
        h("label", { for: "publish-note" }, "A note for the record"), note,
      ],
      read: () => ({ note: note.value.trim() || undefined, percent: published ? Number(percent.value) : undefined }),
    });
  }

  return element;
}
