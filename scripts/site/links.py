# SPDX-License-Identifier: Apache-2.0
"""Links between files of the tree, turned into links between pages of the site. What a page links and
is none itself comes along: figures and large files as they are, other text as a page of its own."""
import html
import posixpath
import re
import shutil

import error_page
from sources import Page

LINK = re.compile(r'(<(?:a|img)\b[^>]*?\b(?:href|src)=")([^"]+)(")')
IN_SITE = "site:"  # before a place of the site, in what is generated
FIGURES = {".svg", ".png", ".jpg"}
LARGEST_LISTING = 200_000  # bytes


class Links:
    def __init__(self, root, out, pages):
        self.root, self.out = root, out
        self.places = {page.source: page.place for page in reversed(pages)}
        self.places |= {error_page.WORDS: error_page.PLACE}
        self.extra, self.faults = {}, []

    def rewritten(self, page):
        """The page's HTML, its links leading to what is in the site."""
        def turn(match):
            return match[1] + self.target(page, html.unescape(match[2])) + match[3]
        return LINK.sub(turn, page.body)

    def target(self, page, link):
        path, _, fragment = link.partition("#")
        if path.startswith(IN_SITE):
            place = path.removeprefix(IN_SITE)
        elif re.match(r"[a-z]+:", path) or not path:
            return link
        else:
            beside = posixpath.join(posixpath.dirname(page.source), path)
            place = self.place(posixpath.normpath(beside))
        if place is None:
            self.faults.append(f"{page.source}: nothing is at '{link}'")
            return link
        where = posixpath.relpath(place, posixpath.dirname(page.place) or ".")
        return where + ("#" + fragment if fragment else "")

    def place(self, source):
        for known in (source, posixpath.join(source, "README.md")):
            if known in self.places:
                return self.places[known]
        file = self.root / source
        if file.is_dir():
            return self.place(posixpath.join(source, "README.md")) if source != "." else "index.html"
        if source.startswith("..") or not file.is_file():
            return None
        if file.suffix in FIGURES or file.stat().st_size > LARGEST_LISTING:
            self.places[source] = source
            (self.out / source).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, self.out / source)
        else:
            self.places[source] = f"files/{source}.html"
            text = html.escape(file.read_text(), quote=False)
            self.extra[source] = Page(self.places[source], "", source, html.escape(source),
                                      f"<pre><code>{text}</code></pre>")
        return self.places[source]
