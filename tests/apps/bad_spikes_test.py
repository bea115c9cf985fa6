# SPDX-License-Identifier: Apache-2.0
"""Spiking networks that cannot run are refused by name before a result is written; one that falls
silent or saturates fails, and says which layer and what to try."""
import copy
import unittest

from case import Case, main, read_json

SPIKES = {
    "deltaw": 1, "name": "spikes",
    "task": {"type": "digits", "split": {"limit_train": 150, "limit_test": 20}},
    "network": {
        "dt": 0.5,
        "layers": [{"name": "input", "units": 64, "source": {"type": "poisson", "rate": 50}},
                   {"name": "features", "units": 4, "dynamics": {"type": "spiking", "tau": 20}}],
        "connections": [{"from": "input", "to": "features", "constraint": {"bounds": [0, 200]},
                         "init": {"type": "constant", "value": 1}}]},
    "training": {"epochs": 1, "presentation": {"show": 50, "rest": 10}},
    "rules": ["stdp"], "seeds": 1}


class BadSpikes(Case):
    def changed(self, layer=None, source=None, connection=None, **network):
        document = copy.deepcopy(SPIKES)
        layers, connections = document["network"]["layers"], document["network"]["connections"]
        layers[1]["dynamics"].update(layer or {})
        layers[0]["source"] = source or layers[0]["source"]
        connections[0].update(connection or {})
        document["network"].update(network)
        return self.write(document)

    def test_what_cannot_run_is_refused(self):
        (self.folder / "late.csv").write_text("unit,ms\n3,10\n5,30\n2,20\n")
        cases = (("E515", ("dt is too coarse for layer 'features'", "at most its excitatory_tau, 5 ms"),
                  {"dt": 6}),
                 ("E503", ("/network/layers/1/dynamics/tau", "-20"), {"layer": {"tau": -20}}),
                 ("E503", ("'features'", "threshold at -70 mV, not above reset", "more than -65 mV"),
                  {"layer": {"threshold": -70}}),
                 ("E516", ("'input>features'", "up to 200 ms", "at most 254 steps, 127 ms"),
                  {"connection": {"delay": 200}}),
                 ("E517", ("'input>features'", "1", "0.5"),
                  {"connection": {"constraint": {"bounds": [0, 0.5]}}}),
                 ("E414", ("late.csv:4", "30 ms or later", "20 ms", "sort the lines"),
                  {"source": {"type": "spikes", "file": str(self.folder / "late.csv")}}),
                 ("E503", ("'input'", "a protocol says"), {"source": "protocol"}))
        for code, texts, changes in cases:
            with self.subTest(code, changes=changes):
                self.refuse(2, code, *texts, arguments=["compare", self.changed(**changes)])

    def test_rewards_that_cannot_be_given_are_refused(self):
        for code, texts, rule, reward, units in (
                ("E206", ("'reward-stdp' learns from a reward, and none is given",
                          '"reward": "delayed" under "training"'), "reward-stdp", None, 10),
                ("E503", ("a reward is given, and no rule asks for one",
                          'supervision "reward"'), "stdp", "delayed", 10),
                ("E503", ("the units of layer 'features' cannot be shared out among 10 classes",
                          "as many units for each class", "4 units"), "reward-stdp", "delayed", 4),
                ("E503", ("/training/reward is 'sporadic', which a sample cannot be", "delayed"),
                 "reward-stdp", "sporadic", 10)):
            with self.subTest(code, rule=rule, reward=reward):
                document = copy.deepcopy(SPIKES)
                document["rules"] = [rule]
                document["network"]["layers"][1]["units"] = units
                if reward:
                    document["training"]["reward"] = reward
                self.refuse(2, code, *texts, arguments=["compare", self.write(document)])

    def fail(self, code, *texts, **changes):
        done = self.deltaw("compare", self.changed(**changes), "--out", "out", "--overwrite", status=4)
        error = read_json(self.folder / "out/runs/stdp/seed-1/run.json")["error"]
        for text in (code, *texts):
            self.assertIn(text, error)
            self.assertIn(text, done.stderr_text)

    def test_a_silent_and_a_saturated_network_fail(self):
        self.fail("E307", "layer 'features' has not spiked",
                  connection={"init": {"type": "constant", "value": 0.001}})
        self.fail("E308", "layer 'features' saturates", "Hz a unit",
                  "weaker excitation, stronger inhibition, or a lower rate of the input",
                  layer={"current": 1000})


if __name__ == "__main__":
    main()
