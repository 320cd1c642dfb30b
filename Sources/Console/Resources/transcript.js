// What is said on a call on the line, drawn so that what stands is left alone.

import { h } from "./dom.js";
import { heardAndNot } from "./words.js";

/** Puts a text where another one stands; the browser has nothing to do where it is the same. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
  return element;
}

/** What is said on a call on the line, with what is being said at its end. */
export class Lines {
  /** - `log`: what has the lines. */
  constructor(log) {
    this.log = log;
    // Lines by the turns they show; and those that are being said, of which nobody is read each word.
    this.drawn = new WeakMap();
    this.saying = h("p", { class: "bubble agent now", "aria-live": "off" });
    this.interim = h("p", { class: "bubble caller now", "aria-live": "off" });
  }

  /** Whether the newest words are in sight. */
  isAtEnd() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 40; }

  draw(turns, state) {
    // What was said stays as it is drawn; most events only tell how what is being said goes on.
    const lines = turns.map((turn) => {
      const line = this.drawn.get(turn) ?? bubble(turn);
      this.drawn.set(turn, line);
      return line;
    });
    if (state.saying) lines.push(write(this.saying, state.saying));
    if (state.interim) lines.push(write(this.interim, `${state.interim} …`));
    // What stands stays where it is: a line that is put in anew is read anew, and what somebody marked in it is lost.
    const kept = new Set(lines);
    for (const line of [...this.log.children]) if (!kept.has(line)) line.remove();
    lines.forEach((line, index) => {
      const there = this.log.children[index];
      if (there !== line) this.log.insertBefore(line, there ?? null);
    });
  }
}

/** One side's words; what was not heard is struck through. */
function bubble(turn) {
  if (turn.speaker === "operator") return h("p", { class: "bubble operator" }, h("b", { class: "small" }, "Operator "), turn.text);
  if (turn.speaker === "caller") return h("p", { class: "bubble caller" }, turn.text || "(not understood)");
  const [heard, lost] = heardAndNot(turn);
  return h("p", { class: "bubble agent" }, heard, lost ? h("s", { title: "said, but not heard by the caller" }, lost) : null);
}
