# SPDX-License-Identifier: Apache-2.0
"""Opens every page of the site from its file in headless Chromium, where that is installed, as wide as
a phone and as wide as a desk, and looks at what is drawn."""
import html
import json
import pathlib
import re
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from browser import BROWSER, dom_of  # noqa: E402

WIDTHS = (390, 1280)
PROBE = """<!DOCTYPE html><meta charset="utf-8"><body><script>
const found = [];
const look = (place, width) => new Promise(done => {
  const frame = document.createElement("iframe");
  frame.style.width = width + "px";
  frame.style.border = "0";
  frame.onload = () => {
    const page = frame.contentDocument, at = tag => page.querySelector(tag);
    const box = tag => at(tag).getBoundingClientRect();
    const widest = [...page.querySelectorAll("main *")].find(part =>
      !part.closest(".scroll, pre") && part.getBoundingClientRect().right > width + 1);
    found.push({place, width, title: page.title, h1: box("h1").height, main: box("main").left,
      navigation: box("nav"), links: at("nav").querySelectorAll("a").length,
      tables: [...page.querySelectorAll("main table")].every(part => part.closest("details:not([open])") || part.offsetHeight > 20),
      figures: [...page.images].every(part => part.naturalWidth > 0 && part.offsetWidth <= width),
      beyond: page.documentElement.scrollWidth - width, widest: widest ? widest.outerHTML.slice(0, 120) : ""});
    frame.remove();
    done();
  };
  frame.src = "SITE" + place;
  document.body.append(frame);
});
(async () => {
  for (const width of WIDTHS) for (const place of PLACES) await look(place, width);
  document.body.textContent = "found:" + JSON.stringify(found) + ":end";
})();
</script>"""


def looked_at(scratch, site, places):
    probe = scratch / "probe.html"
    probe.write_text(PROBE.replace("SITE", f"file://{site}/").replace("WIDTHS", json.dumps(WIDTHS))
                     .replace("PLACES", json.dumps(places)))
    dom = dom_of(f"file://{probe}", scratch, "--allow-file-access-from-files", budget=60000, timeout=200)
    said = re.search(r"found:(.*):end", dom, re.S)
    return json.loads(html.unescape(said[1])) if said else []


def faults_of(page):
    where = f"{page['place']} at {page['width']} px"
    is_phone = page["width"] < 800
    if not page["title"] or page["h1"] < 20:
        yield f"{where}: no title is drawn"
    if page["links"] < 40 or page["navigation"]["height"] < 100:
        yield f"{where}: the list of pages is not drawn"
    if is_phone != (page["main"] < 100):
        yield f"{where}: the text begins at {page['main']} px"
    if not page["tables"] or not page["figures"]:
        yield f"{where}: a table or a figure is not drawn"
    if page["beyond"] > 0 or page["widest"]:
        yield f"{where}: wider than the screen by {page['beyond']} px: {page['widest']}"


def faults(scratch, site, places):
    if BROWSER is None:
        print("chromium is not installed: no page was opened")
        return
    seen = looked_at(scratch, site, places)
    if len(seen) != len(places) * len(WIDTHS):
        yield f"{len(seen)} of {len(places) * len(WIDTHS)} views were drawn"
    for page in seen:
        yield from faults_of(page)
    print(f"{len(seen)} views drawn in {BROWSER}")
