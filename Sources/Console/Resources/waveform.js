// The recording of a call: both sides drawn, played, and jumped about in.

import { get, recordingURL } from "./api.js";
import { h, icon, icons, s } from "./dom.js";
import { clockOfSeconds, RATE, spokenSeconds } from "./words.js";

const BUCKETS = 420;
/** Seconds that an arrow key moves. */
const STEP = 2;

export class Player {
  /** `turns` and `redactions`, what is silence by intent, are marked in the drawing; `moved(seconds)` is told of every move of the head. */
  constructor(call, turns, redactions, moved) {
    this.call = call;
    this.length = call.duration / RATE;
    this.moved = moved;
    this.audio = new Audio(recordingURL(call.id));
    this.audio.preload = "metadata";
    this.head = h("div", { class: "head" });
    this.now = h("span", { class: "numbers" }, clockOfSeconds(0));
    this.button = h("button", { type: "button", class: "play primary", "aria-label": "Play", onclick: () => this.toggle() }, icon(icons.play));
    this.clip = s("rect", { x: 0, y: -1, width: 0, height: 2 });
    this.drawing = s("svg", { viewBox: `0 -100 ${BUCKETS} 200`, preserveAspectRatio: "none", "aria-hidden": "true" });
    this.wave = h("div", {
      class: "wave", role: "slider", tabindex: "0", "aria-label": "Place in the recording", "aria-valuemin": "0",
      "aria-valuemax": String(Math.round(this.length)),
      onpointerdown: (event) => { this.wave.setPointerCapture(event.pointerId); this.isDragging = true; this.seekTo(event); },
      onpointermove: (event) => { if (this.isDragging) this.seekTo(event); },
      onpointerup: () => { this.isDragging = false; },
      onkeydown: (event) => this.key(event),
    }, this.drawing, h("span", { class: "wave-side caller" }, "Caller"), h("span", { class: "wave-side agent" }, "Agent"), this.head);
    const speed = h("select", { "aria-label": "Speed", onchange: (event) => { this.audio.playbackRate = Number(event.target.value); } },
      [0.75, 1, 1.25, 1.5, 2].map((value) => h("option", { value, selected: value === 1 }, `${value}×`)));
    this.element = h("section", { class: "card player", "aria-label": "Recording" }, this.wave,
      h("div", { class: "transport" }, this.button, this.now, h("span", { class: "soft numbers" }, `of ${clockOfSeconds(this.length)}`),
        h("span", { class: "spacer" }), speed, h("a", { class: "button", href: recordingURL(call.id), download: `${call.id}.wav` }, "Download")));
    this.spans = turns.map((turn) => ({
      from: turn.started / RATE, to: (turn.ended ?? turn.started) / RATE,
      element: s("rect", { class: `span ${turn.speaker}`, x: (turn.started / call.duration) * BUCKETS, y: turn.speaker === "caller" ? -100 : 0, width: Math.max((((turn.ended ?? turn.started) - turn.started) / call.duration) * BUCKETS, 0.5), height: 100 }),
    }));
    this.redactions = redactions.map(({ from, to, reason }) => s("rect", { class: "redacted", x: (from / call.duration) * BUCKETS, y: -100, width: Math.max(((to - from) / call.duration) * BUCKETS, 0.5), height: 200 },
      s("title", {}, `Not recorded from ${clockOfSeconds(from / RATE)} to ${clockOfSeconds(to / RATE)}: ${reason}`)));
    for (const kind of ["play", "pause", "ended"]) this.audio.addEventListener(kind, () => this.drawButton());
    this.audio.addEventListener("timeupdate", () => this.draw());
    this.audio.addEventListener("error", () => { this.now.textContent = "The recording cannot be played."; });
    this.draw();
  }

