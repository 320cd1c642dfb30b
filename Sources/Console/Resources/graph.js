// Draws a flow: states as boxes in columns by how far they are from the start, what leads from one to another as curves.

import { s } from "./dom.js";

const WIDTH = 196;
const COLUMN = 160;
const ROW = 20;
const LINE = 15;
const STEPS = 5;

/** `flow` is the graph of GET /api/v1/agents/{name}. */
export function draw(flow) {
  const nodes = new Map(flow.nodes.map((node) => [node.name, { ...node, lines: lines(node) }]));
  // What a caller may want from everywhere hangs off the start.
  const start = flow.nodes.find((node) => node.isStart)?.name ?? flow.nodes[0]?.name;
  const edges = merge(flow.edges.map((edge) => ({ ...edge, from: edge.from ?? start })).filter((edge) => nodes.has(edge.to) && nodes.has(edge.from)));
  place(nodes, edges, start);

  const width = Math.max(...[...nodes.values()].map((node) => node.x + WIDTH)) + 76;
  const height = Math.max(...[...nodes.values()].map((node) => node.y + node.height)) + 24;
  return s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": describe(flow) },
    s("defs", {}, ["next", "failed", "intent"].map((kind) => s("marker", { id: `arrow-${kind}`, class: kind, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, s("path", { d: "M0 .8 7.200 4 0 7.200z" })))),
    edges.map((edge) => s("path", { class: `edge ${edge.kind}`, d: curve(edge, nodes), "marker-end": `url(#arrow-${edge.kind === "no" ? "next" : edge.kind})` })),
    [...nodes.values()].map(box),
    edges.filter((edge) => edge.labels.length).map((edge) => label(edge, nodes)));
}

function lines(node) {
  const words = node.steps.filter((step) => step !== "say");
  return words.length > STEPS ? [...words.slice(0, STEPS - 1), `and ${words.length - STEPS + 1} more`] : words;
}

/** Edges between the same two states become one with several labels. */
function merge(edges) {
  const merged = new Map();
  for (const { from, to, label, kind } of edges) {
    if (from === to) continue;
    const key = `${from}\n${to}\n${kind}`;
    if (!merged.has(key)) merged.set(key, { from, to, kind, labels: [] });
    const text = label.replaceAll("_", " ");
    if (text && !merged.get(key).labels.includes(text)) merged.get(key).labels.push(text);
  }
  return [...merged.values()];
}

/** Columns by distance from the start; rows so that each state is near those that lead to it. */
function place(nodes, edges, start) {
  const depth = new Map([[start, 0]]);
  const queue = [start];
  while (queue.length) {
    const name = queue.shift();
    for (const edge of edges) {
      if (edge.from !== name || depth.has(edge.to)) continue;
      depth.set(edge.to, depth.get(name) + 1);
      queue.push(edge.to);
    }
  }
  const last = Math.max(0, ...depth.values());
  for (const name of nodes.keys()) if (!depth.has(name)) depth.set(name, last + 1);
  const columns = [];
  for (const [name, node] of nodes) {
    node.height = 34 + node.lines.length * LINE + (node.lines.length ? 8 : 0);
    (columns[depth.get(name)] ??= []).push(name);
  }
  const order = new Map();
  columns.filter(Boolean).forEach((column, index) => {
    const weight = (name) => {
      const before = edges.filter((edge) => edge.to === name && order.has(edge.from)).map((edge) => order.get(edge.from));
      return before.length ? before.reduce((sum, one) => sum + one, 0) / before.length : 0;
    };
    column.sort((a, b) => weight(a) - weight(b) || nodes.get(a).isDigression - nodes.get(b).isDigression || a.localeCompare(b));
    let y = 20;
    for (const name of column) {
      const node = nodes.get(name);
      node.x = 20 + index * (WIDTH + COLUMN);
      node.y = y;
      y += node.height + ROW;
      order.set(name, node.y + node.height / 2);
    }
  });
  // The start stands in the middle of what follows it.
  const first = nodes.get(start);
  const heights = [...nodes.values()].map((node) => node.y + node.height);
  if (first) first.y = Math.max(20, Math.min((Math.max(...heights) - first.height) / 2, 300));
}

function curve(edge, nodes) {
  const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)];
  const [y1, y2] = [from.y + from.height / 2, to.y + Math.min(to.height / 2, 40)];
  if (to.x > from.x) {
    const [x1, x2] = [from.x + WIDTH, to.x - 3];
    const bend = Math.max((x2 - x1) / 2, 40);
    return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  }
  if (to.x === from.x) {
    // A bow on the right of the column.
    const x = from.x + WIDTH;
    const bow = 34 + Math.abs(y2 - y1) * 0.08;
    return `M${x} ${y1}C${x + bow} ${y1} ${x + bow} ${y2} ${x + 3} ${y2}`;
  }
  // Backwards: leaves on the left and comes in on the right.
  const [x1, x2] = [from.x, to.x + WIDTH + 3];
  const bend = Math.max((x1 - x2) / 2, 40);
  return `M${x1} ${y1}C${x1 - bend} ${y1} ${x2 + bend} ${y2} ${x2} ${y2}`;
}

function box(node) {
  const kind = `node${node.isStart ? " is-start" : ""}${node.isDigression ? " is-digression" : ""}`;
  return s("g", { class: kind, transform: `translate(${node.x} ${node.y})` },
    s("rect", { width: WIDTH, height: node.height, rx: 10 }),
    s("text", { x: 12, y: 22 }, node.name.replaceAll("_", " ")),
    node.lines.map((text, index) => s("text", { class: "step", x: 12, y: 40 + index * LINE }, text.length > 25 ? `${text.slice(0, 24)}…` : text)));
}

function label(edge, nodes) {
  const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)];
  const text = edge.labels.length > 2 ? `${edge.labels.slice(0, 2).join(", ")} +${edge.labels.length - 2}` : edge.labels.join(", ");
  const [y1, y2] = [from.y + from.height / 2, to.y + Math.min(to.height / 2, 40)];
  // Near the arrow's head, where the curves have parted.
  if (to.x > from.x) return s("text", { class: `tag ${edge.kind}`, x: to.x - 10, y: y2 - 5, "text-anchor": "end" }, text);
  if (to.x === from.x) return s("text", { class: `tag ${edge.kind}`, x: from.x + WIDTH + 30, y: (y1 + y2) / 2 }, text);
  return s("text", { class: `tag ${edge.kind}`, x: to.x + WIDTH + 12, y: y2 - 5 }, text);
}

/** The drawing in words, for those who cannot see it. */
function describe(flow) {
  const parts = flow.nodes.map((node) => {
    const on = flow.edges.filter((edge) => edge.from === node.name).map((edge) => `${edge.label || "then"} to ${edge.to}`);
    return `${node.name}${node.isStart ? " (start)" : ""}${on.length ? `: ${on.join(", ")}` : ""}`;
  });
  const intents = flow.edges.filter((edge) => !edge.from).map((edge) => `${edge.label} to ${edge.to}`);
  return `States: ${parts.join("; ")}. From everywhere: ${intents.join(", ")}.`;
}
