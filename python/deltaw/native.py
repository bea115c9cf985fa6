# SPDX-License-Identifier: Apache-2.0
"""The host in this process, on NumPy arrays that lie where they are: what deltaw.sklearn is made of.

    trained = deltaw.native.train(experiment, inputs, labels, classes=10)
    deltaw.native.activity(experiment, trained.weights, inputs)
"""
from __future__ import annotations

import functools
import importlib.machinery
import importlib.util
import json
import os
import pathlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol, cast

from deltaw.bridge import lent
from deltaw.installed import file_of, find_program, library_of
from deltaw.rules import Rule
from deltaw.types import Array, Path


class Trained(NamedTuple):
    """What training leaves.

    weights      of each connection, outputs x inputs, in the precision of the inputs
    epochs       that it took
    updates      of the weights
    seconds      of the processor, in the host's loop alone
    supervision  what the rule was told of the goal: "none", "reward", "error" or "target"
    """

    weights: dict[str, Array]
    epochs: int
    updates: int
    seconds: float
    supervision: str


class Host(Protocol):
    """The module _deltaw that lies beside the program: python/native/module.cpp."""

    def train(self, experiment: str, inputs: Array, labels: Array | None, classes: int, seed: int,
              plugins: list[str], program: str) -> dict[str, Any]: ...

    def activity(self, experiment: str, weights: dict[str, Array], inputs: Array, layer: str) -> Array: ...


def train(experiment: Mapping[str, Any], inputs: Array, labels: Array | None = None, *, classes: int = 0,
          seed: int = 1, plugins: Iterable[Path | Rule] = (), program: Path | None = None) -> Trained:
    """Trains the network of an experiment document that has one rule and no task, to the same bits as
    `deltaw compare` would with the same data, seed and kernels of OpenBLAS.

    inputs   samples x features, float32 or float64 as the training's "precision" says, in C's order
    labels   uint32, from 0 to classes - 1, one a sample; none where the training's loss is "none"
    plugins  manifests or libraries of rules; functions that the document names
    program  beside which the host and its rules lie; else $DELTAW, else the one on the PATH

    Nothing is copied or converted: another type, order or shape is an Error (E402, E205), as is what is
    not finite (E403). Python's lock is released, Ctrl-C raises KeyboardInterrupt within 0.1 s.
    """
    found = find_program(program)
    given = list(plugins)
    with lent([plugin for plugin in given if isinstance(plugin, Rule)], found) as manifests:
        files = [os.fspath(plugin) for plugin in given if not isinstance(plugin, Rule)]
        return Trained(**_host(found).train(_text(experiment), inputs, labels, classes, seed,
                                            files + [os.fspath(file) for file in manifests],
                                            os.fspath(file_of(found))))


def activity(experiment: Mapping[str, Any], weights: Mapping[str, Array], inputs: Array, *, layer: str = "",
             program: Path | None = None) -> Array:
    """What the units of a layer, the output unless it is named, do with these weights (outputs x
    inputs, Fortran's order, as train() returns them): samples x units."""
    return _host(find_program(program)).activity(_text(experiment), dict(weights), inputs, layer)


def _text(experiment: Mapping[str, Any]) -> str:
    return json.dumps(experiment, allow_nan=False)


def _host(program: str) -> Host:
    suffix = importlib.machinery.EXTENSION_SUFFIXES[0]
    return _loaded(library_of(program, f"_deltaw{suffix}",
                              "has no host for this Python: build it with this Python's headers and "
                              "pybind11 (Debian: python3-dev, pybind11-dev)"))


@functools.cache
def _loaded(file: pathlib.Path) -> Host:
    spec = importlib.util.spec_from_file_location("deltaw._deltaw", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast(Host, module)
