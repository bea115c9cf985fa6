# SPDX-License-Identifier: Apache-2.0
"""Folders that cannot be written, folders that have results, and disks that are full."""
import shutil
import subprocess
import unittest

from case import DELTAW, Case, default_signals, main

PRIVATE_MOUNTS = ["unshare", "--user", "--map-root-user", "--mount"]


def can_mount():
    """Whether this user may mount a file system that only his own process sees."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*PRIVATE_MOUNTS, "mount", "-t", "tmpfs", "none", "/mnt"],
                          capture_output=True).returncode == 0


class OutputFolder(Case):
    def compare(self, *options, **settings):
        return self.deltaw("compare", self.experiment(), *options, **settings)

    def mounted(self, mount, shown="."):
        """Runs compare with what `mount` mounts on out/; (exit status, what it said, files)."""
        (self.folder / "out").mkdir(exist_ok=True)
        script = f'{mount} && {{ "$@"; echo "$?" >status; find {shown} -name "*.part" -o -type f; }}'
        done = subprocess.run([*PRIVATE_MOUNTS, "sh", "-c", script, "sh", DELTAW, "compare",
                               self.experiment(), "--out", "out/results", "--quiet"],
                              cwd=self.folder, env=self.environment, capture_output=True, text=True,
                              timeout=120, preexec_fn=default_signals)
        return int((self.folder / "status").read_text()), done.stderr, done.stdout

    def test_results_are_never_overwritten_silently(self):
        self.compare("--out", "out")
        for command in (["compare", self.experiment("other.json", rules=["backprop"])],
                        ["run", self.experiment()]):
            self.refuse(2, "E604", "the results are of another experiment: '/rules/",
                        "another folder with --out, or with --overwrite",
                        arguments=[*command, "--out", "out"])

    def test_an_experiment_of_the_users_own_is_not_overwritten(self):
        file = self.experiment("out/experiment.json")
        self.refuse(2, "E601", "'out' already has results", "found 'out/experiment.json'",
                    "another folder with --out, or --overwrite",
                    arguments=["compare", file, "--out", "out"])

    def test_part_of_some_results_counts_as_results(self):
        self.write({}, "out/summary.json")
        for options in ([], ["--overwrite"]):
            self.refuse(2, "E601", "found 'out/summary.json'",
                        arguments=["compare", self.experiment(), "--out", "out", *options])

    def test_overwrite_replaces_results_and_keeps_other_files(self):
        self.compare("--out", "out")
        notes = self.write("mine", "out/notes.txt")
        self.compare("--out", "out", "--overwrite", "--rules", "backprop", "--seeds", "3,4")
        self.assertEqual(notes.read_text(), "mine")
        self.assertEqual([path.name for path in (self.folder / "out/runs").iterdir()], ["backprop"])
        self.assertEqual({path.name for path in (self.folder / "out/runs/backprop").iterdir()},
                         {"seed-3", "seed-4"})
        self.assertNotIn("feedback-alignment", (self.folder / "out/metrics.csv").read_text())

    def test_an_experiment_that_cannot_run_overwrites_nothing(self):
        self.compare("--out", "out")
        plugin = self.install(dynamics=["rate"])
        for code, status, options in (
                ("E204", 3, ["--rules", "good-hebb", "--plugin", plugin]),
                ("E101", 3, ["--rules", "nobody"]),
                ("E205", 2, ["--set", "network.layers.input.units=9"])):
            self.refuse(status, code, arguments=["compare", self.experiment(), "--out", "out",
                                                 "--overwrite", *options])

    def test_a_path_below_a_file(self):
        self.write("a file", "file")
        for path in ("file/out", "file"):
            self.refuse(6, "E600", "cannot write", "Not a directory", "--out",
                        arguments=["compare", self.experiment(), "--out", path])
        self.refuse(6, "E600", "File name too long",
                    arguments=["compare", self.experiment(), "--out", "x" * 300])

    @unittest.skipUnless(can_mount(), "this user may not mount")
    def test_a_folder_that_is_read_only(self):
        status, said, files = self.mounted("mount -t tmpfs -o ro none out", "out")
        self.assertEqual((status, files), (6, ""))
        self.assertTrue(said.startswith("error[E600] cannot write 'out/results"), said)
        self.assertIn("found Read-only file system", said)

    @unittest.skipUnless(can_mount(), "this user may not mount")
    def test_a_full_disk_is_named_wherever_it_gets_full(self):
        places = set()
        for kilobytes in (4, 8, 60, 100, 140, 180, 400):
            with self.subTest(kilobytes):
                status, said, files = self.mounted(
                    f"mount -t tmpfs -o size={kilobytes}k none out", "out")
                self.assertEqual(status, 6, said)
                self.assertTrue(said.startswith("error[E602] no space left to write 'out/"), said)
                self.assertIn("found No space left on device", said)
                self.assertIn("free some space", said)
                self.assertNotIn(".part", files)
                places.add(said.split("'")[1])
        self.assertGreater(len(places), 3, places)

    def test_a_full_or_closed_standard_output_is_no_success(self):
        with open("/dev/full", "w") as full:
            for arguments in (["rules"], ["--version"], ["compare", "--help"],
                              ["compare", self.experiment(), "--json", "--out", "out"]):
                done = self.deltaw(*arguments, status=6, stdout=full)
                self.assertIn("error[E602] cannot write to standard output", done.stderr_text)
            done = self.deltaw("run", self.experiment(), status=6, stdout=full)
            self.assertIn("cannot write to standard output", done.stderr_text)
        self.assertTrue((self.folder / "out/summary.json").exists())
        with open("/dev/null") as readable:
            done = self.deltaw("rules", status=6, stdout=readable)
            self.assertIn("error[E600] cannot write to standard output", done.stderr_text)

    def test_a_full_standard_error_stops_no_run(self):
        with open("/dev/full", "w") as full:
            self.compare("--out", "out", stderr=full)
        self.assertTrue((self.folder / "out/report.html").exists())


if __name__ == "__main__":
    main()
