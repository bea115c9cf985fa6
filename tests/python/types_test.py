# SPDX-License-Identifier: Apache-2.0
"""The package's types, as mypy --strict sees them. Usage: types_test.py TREE DELTAW"""
import subprocess
import sys

import tree

tree.need(("mypy", "mypy"))
sys.exit(subprocess.run([sys.executable, "-m", "mypy", "--cache-dir=/dev/null", "-p", "deltaw"],
                        cwd=tree.ROOT / "python").returncode)
