#!/usr/bin/env python3
"""Fits Parley's confidence to recordings: the constants of Sources/Speech/PocketSphinx/ConfidenceModel.swift.

    parley evaluate recordings --split tune --json > tune.json
    Benchmarks/confidence/fit.py tune.json [MORE.json ...]

With the evidence of a second recognizer in the files the constants are those of what two agreed upon: first that the
words are right and of the task, then that they are right (`--words`).

A transcript counts as right when at most a quarter of its words are wrong and, without `--words`, it is of the task.
Prints the constants, how well they are calibrated in a ten-fold cross-validation, and what each threshold would refuse.
Plain Python.
"""
import json
import math
import random
import sys

FEATURES = ["acoustic", "path", "meanWord", "weakestWord", "language", "strangeShare", "backedOffShare", "words",
            "framesPerWord", "filled", "contrast"]
SECOND = ["sound", "language", "agreement", "unknownShare", "strangeShare", "lead", "words"]
# How long words and pauses are differs between a recording and a call, and adds little to what two say.
ALONE = {"framesPerWord", "filled", "contrast"}


def errors(said, heard):
    said, heard = said.split(), heard.replace("|", " ").split()
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said):
        diagonal, row[0] = row[0], i + 1
        for j, other in enumerate(heard):
            diagonal, row[j + 1] = row[j + 1], min(diagonal + (word != other), row[j] + 1, row[j + 1] + 1)
    return row[-1] / max(len(said), 1)


def load(paths, words_only):
    rows = []
    for line in (line | {"fixture": path + line["fixture"]} for path in paths for line in json.load(open(path))["lines"]):
        evidence = line.get("evidence")
        if evidence is None or not line["heard"]:
            continue
        if second := evidence.pop("second", None):
            evidence |= {"second." + name: second[name] for name in SECOND}
            evidence["second.words"] = min(evidence["second.words"], 6)
        evidence["words"] = min(evidence["words"], 6)
        of_task = line["intent"] != "none" or (words_only and line["said"])
        is_right = bool(of_task) and errors(line["said"], line["heard"]) <= 0.25
        rows.append(([evidence[name] for name in FEATURES], is_right, line))
    return rows


def fit(rows, steps=3000, rate=0.3, decay=0.003):
    count, size = len(rows), len(FEATURES)
    mean = [sum(x[i] for x, _, _ in rows) / count for i in range(size)]
    spread = [math.sqrt(sum((x[i] - mean[i]) ** 2 for x, _, _ in rows) / count) or 1 for i in range(size)]
    data = [([(x[i] - mean[i]) / spread[i] for i in range(size)], y) for x, y, _ in rows]
    weights, bias = [0.0] * size, 0.0
    for _ in range(steps):
        gradient, slope = [decay * w for w in weights], 0.0
        for x, y in data:
            error = (sigmoid(bias + sum(w * v for w, v in zip(weights, x))) - y) / count
            slope += error
            for i, value in enumerate(x):
                gradient[i] += error * value
        bias -= rate * slope
        weights = [w - rate * g for w, g in zip(weights, gradient)]
    plain = [w / s for w, s in zip(weights, spread)]
    return plain, bias - sum(w * m for w, m in zip(plain, mean)), weights


def sigmoid(z):
    return 1 / (1 + math.exp(-max(min(z, 40), -40)))


def probability(model, x):
    return sigmoid(model[1] + sum(w * v for w, v in zip(model[0], x)))


def main():
    files = [argument for argument in sys.argv[1:] if argument != "--words"]
    rows = load(files, "--words" in sys.argv)
    if any("second.sound" in line["evidence"] for _, _, line in rows):
        FEATURES[:] = [name for name in FEATURES if name not in ALONE] + ["second." + name for name in SECOND]
        rows = [([line["evidence"][name] for name in FEATURES], y, line) for _, y, line in rows
                if "second.sound" in line["evidence"]]
    random.Random(1).shuffle(rows)
    # A recording in three conditions is one speaker saying one thing: it stays in one fold.
    names = sorted({line["fixture"] for _, _, line in rows})
    fold = {name: index % 10 for index, name in enumerate(names)}
    judged = []
    for held in range(10):
        model = fit([r for r in rows if fold[r[2]["fixture"]] != held], steps=800)
        judged += [(probability(model, x), y, line) for x, y, line in rows if fold[line["fixture"]] == held]
    loss = -sum(math.log(max(p if y else 1 - p, 1e-9)) for p, y, _ in judged) / len(judged)
    print(f"{len(rows)} transcripts, {sum(y for _, y, _ in rows)} right; cross-validated log loss {loss:.3f}")
    print("said to be    is      of")
    for low in range(0, 10, 2):
        group = [y for p, y, _ in judged if low / 10 <= p < low / 10 + 0.2 or (low == 8 and p == 1)]
        if group:
            print(f"  {low / 10:.1f}-{low / 10 + 0.2:.1f}    {sum(group) / len(group):.2f}    {len(group)}")
    print("below       refuses right ones   lets out-of-task ones through, of them acted upon without it")
    for threshold in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5):
        lost = sum(1 for p, y, line in judged if p < threshold and line["intent"] == line.get("understood", line["intent"]) != "none")
        through = [line for p, y, line in judged if p >= threshold and line["intent"] == "none"]
        acted = sum(line.get("understood", "none") != "none" for line in through)
        print(f"  {threshold:.2f}     {lost:4}                  {len(through):4} {acted:4}")
    weights, bias, relative = fit(rows)
    print(f"    bias {bias:.4f}")
    for name, weight, scaled in zip(FEATURES, weights, relative):
        print(f"    {name:15} {weight:.4f}   ({scaled:+.2f} for one standard deviation)")


main()
