// What changed between two texts, line by line, in the form of `diff -u`.

const CONTEXT = 3;
/** Beyond this many pairs of lines, all of what differs counts as taken out and put in. */
const MOST = 4_000_000;

/** Each line with its sign: `" "`, `"-"` or `"+"`. */
function edits(before, after) {
  let first = 0;
  while (first < before.length && first < after.length && before[first] === after[first]) first += 1;
  let [i, j] = [before.length, after.length];
  while (i > first && j > first && before[i - 1] === after[j - 1]) [i, j] = [i - 1, j - 1];
  const kept = (lines) => lines.map((text) => [" ", text]);
  return [...kept(before.slice(0, first)), ...middle(before.slice(first, i), after.slice(first, j)), ...kept(before.slice(i))];
}

/** By the longest lines that both have in the same order. */
function middle(before, after) {
  const [rows, columns] = [before.length, after.length];
  const all = (sign, lines) => lines.map((text) => [sign, text]);
  if (!rows || !columns || rows * columns > MOST) return [...all("-", before), ...all("+", after)];
  const width = columns + 1;
  const common = new Uint32Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i -= 1) {
    for (let j = columns - 1; j >= 0; j -= 1) {
      common[i * width + j] = before[i] === after[j]
        ? common[(i + 1) * width + j + 1] + 1 : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  const found = [];
  let [i, j] = [0, 0];
  while (i < rows || j < columns) {
    if (i < rows && j < columns && before[i] === after[j]) {
      found.push([" ", before[i]]);
      [i, j] = [i + 1, j + 1];
    } else if (j === columns || (i < rows && common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      found.push(["-", before[i]]);
      i += 1;
    } else {
      found.push(["+", after[j]]);
      j += 1;
    }
  }
  return found;
}

/** Hunks with three lines around what changed; empty when nothing did. */
export function lineDiff(before, after) {
  const lines = edits(before.split("\n"), after.split("\n"));
  const near = new Array(lines.length).fill(false);
  lines.forEach(([sign], index) => {
    if (sign !== " ") near.fill(true, Math.max(0, index - CONTEXT), index + CONTEXT + 1);
  });
  const text = [];
  let [old, young] = [1, 1];
  for (let index = 0; index < lines.length; index += 1) {
    if (near[index] && !near[index - 1]) {
      let end = index;
      while (near[end]) end += 1;
      const hunk = lines.slice(index, end);
      const count = (other) => hunk.filter(([sign]) => sign !== other).length;
      text.push(`@@ -${old},${count("+")} +${young},${count("-")} @@`);
    }
    const [sign, line] = lines[index];
    if (near[index]) text.push(sign + line);
    if (sign !== "+") old += 1;
    if (sign !== "-") young += 1;
  }
  return text.join("\n");
}
