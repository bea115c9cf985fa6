# SPDX-License-Identifier: Apache-2.0
"""A scaffold as an author gets it: written by an installed deltaw, built against what is installed,
tested, checked and trained.

usage: scaffold_test.py PREFIX WORK LANGUAGE KIND GENERATOR CC CXX
"""
import json
import pathlib
import shutil
import sys

from installed import DELTAW, PREFIX, WORK, run

LANGUAGE, KIND, GENERATOR, CC, CXX = sys.argv[3:8]
ID, NAME = "org.example.sparse-hebb-2", "sparse-hebb-2"
SKIPPED = 77
MOST_LINES = 25  # of the smallest complete rule
SEEDS = {"spike": "1"}
# The rule of ours that a kind's equation is, and its cases that need no parameter more.
OURS = {"network": ("backprop", ["two batches"]),
        "spike": ("stdp", ["all pairs", "all pairs, a delay for each synapse"])}
SOURCE = pathlib.Path(__file__).resolve().parents[2]


def expect(is_so, what):
    if not is_so:
        sys.exit(f"{LANGUAGE}, {KIND}: {what}")


def build(folder):
    if LANGUAGE == "rust":
        run("./build.sh", cwd=folder)
        run("cargo", "test", "--release", cwd=folder)
        return
    # Compiled quickly: what is tested is the scaffold, not its speed.
    cached = [f"-DCMAKE_{language}_COMPILER_LAUNCHER=ccache" for language in ("C", "CXX")
              if shutil.which("ccache")]
    run("cmake", *cached, "-S", folder, "-B", folder / "build", "-G", GENERATOR, "-DCMAKE_BUILD_TYPE=Debug",
        f"-DCMAKE_C_COMPILER={CC}", f"-DCMAKE_CXX_COMPILER={CXX}", f"-DCMAKE_PREFIX_PATH={PREFIX}",
        "-DCMAKE_C_FLAGS_DEBUG=-O0", "-DCMAKE_CXX_FLAGS_DEBUG=-O0")
    run("cmake", "--build", folder / "build")
    tested = run("ctest", "--test-dir", folder / "build", "--output-on-failure")
    tests = 1 if KIND == "network" else 2
    expect(f"100% tests passed, 0 tests failed out of {tests}" in tested, tested)


def check_files(folder, said):
    files = [path for path in folder.rglob("*") if path.is_file()]
    for name in (f"{NAME}.rule.json", f"{NAME}.case.json", "README.md", "experiment.json",
                 ".github/workflows/ci.yml", ".gitignore"):
        expect(folder / name in files, f"{name} is missing")
    for path in files:
        expect(str(path.relative_to(folder)) in said, f"{path} was not announced")
        text = path.name + path.read_text()
        for word in ("my-rule", "my_rule", "MyRule", "My rule"):
            expect(word not in text, f"{path} has {word} in it")
    [rule] = json.loads((folder / f"{NAME}.rule.json").read_text())["rules"]
    expect(rule["name"] == "Sparse hebb 2", f"its name is {rule['name']}")
    if (LANGUAGE, KIND) == ("c++", "dense"):
        lines = len((folder / f"{NAME}.cpp").read_text().splitlines())
        expect(lines <= MOST_LINES, f"the smallest rule has {lines} lines")


def check_cases_of_ours(folder):
    """Rules that are scaffolds, too, hold in each language what was worked out for ours."""
    if KIND not in OURS:
        return
    ours, held = OURS[KIND]
    found = json.loads(run(DELTAW, "check", folder / f"build/lib/deltaw/plugins/1/{NAME}/{NAME}.rule.json",
                           "--cases", SOURCE / f"plugins/{ours}/{ours}.case.json", "--only", f"of {ours}", "--json"))
    [rule] = found
    verdicts = {test["name"]: test["verdict"] for test in rule["tests"]}
    for name in held:
        expect(verdicts.pop(f"case {name} of {ours}.case.json") == "pass", f"{name}: {rule['tests']}")
    expect(set(verdicts.values()) <= {"skipped"}, verdicts)


def check_training(folder):
    run(DELTAW, "compare", "experiment.json", "--plugin-dir", "build/lib/deltaw/plugins/1",
        "--seeds", SEEDS.get(KIND, "2"), "--jobs", "1", "--out", "results", "--quiet", cwd=folder)
    summary = json.loads((folder / "results/summary.json").read_text())
    rules = [rule["rule"] for rule in summary["rules"]]
    expect(NAME in rules and len(rules) == 2, f"trained {rules}")
    expect((folder / "results/report.html").exists(), "no report")
    expect(all(rule["runs"] > 0 and rule["failed"] == 0 for rule in summary["rules"]), "runs failed")


def main():
    needed = {"c++": CXX, "c": CC, "rust": "cargo"}[LANGUAGE]
    if shutil.which(needed) is None:
        print(f"skipped: {needed or 'a compiler'} is not installed")
        return SKIPPED
    folder = WORK / f"{LANGUAGE.replace('+', 'p')}-{KIND}"
    shutil.rmtree(folder, ignore_errors=True)
    WORK.mkdir(parents=True, exist_ok=True)
    said = run(DELTAW, "new-rule", ID, "--lang", LANGUAGE, "--kind", KIND, "--out", folder)
    check_files(folder, said)
    build(folder)
    checked = run(DELTAW, "check", folder / f"build/lib/deltaw/plugins/1/{NAME}/{NAME}.rule.json")
    expect(f"{ID} 0.1.0" in checked and "case" in checked, checked)
    check_cases_of_ours(folder)
    check_training(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
