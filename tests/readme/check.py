#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs what the pages tell a reader to run. Every ```sh block of every page is run in a folder that
looks like the checkout, unless the line before it says `<!-- run by FILE -->`: then each of its
commands must stand in that file. Each listing in the README is a file of the tree, word for word.
Usage: check.py SOURCE_TREE BUILD_TREE"""
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"(?:<!-- run by (?P<by>\S+) -->\n)?^```(?P<language>\w+)\n(?P<body>.*?)^```$",
                   re.M | re.S)
LISTINGS = {"cpp": "tests/install/oja/oja.cpp", "json": "tests/install/oja/oja.rule.json",
            "cmake": "tests/install/oja/CMakeLists.txt"}


def pages(root):
    found = [root / name for name in ("README.md", "HACKING.md", "CONTRIBUTING.md")]
    for folder in ("docs", "experiments", "plugins", "data", "sdk"):
        found += sorted((root / folder).rglob("*.md"))
    return [page for page in found if page.exists()]


def joined(text):
    """A command that goes on in the next line, as one line."""
    return re.sub(r" *\\\n *", " ", text)


def commands(body):
    for line in joined(body).splitlines():
        command = re.sub(r"\s+#\s.*$", "", line).strip()
        if command and not command.startswith("#"):
            yield command


def like_the_checkout(folder, root, build):
    for entry in root.iterdir():
        if entry.name not in ("build", "results", ".git"):
            (folder / entry.name).symlink_to(entry)
    (folder / "build").mkdir()
    (folder / "build/release").symlink_to(build)


def run_block(body, folder):
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", body], cwd=folder, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return None if done.returncode == 0 else f"exit {done.returncode}:\n{done.stdout}"


def main():
    root, build = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    faults, ran = [], 0
    with tempfile.TemporaryDirectory() as folder:
        like_the_checkout(pathlib.Path(folder), root, build)
        for page in pages(root):
            for block in BLOCK.finditer(page.read_text()):
                where = f"{page.relative_to(root)}, block '{block['body'].splitlines()[0]}'"
                if block["language"] == "sh" and block["by"]:
                    text = joined((root / block["by"]).read_text())
                    faults += [f"{where}: {block['by']} does not run '{command}'"
                               for command in commands(block["body"]) if command not in text]
                elif block["language"] == "sh":
                    ran += 1
                    if fault := run_block(block["body"], folder):
                        faults.append(f"{where}: {fault}")
                elif page.name == "README.md" and page.parent == root:
                    listed = LISTINGS.get(block["language"])
                    if listed and block["body"] != (root / listed).read_text():
                        faults.append(f"{where}: differs from {listed}")
    for fault in faults:
        print(fault)
    print(f"{ran} blocks run")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
