# SPDX-License-Identifier: Apache-2.0
"""One rule in C++ by two compilers and with another Armadillo, in C and in Rust: all in one comparison,
where they must learn the same. What is not installed is told and left out.

usage: mixed_test.py PREFIX WORK CC CXX
"""
import json
import os
import shutil
import sys

from installed import DELTAW, PREFIX, WORK, run

CC, CXX = sys.argv[3:5]
# Products by Armadillo itself, indices of 32 bits, and its checks switched off.
OTHER_ARMADILLO = "-DARMA_DONT_USE_BLAS -DARMA_DONT_USE_LAPACK -DARMA_32BIT_WORD -DARMA_NO_DEBUG"
SEEDS = (1, 2)


def same_program(*names):
    return len({os.path.realpath(shutil.which(name) or name) for name in names}) == 1


def variants():
    """Name, language, and what CMake is told."""
    yield "by-cxx", "c++", [f"-DCMAKE_CXX_COMPILER={CXX}"]
    yield "other-armadillo", "c++", [f"-DCMAKE_CXX_COMPILER={CXX}", f"-DCMAKE_CXX_FLAGS={OTHER_ARMADILLO}"]
    found = [name for name in ("clang++", "g++") if shutil.which(name)]
    other = next((name for name in found if not same_program(name, CXX)), None)
    if other:
        yield "by-" + other.replace("+", "x"), "c++", [f"-DCMAKE_CXX_COMPILER={other}"]
    else:
        print("left out: there is no second C++ compiler")
    yield "by-c", "c", [f"-DCMAKE_C_COMPILER={CC}"]
    if shutil.which("cargo"):
        yield "by-rust", "rust", None
    else:
        print("left out: cargo is not installed")


def build(name, language, options):
    folder = WORK / "mixed" / name
    run(DELTAW, "new-rule", f"org.example.{name}", "--lang", language, "--out", folder)
    if options is None:
        run("./build.sh", cwd=folder)
    else:
        run("cmake", "-S", folder, "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={PREFIX}", *options)
        run("cmake", "--build", folder / "build", "--target", "deltaw_rules")
    return folder / "build/lib/deltaw/plugins/1"


def weights(results, rule, seed):
    [file] = (results / f"runs/{rule}/seed-{seed}/weights").glob("*.npy")
    content = file.read_bytes()
    return memoryview(content[10 + int.from_bytes(content[8:10], "little"):]).cast("d")


def main():
    shutil.rmtree(WORK / "mixed", ignore_errors=True)
    (WORK / "mixed").mkdir(parents=True)
    built = {name: build(name, language, options) for name, language, options in variants()}
    first = next(iter(built))
    document = json.loads((WORK / "mixed" / first / "experiment.json").read_text())
    document["rules"] = [{"name": name, "rule": f"org.example.{name}"} for name in built]
    document.pop("reference")
    document["training"].update(precision="float64", epochs=5)
    document["seeds"] = list(SEEDS)
    (WORK / "mixed/experiment.json").write_text(json.dumps(document))
    places = [word for folder in built.values() for word in ("--plugin-dir", folder)]
    run(DELTAW, "compare", "experiment.json", *places, "--out", "out", "--quiet", cwd=WORK / "mixed")
    for name in built:
        for seed in SEEDS:
            pairs = zip(weights(WORK / "mixed/out", first, seed), weights(WORK / "mixed/out", name, seed))
            apart = max(abs(a - b) for a, b in pairs)
            print(f"{name}, seed {seed}: {apart:.1e} from {first}")
            if apart > 1e-12:
                sys.exit("too far")
    return 0


if __name__ == "__main__":
    sys.exit(main())