  /** Fetches the outline. */
  async load() {
    const outline = await get(`/calls/${encodeURIComponent(this.call.id)}/waveform`, { buckets: BUCKETS });
    // Quiet speech must be seen, too: magnitudes are drawn by their square root, the loudest as high as there is room.
    const loudest = Math.max(64, ...outline.caller, ...outline.agent);
    const path = (values, sign) => values.map((value, index) => {
      const height = Math.max(Math.sqrt(value / loudest) * 90, 0.6);
      return `M${index + 0.5} ${sign * 2.5}V${sign * (2.5 + height)}`;
    }).join("");
    const sides = [["caller", path(outline.caller, -1)], ["agent", path(outline.agent, 1)]];
    const id = `played-${this.call.id}`;
    this.clip.setAttribute("y", -100);
    this.clip.setAttribute("height", 200);
    this.drawing.replaceChildren(
      s("defs", {}, s("clipPath", { id }, this.clip)),
      ...this.spans.map((span) => span.element), ...this.redactions,
      s("line", { class: "mid", x1: 0, x2: BUCKETS, y1: 0, y2: 0, "vector-effect": "non-scaling-stroke" }),
      ...sides.map(([side, d]) => s("path", { class: `bars ${side} ahead`, d })),
      s("g", { "clip-path": `url(#${id})` }, sides.map(([side, d]) => s("path", { class: `bars ${side}`, d }))));
    this.fit();
    this.resizing = new ResizeObserver(() => this.fit());
    this.resizing.observe(this.wave);
    this.draw();
  }

  /** Bars keep a gap at every width. */
  fit() {
    const width = this.wave.clientWidth / BUCKETS;
    for (const bars of this.drawing.querySelectorAll(".bars")) bars.style.strokeWidth = `${Math.max(width * 0.62, 0.8)}px`;
  }

  toggle() {
    if (this.audio.paused) this.audio.play().catch(() => {});
    else this.audio.pause();
  }

  seek(seconds, plays = false) {
    this.audio.currentTime = Math.min(Math.max(seconds, 0), this.length);
    if (plays && this.audio.paused) this.audio.play().catch(() => {});
    this.draw();
  }

  seekTo(event) {
    const box = this.wave.getBoundingClientRect();
    this.seek(((event.clientX - box.left) / box.width) * this.length);
  }

  key(event) {
    const moves = { ArrowLeft: -STEP, ArrowRight: STEP, PageDown: -10, PageUp: 10 };
    if (moves[event.key]) this.seek(this.audio.currentTime + moves[event.key]);
    else if (event.key === "Home") this.seek(0);
    else if (event.key === "End") this.seek(this.length);
    else if (event.key === " " || event.key === "Enter") this.toggle();
    else return;
    event.preventDefault();
  }

  drawButton() {
    const isPlaying = !this.audio.paused && !this.audio.ended;
    this.button.replaceChildren(icon(isPlaying ? icons.pause : icons.play));
    this.button.setAttribute("aria-label", isPlaying ? "Pause" : "Play");
    cancelAnimationFrame(this.frame);
    if (isPlaying) this.run();
  }

  /** `timeupdate` comes four times a second; the head moves with every frame. */
  run() {
    this.draw();
    this.frame = requestAnimationFrame(() => this.run());
  }

  draw() {
    const seconds = this.audio.currentTime || 0;
    const share = this.length ? Math.min(seconds / this.length, 1) : 0;
    this.head.style.left = `${share * 100}%`;
    this.clip.setAttribute("width", share * BUCKETS);
    this.now.textContent = clockOfSeconds(seconds);
    this.wave.setAttribute("aria-valuenow", String(Math.round(seconds)));
    this.wave.setAttribute("aria-valuetext", `${spokenSeconds(seconds)} of ${spokenSeconds(this.length)}`);
    const isMoving = !this.audio.paused || seconds > 0;
    for (const span of this.spans) span.element.classList.toggle("is-now", isMoving && seconds >= span.from && seconds < span.to);
    this.head.classList.toggle("is-idle", !isMoving);
    this.moved(isMoving ? seconds : -1);
  }

  close() {
    this.audio.pause();
    this.audio.removeAttribute("src");
    this.audio.load();
    cancelAnimationFrame(this.frame);
    this.resizing?.disconnect();
  }
}
