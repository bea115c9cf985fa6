# SPDX-License-Identifier: Apache-2.0
"""The frame of every page: its name, the list of all pages, and where it comes from."""
import html
import posixpath
import re

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<link rel="stylesheet" href="{top}style.css">
</head>
<body>
<header><a href="{top}index.html">deltaw</a> <a class="to-pages" href="#pages">all pages</a></header>
<div class="frame">
<main>
<h1>{title}</h1>
{contents}
{body}
<footer>Made from {source}</footer>
</main>
<nav id="pages" aria-label="all pages">
{pages}
</nav>
</div>
</body>
</html>
"""
FEWEST_CONTENTS = 3  # sections that a list of them is worth
LONGEST_LINE = 26    # letters of a cell or a word of code that stay on one line


def short(title):
    return title.split(":")[0]


def unbroken(body):
    """Words of code, and short cells of tables, in one line: a phone scrolls a table sideways."""
    def cell(match):
        text = html.unescape(re.sub(r"<[^>]*>", "", match[3]))
        return match[0] if len(text) > LONGEST_LINE else f'<{match[1]} class="short"{match[2]}>{match[3]}'
    body = re.sub(rf"<code>([^<\s]{{1,{LONGEST_LINE}}})</code>", r'<code class="short">\1</code>', body)
    return re.sub(r'<(td|th(?= scope))\b([^>]*)>(.*?)(?=</\1>)', cell, body, flags=re.S)


def contents_of(page):
    if len(page.contents) < FEWEST_CONTENTS:
        return ""
    lines = "".join(f'<li><a href="#{place}">{name}</a></li>' for place, name in page.contents)
    return f'<details class="contents"><summary>On this page</summary><ul>{lines}</ul></details>'


def list_of_pages(page, pages, headings):
    here = posixpath.dirname(page.place) or "."
    parts = []
    for heading in headings:
        lines = []
        for other in pages:
            if other.heading == heading:
                mark = ' aria-current="page"' if other is page else ""
                where = posixpath.relpath(other.place, here)
                lines.append(f'<li><a href="{where}"{mark}>{short(other.title)}</a></li>')
        is_long = len(lines) > 20 and page.heading != heading
        parts.append(f'<details{"" if is_long else " open"}><summary>{heading}</summary>'
                     f'<ul>{"".join(lines)}</ul></details>')
    return "\n".join(parts)


def framed(page, pages, headings):
    depth = page.place.count("/")
    name = page.title if page.title == "deltaw" else f"{page.title} · deltaw"
    return PAGE.format(name=name, title=page.title, top="../" * depth, body=unbroken(page.body),
                       contents=contents_of(page), pages=list_of_pages(page, pages, headings),
                       source=f"<code>{html.escape(page.source)}</code>")
