# SPDX-License-Identifier: Apache-2.0
"""A plugin that was built from the header of ABI 1.0 when that was frozen: the binary itself, not what
its source would become today.

usage: abi_test.py DELTAW
"""
import hashlib
import json
import pathlib
import platform
import subprocess
import sys
import tempfile

DELTAW = pathlib.Path(sys.argv[1]).resolve()
FROZEN = pathlib.Path(__file__).resolve().parent / "1.0"
SHA256 = "c7bfe79f3797d3df56dccb1ee3e83961070c623886b2db2f1c3503b0e4b9c85d"
SKIPPED = 77

EXPERIMENT = {
    "deltaw": 1, "name": "frozen",
    "task": {"type": "digits", "split": {"limit_train": 300, "limit_test": 200}},
    "network": {"layers": [{"name": "input", "units": 64},
                           {"name": "output", "units": 10, "activation": "sigmoid", "bias": False}]},
    "training": {"epochs": 5, "batch": 20, "precision": "float64"},
    "optimizer": {"type": "sgd", "rate": 0.1},
    "rules": ["delta-rule", "momentum-delta",
              {"name": "faster", "rule": "momentum-delta", "parameters": {"momentum": 0.5}}],
    "seeds": 2,
}


def run(*arguments, cwd):
    done = subprocess.run([DELTAW, *map(str, arguments)], cwd=cwd, text=True, timeout=200,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, arguments))}\nexit {done.returncode}:\n{done.stdout}")
    return done.stdout


def weights(results, rule, seed):
    content = (results / f"runs/{rule}/seed-{seed}/weights/input>output.npy").read_bytes()
    start = 10 + int.from_bytes(content[8:10], "little")
    return memoryview(content[start:]).cast("d")


def farthest(a, b):
    return max(abs(x - y) for x, y in zip(a, b))


def main():
    if platform.machine() not in ("x86_64", "AMD64"):
        print("skipped: the fixture is a binary for x86-64")
        return SKIPPED
    found = hashlib.sha256((FROZEN / "momentum_delta.so").read_bytes()).hexdigest()
    if found != SHA256:
        sys.exit("momentum_delta.so is not the binary that was frozen")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "frozen.json").write_text(json.dumps(EXPERIMENT))
        run("check", FROZEN / "momentum_delta.rule.json", cwd=folder)
        run("compare", "frozen.json", "--plugin", FROZEN / "momentum_delta.rule.json", "--out", "out",
            "--quiet", cwd=folder)
        for seed in (1, 2):
            delta, momentum, faster = (weights(folder / "out", rule, seed)
                                       for rule in ("delta-rule", "momentum-delta", "faster"))
            # Without momentum it is the delta rule of ours, but for the order of sums; with it, another.
            if farthest(delta, momentum) > 1e-12:
                sys.exit(f"seed {seed}: {farthest(delta, momentum)} from the delta rule")
            if farthest(delta, faster) < 1e-3:
                sys.exit(f"seed {seed}: momentum changes nothing")
    return 0


if __name__ == "__main__":
    sys.exit(main())
