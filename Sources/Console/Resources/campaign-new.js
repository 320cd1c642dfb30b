// Making a campaign: a form for what most campaigns need, or the whole definition as YAML.

import { get, newKey, send } from "./api.js";
import { h, pageHead } from "./dom.js";

const text = (key, label, more = {}) => ({ key, label, ...more });

/** Keys as in a campaign's file. What is left empty has its default. */
const fields = [
  text("name", "Name", { required: true, hint: "lower case, digits, - and _", maxlength: 64 }),
  text("agent", "Agent", { required: true, choices: [] }),
  text("seller", "In the name of", { required: true, hint: "the registered name, as the agent says it" }),
  text("caller_ids", "Calls from", { required: true, hint: "+12125550123, several with spaces between" }),
  text("purpose", "Purpose", { choices: ["informational", "telemarketing", "emergency"] }),
  text("countries", "Countries", { hint: "US" }),
  text("starts", "First day", { type: "date" }),
  text("ends", "Last day", { type: "date" }),
  text("hours", "Hours, where the callee is", { hint: "mon-fri 09:00-12:00 13:00-17:00, sat 10:00-14:00" }),
  text("frequency.attempts", "Attempts at one contact", { type: "number", min: 1, hint: "4" }),
  text("frequency.attempts_per_day", "Attempts at a number in 24 hours", { type: "number", min: 1, hint: "3" }),
  text("pacing.concurrency", "Calls at a time", { type: "number", min: 1, hint: "5" }),
  text("pacing.calls_per_second", "Calls begun in a second", { type: "number", min: 0.01, step: "any", hint: "1" }),
  text("machine", "When a machine answers", { choices: [["hang_up", "hang up, try later"], ["give_up", "hang up, leave them alone"], ["leave_message", "leave the message"], ["talk", "talk all the same"]] }),
  text("message", "Message for machines", { isLong: true, hint: "This is the automated assistant of {seller}, about the appointment of {name}. Please call us back." }),
  text("introduction", "What an assistant is told that asks who calls", { isLong: true }),
];

export async function show(main) {
  const { agents } = await get("/agents");
  const boxes = new Map();
  const faults = h("ul", { class: "faults", "aria-label": "Faults" });
  const source = h("textarea", { class: "source", "aria-label": "The definition as YAML", spellcheck: "false", autocapitalize: "off", wrap: "off" });
  const form = h("form", { class: "form-grid", novalidate: true, onsubmit: (event) => { event.preventDefault(); create(); } },
    fields.map((field) => box(field, agents)));
  const yaml = h("div", { hidden: true }, source);
  const views = [["Form", form], ["YAML", yaml]].map(([words, view]) => ({ view, button: h("button", { type: "button", "aria-pressed": String(view === form), onclick: () => turn(view) }, words) }));
  const make = h("button", { type: "button", class: "primary", onclick: () => create() }, "Create it");
  main.append(
    h("div", {}, h("a", { class: "crumb", href: "#/campaigns" }, "← Campaigns"),
      pageHead("New campaign", "Nobody is called before it is filled and started.")),
    h("section", { class: "card pad stack", "aria-label": "Definition" },
      h("div", { class: "row", role: "group", "aria-label": "How to write it" }, views.map(({ button }) => button)),
      form, yaml, h("div", { role: "alert" }, faults), h("div", { class: "row" }, make)));

  function box(field, agents) {
    const id = `field-${field.key.replaceAll(".", "-")}`;
    const choices = field.key === "agent" ? agents.map(({ name }) => name) : field.choices;
    const input = choices
      ? h("select", { id }, field.required ? null : h("option", { value: "" }, "default"), choices.map((choice) => [choice].flat()).map(([value, words]) => h("option", { value }, words ?? value)))
      : field.isLong ? h("textarea", { id, placeholder: field.hint })
        : h("input", { id, type: field.type ?? "text", placeholder: field.hint, min: field.min, step: field.step, maxlength: field.maxlength, required: field.required });
    const error = h("span", { class: "error", id: `${id}-error` });
    input.setAttribute("aria-describedby", error.id);
    boxes.set(field.key, { input, error });
    return h("label", { class: field.isLong ? "field wide" : "field", for: id }, field.label, input, error);
  }

  const filled = () => fields.map(({ key, type }) => [key, boxes.get(key).input.value.trim(), type]).filter(([, value]) => value !== "");

  function definition() {
    const whole = {};
    for (const [key, value, type] of filled()) {
      const path = key.split(".");
      const last = path.pop();
      let place = whole;
      for (const part of path) place = place[part] ??= {};
      place[last] = type === "number" ? Number(value) : value;
    }
    return whole;
  }

  /** Texts in JSON's quotes, which are YAML's too. */
  const asYAML = (value, depth = 0) => Object.entries(value).map(([key, one]) => "  ".repeat(depth) + (typeof one === "object"
    ? `${key}:\n${asYAML(one, depth + 1)}` : `${key}: ${typeof one === "number" ? one : JSON.stringify(one)}`)).join("\n");

  function turn(view) {
    if (view === yaml && yaml.hidden) source.value = `${asYAML(definition())}\n`;
    for (const one of views) {
      one.view.hidden = one.view !== view;
      one.button.setAttribute("aria-pressed", String(one.view === view));
    }
    clear();
  }

  function clear() {
    faults.replaceChildren();
    for (const { input, error } of boxes.values()) {
      input.removeAttribute("aria-invalid");
      error.textContent = "";
    }
  }

  function goTo(fault) {
    if (yaml.hidden) return boxes.get(fault.key)?.input.focus();
    const lines = source.value.split("\n");
    const start = lines.slice(0, fault.line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    source.focus();
    source.setSelectionRange(start, start + (lines[fault.line - 1] ?? "").length);
  }

  function tell(problem) {
    const found = problem.faults.length ? problem.faults : [{ key: "", reason: problem.message }];
    for (const fault of found) {
      const place = yaml.hidden && boxes.get(fault.key);
      if (!place) continue;
      place.input.setAttribute("aria-invalid", "true");
      place.error.textContent = fault.reason;
    }
    faults.replaceChildren(...found.map((fault) => h("li", {}, h("button", { type: "button", onclick: () => goTo(fault) },
      h("span", { class: "place" }, fault.line ? `${fault.line}:${fault.column}` : ""), fault.key ? `${fault.key}: ${fault.reason}` : fault.reason))));
  }

  // What was sent and not answered is sent again as the same act, for it may have been done.
  let unanswered;
  async function create() {
    if (make.disabled) return;
    clear();
    make.disabled = true;
    const [body, type] = yaml.hidden ? [JSON.stringify(definition()), "application/json"] : [source.value, "application/yaml"];
    const key = unanswered?.body === body ? unanswered.key : newKey();
    unanswered = { body, key };
    try {
      const { status } = await send("/campaigns", body, type, key);
      location.hash = `#/campaigns/${encodeURIComponent(status.name)}`;
    } catch (problem) {
      if (problem.status) unanswered = undefined;
      tell(problem);
    } finally { make.disabled = false; }
  }
}
