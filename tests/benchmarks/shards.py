#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How well the flagship experiments (docs/results) would fill many nodes: on paper, from the median
seconds of each rule, what a shard and a run cost (store.py), and how `--shard` deals runs.
Usage: shards.py [SECONDS_TO_START [SECONDS_TO_STORE_A_RUN]]"""
import json
import math
import pathlib
import sys

RESULTS = pathlib.Path(__file__).resolve().parents[2] / "docs/results"


def shares(rules, seeds, count):
    """The rules of each share's runs, dealt as result/shard.cpp does."""
    dealt = [[] for _ in range(count)]
    turn = math.lcm(len(rules), count)
    for i in range(len(rules) * seeds):
        dealt[(i + i // turn) % count].append(rules[i % len(rules)])
    return dealt


def main():
    start, store = [float(word) for word in sys.argv[1:]] + [0.2, 0.0012][len(sys.argv) - 1:]
    for name in ("digits", "mnist", "dnms"):
        record = json.loads((RESULTS / f"{name}.json").read_text())
        cost = {rule["rule"]: rule["metrics"]["seconds"]["median"] for rule in record["rules"]}
        seeds = len(record["seeds"])
        total = seeds * sum(cost.values())
        print(f"{name}: {len(cost) * seeds} runs, {total:.0f} s, the slowest rule {max(cost.values()):.1f} s")
        for nodes in (10, 100, 1000):
            used = min(nodes, len(cost) * seeds)
            longest = max(start + sum(cost[rule] + store for rule in share)
                          for share in shares(list(cost), seeds, used))
            print(f"  {nodes:4} nodes: {longest:6.1f} s, {100 * total / (nodes * longest):5.1f} % of the ideal"
                  + ("" if used == nodes else f" ({nodes - used} have nothing to do)"))


if __name__ == "__main__":
    main()
