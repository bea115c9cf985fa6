# SPDX-License-Identifier: Apache-2.0
"""The site of the documentation: scripts/docs builds it, every link and figure is there, and what it
is made from is in it: pages, error codes, keys of schemas, rules and their parameters; a browser draws
it all.

usage: site_test.py SOURCE_TREE
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import html_page  # noqa: E402
import in_browser  # noqa: E402
import refusals  # noqa: E402

ROOT = pathlib.Path(sys.argv[1]).resolve()
SKIPPED = 77
FENCE = re.compile(r"^```.*?^```$", re.M | re.S)
SCHEMAS = {"manifest": "sdk/schema/rule.schema.json", "case": "sdk/schema/case.schema.json",
           "experiment": "framework/experiment/experiment.schema.json"}
faults = []


def expect(is_so, what):
    if not is_so:
        faults.append(what)


def places(root):
    """{Markdown file: its page}, but for READMEs of rules."""
    files = [root / name for name in ("README.md", "HACKING.md", "CONTRIBUTING.md")]
    for folder in ("docs", "experiments", "data"):
        files += (root / folder).rglob("*.md")
    return {file: re.sub(r"README\.html$", "index.html",
                         file.relative_to(root).with_suffix(".html").as_posix()) for file in files}


def check_links(site, pages):
    for place, page in pages.items():
        for link in page.links:
            if re.match(r"https?:", link):
                continue
            path, _, fragment = link.partition("#")
            target = (site / place).parent / path if path else site / place
            expect(target.is_file(), f"{place}: nothing is at {link}")
            if fragment and target.is_file():
                other = pages[target.resolve().relative_to(site).as_posix()]
                expect(fragment in other.ids, f"{place}: no such anchor: {link}")


def check_each(pages):
    for place, page in pages.items():
        expect(page.text["title"].strip() and page.text["h1"].strip(), f"{place} has no title")
        expect(page.tags.get("h1") == 1, f"{place} has {page.tags.get('h1')} h1")
        expect(len(page.text["main"]) > 200, f"{place} is empty")
        expect(len(page.ids) == len(set(page.ids)), f"{place} has an id twice")
        expect(not page.unclosed, f"{place}: tags do not match: {page.unclosed[:3]}")
        expect("All rules" in page.text["nav"], f"{place} lists no pages")


def check_markdown(pages):
    """Tables, listings, items and headings of a page are as many as its source has."""
    for file, place in places(ROOT).items():
        if place not in pages:
            faults.append(f"{file} is no page")
            continue
        source, tags = file.read_text(), pages[place].tags
        text = FENCE.sub("", source)
        contents = len(re.findall(r"^## ", text, re.M))
        wanted = {"table": len(re.findall(r"^\|[-:| ]+\|$", text, re.M)),
                  "li": len(re.findall(r"^(?:[-*]|\d+\.) ", text, re.M))
                  + (contents if contents >= 3 else 0),
                  "h2": contents, "h3": len(re.findall(r"^### ", text, re.M))}
        for tag, count in wanted.items():
            expect(tags.get(tag, 0) == count, f"{place}: {tags.get(tag, 0)} {tag}, its source has {count}")
        expect(tags.get("pre", 0) >= len(FENCE.findall(source)), f"{place} lacks listings")


def check_errors(pages):
    codes = re.findall(r"^DELTAW_ERROR\((\w+)", (ROOT / "framework/core/errors.def").read_text(), re.M)
    words = json.loads((ROOT / "docs/errors.json").read_text())
    page = pages["reference/errors.html"]
    expect(sorted(words) == sorted(codes), f"docs/errors.json and errors.def differ in {set(words) ^ set(codes)}")
    for code in codes:
        expect(code in page.ids, f"no entry for {code}")
        if code in (ROOT / "docs/contract.md").read_text():
            expect(f"../reference/errors.html#{code}" in pages["docs/contract.html"].links, f"{code} has no link")
        for part in ("cause", "cure"):
            said = re.sub(r"\[([^\]]+)\]\([^)]*\)|`", r"\1", words.get(code, {}).get(part, ""))
            expect(said.endswith(".") and page.says(said), f"{code} lacks its {part}")


def properties(node):
    """(key, schema) of every key that a schema describes, wherever it stands."""
    if isinstance(node, list):
        for part in node:
            yield from properties(part)
    elif isinstance(node, dict):
        for name, part in node.items():
            if name == "properties":
                yield from part.items()
                for below in part.values():
                    yield from properties(below)
            elif name == "definitions":
                yield from (found for below in part.values() for found in properties(below))
            else:
                yield from properties(part)


def check_schemas(pages):
    for name, source in SCHEMAS.items():
        page, found = pages[f"reference/{name}.html"], list(properties(json.loads((ROOT / source).read_text())))
        expect(len(found) == len(page.rows), f"{name}: {len(page.rows)} rows for {len(found)} keys")
        for key, node in found:
            wanted = [node[word] for word in ("default", "minimum", "exclusiveMaximum") if word in node]
            words = [node.get("description", "").replace("`", ""), *node.get("enum", []),
                     *(value if isinstance(value, str) else json.dumps(value) for value in wanted)]
            expect(any(all(str(word) in row for word in words) for row in page.rows_of(key)),
                   f"{name}: no row of '{key}' says {words}")


def check_rules(pages):
    for file in ROOT.glob("plugins/*/*.rule.json"):
        for rule in json.loads(file.read_text())["rules"]:
            page = pages.get(f"rules/{rule['id']}.html")
            if page is None:
                faults.append(f"no page for the rule {rule['id']}")
                continue
            expect(f"{rule['id']}.html" in pages["rules/index.html"].links, f"{rule['id']} is not in the index")
            for words in (rule["equation"], rule["summary"][1:], *rule.get("references", []), *rule["signals"]):
                expect(page.says(words), f"{rule['id']}: lacks '{words}'")
            for parameter in rule.get("parameters", []):
                expect(f"parameter-{parameter['name']}" in page.rows, f"{rule['id']}: lacks {parameter['name']}")
                expect(page.says(parameter.get("help", "").replace("`", "")), f"{rule['id']}: lacks a help")


def check_listings():
    """The rules in docs/writing-rules.md are those that deltaw new-rule writes."""
    listed = re.findall(r"^```cpp\n(.*?)^```$", (ROOT / "docs/writing-rules.md").read_text(), re.M | re.S)
    written = [(ROOT / f"sdk/templates/c++/{kind}/my-rule.cpp").read_text()
               for kind in ("dense", "trial", "spike", "network")]
    expect(listed == written, "docs/writing-rules.md differs from sdk/templates/c++")


def check_signals():
    """The contract has the shape and unit of every signal that a manifest may name."""
    schema = json.loads((ROOT / SCHEMAS["manifest"]).read_text())
    names = schema["definitions"]["rule"]["properties"]["signals"]["items"]["enum"]
    contract = (ROOT / "docs/contract.md").read_text()
    rows = re.findall(r"^\| `([\w.]+)` \| ([^|]+) \| ([^|]+) \| [^|]*\|$", contract.split("## Signals")[1], re.M)
    listed = [name for name, shape, unit in rows if shape.strip() and unit.strip()]
    expect(sorted(listed) == sorted(names), f"docs/contract.md lists {set(listed) ^ set(names)} or lacks it")


def main():
    if subprocess.run(["/usr/bin/python3", "-c", "import markdown"], stderr=subprocess.DEVNULL).returncode != 0:
        print("skipped: python3-markdown is not installed")
        return SKIPPED
    with tempfile.TemporaryDirectory() as scratch:
        site = pathlib.Path(scratch).resolve() / "site"
        subprocess.run([ROOT / "scripts/docs", site], check=True)
        pages = {file.relative_to(site).as_posix(): html_page.HtmlPage(file) for file in site.rglob("*.html")}
        check_links(site, pages)
        check_each(pages)
        check_markdown(pages)
        check_errors(pages)
        check_schemas(pages)
        check_rules(pages)
        check_listings()
        check_signals()
        faults.extend(in_browser.faults(pathlib.Path(scratch), site, sorted(pages)))
        faults.extend(refusals.faults(ROOT, pathlib.Path(scratch), site))
    print("\n".join(faults))
    print(f"{len(pages)} pages, {sum(len(page.links) for page in pages.values())} links, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
