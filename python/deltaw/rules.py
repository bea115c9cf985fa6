# SPDX-License-Identifier: Apache-2.0
"""A rule that is a Python function: tried in any comparison before it is written in C++."""
from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

import numpy as np

from deltaw.types import Array

# By number in the ABI; what is told of spikes, and delays, is for rules in C++.
SIGNALS = {"pre": 0, "post": 1, "potential": 2, "derivative": 3, "perturbation": 4, "weights": 5,
           "target": 6, "error": 7, "reward": 8, "baseline": 9, "trial_kind": 10,
           "learning_signal": 13, "weight_perturbation": 14}
GRAINS = {"batch": 1, "trial": 2}
DYNAMICS = ("static", "rate")
LOCALITIES = ("synapse", "modulator", "neuron", "layer")
TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}


class Signals:
    """What the function is shown of one block: each signal that it declares, as an attribute, a
    read-only NumPy view in the precision of the run, units x observations (weights: outputs x inputs);
    reward and baseline 1 x observations or 1 x 1; None where the network has no such signal there.

    columns     observations in the block
    step        time index of the first one within its trial
    dt          ms between observations, 0 where they have no time
    connection  the name of what the rule drives, "input>hidden"
    """

    columns: int
    step: int
    dt: float
    connection: str

    def __init__(self, **parts: Any):
        self.__dict__.update(dict.fromkeys(SIGNALS), **parts)


def _one_of(name: str, value: str, known: Iterable[str]) -> str:
    known = list(known)
    if value in known:
        return value
    near = get_close_matches(str(value), known, 1)
    raise ValueError(f"{name} {value!r}: " + (f"did you mean {near[0]!r}?" if near else
                                               f"known: {', '.join(known)}"))


class Rule:
    """A function f(s, parameter=default, ...) -> ΔW (outputs x inputs), and what is to be known of it.
    Called like the function itself, with Signals(pre=..., ...), it needs no deltaw."""

    def __init__(self, function: Callable[..., Any], signals: Iterable[str], grain: str,
                 dynamics: Iterable[str], locality: str):
        self.function = function
        self.__doc__ = function.__doc__
        self.id = "python." + re.sub(r"[^A-Za-z0-9.-]+", "-", function.__name__).strip("-")
        self.signals = [_one_of("signal", signal, SIGNALS) for signal in signals]
        self.grain = _one_of("grain", grain, GRAINS)
        self.dynamics = [_one_of("dynamics", kind, DYNAMICS) for kind in dynamics]
        self.locality = _one_of("locality", locality, LOCALITIES)
        self.parameters = {}
        for parameter in list(inspect.signature(function).parameters.values())[1:]:
            if type(parameter.default) not in TYPES:
                raise ValueError(f"parameter {parameter.name!r} of {function.__name__} needs a default "
                                 "that is a number, True, False or a text")
            self.parameters[parameter.name] = parameter.default

    def __call__(self, signals: Signals, **parameters: Any) -> Array:
        change: Array = self.function(signals, **parameters)
        return change

    def __repr__(self) -> str:
        return f"<deltaw rule {self.id}>"

    def change(self, signals: Signals, parameters: dict[str, Any], shape: tuple[int, int]) -> Array:
        """ΔW, checked. Raises TypeError and ValueError for what is none."""
        found = np.asarray(self.function(signals, **parameters))
        if found.dtype.kind not in "fiub":
            raise TypeError(f"{self.id} returned an array of {found.dtype}, expected numbers")
        if found.shape != shape:
            raise ValueError(f"{self.id} returned the shape {found.shape}, expected {shape}: outputs x "
                             "inputs")
        return found

    @property
    def supervision(self) -> str:
        given = set(self.signals)
        if "target" in given:
            return "target"
        if given & {"error", "learning_signal"}:
            return "error"
        return "reward" if given & {"reward", "baseline"} else "none"

    def manifest(self) -> dict[str, Any]:
        """As a manifest says it."""
        lines = (self.__doc__ or "").strip().splitlines()
        return {"id": self.id, "version": self.version, "summary": lines[0] if lines else "a Python function",
                "signals": self.signals, "grain": self.grain, "dynamics": self.dynamics,
                "locality": self.locality,
                "supervision": self.supervision, "dtypes": ["f32", "f64"],
                "capabilities": ["concurrent", "deterministic"],
                "parameters": [{"name": name, "type": TYPES[type(default)], "default": default}
                               for name, default in self.parameters.items()]}

    def line(self) -> str:
        """As the library reads it."""
        mask = sum(1 << SIGNALS[name] for name in self.signals)
        return f"{self.id} {self.version} {mask} {GRAINS[self.grain]}\n"

    @property
    def version(self) -> str:
        """Tells functions of one name apart in the provenance, and for resume(): with the hash of the
        source, where Python knows it."""
        try:
            source = inspect.getsource(self.function)
        except (OSError, TypeError):
            return "0.0.0"
        return "0.0.0+" + hashlib.sha256(source.encode()).hexdigest()[:12]


def rule(*, signals: Iterable[str], grain: str = "batch", dynamics: Iterable[str] = ("static",),
         locality: str = "layer") -> Callable[[Callable[..., Any]], Rule]:
    """Makes a function a rule, named "python." and its name.

        @deltaw.rule(signals=["pre", "error"])
        def delta(s, decay=0.0):
            return s.error @ s.pre.T / s.columns

        deltaw.compare("experiments/digits.json", rules=["backprop", delta])

    The function is asked for ΔW of one connection at a time, from many threads, one by one for an
    instance, and its answer may depend on nothing but its arguments: then results are as repeatable,
    and as resumable, as those of any rule.

    grain     "batch": once a batch; "trial": once at the end of a trial, with all its time steps
    dynamics  of the networks that it can drive: "static", "rate"
    locality  what ΔW of a synapse depends on, by your own word: "synapse", "modulator", "neuron" or,
              unless you say otherwise, "layer"
    """
    return lambda function: Rule(function, signals, grain, dynamics, locality)
