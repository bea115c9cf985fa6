# SPDX-License-Identifier: Apache-2.0
"""Reads a JSON Schema as a list of tables: one for the document, one for each definition that has keys
of its own. Of draft-07 it knows what the schemas here use: properties, items, anyOf, $ref, ranges."""
import dataclasses
import html
import json


def code(value):
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"<code>{html.escape(text, quote=False)}</code>"


def inner(node):
    """What stands inside a value: (what its place gets behind it, schema)."""
    yield from (("", branch) for branch in node.get("anyOf", []))
    if "items" in node:
        yield "[]", node["items"]
    if isinstance(node.get("additionalProperties"), dict):
        yield ".NAME", node["additionalProperties"]


def has_keys(node):
    return "properties" in node or any(has_keys(part) for _, part in inner(node))


def keys(node, place=""):
    """(place, schema, is_required) of every key below, down to where a definition begins."""
    for name, part in node.get("properties", {}).items():
        there = f"{place}.{name}".lstrip(".")
        yield there, part, name in node.get("required", [])
        yield from keys(part, there)
    for behind, part in inner(node):
        yield from keys(part, place + behind)


def references(node, place=""):
    """(definition, place) of what is said elsewhere and stands here."""
    if "$ref" in node:
        yield node["$ref"].rsplit("/", 1)[1], place
    for behind, part in inner(node):
        yield from references(part, place + behind)


@dataclasses.dataclass
class Table:
    name: str  # of the definition; of the document ""
    node: dict


class Schema:
    def __init__(self, file):
        self.document = json.loads(file.read_text())
        self.definitions = self.document.get("definitions", {})
        self.tables = [Table("", self.document)] + [
            Table(name, node) for name, node in self.definitions.items() if has_keys(node)]

    def has_table(self, name):
        return any(table.name == name for table in self.tables)

    def places(self, name, within=()):
        """Where in a document the definition stands, the shortest first."""
        if name == "":
            return [""]
        found = []
        for table in self.tables:
            if table.name == name or table.name in within:
                continue
            for there, part, _ in keys(table.node):
                for used, behind in references(part, there):
                    if used == name:
                        found += [f"{above}.{behind}".lstrip(".")
                                  for above in self.places(table.name, (*within, name))]
        for table in self.tables:  # what stands in a definition's place, not behind a key
            for used, behind in references(table.node):
                if used == name and table.name not in (name, *within):
                    found += [above + behind for above in self.places(table.name, (*within, name))]
        return sorted(set(found), key=lambda place: (place.count("."), len(place), place))

    def kind(self, node):
        """What a value may be, in words."""
        if "$ref" in node:
            name = node["$ref"].rsplit("/", 1)[1]
            if self.has_table(name):
                return f'<a href="#{name}">{name}</a>'
            return self.kind(self.definitions[name])
        if "const" in node:
            return code(node["const"])
        if "enum" in node:
            return ", ".join(code(value) for value in node["enum"])
        if "anyOf" in node:
            return " or ".join(dict.fromkeys(self.kind(part) for part in node["anyOf"]))
        types = node.get("type", "any value")
        if isinstance(types, list):
            return " or ".join(types)
        return {"array": self.list_kind, "object": self.object_kind, "string": string_kind,
                "number": number_kind, "integer": number_kind}.get(types, lambda _: types)(node)

    def list_kind(self, node):
        least, most = node.get("minItems", 0), node.get("maxItems")
        size = ""
        if least and least == most:
            size = f" of {least}"
        elif least or most:
            size = f" ({f'{least} to {most}' if most else f'{least} or more'})"
        return f"list{size}: {self.kind(node['items'])}" if "items" in node else f"list{size}"

    def object_kind(self, node):
        values = node.get("additionalProperties")
        return f"object, NAME: {self.kind(values)}" if isinstance(values, dict) else "object"


def string_kind(node):
    most = f", at most {node['maxLength']} characters" if "maxLength" in node else ""
    if "minLength" in node and node["minLength"] == node.get("maxLength"):
        return f"string of {node['minLength']} characters"
    return "string" + most


def number_kind(node):
    low = [f"{node[key]} {sign} " for key, sign in (("minimum", "≤"), ("exclusiveMinimum", "&lt;"))
           if key in node]
    high = [f" {sign} {node[key]}" for key, sign in (("maximum", "≤"), ("exclusiveMaximum", "&lt;"))
            if key in node]
    return "".join(low) + node["type"] + "".join(high)
