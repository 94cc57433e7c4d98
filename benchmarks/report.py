#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""Joins what the benchmarks measured into one file, prints the ratios with their targets, and draws them."""

import argparse
import io
import json
import os
import re
import statistics
import sys

# id, figure, against, direction and bound of the ratio of costs, Google Benchmark's names of ours and the baseline.
MEMORY_PAIRS = [
    (f"memory_{id}_{threads}", f"memory, {what}, {'1 thread' if threads == 1 else '2 threads'}", "by hand, mutex and ring",
     "<=", bound, *(f"{side}<std::mutex>/{batch}/real_time/threads:{threads}" for side in ("contribute", "contribute_by_hand")))
    for id, what, batch, bound in (("one", "a wager by its game's handle", 1, 1.3), ("bulk", "64 wagers at once", 64, 1.2))
    for threads in (1, 2)
] + [
    ("memory_waiting", "memory, 64 wagers waiting, 1 thread", "the call by name", "<=", 1.6,
     "contribute_waiting<std::mutex>/64/real_time", "contribute_by_name<std::mutex>/1/real_time")
]
MEMORY_PAIRS += [
    (f"memory_{id}", f"memory, {what}, of 100,000 pools", "of 3", "<=", bound, f"{id}/100000", f"{id}/3")
    for id, what, bound in (("many_by_handle", "a wager by handle", 1.2), ("many_by_name", "a wager by name", 2.5),
                            ("many_queries", "pool()", 2.5), ("many_wins", "a win", 2.5),
                            ("many_queries_of_all", "pool() of each in turn", None), ("many_wins_of_all", "a win of each in turn", None),
                            ("many_opened", "opening a pool", None))
]
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MariaDB"}


def memory_figures(file):
    """Medians of the pairs that are there; a pair that is not is told of."""
    costs = {}
    for run in json.load(file)["benchmarks"]:
        if run["run_type"] == "iteration":
            cost = 1e9 / run["items_per_second"] if "items_per_second" in run else run["real_time"]
            costs.setdefault(run["run_name"], []).append(cost)
    for id, what, against, direction, bound, ours, baseline in MEMORY_PAIRS:
        if ours not in costs or baseline not in costs:
            print(f"not measured: {what}, for there is no {ours} or no {baseline}", file=sys.stderr)
            continue
        ratios = [a / b for a, b in zip(costs[ours], costs[baseline])]
        ratio = statistics.median(ratios)
        target = {} if bound is None else {
            "target": direction, "bound": bound, "met": ratio <= bound if direction == "<=" else ratio >= bound}
        yield {
            "id": id, "what": what, "against": against, "unit": "ns", **target,
            "ours": {"median": statistics.median(costs[ours]), "values": costs[ours]},
            "baseline": {"median": statistics.median(costs[baseline]), "values": costs[baseline]},
            "ratio": {"median": ratio, "values": ratios},
        }


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def table(results):
    """One row a target, by store; of a figure at several sizes, the largest."""
    latest = {f["id"]: f for f in results["figures"] if "what" in f}
    stores = [None, *NAMES]
    yield ["figure", "against", "unit", "ours", "baseline", "ratio", "target", ""]
    for f in sorted(latest.values(), key=lambda f: stores.index(f.get("engine"))):
        size = f" ({f['x']:,} operations)" if f.get("curve") in ("replication", "growth") else ""
        target = f"{f['target']} {f['bound']:g}" if "target" in f else ""
        yield [f["what"] + size, f["against"], f["unit"], number(f["ours"]["median"]),
               number(f["baseline"]["median"]), f"{f['ratio']['median']:.{3 if f['ratio']['median'] < 2 else 1}f}", target,
               {True: "met", False: "missed"}.get(f.get("met"), "")]


