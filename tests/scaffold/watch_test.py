# SPDX-License-Identifier: Apache-2.0
"""`deltaw watch` on a new rule, installed: what follows a save, a save that does not compile, and one
that is wrong.

usage: watch_test.py PREFIX WORK
"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

from installed import DELTAW, WORK, environment

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from browser import BROWSER, made_by  # noqa: E402

FOLDER, NAME = WORK / "watched", "watched"
OUT = FOLDER / "build/watch"


def expect(is_so, what):
    if not is_so:
        sys.exit(what)


def told():
    try:
        return json.loads((OUT / "watch.json").read_text())
    except (OSError, ValueError):
        return {"said": "", "facts": []}


def wait_for(text, process, seconds=120):
    end = time.monotonic() + seconds
    while text not in told()["said"]:
        expect(process.poll() is None, f"ended by itself before '{text}'")
        expect(time.monotonic() < end, f"waited in vain for '{text}': {told()}")
        time.sleep(0.02)
    return told()


def points():
    try:
        return (OUT / "now/progress.jsonl").read_text().count('"epoch"')
    except OSError:
        return 0


def wait_for_points():
    end = time.monotonic() + 120
    while points() == 0:
        expect(time.monotonic() < end, "no points")
        time.sleep(0.02)


def look_at(url):
    """The page of the first save as a browser draws it: the curve of the rule over the recorded one."""
    if BROWSER is None:
        print("skipped: chromium is not installed, so that nobody looked at the page")
        return
    end = time.monotonic() + 90
    while True:  # the first points may not have come when the page is opened
        page = made_by(url, WORK)
        lines, charts = page.count('<g aria-label="line"'), page.count("<figure")
        if charts > 0 and lines == 2 * charts:
            break
        expect(time.monotonic() < end, f"{lines} lines in {charts} charts, not those of two rules")
    for wanted in ("Save 1: train", "check: passed", 'aria-label="Train accuracy', ">watched<", ">backprop<"):
        expect(wanted in page, f"the page lacks {wanted}")


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    WORK.mkdir(parents=True, exist_ok=True)
    run = {"env": environment(), "text": True}
    made = subprocess.run([DELTAW, "new-rule", "org.example.watched", "--out", FOLDER], check=True,
                          stdout=subprocess.PIPE, **run)
    expect(f"deltaw watch {FOLDER}\n" in made.stdout, made.stdout)
    source = FOLDER / f"{NAME}.cpp"
    good = source.read_text()
    once = subprocess.run([DELTAW, "watch", FOLDER, "--once", "--set", "training.epochs=3"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=280, **run)
    expect(once.returncode == 0, once.stdout)
    expect("page: http://127.0.0.1:" in once.stdout, once.stdout)
    facts = told()["facts"]
    expect(any(fact.startswith("watched: median") for fact in facts), facts)
    expect(any(fact.startswith("backprop: median") for fact in facts), facts)
    expect("check: passed" in facts, facts)

    log = open(WORK / "watch.log", "w")
    process = subprocess.Popen([DELTAW, "watch", FOLDER, "--set", "training.epochs=2000"], stdout=log,
                               stderr=subprocess.STDOUT, start_new_session=True, **run)
    try:
        wait_for("Save 1: training", process)
        wait_for_points()
        url = (WORK / "watch.log").read_text().split("page: ")[1].split()[0]
        expect("watched" in urllib.request.urlopen(url, timeout=20).read().decode(), "no page")
        look_at(url)
        source.write_text(good + "// saved\n")
        begun = time.monotonic()
        wait_for("Save 2: training", process)
        wait_for_points()
        print(f"{time.monotonic() - begun:.1f} s from a save to the first points")
        recorded = os.stat(OUT / "others/summary.json").st_mtime_ns
        source.write_text(good + "this is no C++;\n")
        wait_for("Save 3 does not build", process)
        line = good.count("\n") + 1
        expect(re.search(rf"{NAME}\.cpp:{line}:\d+: error: ", (WORK / "watch.log").read_text()),
               "the compiler is not heard")
        source.write_text(good)
        wait_for("Save 4: training", process)
        expect(os.stat(OUT / "others/summary.json").st_mtime_ns == recorded, "others were trained again")
        experiment = (FOLDER / "experiment.json").read_text()
        (FOLDER / "experiment.json").write_text("{")
        wait_for("Save 5: ", process)
        (FOLDER / "results").mkdir()
        (FOLDER / "results/metrics.csv").write_text("no save")
        (FOLDER / "experiment.json").write_text(experiment)
        wait_for("Save 6: training", process)
        process.send_signal(signal.SIGINT)
        expect(process.wait(timeout=60) == 0, "Ctrl-C")
    finally:
        process.kill()
        process.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
