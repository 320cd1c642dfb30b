// The calls on the line, kept true by the service's events. One connection for all pages.

import { events, get } from "./api.js";

/** Calls by id; each has what GET /api/v1/live tells, and `levels`. */
export const calls = new Map();

const listeners = new Set();
let source;
let last;
let pending;
/** Grows with each beginning and end, so that an answer that was asked for before them is known to be late. */
let round = 0;

/** Calls `listener({ kind, callID, data })` for every event; returns how to stop. */
export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const tell = (kind, callID, data) => listeners.forEach((listener) => listener({ kind, callID, data }));

/** Loads the picture and follows it. */
export async function start() {
  stop();
  const mine = round;
  const picture = await get("/live").catch((error) => { if (mine === round) throw error; });
  // Somebody has signed out meanwhile, or it was begun anew.
  if (mine !== round) return;
  calls.clear();
  for (const call of picture.calls) calls.set(call.id, { ...call, levels: [0, 0], heardAt: performance.now() });
  last = picture.lastEventID;
  tell("picture");
  follow();
}

export function stop() {
  round += 1;
  clearTimeout(pending);
  source?.close();
  source = undefined;
}

/** Ends it, and keeps nothing of the calls: a page on which nobody is signed in knows of none. */
export function forget() {
  stop();
  calls.clear();
  tell("picture");
}

function follow() {
  source = events(last);
  source.onopen = () => tell("connection", undefined, true);
  source.onerror = () => {
    tell("connection", undefined, false);
    // A browser gives up for good when it is refused; then the picture is loaded anew, which also finds out why.
    if (source?.readyState === EventSource.CLOSED) again();
  };
  // What was missed cannot be told: look at the whole picture instead.
  source.addEventListener("reset", again);
  source.addEventListener("overflow", again);
  source.addEventListener("levels", (event) => {
    const levels = JSON.parse(event.data);
    for (const [id, pair] of Object.entries(levels)) {
      const call = calls.get(id);
      if (call) call.levels = pair;
    }
    tell("levels");
  });
  for (const kind of ["call.started", "call.state", "call.turn", "call.tool", "call.incident", "call.ended"]) {
    source.addEventListener(kind, (event) => {
      last = event.lastEventId;
      take(kind, JSON.parse(event.data));
    });
  }
}

/** Loads the picture anew in a moment, and until it is there. Whoever has to sign in first is asked for that, once. */
export function again() {
  stop();
  pending = setTimeout(() => start().catch((error) => {
    if (error.status === 401) return;
    tell("connection", undefined, false);
    again();
  }), 1500);
}

function take(kind, data) {
  const id = data.callID ?? data.id;
  const call = calls.get(id);
  if (kind === "call.started") calls.set(id, { ...data, levels: [0, 0], heardAt: performance.now() });
  else if (!call) return;
  else if (kind === "call.state") {
    // When the state began here, for how long it lasts.
    if (call.state.state !== data.state) call.heardAt = performance.now();
    call.state = data;
  } else if (kind === "call.turn") {
    const same = call.turns.findIndex((turn) => turn.number === data.number && turn.speaker === data.speaker && turn.part === data.part);
    if (same >= 0) call.turns[same] = data;
    else call.turns.push(data);
  } else if (kind === "call.incident") call.incidents += 1;
  else if (kind === "call.ended") {
    call.ended = data;
    call.levels = [0, 0];
    calls.delete(id);
  }
  tell(kind, id, kind === "call.ended" ? { ...data, call } : data);
}
