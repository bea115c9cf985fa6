#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Wall time of `deltaw rules` with 50 plugins, in milliseconds. Aim: under 50.
Usage: listing.py BUILD_TREE"""
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

COUNT, ROUNDS = 50, 21


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    sample = build / "lib/deltaw/plugins/1/hebbian"
    manifest = json.loads((sample / "hebbian.rule.json").read_text())
    with tempfile.TemporaryDirectory() as folder:
        for i in range(COUNT):
            plugin = pathlib.Path(folder, f"rule{i}")
            plugin.mkdir()
            shutil.copy(sample / "hebbian.so", plugin)
            for rule in manifest["rules"]:
                rule["id"] = f"{rule['name'].split()[0].lower()}-{i}"
            (plugin / "hebbian.rule.json").write_text(json.dumps(manifest))
        command = [build / "bin/deltaw", "rules", "--json"]
        environment = {**os.environ, "DELTAW_PLUGIN_PATH": folder}
        times = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            done = subprocess.run(command, env=environment, check=True, capture_output=True)
            times.append(1000 * (time.perf_counter() - start))
        listed = done.stdout.count(b'"version"')
    print(f"{COUNT} manifests, {listed} rules: median {statistics.median(times):.1f} ms, "
          f"{min(times):.1f} to {max(times):.1f} in {ROUNDS} runs")


if __name__ == "__main__":
    main()
