// Attempts by the hour, as bars and as a table.

import { h, s } from "./dom.js";

const label = (hour) => new Date(hour.begins).toLocaleString(undefined, { weekday: "short", hour: "2-digit", minute: "2-digit" });

/** Those who see it have the bars; everybody has the table. Hours without calls are left out. */
export function hourChart(hours) {
  const [width, height, foot] = [960, 200, 22];
  const most = Math.max(1, ...hours.map(({ attempts }) => attempts));
  const step = width / Math.max(hours.length, 6);
  const every = Math.ceil(hours.length / 8);
  const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, class: "bars-chart", "aria-hidden": "true" });
  hours.forEach((hour, index) => {
    const bar = (kind, count, top) => {
      const size = (count / most) * (height - foot - 8);
      return s("rect", { class: `part-${kind}`, x: index * step + step * 0.14, y: height - foot - top - size, width: step * 0.72, height: size });
    };
    const answered = bar("answered", hour.answered, 0);
    svg.append(s("g", {}, s("title", {}, `${label(hour)}: ${hour.attempts} attempts, ${hour.answered} answered by a person`),
      answered, bar("attempts", hour.attempts - hour.answered, Number(answered.getAttribute("height")))));
    if (index % every === 0) svg.append(s("text", { x: Math.max(index * step + step / 2, 36), y: height - 6 }, label(hour)));
  });
  return h("div", {}, svg, h("p", { class: "legend flat" },
    h("span", { class: "part-answered" }, h("i", {}), "answered by a person"), h("span", { class: "part-attempts" }, h("i", {}), "other attempts")));
}

export const hourTable = (hours) => h("table", {},
  h("caption", { class: "visually-hidden" }, "Attempts by hour"),
  h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Hour"), ["Attempts", "Answered by a person"].map((words) => h("th", { scope: "col", class: "right" }, words)))),
  h("tbody", {}, hours.map((hour) => h("tr", {}, h("th", { scope: "row" }, label(hour)),
    [hour.attempts, hour.answered].map((count) => h("td", { class: "right numbers" }, String(count)))))));
