# SPDX-License-Identifier: Apache-2.0
"""scripts/install-dependencies on machines made of stubs: what is asked of apt-get, and what is
said, depends on what dpkg-query lists and on who is asking."""
import pathlib
import subprocess
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).parents[2] / "scripts/install-dependencies"
EVERYTHING = 'for package in "${@:4}"; do echo "$package install ok installed"; done'
STUBS = {
    "id": "echo 0",
    "dpkg-query": EVERYTHING,
    "apt-get": 'echo "apt-get $*" >> "$(dirname "$0")/asked"',
    "env": 'shift; exec "$@"',
}
TOOLS = ("bash", "cat", "dirname", "grep", "mktemp", "rm")


def run(*options, **stubs):
    """Returns (status, what was printed, what was asked of apt-get)."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        for name, body in {**STUBS, **{k.replace("_", "-"): v for k, v in stubs.items()}}.items():
            (path / name).write_text(f"#!/bin/bash\n{body}\n")
            (path / name).chmod(0o755)
        for tool in TOOLS:
            (path / tool).symlink_to(f"/usr/bin/{tool}")
        done = subprocess.run(["/bin/bash", SCRIPT, *options], env={"PATH": folder}, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        asked = path / "asked"
        return done.returncode, done.stdout, asked.read_text() if asked.exists() else ""


def all_but(*missing):
    """dpkg-query where some packages are unknown: it says so and fails, but lists the others."""
    cases = "|".join(missing)
    return ('for package in "${@:4}"; do case $package in ' + cases + ') echo "no $package" >&2;; '
            '*) echo "$package install ok installed";; esac; done; exit 1')


class InstallDependencies(unittest.TestCase):
    def test_with_nothing_missing_it_says_and_asks_nothing(self):
        self.assertEqual(run(), (0, "", ""))
        self.assertEqual(run("--tests", "--benchmarks", id="echo 1000"), (0, "", ""))

    def test_only_what_is_missing_is_installed_and_named(self):
        status, said, asked = run(dpkg_query=all_but("libfmt-dev", "cmake"))
        self.assertEqual(status, 0, said)
        self.assertEqual(said, "Installing with apt-get: cmake libfmt-dev\n")
        self.assertEqual(asked.splitlines(),
                         ["apt-get update",
                          "apt-get install -y --no-install-recommends cmake libfmt-dev"])

    def test_a_release_without_brian_does_without(self):
        knows_others = '[ "$2" != python3-brian ]'
        brian = all_but("python3-brian")
        self.assertEqual(run("--tests", dpkg_query=brian, apt_cache=knows_others), (0, "", ""))
        self.assertIn("python3-brian", run("--tests", dpkg_query=brian)[2])
        # Before the first update apt knows no package at all.
        asked = run("--tests", dpkg_query=all_but("python3-brian", "cmake"),
                    apt_cache='[ -e "$(dirname "$0")/asked" ] && ' + knows_others)[2]
        self.assertEqual(asked.splitlines(),
                         ["apt-get update", "apt-get install -y --no-install-recommends cmake"])

    def test_a_package_that_was_removed_counts_as_missing(self):
        removed = EVERYTHING.replace("echo", '[ "$package" = cmake ] && echo "cmake deinstall ok '
                                     'config-files" || echo')
        self.assertEqual(run(dpkg_query=removed)[1], "Installing with apt-get: cmake\n")

    def test_without_root_and_sudo_it_gives_the_command_and_fails(self):
        status, said, asked = run(id="echo 1000", dpkg_query=all_but("cmake"))
        self.assertEqual((status, asked), (1, ""))
        self.assertIn("apt-get update && apt-get install -y --no-install-recommends cmake\n", said)

    def test_an_ordinary_user_goes_through_sudo(self):
        sudo = '[ "$1" = -n ] && shift; "$@"'
        status, said, asked = run(id="echo 1000", sudo=sudo, dpkg_query=all_but("cmake"))
        self.assertEqual(status, 0, said)
        self.assertIn("install -y --no-install-recommends cmake\n", asked)

    def test_what_apt_get_said_is_shown_when_it_fails(self):
        status, said, _ = run(apt_get="echo E: no network; exit 100", dpkg_query=all_but("cmake"))
        self.assertEqual(status, 1)
        self.assertIn("E: no network\n", said)
        self.assertIn("could not be installed: cmake\n", said)

    def test_an_unknown_option_is_refused(self):
        status, said, asked = run("--everything")
        self.assertEqual((status, asked), (2, ""))
        self.assertIn("usage:", said)


if __name__ == "__main__":
    unittest.main()
