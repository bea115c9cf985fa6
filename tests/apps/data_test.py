# SPDX-License-Identifier: Apache-2.0
"""deltaw data list and verify, and the words of deltaw data."""
import hashlib
import json
import pathlib

from case import Case, main

SHIPPED = pathlib.Path(__file__).resolve().parents[2] / "data/digits/digits.csv.gz"


class Data(Case):
    def test_list_tells_what_is_here_without_reading_it(self):
        self.write("not hashed", "data/mnist/train-labels-idx1-ubyte")
        said = self.deltaw("data", "list", "--data", "data").stdout_text
        self.assertRegex(said, r"(?m)^digits +1 +57\.5 kB  present +/.*data/digits$")
        self.assertRegex(said, r"(?m)^mnist +4 +11\.6 MB  1 of 4 +data/mnist$")
        self.assertRegex(said, r"(?m)^cifar-10 +6 +184\.4 MB  absent +data/cifar-10$")
        self.assertIn("Xiao", said)
        sets = json.loads(self.deltaw("data", "--json").stdout_text)["sets"]
        self.assertEqual([one["name"] for one in sets],
                         ["digits", "mnist", "fashion-mnist", "cifar-10"])
        self.assertEqual(sets[1]["folder"], str(self.folder / ".local/share/deltaw/data/mnist"))
        self.assertEqual(sets[1]["state"], "absent")
        self.assertEqual(sets[0]["files"][0]["sha256"], hashlib.sha256(SHIPPED.read_bytes()).hexdigest())

    def test_verify_names_what_differs_and_what_is_missing(self):
        self.assertRegex(self.deltaw("data", "verify", "digits").stdout_text,
                         r"^right    /.*digits\.csv\.gz\n$")
        self.assertIn("right", self.deltaw("data", "verify", "--all").stdout_text)
        self.write("wrong", "data/mnist/train-labels-idx1-ubyte.gz")
        done = self.deltaw("data", "verify", "mnist", "digits", "--data", "data", status=2)
        self.assertIn("error[E412] not what was published: mnist/train-labels-idx1-ubyte.gz\n",
                      done.stderr_text)
        self.assertIn("differs  data/mnist/train-labels-idx1-ubyte.gz\n", done.stdout_text)
        self.assertIn("absent   mnist/train-images-idx3-ubyte.gz\n", done.stdout_text)
        done = self.deltaw("data", "verify", "--all", "--data", "data", "--json", status=2)
        states = {entry["name"]: entry["state"] for entry in json.loads(done.stdout_text)["files"]}
        self.assertEqual(states["digits.csv.gz"], "right")
        self.assertEqual(states["train-labels-idx1-ubyte.gz"], "absent")  # of fashion-mnist
        done = self.deltaw("data", "verify", "cifar-10", status=2)
        self.assertIn("error[E400] missing: cifar-10/data_batch_1.bin, ", done.stderr_text)

    def test_a_missing_set_says_how_to_fetch_it(self):
        file = self.experiment(task={"type": "fashion-mnist"})
        self.refuse(2, "E400", "try: deltaw data fetch fashion-mnist, or --data FOLDER",
                    arguments=["compare", file])

    def test_wrong_words_are_named(self):
        for arguments, code, text in (
                (["lst"], "E002", "did you mean 'list'?"),
                (["fetch"], "E002", "needs names of data sets, or --all"),
                (["fetch", "mnist", "--all"], "E002", "or --all"),
                (["fetch", "minst"], "E410", "did you mean 'mnist'?"),
                (["verify", "digits", "--data", "nowhere"], "E400", "'nowhere' does not exist"),
                (["fetch", "digits", "--timeout", "soon"], "E002", "--timeout soon"),
                (["fetch", "digits", "--timeout", "nan"], "E002", "0.1 to 3600 seconds"),
                (["fetch", "digits", "--form", "x"], "E002", "did you mean '--from'?")):
            with self.subTest(arguments):
                self.refuse(2, code, text, arguments=["data", *arguments])


if __name__ == "__main__":
    main()
