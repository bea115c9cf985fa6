# SPDX-License-Identifier: Apache-2.0
"""The page on errors: what framework/core/errors.def lists, with cause and cure from docs/errors.json."""
import html
import json
import re
import sys

from render import line
from sources import Page

LIST, WORDS = "framework/core/errors.def", "docs/errors.json"
PLACE = "reference/errors.html"
ROW = re.compile(r'^DELTAW_ERROR\((\w+), (\d+), "(.*)"\)$', re.M)
STATUSES = re.compile(r"^// Exit status: (.*?)\.$", re.M | re.S)
GROUPS = {"E0": "The program", "E1": "Plugins and manifests", "E2": "Rule and network", "E3": "Rules at run time",
          "E4": "Data", "E5": "Experiments", "E6": "Results", "E7": "Case files and new rules",
          "W4": "Warnings"}


def statuses(text):
    """{exit status: what it stands for}, from the comment above the list."""
    said = STATUSES.search(text)[1].replace("\n// ", " ")
    return dict(re.findall(r"(\d) ([^,]+)", said)) | {"0": "a warning"}


def entry(code, status, title, words, meanings):
    return (f'<section class="error" id="{code}"><h3>{code} <span>{html.escape(title, quote=False)}</span></h3><dl>'
            f"<dt>Cause</dt><dd>{line(words['cause'])}</dd><dt>Cure</dt><dd>{line(words['cure'])}</dd>"
            f"<dt>Exit status</dt><dd>{status}, {meanings[status]}</dd></dl></section>")


def codes(root):
    return {row[0] for row in ROW.findall((root / LIST).read_text())}


def page(root):
    listed = (root / LIST).read_text()
    words, meanings = json.loads((root / WORDS).read_text()), statuses(listed)
    if missing := [row[0] for row in ROW.findall(listed) if row[0] not in words]:
        sys.exit(f"{WORDS} lacks {', '.join(missing)}: its cause and its cure")
    parts = ["<p>Whatever goes wrong has a code, says what was expected and what was found, and what to "
             "try. From Python it is a <code>deltaw.Error</code> with that code. The exit status tells whose turn it is: "
             + "; ".join(f"{number}: {said}" for number, said in sorted(meanings.items())) + ".</p>"]
    contents = []
    for group, name in GROUPS.items():
        rows = [row for row in ROW.findall(listed) if row[0].startswith(group)]
        contents.append((group, name))
        parts.append(f'<h2 id="{group}">{name}</h2>')
        parts += [entry(*row, words[row[0]], meanings) for row in rows]
    return Page(PLACE, "Reference", LIST, "Errors", "".join(parts), contents)
