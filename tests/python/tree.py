# SPDX-License-Identifier: Apache-2.0
"""The package of the tree for its tests, or nothing where what it needs is not installed.

usage of each test: NAME_test.py TREE DELTAW
"""
import importlib.util
import pathlib
import sys

ROOT, PROGRAM = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
for needed in ("numpy", "pandas"):
    if importlib.util.find_spec(needed) is None:
        print(f"skipped: no Python module {needed} (Debian: python3-{needed})")
        sys.exit(77)
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "python"))
