# SPDX-License-Identifier: Apache-2.0
"""Running the program: options become arguments, exit statuses become exceptions."""
from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from deltaw.bridge import lent
from deltaw.errors import Error
from deltaw.installed import find_program
from deltaw.results import Results
from deltaw.rules import Rule
from deltaw.types import Path

RUNS_FAILED, INTERRUPTED = 4, 130


def compare(experiment: Path | Mapping[str, Any], *, rules: Iterable[str | Rule] | str | None = None,
            seeds: int | Iterable[int] | str | None = None, set: Mapping[str, Any] | None = None,
            out: Path | None = None, overwrite: bool = False, data: Path | None = None,
            jobs: int | None = None, plugins: Iterable[Path | Rule] = (), tuned: Path | None = None,
            isolate: bool = False, progress: bool = False, program: Path | None = None) -> Results:
    """Trains the same network with each rule, paired seed by seed, and opens the results.

    experiment  a file, or a document like one
    rules       only these arms, in this order; a function that @deltaw.rule made a rule is an arm
    seeds       how many, which ones, or text as on the command line ("2-6")
    set         places of the experiment and their values: {"training.epochs": 5}
    out         folder of the results; results/NAME of the experiment unless given
    plugins     manifests or libraries of rules; functions that arms of the experiment name
    program     the deltaw program; else $DELTAW, else the one on the PATH

    Raises Error for what deltaw refuses; warns where runs failed, which the results tell; after
    Ctrl-C what is done is kept, KeyboardInterrupt raised, and resume() goes on.
    """
    with tempfile.TemporaryDirectory() as folder:
        if isinstance(experiment, Mapping):
            file = pathlib.Path(folder) / "experiment.json"
            file.write_text(json.dumps(experiment))
        else:
            file = pathlib.Path(experiment)
        if out is None:
            out = pathlib.Path("results") / _name_of(file)
        arguments: list[str | Path] = ["compare", file, "--out", out]
        plugins = list(plugins)
        if rules is not None and not isinstance(rules, str):
            rules = list(rules)
            plugins += [rule for rule in rules if isinstance(rule, Rule) and rule not in plugins]
            rules = ",".join(rule.id if isinstance(rule, Rule) else rule for rule in rules)
        if rules is not None:
            arguments += ["--rules", rules]
        if seeds is not None:
            arguments += ["--seeds", str(seeds) if isinstance(seeds, (int, str)) else _list_of(seeds)]
        for place, value in (set or {}).items():
            arguments += ["--set", f"{place}={value if isinstance(value, str) else json.dumps(value)}"]
        for name, value in (("--data", data), ("--jobs", jobs), ("--tuned", tuned)):
            if value is not None:
                arguments += [name, str(value)]
        arguments += ["--overwrite"] * overwrite + ["--isolate"] * isolate
        _run(arguments, plugins, progress, program, out)
    return Results(out)


def resume(results: Path, *, jobs: int | None = None, plugins: Iterable[Path | Rule] = (),
           progress: bool = False, program: Path | None = None) -> Results:
    """Goes on with results that were interrupted, to the same bits as if nothing had happened. Takes
    the same functions as `plugins` that the comparison had as rules."""
    arguments: list[str | Path] = ["compare", "--resume", results]
    if jobs is not None:
        arguments += ["--jobs", str(jobs)]
    _run(arguments, list(plugins), progress, program, results)
    return Results(results)


def _list_of(seeds: Iterable[int]) -> str:
    """A list of one seed is a range: alone it would be a count."""
    numbers = [int(seed) for seed in seeds]
    return f"{numbers[0]}-{numbers[0]}" if len(numbers) == 1 else ",".join(map(str, numbers))


def _name_of(file: pathlib.Path) -> str:
    try:
        name = json.loads(file.read_text()).get("name")
    except (OSError, ValueError, AttributeError):
        name = None  # the program says what is wrong with the file
    return name if isinstance(name, str) else "unnamed"


def _run(arguments: list[str | Path], plugins: list[Path | Rule], progress: bool, program: Path | None,
         results: Path) -> None:
    found = find_program(program)
    with lent([plugin for plugin in plugins if isinstance(plugin, Rule)], found) as manifests:
        for plugin in [*(plugin for plugin in plugins if not isinstance(plugin, Rule)), *manifests]:
            arguments += ["--plugin", plugin]
        quiet = () if progress else ("--quiet",)
        _run_program([found, *(os.fspath(argument) for argument in arguments), *quiet], progress, results)


def _run_program(command: list[str], progress: bool, results: Path) -> None:
    summary = pathlib.Path(results) / "summary.json"
    before = summary.stat().st_mtime_ns if summary.is_file() else None
    # In a session of its own, as Ctrl-C twice would end it at once.
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, text=True, start_new_session=True,
                               stderr=None if progress else subprocess.PIPE)
    try:
        _, said = process.communicate()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGTERM)
        process.communicate()
        raise
    said = (said or "").strip()
    has_results = summary.is_file() and summary.stat().st_mtime_ns != before
    if process.returncode == INTERRUPTED:
        raise KeyboardInterrupt(said)
    if process.returncode == RUNS_FAILED and has_results:
        warnings.warn(said or "runs failed", RuntimeWarning, stacklevel=4)
    elif process.returncode != 0:
        raise Error(said or f"deltaw ended with status {process.returncode}", process.returncode)
