# SPDX-License-Identifier: Apache-2.0
"""What scripts/docs must not do: build a site with a dead link or an unknown error, leave a page of an
earlier build, or empty a folder that is not a site."""
import shutil
import subprocess


def build(tree, out):
    """From another folder, to a place relative to it."""
    return subprocess.run([tree / "scripts/docs", out.name], cwd=out.parent, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def with_docs_of_its_own(root, tree):
    """A tree like ROOT whose docs may be changed; scripts lie in it, for they look where they lie."""
    tree.mkdir()
    for entry in root.iterdir():
        if entry.name in ("docs", "scripts"):
            shutil.copytree(entry, tree / entry.name)
        elif entry.name not in ("build", "results", ".git"):
            (tree / entry.name).symlink_to(entry)


def faults(root, scratch, site):
    tree = scratch / "tree"
    with_docs_of_its_own(root, tree)
    page = tree / "docs/cost.md"
    page.write_text(page.read_text() + "\n[nowhere](no-such-page.md)\n")
    said = build(tree, scratch / "broken")
    if said.returncode == 0 or "docs/cost.md: nothing is at 'no-such-page.md'" not in said.stdout:
        yield f"a dead link was built: {said.stdout}"
    page.write_text(page.read_text().replace("[nowhere](no-such-page.md)", "It ends in E999."))
    said = build(tree, scratch / "broken")
    if said.returncode == 0 or "docs/cost.md: there is no error E999" not in said.stdout:
        yield f"an error that is not there was named: {said.stdout}"
    kept = scratch / "kept"
    kept.mkdir()
    (kept / "mine.txt").write_text("mine")
    said = build(tree, kept)
    if said.returncode == 0 or not (kept / "mine.txt").exists():
        yield f"a folder with other files was used: {said.stdout}"
    page.unlink()
    for link in ("README.md", "docs/results/digits.md"):
        file = tree / link
        text = file.read_text().replace("docs/cost.md", "docs/tuning.md").replace("../cost.md", "../tuning.md")
        file.unlink()
        file.write_text(text)
    tutorial = tree / "docs/tutorial.md"
    tutorial.write_text(tutorial.read_text().replace("(cost.md)", "(tuning.md)"))
    said = build(tree, site)
    if said.returncode != 0 or (site / "docs/cost.html").exists():
        yield f"a page outlived its source: {said.stdout}"
