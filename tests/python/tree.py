# SPDX-License-Identifier: Apache-2.0
"""The package of the tree for its tests, or nothing where what it needs is not installed.

usage of each test: NAME_test.py TREE DELTAW
"""
import importlib.util
import pathlib
import sys

ROOT, PROGRAM = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def has(module):
    return importlib.util.find_spec(module) is not None


def has_host():
    """Whether the module lies beside the program: where pybind11 was there when it was built."""
    return any(PROGRAM.parent.parent.glob("lib/deltaw/_deltaw.*.so"))


def need(*modules):
    """Each by the name that it is imported by, and Debian's package."""
    for name, package in modules:
        if not has(name):
            skip(f"no Python module {name} (Debian: {package})")


def need_host():
    if not has_host():
        skip("deltaw was built without pybind11 (Debian: pybind11-dev, python3-dev)")


need(("numpy", "python3-numpy"), ("pandas", "python3-pandas"))
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "python"))
