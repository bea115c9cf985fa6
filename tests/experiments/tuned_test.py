#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the page of the experiments to the record of what was tuned.
Usage: tuned_test.py EXPERIMENTS"""
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
sys.dont_write_bytecode = True
sys.path.insert(0, str(folder))
import tuned  # noqa: E402

page = (folder / "README.md").read_text()
missing = [row for row in tuned.rows() if row not in page]
print("\n".join(f"README.md lacks: {row}" for row in missing))
sys.exit(bool(missing))
