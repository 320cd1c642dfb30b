// Numbers and states in words.

/** Samples a second in everything the API tells. */
export const RATE = 8000;

const pad = (number) => String(number).padStart(2, "0");

/** `3:07` of samples at 8 kHz. */
export const clock = (samples) => clockOfSeconds(samples / RATE);

export function clockOfSeconds(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const rest = `${hours ? pad(Math.floor(whole / 60) % 60) : Math.floor(whole / 60)}:${pad(whole % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

/** Seconds in words for screen readers. */
export const spokenSeconds = (seconds) => {
  const minutes = Math.floor(seconds / 60);
  return (minutes ? `${minutes} min ` : "") + `${Math.floor(seconds % 60)} s`;
};

export const ms = (microseconds) => `${Math.round(microseconds / 1000)} ms`;

export const percent = (share) => `${Math.round(share * 100)} %`;

export function when(text) {
  const date = new Date(text);
  const today = new Date();
  const time = date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  if (date.toDateString() === today.toDateString()) return `Today, ${time}`;
  const day = date.toLocaleDateString(undefined, { day: "numeric", month: "short", year: date.getFullYear() === today.getFullYear() ? undefined : "numeric" });
  return `${day}, ${time}`;
}

/** The zone of the times that are shown: the browser's. */
export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** To the second and with the zone, for a record. */
export const exactly = (text) => new Date(text).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" });

export const caller = (call) =>
  call.from === "browser" ? "Browser" : call.from || "Number withheld";

/** `calendar_book` → `calendar book`. */
export const plain = (word) => (word ?? "").replaceAll("_", " ");

export const states = {
  connecting: ["Connecting", ""],
  agentSpeaks: ["The agent speaks", "agent"],
  callerToSpeak: ["The caller has the word", ""],
  callerSpeaks: ["The caller speaks", "caller"],
  agentThinks: ["The caller waits for an answer", "thinking"],
  toolRuns: ["A tool runs", "thinking"],
  ending: ["Saying goodbye", "agent"],
  ended: ["Ended", "over"],
};

/** How a call ended for the one on it. */
export const resolutions = {
  contained: "contained",
  transferred: "with a person",
  abandoned: "abandoned",
  failed: "failed",
  unreached: "nobody reached",
};

/** What calls are picked by for having it. */
export const features = {
  goal: "reached the goal",
  noOutcome: "nothing was done",
  person: "answered by a person",
  talked: "the caller said something",
  asked: "the caller had a turn",
  unanswered: "a turn without an answer",
  interrupted: "the caller interrupted",
  unyielded: "the agent spoke on over the caller",
  backchannels: "a sound over the agent",
  startled: "a sound silenced the agent",
  agentSpoke: "the agent spoke",
  spokeOver: "the agent began over the caller",
  retained: "stayed, and was helped",
  lost: "hung up unanswered, or failed",
  noEndReason: "nobody said why it ended",
  priced: "cost something",
};

/** How a criterion of a scorecard stands: in words, and as which chip. */
export const standings = {
  pass: ["passed", "good"],
  fail: ["failed", "bad"],
  not_applicable: ["not applicable", ""],
  unproven: ["not proven", "warn"],
  pending: ["to be judged", ""],
  unjudged: ["not judged", "warn"],
};

export const speakers = { caller: "Caller", agent: "Agent", operator: "Operator" };

/** Whether a call might be recorded. */
export const consents = {
  pending: ["recording not settled", "warn"],
  announced: ["recording announced", ""],
  granted: ["recording allowed", "good"],
  refused: ["recording refused", "warn"],
  withdrawn: ["recording withdrawn", "warn"],
  unasked: ["recording not asked for", "warn"],
};

/** Who answered a call that we placed. */
export const answerers = {
  person: "a person",
  machine: "a machine",
  screening: "an assistant",
  menu: "a menu",
  fax: "a fax",
  unsure: "somebody unknown",
};

export const parts = [
  ["endOfTurnWait", "wait", "waiting to be sure the caller had finished"],
  ["recognition", "recognition", "recognition"],
  ["understanding", "reply", "the reply's first words: flow or model, tools"],
  ["synthesis", "synthesis", "synthesis"],
  ["own", "own", "Parley's own handling"],
];

/**
 * What the agent meant to say, split into what the caller heard and what they did not. What was heard is the beginning of
 * what was planned, except where a sentence in the middle could not be spoken.
 */
export function heardAndNot(turn) {
  const heard = turn.heard ?? turn.text;
  if (turn.text.startsWith(heard)) return [heard, turn.text.slice(heard.length)];
  return [heard, ""];
}

/** Whether somebody of this scope publishes agents and sets campaigns up. */
export const builds = (scope) => scope === "builder" || scope === "admin";
