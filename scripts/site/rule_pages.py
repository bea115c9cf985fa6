# SPDX-License-Identifier: Apache-2.0
"""A page for each rule, from its manifest and the README of its folder, and the table of all rules."""
import html
import json

from render import line, render
from schema import code
from sources import Page


def manifests(root):
    for file in sorted(root.glob("plugins/*/*.rule.json")):
        yield file, json.loads(file.read_text())["rules"]


def listed(values):
    return ", ".join(map(code, values)) or "none"


def bounds(parameter):
    if "values" in parameter:
        return listed(parameter["values"])
    low = "&lt;" if parameter.get("exclusive_minimum") else "≤"
    high = "&lt;" if parameter.get("exclusive_maximum") else "≤"
    return ((f"{parameter['minimum']} {low} " if "minimum" in parameter else "") + parameter["type"]
            + (f" {high} {parameter['maximum']}" if "maximum" in parameter else ""))


def tuned(parameter):
    where = parameter.get("tune")
    if isinstance(where, dict):
        return f"{where['low']} to {where['high']}, {where.get('scale', 'linear')}"
    return listed(where) if where else ""


def condition(parameter):
    return "; ".join(f"{code(name)} is {' or '.join(map(code, values))}"
                     for name, values in parameter.get("when", {}).items())


def parameter_rows(rule):
    for parameter in rule.get("parameters", []):
        unit = f" {parameter['unit']}" if "unit" in parameter else ""
        cells = [("May be", bounds(parameter)), ("Default", code(parameter["default"]) + unit),
                 ("Tuned in", tuned(parameter)), ("Counts when", condition(parameter)),
                 ("Meaning", line(parameter.get("help", "")))]
        shown = "".join(f'<td data-label="{label}">{cell}</td>' for label, cell in cells)
        yield (f'<tr id="parameter-{parameter["name"]}"><th scope="row"><code>{parameter["name"]}</code></th>'
               f"{shown}</tr>")


def parameters(rule):
    rows = "".join(parameter_rows(rule))
    if not rows:
        return "<p>It has no parameters.</p>"
    head = "".join(f"<th>{name}</th>" for name in
                   ("Parameter", "May be", "Default", "Tuned in", "Counts when", "Meaning"))
    return (f'<div class="scroll"><table class="keys"><thead><tr>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>")


def phases(rule):
    """What a rule is shown of each batch, where that is two phases."""
    if "phases" not in rule:
        return {}
    said = rule["phases"]
    strength = f", by the parameter {code(said['strength'])}" if "strength" in said else ""
    return {'<a href="site:docs/contract.html#two-phases">Phases</a>': said["type"] + strength}


def facts(rule):
    contract = '<a href="site:docs/contract.html#signals">'
    rows = {
        "Id": code(rule["id"]) + f", version {rule['version']}",
        f"{contract}Signals</a>": listed(rule["signals"]),
        "Scope and grain": f"{rule.get('scope', 'local')}; changes W after each {rule['grain']}",
        "Dynamics": listed(rule["dynamics"]),
        "Locality": f"{rule['locality']}, as the manifest says and the build measures",
        "Supervision": rule["supervision"],
        "Precision": listed(rule["dtypes"]),
        "Capabilities": listed(rule.get("capabilities", [])),
        **phases(rule),
        "References": "<br>".join(map(line, rule.get("references", []))),
    }
    return "<dl>" + "".join(f"<dt>{name}</dt><dd>{said}</dd>" for name, said in rows.items()) + "</dl>"


def name_of(rule):
    return html.escape(rule.get("name", rule["id"]), quote=False)


def rule_page(file, source, rule, rules, readme):
    others = ", ".join(f'<a href="site:rules/{other["id"]}.html">{name_of(other)}</a>' for other in rules
                       if other is not rule)
    beside = f' The same library has {others}, which it tells of, too.' if others else ""
    summary = line(rule["summary"][0].upper() + rule["summary"][1:])
    equation = html.escape(rule.get("equation", "as its authors say below"), quote=False)
    body = (f'<p>{summary}.</p><p class="equation">{equation}</p>'
            f"{facts(rule)}<h2 id=\"parameters\">Parameters</h2>{parameters(rule)}"
            f'<h2 id="readme">In the words of its authors</h2><p class="note">The README of '
            f"<code>{file.parent.name}</code>.{beside}</p>{readme[1]}")
    contents = [("parameters", "Parameters"), ("readme", "In the words of its authors"), *readme[2]]
    return Page(f"rules/{rule['id']}.html", "Rules", source, name_of(rule), body, contents)


def index(root):
    rows = []
    for _, rules in manifests(root):
        for rule in rules:
            cells = [line(rule["summary"]), ", ".join(rule["dynamics"]), rule["grain"],
                     rule["locality"], rule["supervision"]]
            rows.append(f'<tr><th scope="row"><a href="site:rules/{rule["id"]}.html">{rule["id"]}</a></th>'
                        + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    head = "".join(f"<th>{name}</th>" for name in
                   ("Rule", "What it does", "Dynamics", "Changes W after each", "Locality", "Supervision"))
    body = (f"<p>The {len(rows)} rules that come with deltaw, from their manifests. Locality is what the change of "
            'one weight may depend on (<a href="site:docs/contract.html#signals">what that means</a>). '
            'To write another: <a href="site:docs/tutorial.html">the tutorial</a>.</p>'
            f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>')
    return Page("rules/index.html", "Rules", "plugins", "All rules", body)


def pages(root):
    found = [index(root)]
    for file, rules in manifests(root):
        source = (file.parent / "README.md").relative_to(root).as_posix()
        readme = render((root / source).read_text())
        found += [rule_page(file, source, rule, rules, readme) for rule in rules]
    return found
