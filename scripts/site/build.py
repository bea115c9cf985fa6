# SPDX-License-Identifier: Apache-2.0
"""Builds the site: build.py SOURCE_TREE OUT. What OUT has of an earlier build is replaced."""
import pathlib
import shutil
import sys
import time

import error_links
import error_page
import layout
import rule_pages
import schema_page
from links import Links
from render import render
from sources import PAGES, markdown_pages

MARK = ".deltaw-site"  # in a folder that this program may empty


def emptied(out):
    if out.exists() and not out.is_dir():
        sys.exit(f"scripts/docs: '{out}' is no folder")
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        sys.exit(f"scripts/docs: '{out}' has other files in it; name an empty or new folder")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / MARK).touch()


def all_pages(root):
    pages = markdown_pages(root)
    for page in pages:
        page.title, page.body, page.contents = render((root / page.source).read_text())
    pages += schema_page.pages(root) + rule_pages.pages(root)
    for page in pages:
        page.body = error_links.linked(page, error_page.codes(root))
    return pages + [error_page.page(root)]


def write(out, page, text):
    file = out / page.place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def main():
    begun = time.monotonic()
    root, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    pages = all_pages(root)
    emptied(out)
    links = Links(root, out, pages)
    for page in pages:
        page.body = links.rewritten(page)
    if links.faults:
        sys.exit("\n".join(links.faults))
    for page in pages + list(links.extra.values()):
        write(out, page, layout.framed(page, pages, PAGES))
    shutil.copyfile(pathlib.Path(__file__).with_name("style.css"), out / "style.css")
    print(f"{len(pages)} pages and {len(links.extra)} listings in {time.monotonic() - begun:.1f} s: "
          f"{out / 'index.html'}")


if __name__ == "__main__":
    main()
