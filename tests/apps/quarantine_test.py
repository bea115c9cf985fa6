# SPDX-License-Identifier: Apache-2.0
"""Libraries that break the process that loads them: tried in a child first, then kept out."""
from case import Case, main

TRAINING = {"epochs": 1, "batch": 20, "precision": "float64"}
CHEAT = {"name": "cheat", "drive": [{"connections": ["hidden"], "rule": "cheat"},
                                    {"connections": ["output"], "rule": "delta-rule"}]}


class Quarantined(Case):
    def arguments(self, name, *options):
        return ["compare", self.experiment(rules=[CHEAT], training=TRAINING), "--plugin",
                self.cheat(name), "--overwrite", *options]

    def kept_out(self):
        return sorted(path.name for path in self.folder.glob(".local/state/deltaw/quarantine/*"))

    def test_a_crash_at_loading_is_told_kept_and_lifted(self):
        self.environment["CRASH"] = "yes"
        done = self.deltaw(*self.arguments("cheat_load_crash"), status=5)
        self.assertIn("error[E140] quarantined, as when it was tried: cheat_load_crash.so: crashed "
                      "(Aborted: while it is loaded)\n", done.stderr_text)
        self.assertRegex(done.stderr_text, r"deltaw rules --forget cheat, lifts the quarantine\n")
        self.assertEqual(len(self.kept_out()), 1)
        del self.environment["CRASH"]  # it would do no harm now, but is not tried
        again = self.deltaw(*self.arguments("cheat_load_crash"), status=5)
        self.assertEqual(again.stderr_text, done.stderr_text)
        plugin = ["--plugin", self.cheat("cheat_load_crash")]
        said = self.deltaw("rules", "--forget", "cheat", *plugin).stdout_text
        self.assertEqual(said, "cheat: its library will be tried again\n")
        self.deltaw(*self.arguments("cheat_load_crash"))
        self.assertEqual(self.kept_out(), [])
        said = self.deltaw("rules", "--forget", "cheat", *plugin).stdout_text
        self.assertEqual(said, "cheat: its library is in no quarantine\n")

    def test_an_exit_at_loading(self):
        done = self.deltaw(*self.arguments("cheat_load_exit"), status=5)
        self.assertIn("cheat_load_exit.so: ended the process with status 7 (while it is loaded)",
                      done.stderr_text)

    def test_a_hang_at_loading(self):
        done = self.deltaw(*self.arguments("cheat_load_hang"), status=5)
        self.assertRegex(done.stderr_text, r"error\[E141\] quarantined, as when it was tried: "
                         r"cheat_load_hang\.so: no answer within \d+ s \(while it is loaded\)")
        self.assertEqual(len(self.kept_out()), 1)

    def test_another_build_is_tried(self):
        self.deltaw(*self.arguments("cheat_load_exit"), status=5)
        self.deltaw(*self.arguments("cheat_none"))
        self.assertEqual(len(self.kept_out()), 1)

    def test_no_probe(self):
        self.environment["CRASH"] = "yes"
        process = self.start(*self.arguments("cheat_load_crash", "--no-probe"))
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, -6)
        self.assertEqual(self.kept_out(), [])


if __name__ == "__main__":
    main()
