# SPDX-License-Identifier: Apache-2.0
"""A folder of results, as deltaw leaves it: read when asked for, never written."""
from __future__ import annotations

import functools
import json
import os
import pathlib
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from deltaw.tensorboard import write_events
from deltaw.types import Array, Path

def open(results: Path) -> Results:
    """The results in that folder. Raises FileNotFoundError where there are none."""
    return Results(results)


class Results:
    """Documents are dicts, tables pandas frames, matrices NumPy arrays (outputs x inputs)."""

    def __init__(self, path: Path):
        self.path = pathlib.Path(path)
        if not (self.path / "experiment.json").is_file():
            raise FileNotFoundError(f"{self.path} has no experiment.json: no results of deltaw")

    def __repr__(self) -> str:
        return f"deltaw.open({os.fspath(self.path)!r})"

    def _document(self, name: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.path / name).read_text())
        return document

    @functools.cached_property
    def experiment(self) -> dict[str, Any]:
        """What was run, complete, with every default."""
        return self._document("experiment.json")

    @functools.cached_property
    def summary(self) -> dict[str, Any]:
        """Medians, intervals and differences of all rules, as `deltaw compare --json` prints them."""
        return self._document("summary.json")

    @functools.cached_property
    def provenance(self) -> dict[str, Any]:
        """Command, program, plugins, data and machine, with their hashes."""
        return self._document("provenance.json")

    @property
    def report(self) -> pathlib.Path:
        return self.path / "report.html"

    @functools.cached_property
    def metrics(self) -> pd.DataFrame:
        """Learning curves: a row for each rule, seed and epoch (or trial); NaN: not measured."""
        return pd.read_csv(self.path / "metrics.csv", float_precision="round_trip")

    @functools.cached_property
    def runs(self) -> pd.DataFrame:
        """A row for each run, by rule and seed: status, error, and what was measured in the end."""
        rows = []
        for file in sorted(self.path.glob("runs/*/seed-*/run.json")):
            run = json.loads(file.read_text())
            rows.append({"rule": run["rule"], "seed": run["seed"], "status": run["status"],
                         "error": run.get("error", ""), **run["metrics"]})
        frame = pd.DataFrame(rows, columns=None if rows else ["rule", "seed", "status", "error"])
        return frame.set_index(["rule", "seed"]).sort_index()

    @functools.cached_property
    def table(self) -> pd.DataFrame:
        """A row for each rule and metric: the median over seeds, its interval, how many seeds."""
        rows = [{"rule": rule["rule"], "metric": name,
                 **{key: value.get(key) for key in ("median", "low", "high", "n")}}
                for rule in self.summary["rules"] for name, value in rule["metrics"].items()]
        columns = ["rule", "metric", "median", "low", "high", "n"]
        return pd.DataFrame(rows, columns=columns).set_index(["rule", "metric"])

    def _run(self, rule: str, seed: int) -> pathlib.Path:
        folder = self.path / "runs" / rule / f"seed-{seed}"
        if not (folder / "run.json").is_file():
            known = sorted("{} {}".format(*run) for run in self.runs.index)
            raise KeyError(f"no run of rule {rule!r} with seed {seed}; there are: {', '.join(known)}")
        return folder

    def weights(self, rule: str, seed: int) -> dict[str, Array]:
        """The final weights of a run by connection, biases among them; mapped from the files, not
        copied."""
        files = sorted((self._run(rule, seed) / "weights").glob("*.npy"))
        return {file.stem: np.load(file, mmap_mode="r") for file in files}

    def confusion(self, rule: str, seed: int) -> Array | None:
        """Test samples of a run, true x predicted classes; None where nothing was classified."""
        file = self._run(rule, seed) / "confusion.npy"
        return np.load(file) if file.is_file() else None

    def to_tensorboard(self, folder: Path) -> None:
        """Writes the learning curves for `tensorboard --logdir FOLDER`: a run for each rule and seed, a
        scalar for each column of metrics; its steps are epochs (or trials), its time that of training.
        What such an export left there before is replaced."""
        started = datetime.fromisoformat(self.provenance["started"].replace("Z", "+00:00")).timestamp()
        for (rule, seed), curve in self.metrics.groupby(["rule", "seed"]):
            target = pathlib.Path(folder) / str(rule) / f"seed-{seed}"
            target.mkdir(parents=True, exist_ok=True)
            measured = curve.drop(columns=["rule", "seed", "epoch", "updates", "seconds"])
            rows = zip(started + curve.seconds, curve.epoch, measured.to_dict("records"))
            write_events(target / f"events.out.tfevents.{int(started)}.deltaw",
                         ((time, step, {tag: value for tag, value in row.items() if value == value})
                          for time, step, row in rows))
