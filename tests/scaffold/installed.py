# SPDX-License-Identifier: Apache-2.0
"""What the tests of an installed deltaw share: where it is, and commands run as its users do.

usage of each test: NAME_test.py PREFIX WORK ...
"""
import os
import pathlib
import subprocess
import sys

PREFIX, WORK = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
DELTAW = PREFIX / "bin/deltaw"


def environment():
    kept = {name: value for name, value in os.environ.items()
            if name in ("PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME") or
            name.endswith("SAN_OPTIONS") or name.startswith("CCACHE_")}
    return {**kept, "PATH": f"{PREFIX / 'bin'}:{kept['PATH']}", "XDG_DATA_HOME": str(WORK / "nothing")}


def run(*command, cwd=None):
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=environment(), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=280)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\nexit {done.returncode}:\n{done.stdout}")
    return done.stdout
