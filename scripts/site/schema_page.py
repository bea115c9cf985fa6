# SPDX-License-Identifier: Apache-2.0
"""The pages on manifests, case files and experiments, from their JSON Schemas."""
import re

from render import line
from schema import Schema, code, keys
from sources import Page

FILES = {
    "manifest": ("sdk/schema/rule.schema.json", "Manifest reference",
                 "What a rule's manifest, <code>NAME.rule.json</code>, may say. What the words mean is in "
                 '<a href="site:docs/contract.html">the contract</a>.'),
    "case": ("sdk/schema/case.schema.json", "Case files",
             'What a case file, <code>NAME.case.json</code>, may say; <a href="site:docs/authors.html#case-files">'
             "Write a rule</a> has an example."),
    "experiment": ("framework/experiment/experiment.schema.json", "Experiment reference",
                   "What an experiment's file may say. "
                   '<a href="site:experiments/index.html">Experiments</a> has files to copy.'),
}
MOST_PLACES = 6


def used(schema, part):
    """The definition that stands there, if one does."""
    return schema.definitions.get(part.get("$ref", "").rsplit("/", 1)[-1], {})


def meaning(schema, part):
    """Its own words, or those that the definition begins with, whose section has the others."""
    begins = re.match(r"(.*?\.)(?: |$)|", used(schema, part).get("description", ""))[1]
    return line(part.get("description") or begins or "")


def default(schema, part, is_required):
    value = part.get("default", used(schema, part).get("default"))
    return "required" if is_required else "" if value is None else code(value)


def row(schema, anchor, place, part, is_required):
    cells = [("May be", schema.kind(part)), ("Default", default(schema, part, is_required)),
             ("Meaning", meaning(schema, part))]
    shown = "".join(f'<td data-label="{label}">{cell}</td>' for label, cell in cells)
    name = place.replace(".", ".<wbr>")
    return f'<tr id="{anchor}.{place}"><th scope="row"><code>{name}</code></th>{shown}</tr>'


def where(schema, name):
    places = schema.places(name)
    more = f" and {len(places) - MOST_PLACES} more places" if len(places) > MOST_PLACES else ""
    return "<p class=\"note\">Stands at " + ", ".join(map(code, places[:MOST_PLACES])) + more + ".</p>"


def section(schema, table, document):
    rows = "".join(row(schema, table.name or document, *key) for key in keys(table.node))
    parts = [f'<h2 id="{table.name}">{table.name}</h2>{where(schema, table.name)}'] if table.name else []
    if table.name and "description" in table.node:
        parts.append(f"<p>{line(table.node['description'])}</p>")
    if table.name and "anyOf" in table.node:
        parts.append(f"<p>Is {schema.kind(table.node)}, with these keys:</p>")
    parts.append('<div class="scroll"><table class="keys"><thead><tr><th>Key</th><th>May be</th>'
                 f"<th>Default</th><th>Meaning</th></tr></thead><tbody>{rows}</tbody></table></div>")
    return "".join(parts)


def page(root, name):
    source, title, introduction = FILES[name]
    schema = Schema(root / source)
    said = line(schema.document.get("description", ""))
    body = [f"<p>{introduction} {said}</p>"] + [section(schema, table, name) for table in schema.tables]
    contents = [(table.name, table.name) for table in schema.tables if table.name]
    return Page(f"reference/{name}.html", "Reference", source, title, "".join(body), contents)


def pages(root):
    return [page(root, name) for name in FILES]
