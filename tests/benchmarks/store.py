#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What it costs to dispatch and to store one run, and to list, ask and verify a folder of 10,000.
Usage: store.py BUILD_TREE [RUNS]

One run: what 400 runs that hardly train, with one worker, take more than one run does, of a shard, which
writes no report, and of `deltaw run` without a folder; in CPU time, and in wall time, the least of five
rounds. Beside it, as a measure of the disk, a file that is written and synced alone. Each round has a
folder of its own, and nothing is removed before the end: ext4 takes its time to give the inode of a file
that was just removed to another.

Over ranks: the same with two ranks that train and one that leads, where there is an mpirun; wall time alone.

Rows: the same difference, of 16 runs at once that differ in how many epochs they train and write a row of
metrics after each."""
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

TINY = {
    "deltaw": 1, "name": "tiny",
    "task": {"type": "digits", "split": {"limit_train": 20, "limit_test": 20}},
    "network": {"layers": [{"name": "input", "units": 64},
                           {"name": "output", "units": 10, "activation": "softmax"}]},
    "training": {"epochs": 1, "batch": 20}, "optimizer": {"type": "sgd", "rate": 0.1},
    "rules": ["backprop"], "seeds": 1,
}
RUNS, ROUNDS = 400, 5
WRITERS, ROWS = 16, 4000


def seconds(*command):
    """Of wall and CPU time."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (time.perf_counter() - start,
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def one_run(deltaw, folder):
    file = folder / "tiny.json"
    file.write_text(json.dumps(TINY))

    def per_run(*command, shards=1):
        """Milliseconds of wall and of CPU time."""
        def least(count):
            return [min(times) for times in zip(*(
                seconds(deltaw, *command, "--jobs", "1", "--seeds", f"1-{shards * count}",
                        *(["--out", folder / f"out-{count}-{i}"] if shards > 1 else []))
                for i in range(ROUNDS)))]
        return [1000 * (many - one) / (RUNS - 1) for many, one in zip(least(RUNS), least(1))]
    run = per_run("run", file, "--json")
    kept = per_run("compare", file, "--quiet", "--shard", "1/2", shards=2)
    (folder / "out-1-0").rename(folder / "out")
    files = sum(path.is_file() for path in (folder / "out/runs/backprop/seed-1").rglob("*"))
    start = time.perf_counter()
    for _ in range(200):
        with open(folder / "synced", "wb") as out:
            out.write(b"x" * 1000)
            out.flush()
            os.fsync(out.fileno())
    synced = 1000 * (time.perf_counter() - start) / 200
    for what, kind in (("wall", 0), ("CPU", 1)):
        print(f"one run, {what} time: {run[kind]:.2f} ms without a folder, {kept[kind]:.2f} ms with its "
              f"{files} files: storing takes {kept[kind] - run[kind]:.2f} ms")
    print(f"a file that is written and synced alone: {synced:.2f} ms")


def over_ranks(deltaw, folder):
    """What one run takes from being given out to being kept, by two ranks that train at once."""
    if shutil.which("mpirun") is None:
        print("no mpirun here: nothing over ranks")
        return
    # As root, and with more ranks than cores.
    os.environ.update({"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
                       "OMPI_MCA_rmaps_base_oversubscribe": "1"})
    least = {count: min(seconds("mpirun", "-n", "3", deltaw, "compare", folder / "tiny.json", "--quiet", "--seeds",
                                f"1-{count}", "--out", folder / f"ranks-{count}-{i}")[0] for i in range(ROUNDS))
             for count in (2, 2 * RUNS)}
    print(f"over ranks, two of which train: {1000 * (least[2 * RUNS] - least[2]) / (RUNS - 1):.2f} ms of wall "
          "time from a run that is given out to one that is kept")


def rows(deltaw, folder):
    """What a row of metrics costs while WRITERS runs write theirs at once."""
    file = folder / "rows.json"
    file.write_text(json.dumps({**TINY, "name": "rows"}))
    few, many = 100, 100 + ROWS

    def spent(*command, shards=1):
        """Wall and CPU seconds of the rows alone, the least of five rounds."""
        def least(count):
            return [min(times) for times in zip(*(
                seconds(deltaw, *command, "--jobs", WRITERS, "--seeds", f"1-{shards * WRITERS}", "--set",
                        f"training.epochs={count}",
                        *(["--out", folder / f"rows-{count}-{i}"] if shards > 1 else []))
                for i in range(ROUNDS)))]
        return [more - less for more, less in zip(least(many), least(few))]
    run, kept = spent("run", file, "--json"), spent("compare", file, "--quiet", "--shard", "1/2", shards=2)
    cost = 1e6 * (kept[1] - run[1]) / (WRITERS * ROWS)
    print(f"{WRITERS} runs at once, {WRITERS * ROWS / kept[0]:.0f} rows a second in all; a row costs {cost:.1f} µs "
          f"of CPU time, so that 1,000 a second slow a run by {cost / 10:.2f} %")


def many_runs(deltaw, folder, count):
    sample = folder / "out/runs/backprop/seed-1"
    big = folder / "big"
    experiment = json.loads((folder / "out/experiment.json").read_text())
    experiment["seeds"] = list(range(1, count + 1))
    big.mkdir()
    shutil.copy(folder / "out/provenance.json", big)
    (big / "experiment.json").write_text(json.dumps(experiment))
    for seed in range(1, count + 1):
        shutil.copytree(sample, big / f"runs/backprop/seed-{seed}")
    for what, *command in (
            ("list", "list"), ("count of runs", "query", "SELECT count(*) FROM runs"),
            ("mean of a metric", "query",
             "SELECT avg(value) FROM metrics WHERE metric = 'test_accuracy'"),
            ("export of all metrics", "export"), ("verify", "verify")):
        print(f"{count} runs, {what}: {seconds(deltaw, 'results', *command, big)[0]:.2f} s")


def main():
    deltaw = pathlib.Path(sys.argv[1]).resolve() / "bin/deltaw"
    with tempfile.TemporaryDirectory() as name:
        one_run(deltaw, pathlib.Path(name))
        over_ranks(deltaw, pathlib.Path(name))
        rows(deltaw, pathlib.Path(name))
        many_runs(deltaw, pathlib.Path(name), int(sys.argv[2]) if len(sys.argv) > 2 else 10000)


if __name__ == "__main__":
    main()
