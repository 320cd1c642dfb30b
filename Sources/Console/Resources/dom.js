// Making elements. Text always goes in as text, so nothing that a caller says can become markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

/** An HTML element: `h("p", { class: "soft" }, "text")`. */
export const h = (tag, properties, ...children) => fill(document.createElement(tag), properties, children);

/** An SVG element. */
export const s = (tag, properties, ...children) => fill(document.createElementNS(SVG, tag), properties, children);

/** A line icon of 24 by 24. */
export const icon = (path) => s("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, s("path", { d: path }));

export const icons = {
  play: "M7 4.500v15l12.500-7.500z",
  pause: "M6.500 5h4v14h-4zM13.500 5h4v14h-4z",
  mic: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5.500 11.500a6.500 6.500 0 0 0 13 0M12 18v3",
  end: "M3.500 14.500c0-5 17-5 17 0l-.8 2.700-4.200-1-.5-2.700a9 9 0 0 0-6 0l-.5 2.700-4.200 1z",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400",
};

/** What one finds an element by when it is drawn anew. */
const mark = (one) => JSON.stringify([one.tagName, one.id, one.getAttribute("href"), one.getAttribute("aria-label"), one.textContent, { ...one.closest("li, tr, [data-stop]")?.dataset }]);

/** Puts new children in the place of the old ones. Whoever is at one of them with the keyboard stays at its successor. */
export function redraw(element, ...children) {
  const { activeElement } = document;
  const before = element !== activeElement && element.contains(activeElement) ? mark(activeElement) : undefined;
  element.replaceChildren(...children);
  if (before === undefined) return;
  for (const one of element.querySelectorAll("a, button, input, summary, [tabindex]")) if (mark(one) === before) return one.focus({ preventScroll: true });
  // What one was at is gone: the next step leads to what is left, and no key does to that what was meant for the other.
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

/** Says something at the edge of the screen, also to screen readers. */
export function toast(text) {
  const element = h("p", { class: "toast" }, text);
  document.getElementById("toasts").append(element);
  // As long as it takes to read it.
  setTimeout(() => element.remove(), Math.max(6000, text.length * 80));
}

/** Asks for something in a dialog; `null` when the answer is no. `body` is what stands between title and buttons. */
export function ask({ title, body, accept, danger, read = () => true }) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { "aria-label": title },
      h("form", { method: "dialog", onsubmit: (event) => { event.preventDefault(); finish(read()); } },
        h("h2", {}, title), body,
        h("div", { class: "row" },
          h("button", { type: "button", onclick: () => finish(null) }, "Cancel"),
          h("button", { type: "submit", class: danger ? "danger" : "primary" }, accept))));
    function finish(value) {
      dialog.close();
      dialog.remove();
      resolve(value);
    }
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); finish(null); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** The usual head of a page. */
export const pageHead = (title, text, ...actions) =>
  h("div", { class: "page-head" },
    h("div", {}, h("h1", {}, title), text ? h("p", {}, text) : null),
    actions.length ? h("div", { class: "row" }, actions) : null);
