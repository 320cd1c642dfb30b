// Taking a call over with this machine's microphone: one at a time, on whatever page one is.

import { post } from "./api.js";
import { toast } from "./dom.js";
import { Line } from "./line.js";
import { stop as stopListening } from "./listen.js";

/** What waits before the caller is played [ms]: what comes straight from a telephone line jitters. */
const HEAD_START = 100;

let current;

/** The call whose line one has. */
export const holds = () => current?.id;

/** Speaks to the caller in the agent's place; `changed` is told when that begins or is over. */
export async function takeOver(id, changed) {
  if (current) throw new Error("You have the line of another call; hand that one back first.");
  // What one hears then comes with the line.
  stopListening();
  const mine = { id, line: undefined };
  mine.line = new Line((message) => {
    if (message.event === "started") changed();
    else if (message.event === "closed") {
      if (current === mine) current = undefined;
      if (message.code !== 1000 && message.reason) toast(`The line was not to be had: ${message.reason}.`);
      changed();
    }
  }, HEAD_START);
  current = mine;
  try {
    await mine.line.open(() => post(`/calls/${encodeURIComponent(id)}/takeover`));
  } catch (error) {
    current = undefined;
    changed();
    throw error;
  }
}

/** Gives the line back to the agent, whoever has it. */
export async function handBack(id) {
  if (current?.id === id) current.line.hangUp();
  else await post(`/calls/${encodeURIComponent(id)}/handback`);
}
