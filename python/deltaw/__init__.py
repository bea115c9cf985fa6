# SPDX-License-Identifier: Apache-2.0
"""Comparisons of neural learning rules: runs the deltaw program, and opens what it leaves.

    results = deltaw.compare("experiments/digits.json", rules=["backprop", "feedback-alignment"])
    results.table
"""
from deltaw import native
from deltaw.errors import Error
from deltaw.program import compare, resume
from deltaw.results import Results, open
from deltaw.rules import Rule, Signals, rule

__all__ = ["Error", "Results", "Rule", "Signals", "compare", "native", "open", "resume", "rule"]
__version__ = "0.1.0"
