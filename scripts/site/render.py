# SPDX-License-Identifier: Apache-2.0
"""Markdown as it stands in the tree, written for pages that list and fence as GitHub's do, to HTML."""
import html
import re

import markdown

FENCE = re.compile(r"(^```.*?^```$)", re.M | re.S)
# A list may follow a line of text at once; Python-Markdown wants an empty line between them.
LIST_AT_ONCE = re.compile(r"^(?![-|<\s]|\d+\. )(.+)\n(?=- )", re.M)


def slug(text, separator):
    """The anchor of a heading, as GitHub makes it, so that links hold in both places."""
    return re.sub(r"[^\w\- ]", "", text.lower()).strip().replace(" ", separator)


def with_room(text):
    parts = FENCE.split(text)
    parts[::2] = [LIST_AT_ONCE.sub(r"\1\n\n", part) for part in parts[::2]]
    return "".join(parts).replace("<details>", '<details markdown="1">')


def framed(body):
    """Tables may be wider than a phone: each scrolls by itself."""
    return body.replace("<table", '<div class="scroll"><table').replace("</table>", "</table></div>")


def render(text):
    """(title, HTML without the title, [(id, name)] of its sections)"""
    reader = markdown.Markdown(
        extensions=["tables", "fenced_code", "sane_lists", "md_in_html", "toc"],
        extension_configs={"toc": {"slugify": slug}})
    # What looks like a tag within a line is an average, <y x>, and no tag.
    reader.inlinePatterns.deregister("html")
    body = framed(reader.convert(with_room(text)))
    title = reader.toc_tokens[0] if reader.toc_tokens else {"name": "", "children": []}
    body = re.sub(r"<h1[^>]*>.*?</h1>", "", body, count=1, flags=re.S)
    return title["name"], body.strip(), [(part["id"], part["name"]) for part in title["children"]]


def line(text):
    """A line with code spans, links and DOIs, as schemas and manifests have; no other Markdown."""
    said = html.escape(text, quote=False)
    said = re.sub(r"\[([^\]]+)\]\((\S+?)\)", r'<a href="\2">\1</a>', said)
    said = re.sub(r"doi:(10\.[^\s,;]+[^\s,;.)])", r'<a href="https://doi.org/\1">doi:\1</a>', said)
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", said)
