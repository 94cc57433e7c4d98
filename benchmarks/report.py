#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""report.py RESULTS.json FOLDER: prints the ratios as a Markdown table, and draws the curves into FOLDER."""

import json
import sys

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "jackpot"  # the same results give the same file
matplotlib.rcParams["svg.fonttype"] = "none"
from matplotlib import pyplot  # noqa: E402

TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MariaDB"}
CURVES = {
    "threads": ("threads of one shared network", "wagers/s"),
    "batch": ("wagers a commit", "wagers/s"),
    "replication": ("operations", "rows/s"),
}


def table(results):
    print("| figure | against | ratio | target | |")
    print("| --- | --- | --- | --- | --- |")
    for figure in results["figures"]:
        if "bound" in figure:
            size = f", at {figure['x']:,}" if figure.get("curve") in ("replication", "growth") else ""
            print(
                f"| {figure['what']}{size} | {figure['against']} | {figure['ratio']['median']:.2f} "
                f"| {figure['target']}{figure['bound']:g} | {'met' if figure['met'] else 'missed'} |"
            )


def axes_of(engines):
    figure, axes = pyplot.subplots(1, len(engines), figsize=(4 * len(engines), 3), squeeze=False)
    for each, engine in zip(axes[0], engines):
        each.set_title(TITLES[engine])
        each.grid(True, alpha=0.3)
    return figure, dict(zip(engines, axes[0]))


def save(figure, path):
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def draw_curve(name, points, folder):
    engines = [e for e in TITLES if any(p["engine"] == e for p in points)]
    if not engines:
        return
    figure, axes = axes_of(engines)
    for engine, drawn in axes.items():
        along = sorted((p for p in points if p["engine"] == engine), key=lambda p: p["x"])
        for side, label in (("ours", "jackpot"), ("baseline", "by hand")):
            drawn.plot([p["x"] for p in along], [p[side]["median"] for p in along], marker="o", label=label)
        drawn.set_xscale("log", base=2 if name == "threads" else 10)
        drawn.set_yscale("log")
        drawn.set_xlabel(CURVES[name][0])
        drawn.set_ylabel(CURVES[name][1])
        drawn.legend()
    save(figure, f"{folder}/{name}.svg")


def draw_latency(points, folder):
    points = [p for p in points if p.get("curve") == "threads" and p["x"] == 32 and "percentiles_us" in p]
    engines = [e for e in TITLES if any(p["engine"] == e for p in points)]
    if not engines:
        return
    figure, axes = axes_of(engines)
    for engine, drawn in axes.items():
        recorded = next(p for p in points if p["engine"] == engine)["percentiles_us"]
        labels = [f"p{100 * part:g}" for part in recorded["part"]]
        for side, label in (("ours", "jackpot"), ("baseline", "by hand")):
            drawn.plot(labels, [us / 1000 for us in recorded[side]], marker="o", label=label)
        drawn.set_yscale("log")
        drawn.set_ylabel("ms")
        drawn.legend()
    save(figure, f"{folder}/latency.svg")


def main(path, folder):
    with open(path, encoding="utf-8") as file:
        results = json.load(file)
    table(results)
    for name in CURVES:
        draw_curve(name, [f for f in results["figures"] if f.get("curve") == name], folder)
    draw_latency(results["figures"], folder)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
