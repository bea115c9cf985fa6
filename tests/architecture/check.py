#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the rules of the house that a compiler cannot: which room may include which, what every
file carries, and what the text must not say. Usage: check.py SOURCE_TREE"""
import json
import pathlib
import re
import sys

FLOORS = {
    "core": 1,
    "plugin": 2, "task": 2, "result": 2, "statistics": 2,
    "rule": 3, "analysis": 3, "data": 3, "store": 3,
    "network": 4,
    "spiking": 5, "conformance": 5,
    "training": 6,
    "readout": 7,
    "experiment": 8,
    "comparison": 9,
    "tuning": 10, "ensemble": 10,
    "report": 11,
    "serve": 12,
}
CODE = {".h", ".hpp", ".cpp", ".c", ".def"}
TEXT = CODE | {".py", ".cmake", ".md", ".json", ".yml", ".txt", ".js", ".css", ".html", ".map"}
NO_SPDX = {".md", ".json", ".map"}
A_USERS_OWN = ("tests/install/oja/", "sdk/templates/")  # what is there to be copied
SPDX = "SPDX-License-Identifier: Apache-2.0"
LONGEST = 400
GENERATED = {"build", "results", ".git", "__pycache__", "third_party"}
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
# Pages may name papers and standards; where packages come from is each machine's own business.
KNOWN_HOSTS = {"arxiv.org", "doi.org", "json-schema.org", "openreview.net"}
# Where data sets are published is said in one place.
DATA_HOSTS = {"yann.lecun.com", "ossci-datasets.s3.amazonaws.com", "storage.googleapis.com",
              "fashion-mnist.s3-website.eu-central-1.amazonaws.com", "raw.githubusercontent.com",
              "www.cs.toronto.edu"}
DATA_SOURCES = "framework/data/sources.cpp"
HOST = re.compile(r"https?://([\w.-]+)")


def files(root, folder, suffixes):
    for path in sorted((root / folder).rglob("*")):
        inside = path.relative_to(root).parts
        if path.is_file() and path.suffix in suffixes and not GENERATED & set(inside):
            yield path


def includes(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)', line)
        if match:
            yield number, match[1], match[2]


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.S)


def signal_names(root):
    schema = root / "sdk/schema/rule.schema.json"
    if not schema.exists():
        return set()
    rule = json.loads(schema.read_text())["definitions"]["rule"]
    return set(rule["properties"]["signals"]["items"]["enum"])


def check_framework(root):
    manifests = (root / "plugins").glob("*/*.rule.json")
    rules = {path.name.removesuffix(".rule.json") for path in manifests}
    # A signal may be called as the one rule that needs it.
    forms = (rules | {rule.replace("-", "_") for rule in rules}) - signal_names(root)
    named = re.compile(r"\b(%s)\b" % "|".join(map(re.escape, sorted(forms, key=len, reverse=True))))
    for path in files(root, "framework", CODE):
        room = path.relative_to(root / "framework").parts[0]
        if room not in FLOORS:
            yield path, 1, f"room '{room}' stands on no floor"
            continue
        for number, kind, target in includes(path):
            if target.startswith("deltaw/") and target != "deltaw/abi.h":
                yield path, number, f"the framework uses of the SDK only abi.h, not {target}"
            other = target.split("/")[0]
            above = other not in (room, "deltaw", "embedded") and FLOORS.get(other, 99) >= FLOORS[room]
            if kind == '"' and above:
                yield path, number, f"{room} (floor {FLOORS[room]}) must not include {target}"
        if forms:
            for number, line in enumerate(without_comments(path.read_text()).splitlines(), 1):
                if match := named.search(line):
                    yield path, number, f"the framework names a rule: {match[0]}"


def check_sdk_and_plugins(root):
    for path in files(root, "sdk", CODE):
        for number, kind, target in includes(path):
            is_beside = (path.parent / target).exists()
            if kind == '"' and not is_beside and not (root / "sdk/include" / target).exists():
                yield path, number, f"the SDK must not include {target}"
    for path in files(root, "plugins", CODE):
        if path.stem.endswith("_test"):
            continue  # a rule's test may run it in the host
        for number, kind, target in includes(path):
            sdk = target.startswith("deltaw/")
            beside = kind == '"' and (path.parent / target).exists()
            if (kind == '"' or "/" in target) and not (sdk or beside):
                yield path, number, f"a rule uses the SDK, Armadillo and std only, not {target}"


def check_text(root):
    for path in files(root, ".", TEXT):
        lines = path.read_text(errors="replace").splitlines()
        if path.suffix in CODE | {".py", ".cmake"} and len(lines) > LONGEST:
            yield path, LONGEST, f"{len(lines)} lines; split what has more than {LONGEST}"
        inside = path.relative_to(root).as_posix()
        if not inside.startswith(A_USERS_OWN) and path.suffix not in NO_SPDX and SPDX not in "\n".join(lines[:3]):
            yield path, 1, "the SPDX line is missing"
        for number, line in enumerate(lines, 1):
            if UNFINISHED.search(line):
                yield path, number, "finish it, or file it elsewhere"
            if path.suffix != ".md" and (path.suffix not in CODE or inside.startswith("tests/")):
                continue
            known = KNOWN_HOSTS | (DATA_HOSTS if inside == DATA_SOURCES else set())
            if set(HOST.findall(line)) - known:
                yield path, number, "names a host that is not of papers or standards"


def check_headers(root):
    for path in files(root, "framework", {".hpp", ".h"}):
        if "#pragma once" not in path.read_text():
            yield path, 1, "#pragma once is missing"
        source = path.with_suffix(".cpp")
        if source.exists():
            own = path.relative_to(root / "framework").as_posix()
            if next((target for _, _, target in includes(source)), None) != own:
                yield source, 1, f'include "{own}" first: that proves that it compiles alone'


def check_types(root):
    """Two types of one name in a program are undefined, and no compiler sees both."""
    known = {}
    for folder in ("framework", "sdk/include"):
        for path in files(root, folder, {".hpp", ".h"}):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                match = re.match(r"(?:struct|class) (\w+)(?: final)?(?: :[^;]*)?\s*\{", line)
                if not match:
                    continue
                first = known.setdefault(match[1], path)
                if first != path:
                    yield path, number, f"{match[1]} is a type of {first.relative_to(root)}, too"


def main():
    root = pathlib.Path(sys.argv[1])
    faults = 0
    for check in (check_framework, check_sdk_and_plugins, check_text, check_headers,
                  check_types):
        for path, line, message in check(root):
            print(f"{path.relative_to(root)}:{line}: {message}")
            faults += 1
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
