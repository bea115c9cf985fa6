# SPDX-License-Identifier: Apache-2.0
"""`deltaw rules` and `deltaw manifest`, as a user and an author call them.

usage: commands_test.py DELTAW FIXTURES
"""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

DELTAW, FIXTURES = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])

MANIFEST = {
    "schema": 1, "license": "Apache-2.0",
    "rules": [{
        "id": "good-hebb", "version": "1.0.0", "name": "Hebb", "summary": "plain Hebb",
        "equation": "dW = scale * post pre^T", "references": ["Hebb 1949"],
        "signals": ["pre", "post"], "grain": "batch", "dynamics": ["static", "rate"],
        "locality": "synapse", "supervision": "none", "dtypes": ["f32", "f64"],
        "capabilities": ["concurrent", "deterministic"],
        "parameters": [{"name": "scale", "type": "number", "default": 1.0, "minimum": 0,
                        "exclusive_minimum": True, "unit": "mV", "help": "strength"}],
    }],
}


class Commands(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name).resolve()

    def deltaw(self, *arguments, status=0):
        environment = {"PATH": os.environ["PATH"], "DELTAW_PLUGIN_PATH": "", "HOME": str(self.folder)}
        done = subprocess.run([DELTAW, *map(str, arguments)], capture_output=True, text=True,
                              env=environment, cwd=self.folder)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout if status == 0 else done.stderr

    def write(self, document, name="author.rule.json"):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document))
        return path

    def install(self, name="a"):
        folder = self.folder / name
        folder.mkdir(parents=True)
        library = folder / "good_hebb.so"
        shutil.copy(FIXTURES / "good_hebb.so", library)
        output = folder / "good_hebb.rule.json"
        self.deltaw("manifest", self.write(MANIFEST), "--library", library, "--output", output,
                    "--build", "compiler=cc 1.0")
        return output

    def check(self, document, library, status, *texts):
        said = self.deltaw("manifest", self.write(document), "--library", FIXTURES / library,
                           "--output", self.folder / "out.rule.json", status=status)
        for text in texts:
            self.assertIn(text, said)
        self.assertFalse((self.folder / "out.rule.json").exists())

    def test_manifest_is_completed_by_what_can_be_seen(self):
        written = json.loads(self.install().read_text())
        self.assertEqual(written["library"], "good_hebb.so")
        self.assertEqual(written["abi"], "1.0")
        self.assertEqual(written["sha256"],
                         hashlib.sha256((FIXTURES / "good_hebb.so").read_bytes()).hexdigest())
        self.assertEqual(written["build"]["compiler"], "cc 1.0")
        # Hebb's rule sees nothing but the synapse's own.
        self.assertEqual(written["rules"],
                         [{**MANIFEST["rules"][0], "measured": {"locality": "synapse"}}])

    def test_manifest_shows_an_author_his_typing_error(self):
        typo = {**MANIFEST, "rules": [{**MANIFEST["rules"][0], "equatoin": "x"}]}
        self.check(typo, "good_hebb.so", 3, "E111", "/rules/0/equatoin", "did you mean 'equation'?")
        other = {**MANIFEST, "library": "other.so"}
        self.check(other, "good_hebb.so", 3, "E137", 'expected "good_hebb.so", found "other.so"')

    def test_manifest_refuses_a_library_that_says_otherwise(self):
        self.check(MANIFEST, "bad_rule_version.so", 3, "E137", "expected 1.0.0 as the manifest says",
                   "found 1.1.0 in the binary")

    def test_manifest_makes_each_rule_once(self):
        self.check(MANIFEST, "bad_create_message.so", 2, "E202", "good-hebb", "scale must be even")
        self.check(MANIFEST, "bad_create_silent.so", 4, "E302", "status 4")
        self.check(MANIFEST, "bad_create_status.so", 4, "E303", "undefined status 99")

    def test_rules_lists_what_is_usable_and_what_is_not(self):
        first, second = self.install("a"), self.install("b")
        (self.folder / "a/broken.rule.json").write_text("{")
        said = self.deltaw("rules", "--plugin-dir", "a", "--plugin-dir", "b")
        self.assertRegex(said, r"good-hebb +1\.0\.0 +synapse +none +static, rate +plain Hebb\n")
        self.assertRegex(said, r"broken\.rule\.json +refused +E110: .*broken\.rule\.json:1:2: ")
        self.assertRegex(said, r"good-hebb +1\.0\.0 +shadowed +by " + str(first))
        listed = json.loads(self.deltaw("rules", "--plugin-dir", "a", "--plugin-dir", "b", "--json"))
        states = {rule["manifest"]: rule["state"] for rule in listed["rules"]}
        self.assertEqual(states, {str(first): "ok", str(second): "shadowed",
                                  str(self.folder / "a/broken.rule.json"): "refused"})

    def test_rules_runs_no_code_of_plugins(self):
        library = self.folder / "x.so"
        library.write_text("not even a library")
        self.write({**MANIFEST, "abi": "1.0", "library": "x.so"}, "x.rule.json")
        self.assertIn("good-hebb", self.deltaw("rules", "--plugin-dir", "."))

    def test_rules_without_any_rule_says_where_it_looked(self):
        said = self.deltaw("rules")
        self.assertIn("no rule found in", said)
        self.assertIn("deltaw/plugins/1", said)

    def test_show_tells_all_about_one_rule(self):
        file = self.install()
        said = self.deltaw("rules", "show", "good-hebb", "--plugin", file)
        for pattern in (r"equation +dW = scale \* post pre\^T", r"reference +Hebb 1949",
                        r"signals +pre, post", r"locality +synapse: ", r"timing +batch: ",
                        r"scale +number > 0 +1\.0 +- +mV +strength", "manifest +" + str(file)):
            self.assertRegex(said, pattern)
        shown = json.loads(self.deltaw("rules", "show", "good-hebb@1.0.0", "--json", "--plugin",
                                       file.with_name("good_hebb.so")))
        self.assertEqual(shown["parameters"][0],
                         {"name": "scale", "type": "number", "default": 1.0, "minimum": 0.0,
                          "exclusive_minimum": True, "unit": "mV", "help": "strength"})

    def test_why_lists_every_place(self):
        file = self.install()
        said = self.deltaw("rules", "--why", "good-hebb", "--plugin-dir", "a")
        self.assertIn(f"--plugin-dir: {file.parent} (1 manifests)\n    {file} 1.0.0 ok", said)
        self.assertIn("not searched: DELTAW_PLUGIN_PATH is set and empty", said)
        said = self.deltaw("rules", "--why", "good-heb", "--plugin-dir", "a", status=3)
        self.assertIn("error[E101] no rule 'good-heb'", said)
        self.assertIn("did you mean 'good-hebb'?", said)

    def test_wrong_command_lines_are_named(self):
        for arguments, text in ((["--plugindir", "x"], "did you mean '--plugin-dir'?"),
                                (["show"], "deltaw rules show NAME"),
                                (["--why"], "--why"),
                                (["--plugin-dir", "nowhere"], "E102")):
            self.assertIn(text, self.deltaw("rules", *arguments, status=2))
        self.assertIn("--library", self.deltaw("manifest", "x.rule.json", status=2))
        self.assertIn("usage: deltaw rules", self.deltaw("rules", "--help"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
