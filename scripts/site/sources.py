# SPDX-License-Identifier: Apache-2.0
"""Which Markdown files become pages, where they lie in the site and under which heading they are
listed. Pages that no line here names are listed after those that are."""
import dataclasses
import pathlib


@dataclasses.dataclass
class Page:
    place: str         # in the site: "docs/contract.html"
    heading: str       # in the list of pages
    source: str        # what it is made from, in the tree
    title: str = ""
    body: str = ""     # HTML
    contents: list = dataclasses.field(default_factory=list)  # (id, name) of its sections


# heading: patterns of files, in the order of the list
PAGES = {
    "Begin": ["README.md", "docs/tutorial.md"],
    "Write a rule": ["docs/authors.md", "docs/writing-rules.md", "docs/contract.md",
                     "docs/watching.md"],
    "Compare": ["docs/statistics.md", "docs/cost.md", "docs/tuning.md", "docs/ensembles.md",
                "docs/*.md"],
    "Reference": [],
    "Rules": [],
    "Results": ["experiments/README.md", "docs/results/*.md", "experiments/*/README.md"],
    "The project": ["HACKING.md", "CONTRIBUTING.md", "tests/benchmarks/README.md",
                    "data/*/README.md", "third_party/README.md"],
}


def place_of(source):
    """README.md of a folder is its index; any other page keeps its name."""
    path = pathlib.PurePosixPath(source)
    return str(path.with_name("index.html") if path.name == "README.md" else path.with_suffix(".html"))


def markdown_pages(root):
    seen, pages = set(), []
    for heading, patterns in PAGES.items():
        for pattern in patterns:
            for path in sorted(root.glob(pattern)):
                source = path.relative_to(root).as_posix()
                if source not in seen:
                    seen.add(source)
                    pages.append(Page(place_of(source), heading, source))
    return pages
