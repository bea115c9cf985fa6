# SPDX-License-Identifier: Apache-2.0
"""What the shells complete and what the man page says: all options of all commands, by the one table
that is parsed; and `deltaw doctor` and `deltaw --version`."""
import json
import pathlib
import re
import shutil
import subprocess
import unittest

from case import DELTAW, Case, main

SHELL = pathlib.Path(__file__).resolve().parents[2] / "apps/deltaw/shell"
COMMANDS = ["compare", "run", "tune", "ensemble", "aggregate", "submit", "results", "top", "serve",
            "rules", "new-rule", "watch", "check", "data", "matrix", "doctor", "manifest"]


class Shells(Case):
    def complete(self, *words):
        return self.deltaw("complete", *words).stdout_text.split("\n")[:-1]

    def options(self, command):
        """Those that --help lists."""
        text = self.deltaw(command, "--help").stdout_text
        return set(re.findall(r"^  (?:-\w \[ )?(--[\w-]+)", text, re.M))

    def man(self):
        """Not by deltaw(), for among the errors is that of a bug."""
        return subprocess.run([DELTAW, "man"], capture_output=True, text=True, check=True,
                              env=self.environment).stdout

    def test_commands(self):
        self.assertEqual(self.complete(""), ["--help", "--version", *COMMANDS])
        self.assertEqual(self.complete("ma"), ["matrix", "manifest"])
        self.assertEqual(self.complete("no-such", ""), [])
        self.assertEqual(self.complete(), [])
        text = self.deltaw("--help").stdout_text
        self.assertEqual(re.findall(r"^  ([a-z-]+) {2,}", text, re.M), COMMANDS)

    def test_every_option_of_every_command_is_completed_and_described(self):
        page = self.man().replace("\\-", "-")
        sections = re.split(r"^\.SS ", page, flags=re.M)[1:]
        described = {section.split("\n")[0]: section for section in sections}
        self.assertEqual(list(described), COMMANDS)
        for command in COMMANDS:
            options = self.options(command)
            self.assertIn("--help", options)
            self.assertEqual(set(self.complete(command, "--")), options)
            for option in options - {"--help"}:
                self.assertRegex(described[command], rf"(?m)^\.B (-\w, )?{option}\b")

    def test_values_are_what_may_stand_there(self):
        for words, expected in (
                (["compare", ""], [":files json"]), (["compare", "--out", ""], [":folders"]),
                (["compare", "x.json", "--rules", "hebbian,ba"], ["hebbian,backprop"]),
                (["compare", "x.json", ""], []), (["compare", "--seeds", ""], []),
                (["rules", "sh"], ["show"]), (["rules", "show", "tripl"], ["triplet-stdp"]),
                (["rules", "--why", "tripl"], ["triplet-stdp"]),
                (["check", "back"], ["backprop", ":files json"]),
                (["new-rule", "x", "--lang", ""], ["c++", "c", "rust"]),
                (["new-rule", "x", "--kind", "s"], ["spike"]), (["new-rule", ""], []),
                (["tune", "--search", ""], ["sobol", "random"]), (["ensemble", ""], [":folders"]),
                (["ensemble", "results", "--combine", ""], ["average", "stacking", "both"]),
                (["data", "f"], ["fetch", "fashion-mnist"]), (["run", "-j", ""], []),
                (["manifest", "x.json", "--library", ""], [":files"])):
            self.assertEqual(self.complete(*words), expected, words)

    def test_rules_of_a_folder_on_the_line_are_known(self):
        self.install()
        self.assertEqual(self.complete("rules", "--plugin-dir", "plugin", "show", "good"),
                         ["good-hebb"])

    def in_bash(self, *words):
        script = (f"source {SHELL}/deltaw.bash; COMP_WORDS=({' '.join(map(repr, words))}); "
                  "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); compopt() { :; }; _deltaw deltaw; "
                  'printf "%s\\n" "${COMPREPLY[@]}"')
        environment = {**self.environment, "PATH": f"{DELTAW.parent}:{self.environment['PATH']}"}
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True,
                              cwd=self.folder, env=environment)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_bash(self):
        self.write("{}", "small.json")
        self.write("x", "small.txt")
        (self.folder / "smallest").mkdir()
        self.assertEqual(self.in_bash("deltaw", "do"), ["doctor"])
        self.assertEqual(self.in_bash("deltaw", "compare", "--over"), ["--overwrite"])
        self.assertEqual(sorted(self.in_bash("deltaw", "compare", "small")),
                         ["small.json", "smallest"])
        self.assertEqual(self.in_bash("deltaw", "compare", "--out", "small"), ["smallest"])

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh_can_read_its_script(self):
        subprocess.run(["zsh", "-n", SHELL / "_deltaw"], check=True)

    @unittest.skipUnless(shutil.which("fish"), "fish is not installed")
    def test_fish(self):
        script = f"source {SHELL}/deltaw.fish; complete -C '{DELTAW} compare --over'"
        said = subprocess.run(["fish", "-c", script], check=True, capture_output=True, text=True,
                              env=self.environment).stdout
        self.assertEqual(said.split(), ["--overwrite"])

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed")
    def test_the_man_page_is_clean_troff(self):
        page = self.man()
        done = subprocess.run(["groff", "-man", "-Kutf8", "-Tutf8", "-ww", "-z"], input=page,
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_man_page_lists_every_error_code(self):
        page = self.man()
        errors = pathlib.Path(__file__).resolve().parents[2] / "framework/core/errors.def"
        codes = re.findall(r"^DELTAW_ERROR\((\w+), (\d)", errors.read_text(), re.M)
        self.assertGreater(len(codes), 60)
        for code, status in codes:
            self.assertRegex(page, rf"\.B {code}\n.*\(exit status {status}\)\n")

    def test_version(self):
        lines = self.deltaw("--version").stdout_text.splitlines()
        self.assertRegex(lines[0], r"\Adeltaw \d+\.\d+\.\d+\Z")
        self.assertEqual([line.split()[0] for line in lines[1:]],
                         ["ABI", "compiler", "build", "Armadillo", "OpenBLAS", "oneDNN", "Boost",
                          "nlohmann/json"])


    def test_openblas_runs_on_what_the_processor_has(self):
        found = re.search(r"^flags\s*:(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
        flags = set(found[1].split()) if found else set()
        kernels = re.search(r"kernels for (\w+)", self.deltaw("--version").stdout_text)[1]
        wide = {"SkylakeX", "Cooperlake", "SapphireRapids"}
        if {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"} <= flags:
            self.assertIn(kernels, wide)
        elif {"avx2", "fma"} <= flags:
            self.assertIn(kernels, wide | {"Haswell", "Zen"})


class Doctor(Case):
    def doctor(self, *options, status=0):
        found = json.loads(self.deltaw("doctor", "--json", *options, status=status).stdout_text)
        return {entry["what"]: entry for entry in found}

    def test_all_is_well(self):
        found = self.doctor()
        for what in ("deltaw", "rules", "digits", "templates"):
            self.assertEqual(found[what]["state"], "ok", what)
        self.assertRegex(found["rules"]["detail"], r"^\d\d in /.*plugins/1$")
        self.assertEqual(found["mnist"]["advice"], "deltaw data fetch mnist")

    def test_what_is_missing_comes_with_what_to_do(self):
        self.environment["PATH"] = "/nothing"
        found = self.doctor()
        self.assertEqual((found["cmake"]["state"], found["cmake"]["advice"]),
                         ("optional", "apt-get install cmake"))
        self.environment["DELTAW_PLUGIN_PATH"] = ""
        found = self.doctor(status=3)
        self.assertEqual(found["rules"]["state"], "missing")
        self.assertIn("deltaw rules says where it looked", found["rules"]["advice"])

    def test_a_plugin_that_is_refused_is_wrong(self):
        self.install(version=7)
        said = self.deltaw("doctor", "--plugin-dir", "plugin", status=3).stdout_text
        self.assertRegex(said, r"\n  wrong +good_hebb\.rule\.json +.*/rules/0/version")


if __name__ == "__main__":
    main()
