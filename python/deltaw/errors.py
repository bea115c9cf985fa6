# SPDX-License-Identifier: Apache-2.0
"""The program's named errors as exceptions."""
from __future__ import annotations

import re


class Error(RuntimeError):
    """What deltaw refused, in its own words. `code` is the name of the error ("E101"), `exit_status`
    what the program ended with."""

    def __init__(self, text: str, exit_status: int):
        super().__init__(text)
        found = re.search(r"error\[([A-Z]\d+)\]", text)
        self.code: str | None = found.group(1) if found else None
        self.exit_status = exit_status
