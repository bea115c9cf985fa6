# SPDX-License-Identifier: Apache-2.0
"""Rules of ours as an outside author has them: their folders, copied away, built against the installed
SDK alone and held to their case files.

usage: outside_test.py PREFIX WORK GENERATOR CXX
"""
import pathlib
import shutil
import sys

from installed import DELTAW, PREFIX, WORK, run

GENERATOR, CXX = sys.argv[3:5]
PLUGINS = pathlib.Path(__file__).resolve().parents[2] / "plugins"
RULES = ("sign-symmetry", "predictive-coding", "equilibrium-propagation", "forward-forward")
PROJECT = """cmake_minimum_required(VERSION 3.21)
project(outside CXX)
find_package(deltaw REQUIRED)
foreach(rule {rules})
  add_subdirectory(${{rule}})
endforeach()
"""


def main():
    folder = WORK / "outside"
    shutil.rmtree(folder, ignore_errors=True)
    for rule in RULES:
        shutil.copytree(PLUGINS / rule, folder / rule, ignore=shutil.ignore_patterns("*_test.cpp"))
    (folder / "CMakeLists.txt").write_text(PROJECT.format(rules=" ".join(RULES)))
    cached = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    run("cmake", *cached, "-S", folder, "-B", folder / "build", "-G", GENERATOR, "-DCMAKE_BUILD_TYPE=Debug",
        f"-DCMAKE_CXX_COMPILER={CXX}", f"-DCMAKE_PREFIX_PATH={PREFIX}", "-DCMAKE_CXX_FLAGS_DEBUG=-O0")
    run("cmake", "--build", folder / "build")
    for rule in RULES:
        manifest = folder / f"build/lib/deltaw/plugins/1/{rule}/{rule}.rule.json"
        said = run(DELTAW, "check", manifest, "--only", "^case|^manifest|^library")
        if "  pass  case " not in said:
            sys.exit(f"{rule}: no case held:\n{said}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
