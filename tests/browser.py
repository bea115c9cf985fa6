# SPDX-License-Identifier: Apache-2.0
"""A page as headless Chromium makes it, where that is installed."""
import re
import shutil
import subprocess

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")


def dom_of(page, scratch, *options, budget=4000, timeout=120):
    """The document at `page`, an address, after its scripts ran for `budget` ms. The browser's profile
    lies in the folder `scratch`."""
    return subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", *options,
         f"--user-data-dir={scratch / 'profile'}", f"--virtual-time-budget={budget}", "--dump-dom", page],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=timeout).stdout


def made_by(page, scratch):
    """What its scripts made, without the scripts; an AssertionError where they did not come to their end."""
    made = re.sub(r"<script.*?</script>", "", dom_of(page, scratch), flags=re.S)
    assert 'data-ready="true"' in made, f"{page}: its scripts did not end"
    errors = re.search(r'data-errors="[^"]*', made)
    assert errors is None, f"{page}: {errors[0]}"
    return made