def print_table(results, markdown):
    rows = list(table(results))
    if markdown:
        rows.insert(1, ["---"] * len(rows[0]))
        for row in rows:
            print("| " + " | ".join(row) + " |")
    else:
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        for row in rows:
            print("  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip())
    print()
    for f in results["figures"]:
        if "audit_seconds" in f:
            print(f"{NAMES[f['engine']]}, {f['x']:,} operations copied: compared in {f['compare_seconds']:.2f} s, "
                  f"audited in {f['audit_seconds']:.2f} s.")
    print("; ".join(f"{key}: {value if isinstance(value, (str, int)) else round(value)}"
                    for key, value in results["machine"].items()) + ".")


def draw(results, folder):
    import matplotlib
    matplotlib.use("svg")
    import matplotlib.pyplot as plot
    os.makedirs(folder, exist_ok=True)
    # The same file from the same results, and small: text stays text, and a hundredth of a point is enough.
    matplotlib.rcParams.update({"svg.hashsalt": "jackpot", "svg.fonttype": "none", "font.size": 9})
    figures = results["figures"]

    def save(name, figure):
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None}, bbox_inches="tight")
        plot.close(figure)
        lines = (line.rstrip() for line in text.getvalue().splitlines())
        with open(f"{folder}/{name}.svg", "w") as file:
            file.write(re.sub(r"(\d\.\d\d)\d+", r"\1", "\n".join(lines)) + "\n")

    def curves(name, curve, label, y_label, base, scale):
        engines = [e for e in NAMES if any(f.get("curve") == curve and f["engine"] == e for f in figures)]
        if not engines:
            return
        figure, axes = plot.subplots(1, len(engines), figsize=(3.4 * len(engines), 2.9), squeeze=False)
        for engine, axis in zip(engines, axes[0]):
            points = sorted((f["x"], f["ours"]["median"], f["baseline"]["median"])
                            for f in figures if f.get("curve") == curve and f["engine"] == engine)
            x, ours, baseline = zip(*points)
            axis.plot(x, ours, "o-", label="jackpot")
            axis.plot(x, baseline, "s--", label="by hand")
            axis.set_xscale("log", base=base)
            axis.set_xticks(x, [f"{value:,}" for value in x])
            axis.minorticks_off()
            axis.set_yscale(scale)
            axis.set_ylim(bottom=0 if scale == "linear" else None)
            axis.set(title=NAMES[engine], xlabel=label)
            axis.grid(alpha=0.3)
        axes[0][0].set_ylabel(y_label)
        axes[0][0].legend()
        save(name, figure)

    curves("threads", "threads", "threads", "wagers a second", 2, "linear")
    curves("batch", "batch", "wagers a commit", "wagers a second", 10, "log")
    curves("waiting", "waiting", "wagers that wait at once", "wagers a second", 4, "log")
    curves("replication", "replication", "operations", "rows a second", 10, "linear")

    by_id = {f["id"]: f["percentiles_us"] for f in figures if "percentiles_us" in f}
    lines = [(id, side, text) for id, side, text in (
        ("postgresql_group_32", "baseline", "the CTE, 1 client"),
        ("postgresql_group_8", "ours", "jackpot, 8 threads"),
        ("postgresql_group_32", "ours", "jackpot, 32 threads"),
        ("postgresql_group_8", "baseline", "the CTE, 8 clients")) if id in by_id]
    if lines:
        figure, axis = plot.subplots(figsize=(5.2, 3.2))
        for id, side, text in lines:
            parts = [f"p{100 * part:g}" for part in by_id[id]["part"]]
            axis.plot(parts, [us / 1000 for us in by_id[id][side]], "o-" if side == "ours" else "s--", label=text)
        axis.set_yscale("log")
        axis.set(title="PostgreSQL, one hot pool", ylabel="latency of a wager, ms")
        axis.grid(alpha=0.3)
        axis.legend(loc="center left", bbox_to_anchor=(1, 0.5))
        save("latency", figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", help="the joined results: written where --sql or --memory is given, else read")
    parser.add_argument("--sql", type=argparse.FileType(), help="what bench_sql wrote")
    parser.add_argument("--memory", type=argparse.FileType(), help="what bench_memory printed")
    parser.add_argument("--machine", action="append", default=[], metavar="NAME=VALUE", help="to be named beside them")
    parser.add_argument("--plots", metavar="FOLDER", help="draw the plots there")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    o = parser.parse_args()
    if o.sql or o.memory:
        results = json.load(o.sql) if o.sql else {"machine": {}, "figures": []}
        results["machine"].update(pair.split("=", 1) for pair in o.machine)
        if o.memory:
            results["figures"] = list(memory_figures(o.memory)) + results["figures"]
        with open(o.results, "w") as file:
            json.dump(results, file, indent=1)
            file.write("\n")
    else:
        with open(o.results) as file:
            results = json.load(file)
    print_table(results, o.markdown)
    if o.plots:
        draw(results, o.plots)


if __name__ == "__main__":
    main()
