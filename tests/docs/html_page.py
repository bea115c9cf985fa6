# SPDX-License-Identifier: Apache-2.0
"""What a page of the site has in it: ids, links, how often each tag, and its text by part."""
import html.parser

VOID = {"meta", "link", "br", "img", "wbr", "hr", "input"}


class HtmlPage(html.parser.HTMLParser):
    def __init__(self, file):
        super().__init__()
        self.ids, self.links, self.tags = [], [], {}
        self.text = {"title": "", "nav": "", "main": "", "h1": ""}
        self.rows, self.row = {}, None  # text of table rows that have an id
        self.unclosed, self.open = [], []
        self.feed(file.read_text())
        self.unclosed += self.open

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        if "id" in named:
            self.ids.append(named["id"])
        if tag == "tr":
            self.row = named.get("id")
            self.rows |= {self.row: ""} if self.row else {}
        self.links += [named[key] for key in ("href", "src") if key in named]
        if "main" in self.open:
            self.tags[tag] = self.tags.get(tag, 0) + 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.unclosed.append(tag)
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        for part in self.text:
            if part in self.open:
                self.text[part] += data
        if self.row and "tr" in self.open:
            self.rows[self.row] += data

    def says(self, words):
        return " ".join(words.split()) in " ".join(self.text["main"].split())

    def rows_of(self, key):
        return [text for row, text in self.rows.items() if row.endswith("." + key)]
