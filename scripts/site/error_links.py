# SPDX-License-Identifier: Apache-2.0
"""Codes of errors in the text of a page lead to their entries."""
import re

import error_page

PART = re.compile(r"(<[^>]*>)")
CODE = re.compile(r"\b[EW]\d{3}\b")
LEFT_ALONE = {"a", "pre", "h1", "h2", "h3"}


def linked(page, codes):
    """The page's HTML with a link at each code. Errors: SystemExit for a code that is not listed."""
    def link(match):
        if match[0] not in codes:
            raise SystemExit(f"{page.source}: there is no error {match[0]}")
        return f'<a href="site:{error_page.PLACE}#{match[0]}">{match[0]}</a>'
    parts, within = PART.split(page.body), 0
    for i, part in enumerate(parts):
        if i % 2 == 0:
            parts[i] = part if within else CODE.sub(link, part)
        elif part.strip("</>").split()[0] in LEFT_ALONE:
            within += -1 if part.startswith("</") else 1
    return "".join(parts)
