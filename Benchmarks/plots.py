"""Pictures of what `Benchmarks/run` measured: cost and memory against the number of calls, and how long answers take."""
import statistics

import matplotlib

matplotlib.use("svg")
# Text stays text, and the same figures give the same file.
matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "parley", "font.size": 9})
from matplotlib import pyplot  # noqa: E402  (the backend comes first)


def draw(rows, folder):
    """Writes one SVG per picture into `folder`; void runs are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [row for row in rows if "calls" in row and not row["void"]]
    _against_calls(rows, "cpu_ms_per_call_second", "CPU, ms per second of a call", folder / "cpu.svg")
    _against_calls(rows, "own_kb_per_call", "memory, KB per call", folder / "memory.svg")
    _answers(rows, folder / "answers.svg")
    _added(rows, folder / "added.svg")


def _against_calls(rows, figure, label, path):
    chart, axes = pyplot.subplots(figsize=(6, 3))
    for name in dict.fromkeys(row["name"] for row in rows):
        counts = sorted({row["calls"] for row in rows if row["name"] == name})
        medians = [statistics.median(row[figure] for row in rows if (row["name"], row["calls"]) == (name, count)) for count in counts]
        axes.plot(counts, medians, marker="o", label=name)
    axes.set(xlabel="calls on one core", ylabel=label, ylim=(0, None), xlim=(0, None))
    _save(chart, axes, path)


def _answers(rows, path):
    chart, axes = pyplot.subplots(figsize=(6, 3))
    for row in rows:
        if answers := sorted(row["answers_ms"]):
            share = [(index + 1) / len(answers) for index in range(len(answers))]
            axes.step(answers, share, where="post", label=f"{row['name']}, {row['calls']} calls")
    axes.set(xlabel="from the caller's last sound to the agent's first, ms", ylabel="share of answers", ylim=(0, 1), xlim=(0, None))
    _save(chart, axes, path)


def _added(rows, path):
    chart, axes = pyplot.subplots(figsize=(6, 3))
    for row in rows:
        if row["added_all_ms"]:
            axes.hist(row["added_all_ms"], bins=[step / 4 for step in range(0, 81)], histtype="step", density=True,
                      label=f"{row['name']}, {row['calls']} calls")
    axes.set(xlabel="time to an answer beyond the chosen wait for the end of the turn, ms", ylabel="answers, density", xlim=(0, 20))
    _save(chart, axes, path)


def _save(chart, axes, path):
    axes.grid(alpha=0.3)
    if axes.has_data():
        axes.legend(frameon=False)
    chart.tight_layout()
    chart.savefig(path, metadata={"Date": None})
    pyplot.close(chart)
