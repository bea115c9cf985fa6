# SPDX-License-Identifier: Apache-2.0
"""`deltaw new-rule`: what it writes, and what it refuses. tests/scaffold builds what it writes."""
from case import Case, main


class NewRule(Case):
    def test_it_says_what_it_wrote_and_what_is_next(self):
        said = self.deltaw("new-rule", "sparse-hebb").stdout_text
        folder = self.folder / "sparse-hebb"
        for line in ("sparse-hebb: a dense rule in c++\n", "  sparse-hebb.cpp\n",
                     "cmake -S . -B build", "ctest --test-dir build", "deltaw compare experiment.json"):
            self.assertIn(line, said)
        source = (folder / "sparse-hebb.cpp").read_text()
        self.assertIn('id = "sparse-hebb"', source)
        self.assertIn("class SparseHebb {", source)
        self.assertIn("DELTAW_PLUGIN(SparseHebb)", source)
        self.assertIn('"rule": "sparse-hebb"', (folder / "experiment.json").read_text())
        self.assertIn('"name": "Sparse hebb"', (folder / "sparse-hebb.rule.json").read_text())

    def test_a_domain_is_part_of_the_id_alone(self):
        self.deltaw("new-rule", "org.example.oja2", "--lang", "rust", "--kind", "trial")
        folder = self.folder / "oja2"
        self.assertIn('b"org.example.oja2\\0"', (folder / "src/lib.rs").read_text())
        self.assertIn("liboja2.so", (folder / "build.sh").read_text())
        self.assertTrue((folder / "build.sh").stat().st_mode & 0o100)

    def test_names_that_cannot_be(self):
        for name, better in (("Sparse Hebb", "sparse-hebb"), ("2nd", "nd"), ("a--b", "a-b"),
                             ("a_b", "a-b"), ("../x", "x"), ("x.", ""), ("-x", "x")):
            arguments = ["new-rule", "--", name] if name.startswith("-") else ["new-rule", name]
            self.refuse(2, "E002", f"'{name}' is no name for a rule", "small letters, digits",
                        f"deltaw new-rule {better}" if better else "", arguments=arguments)
        self.refuse(2, "E002", "needs a name", arguments=["new-rule"])
        self.refuse(2, "E002", "at most 60", arguments=["new-rule", "a" * 61])

    def test_unknown_languages_and_kinds_have_a_nearest_one(self):
        self.refuse(2, "E002", "--lang C++", "did you mean 'c++'? known: c++, c, rust",
                    arguments=["new-rule", "x", "--lang", "C++"])
        self.refuse(2, "E002", "--kind spikes", "did you mean 'spike'?",
                    arguments=["new-rule", "x", "--kind", "spikes"])

    def test_every_language_has_every_kind(self):
        for language, source in (("c++", "x.cpp"), ("c", "x.c"), ("rust", "src/lib.rs")):
            for kind in ("dense", "trial", "spike", "network"):
                folder = self.folder / f"{language}-{kind}"
                said = self.deltaw("new-rule", "x", "--lang", language, "--kind", kind, "--out", folder)
                self.assertIn(f"a {kind} rule in {language}\n", said.stdout_text)
                for name in (source, "x.rule.json", "x.case.json", "experiment.json"):
                    self.assertTrue((folder / name).exists(), f"{language}, {kind}: {name}")

    def test_a_folder_that_is_there_is_left_alone(self):
        (self.folder / "taken").mkdir()
        self.refuse(2, "E710", "taken: is there already", arguments=["new-rule", "taken"])
        self.write("{}", "file")
        self.refuse(2, "E710", "file: is there already", arguments=["new-rule", "file"])
        self.refuse(6, "E600", "cannot be written",
                    arguments=["new-rule", "y", "--out", self.folder / "file/below"])


if __name__ == "__main__":
    main()
