# SPDX-License-Identifier: Apache-2.0
"""Experiments that cannot run: each is refused by name before a result is written."""
import resource
import unittest

from case import HEBBIAN_FEATURES, IS_SANITIZED, SMALL, Case, main


def layers(hidden=12, **changes):
    return [{"name": "input", "units": 64}, {"name": "hidden", "units": hidden, **changes},
            {"name": "output", "units": 10, "activation": "softmax"}]


class BadExperiment(Case):
    def refuse_experiment(self, status, code, *texts, options=(), **changes):
        self.refuse(status, code, *texts, arguments=["compare", self.experiment(**changes), *options])

    def test_a_file_that_is_no_experiment(self):
        (self.folder / "small.jsn").write_text("{}")
        self.refuse(2, "E500", "nowhere.json: no such file", arguments=["compare", "nowhere.json"])
        self.refuse(2, "E500", "small.json: no such file", "try: small.jsn",
                    arguments=["compare", "small.json"])
        self.refuse(2, "E500", "found a folder", arguments=["compare", self.folder])
        self.refuse(2, "E500", "a special file", arguments=["compare", "/dev/null"])
        for text, said in (("", ":1:1: "), ('{\n "deltaw": 1,\n "name" "x"}', ":3:11: "),
                           ('{"deltaw": NaN}', ":1:12: "), ('{"deltaw": 1', ":1:13: "),
                           ('{"deltaw": 1e999}', "number overflow"), ("[" * 1000, "nested too deeply"),
                           ('{"deltaw": 1, "deltaw": 1}', "occurs twice")):
            with self.subTest(text[:20]):
                file = self.write(text, "bad.json")
                self.refuse(2, "E501", f"{file}", said, arguments=["compare", file])
        file = self.folder / "binary.json"
        file.write_bytes(bytes(range(256)) * 10)
        self.refuse(2, "E501", ":1:1: ", arguments=["compare", file])
        self.refuse(2, "E503", "the document", arguments=["compare", self.write("[]", "list.json")])

    def test_unknown_rules_and_parameters(self):
        arm = {"rule": "feedback-alignment", "parameters": {"mood": "direct"}}
        self.refuse_experiment(3, "E101", "no rule 'backprp'", "did you mean 'backprop'?",
                               rules=["backprp"])
        self.refuse_experiment(2, "E201", "has no parameter 'mood'", "did you mean 'mode'?",
                               rules=[arm])
        for value, text in (("dirct", "did you mean 'direct'?"), (3, "expected")):
            self.refuse_experiment(2, "E202", "'mode'", text,
                                   rules=[{**arm, "parameters": {"mode": value}}])
        plugin = self.install()
        for value in (0, -1, "big"):
            self.refuse_experiment(2, "E202", "'scale'", "number > 0", options=["--plugin", plugin],
                                   rules=[{"rule": "good-hebb", "parameters": {"scale": value}}])

    def test_an_error_of_one_arm_names_it(self):
        def arm(rule, **parameters):
            return {"name": "mine", "rule": rule, "parameters": parameters}
        self.refuse_experiment(2, "E201", "arm 'mine': ", "no parameter 'mood'",
                               rules=["backprop", arm("feedback-alignment", mood="direct")])
        self.refuse_experiment(2, "E202", "arm 'mine': ", "'mode'",
                               rules=["backprop", arm("feedback-alignment", mode="dirct")])
        local = {**HEBBIAN_FEATURES["network"], "layers": [
            {**layer, "bias": False} for layer in HEBBIAN_FEATURES["network"]["layers"]]}
        self.refuse_experiment(2, "E202", "arm 'mine': rule 'krotov-hopfield' refuses: k is 13",
                               rules=["backprop", {**arm("krotov-hopfield", k=13), "network": local}])

    def test_a_change_that_arms_have_their_own_instead_of(self):
        own = {"rule": "backprop", "training": {"epochs": 1}}
        change = ["--set", "training.epochs=3"]
        self.refuse_experiment(2, "E504", "changes nothing: every arm has its own instead",
                               "try: --set rules.backprop.training.epochs=3", rules=[own],
                               options=change)
        file = self.experiment(rules=[own, "feedback-alignment"])
        said = "note: --set training.epochs=3 reaches 1 of 2 arms (feedback-alignment): "
        for quiet, check in (([], self.assertIn), (["--quiet"], self.assertNotIn)):
            done = self.deltaw("compare", file, "--out", "out", "--overwrite", *change, *quiet)
            check(said, done.stderr_text)

    def test_unknown_keys_get_the_nearest(self):
        self.refuse_experiment(2, "E502", "/seed ", "did you mean 'seeds'?", seed=3)
        self.refuse_experiment(2, "E502", "/training/epoch ", "did you mean 'epochs'?",
                               training={"epoch": 3})
        self.refuse_experiment(2, "E502", "/optimizer/momentum", "type 'sgd'",
                               optimizer={"type": "sgd", "momentum": 0.9})
        self.refuse_experiment(2, "E502", "/task/file", "type 'digits'",
                               task={"type": "digits", "file": "x.csv"})

    def test_wrong_types_and_ranges(self):
        for key, value, texts in (
                ("training", {"epochs": 0}, ["/training/epochs", "number >= 1", "found number 0"]),
                ("training", {"epochs": 2.5}, ["/training/epochs", "expected integer"]),
                ("training", {"batch": 0}, ["/training/batch", "number >= 1"]),
                ("training", {"batch": "all"}, ["/training/batch", "expected integer"]),
                ("training", {"evaluate_every": 0}, ["/training/evaluate_every"]),
                ("training", {"precision": "float16"}, ["/training/precision", "float32"]),
                ("optimizer", {"rate": 0}, ["/optimizer", "number > 0"]),
                ("optimizer", "sdg", ["/optimizer", 'did you mean "sgd"?']),
                ("seeds", 0, ["/seeds", "number >= 1"]),
                ("seeds", [], ["/seeds"]),
                ("rules", [], ["/rules"]),
                ("rules", ["backprop", "backprop"], ["/rules/1 has the name 'backprop', which"]),
                ("reference", "hebbian", ["names no arm", "known: backprop"]),
                ("criterion", {"metric": "train_accuracy", "at_least": 95}, ["0.95, not 95"]),
                ("deltaw", 2, ["made for a newer deltaw"])):
            with self.subTest((key, value)):
                self.refuse_experiment(2, "E503", *texts, **{key: value})
        for name in ("../up", ".hidden", "a b", "a/b"):
            file = self.write({**SMALL, "name": name})
            self.refuse(2, "E503", "/name cannot be the name of a file", arguments=["compare", file])
        self.refuse_experiment(2, "E503", "lacks", "'network'", network=None)

    def test_networks_that_are_none(self):
        def network(code, *texts, **changes):
            self.refuse_experiment(2, code, *texts, network={"layers": layers(), **changes})
        forward = [{"from": "input", "to": "hidden"}, {"from": "hidden", "to": "output"}]
        network("E510", "names no layer: 'hiden'", "did you mean 'hidden'?",
                connections=[{"from": "input", "to": "hiden"}])
        network("E511", "cycle", "hidden > hidden",
                connections=[*forward, {"from": "hidden", "to": "hidden"}])
        network("E511", "found hidden > middle > hidden",
                layers=[*layers()[:2], {"name": "middle", "units": 5}, layers()[2]],
                connections=[*forward, {"from": "hidden", "to": "middle"},
                             {"from": "middle", "to": "hidden"}])
        network("E512", "'hidden'", "cannot be reached from",
                connections=[{"from": "input", "to": "output"}, {"from": "hidden", "to": "output"}])
        network("E503", "is taken", layers=[*layers()[:2], layers()[1], layers()[2]])
        self.refuse_experiment(2, "E513", "has no rule for the plastic connection 'hidden>output'",
                               rules=[{**HEBBIAN_FEATURES, "drive": HEBBIAN_FEATURES["drive"][:1]}])

    def test_shapes_that_do_not_meet(self):
        for index, units, texts in ((0, 63, ["'input'", "expected 64 units", "found 63"]),
                                    (2, 11, ["'output'", "expected 10 units", "found 11"])):
            wrong = layers()
            wrong[index]["units"] = units
            self.refuse_experiment(2, "E205", *texts, network={"layers": wrong})

    def test_networks_beyond_any_memory(self):
        self.refuse_experiment(2, "E503", "number <= 1000000", "found number 1000000000000",
                               network={"layers": layers(10**12)})
        self.refuse_experiment(2, "E503", "expected integer",
                               network={"layers": layers(1e12)})
        wide = [layers()[0], {"name": "a", "units": 10**6}, {"name": "b", "units": 10**6},
                layers()[2]]
        self.refuse_experiment(2, "E503", "/network/layers have too many units",
                               "at most 1073741824 weights", network={"layers": wide})

    @unittest.skipIf(IS_SANITIZED, "sanitizers need their own address space")
    def test_too_little_memory_is_named(self):
        limit = 1 << 30
        file = self.experiment(network={"layers": layers(10**6)})
        done = self.deltaw("compare", file, status=2, preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_AS, (limit, limit)))
        self.assertTrue(done.stderr_text.startswith("error[E003] not enough memory"),
                        done.stderr_text)
        self.assertIn("a smaller network or batch", done.stderr_text)
        self.assertFalse((self.folder / "results").exists())

    def test_a_rule_for_other_dynamics(self):
        plugin = self.install(dynamics=["rate", "spiking"])
        self.refuse_experiment(3, "E204", "'good-hebb' cannot drive a static network",
                               "expected dynamics rate or spiking, found a static network",
                               rules=["good-hebb"], options=["--plugin", plugin])

    def test_a_rule_that_lacks_the_precision(self):
        plugin = self.install(dtypes=["f32"], capabilities=["concurrent", "deterministic"])
        self.refuse_experiment(3, "E137", "capabilities", rules=["good-hebb"],
                               options=["--plugin", plugin])

    def test_data_that_are_not_there(self):
        mnist = [{**layer, "units": 784} if layer["name"] == "input" else layer
                 for layer in layers()]
        changes = {"task": {"type": "mnist"}, "network": {"layers": mnist}}
        self.refuse_experiment(2, "E400", "'mnist/train-images-idx3-ubyte.gz' is missing",
                               "--data FOLDER or DELTAW_DATA=FOLDER", **changes)
        self.refuse_experiment(2, "E400", "data folder 'nowhere' does not exist",
                               options=["--data", "nowhere"], **changes)
        self.refuse_experiment(2, "E400", "'x.csv' is missing",
                               task={"type": "csv", "file": "x.csv"})

    def test_splits_that_cannot_be(self):
        self.refuse_experiment(2, "E503", "/task/split divides more than there is",
                               task={"type": "digits", "split": {"train": 0.8, "test": 0.5}})
        self.refuse_experiment(2, "E503", "there is no validation part",
                               criterion={"metric": "validation_accuracy", "at_least": 0.9})


if __name__ == "__main__":
    main()
