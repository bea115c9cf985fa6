# SPDX-License-Identifier: Apache-2.0
"""Wrong options and wrong values of options, each named."""
from case import Case, main


class CommandLine(Case):
    def test_help_of_every_command_prints_what_it_takes(self):
        for arguments in ([], ["--help"], ["-h"], ["help"]):
            said = self.deltaw(*arguments).stdout_text
            for command in ("compare", "run", "rules", "data", "manifest"):
                self.assertRegex(said, rf"(?m)^  {command} +\w")
        for command, option in (("compare", "--overwrite"), ("run", "--seeds"),
                                ("rules", "--why"), ("data", "--from"),
                                ("manifest", "--library")):
            said = self.deltaw(command, "--help").stdout_text
            self.assertIn(f"deltaw {command}", said)
            self.assertIn(option, said)

    def test_the_version_is_the_first_line(self):
        self.assertRegex(self.deltaw("--version").stdout_text, r"\Adeltaw \d+\.\d+\.\d+\n")

    def test_a_wrong_command_or_option_gets_the_nearest(self):
        file = self.experiment()
        for arguments, texts in (
                (["comparre", file], ["no command 'comparre'", "did you mean 'compare'?"]),
                (["compare", file, "--sed", "3"], ["no option '--sed'", "'--set'"]),
                (["compare", file, "--epochs=3"], ["no option '--epochs'", "known: --rules"]),
                (["run", file, "--quite"], ["no option '--quite'", "did you mean '--quiet'?"]),
                (["compare"], ["needs an experiment file"]),
                (["compare", file, file], ["too many arguments"]),
                (["compare", file, "--out"], ["--out"]),
                (["compare", file, "--jobs="], ["--jobs"])):
            with self.subTest(arguments[1:]):
                self.refuse(2, "E002", *texts, arguments=arguments)

    def test_options_are_not_guessed_from_their_beginning(self):
        self.refuse(2, "E002", "'--over'", "did you mean '--overwrite'?",
                    arguments=["compare", self.experiment(), "--over"])

    def test_seeds_that_are_none(self):
        file = self.experiment()
        for value, text in (("many", "found 'many'"), ("", "is no list of seeds"),
                            ("0", "at least one seed"), ("-3", "--seeds -3"), ("1,", "found ''"),
                            ("5-2", "the range 5-2 is empty"), ("1.5", "found '1.5'"),
                            ("9" * 30, "is no list of seeds"),
                            ("1-9999999999", "empty or too long")):
            with self.subTest(value):
                self.refuse(2, "E002", "--seeds", text,
                            arguments=["compare", file, "--seeds", value])
        self.refuse(2, "E503", "/seeds/1 occurs twice", arguments=["run", file, "--seeds", "4,4"])
        self.refuse(2, "E503", "at most 10000", arguments=["run", file, "--seeds", "1-20000"])

    def test_jobs_that_are_none(self):
        file = self.experiment()
        for value in ("-1", "two", "", "1025", "99999999999999999999999", "1.5"):
            with self.subTest(value):
                self.refuse(2, "E002", f"--jobs {value} is no number of runs",
                            "expected 0 (one a core) to 1024",
                            arguments=["compare", file, "--jobs", value])
        for value in ("0", "1024"):
            self.deltaw("compare", file, "--jobs", value, "--out", f"jobs{value}")

    def test_set_names_a_place(self):
        file = self.experiment()
        for value, texts in (
                ("training.epoch=3", ["'training' has no key 'epoch'", "did you mean 'epochs'?"]),
                ("trainin.epochs=3", ["has no key 'trainin'", "did you mean 'training'?"]),
                ("network.layers.hiden.units=3", ["no element 'hiden'", "'hidden'"]),
                ("training.epochs.x=3", ["'training.epochs' is no object"]),
                ("training.epochs", ["names no value", "path=value"]),
                ("=3", ["names no value"])):
            with self.subTest(value):
                self.refuse(2, "E504", f"--set {value.split('=3')[0]}", *texts,
                            arguments=["compare", file, "--set", value])
        self.refuse(2, "E503", "/training/epochs is out of range", "number >= 1", "found number 0",
                    arguments=["compare", file, "--set", "training.epochs=0"])

    def test_rules_names_arms_or_rules(self):
        file = self.experiment(rules=["backprop", {"name": "direct", "rule": "feedback-alignment",
                                                   "parameters": {"mode": "direct"}}])
        self.refuse(3, "E101", "no rule 'dirct', and no arm of that name in the experiment",
                    "did you mean 'direct'?", "known: backprop, direct",
                    arguments=["compare", file, "--rules", "backprop,dirct"])
        self.refuse(3, "E101", "did you mean 'feedback-alignment'?",
                    arguments=["compare", file, "--rules", "feedback-aligment"])
        for value in ("", "backprop,", ",backprop"):
            self.refuse(2, "E002", "empty name", arguments=["compare", file, "--rules", value])
        self.refuse(2, "E002", "names 'backprop' twice",
                    arguments=["compare", file, "--rules", "backprop,backprop"])


if __name__ == "__main__":
    main()
