// Listening in on a call: one at a time.

import { audio } from "./api.js";
import { h, toast } from "./dom.js";

const RATE = 8000;
const HEADER = 44;

let current;
let side = "both";

/** Whom one listens to: a choice for every call, also the one that is listened to. */
export function choice() {
  const select = h("select", { id: "listen-side", onchange: () => choose(select.value) },
    [["both", "both sides"], ["caller", "the caller"], ["agent", "the agent"]].map(([value, words]) => h("option", { value, selected: value === side }, words)));
  return h("label", { class: "row small", for: "listen-side" }, "Listen to", select);
}

async function choose(wanted) {
  side = wanted;
  const mine = current;
  if (!mine) return;
  stop();
  try { await toggle(mine.id, mine.changed); } catch (error) { toast(error.message); }
}

/** The call one listens to. */
export const listensTo = () => current?.id;

/** Begins, or stops when one listens to this call already; `changed` is told when it is over. */
export async function toggle(id, changed) {
  const before = current;
  stop();
  if (before?.id === id) return;
  const mine = { id, changed, abort: new AbortController(), context: new AudioContext({ sampleRate: RATE, latencyHint: "interactive" }) };
  current = mine;
  changed();
  try {
    await mine.context.audioWorklet.addModule(new URL("audio-worklet.js", import.meta.url));
    const node = new AudioWorkletNode(mine.context, "listen", { numberOfInputs: 0, outputChannelCount: [2] });
    node.connect(mine.context.destination);
    const body = await audio(id, side, mine.abort.signal);
    await mine.context.resume();
    play(body.getReader(), node, mine);
  } catch (error) {
    if (current === mine) stop();
    if (error.name !== "AbortError") throw error;
  }
}

export function stop() {
  const mine = current;
  if (!mine) return;
  current = undefined;
  mine.abort.abort();
  mine.context.close();
  mine.changed();
}

async function play(reader, node, mine) {
  let rest = new Uint8Array();
  let skip = HEADER;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const bytes = new Uint8Array(rest.length + value.length);
      bytes.set(rest);
      bytes.set(value, rest.length);
      const begin = Math.min(skip, bytes.length);
      skip -= begin;
      // Whole frames of two samples.
      const end = begin + Math.floor((bytes.length - begin) / 4) * 4;
      rest = bytes.slice(end);
      if (end > begin) node.port.postMessage(new Int16Array(bytes.slice(begin, end).buffer));
    }
  } catch {
    // Stopped, or the connection broke: either way it is over.
  }
  if (current === mine) stop();
}
