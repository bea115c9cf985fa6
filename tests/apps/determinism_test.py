# SPDX-License-Identifier: Apache-2.0
"""The same seed gives the same bits: whatever goes on at the same time, whoever else takes part."""
import copy
import csv
import pathlib

from case import HEBBIAN_FEATURES, Case, main, read_json

EXPLORING = {"rule": "node-perturbation",
             "training": {"exploration": {"deviation": 0.01, "draws": 2}}}
SPIKING = {
    "network": {"layers": [{"name": "input", "units": 64, "source": "poisson"},
                           {"name": "hidden", "units": 12,
                            "dynamics": {"type": "spiking", "threshold": -62}}],
                "connections": [{"from": "input", "to": "hidden", "sum": 20,
                                 "init": {"type": "uniform", "low": 0, "high": 0.6},
                                 "constraint": {"bounds": [0, 1]},
                                 "delay": {"low": 0, "high": 5}}]},
    "training": {"epochs": 1, "evaluate_every": 50, "presentation": {"show": 100, "rest": 20}},
    "features": {"layer": "hidden", "readouts": ["population"]},
    "optimizer": None, "rules": ["diehl-cook"],
}
PHASES = pathlib.Path(__file__).resolve().parents[2] / "experiments/phases"
ALL = ["backprop", "feedback-alignment", HEBBIAN_FEATURES, EXPLORING]


def without_seconds(value):
    if isinstance(value, dict):
        return {key: without_seconds(part) for key, part in value.items() if key != "seconds"}
    return [without_seconds(part) for part in value] if isinstance(value, list) else value


class Determinism(Case):
    def compare(self, out, *options, file=None, **changes):
        file = file or self.experiment(**{"rules": ALL, **changes})
        self.deltaw("compare", file, "--out", out, "--quiet", *options)
        return self.folder / out

    def bits(self, out, rule="*"):
        """Weights and confusions by path, and the curves without the time they took."""
        files = {str(path.relative_to(out)): path.read_bytes()
                 for path in sorted(out.glob(f"runs/{rule}/**/*.npy"))}
        self.assertTrue(files)
        return files, self.curves(out, rule)

    def curves(self, out, rule="*"):
        with open(out / "metrics.csv", newline="") as file:
            return [{key: value for key, value in row.items() if key != "seconds"}
                    for row in csv.DictReader(file) if rule in ("*", row["rule"])]

    def test_jobs_change_no_bit(self):
        for precision in ("float32", "float64"):
            training = {"epochs": 2, "batch": 20, "precision": precision}
            one, two, four = (self.compare(f"{precision}-{jobs}", "--jobs", jobs, "--seeds", 3,
                                           training=training) for jobs in (1, 2, 4))
            self.assertEqual(len(self.bits(one)[1]), 4 * 3 * 3)
            for other in (two, four):
                self.assertEqual(self.bits(one), self.bits(other))
                self.assertEqual(without_seconds(read_json(one / "summary.json")),
                                 without_seconds(read_json(other / "summary.json")))

    def test_jobs_change_no_bit_of_rules_with_phases(self):
        for name in ("equilibrium-propagation", "forward-forward"):
            one, two = (self.compare(f"{name}-{jobs}", "--jobs", jobs, "--seeds", 2,
                                     "--set", "training.epochs=2",
                                     "--set", "task.split.limit_train=200",
                                     file=PHASES / f"{name}.json") for jobs in (1, 2))
            self.assertEqual(self.bits(one), self.bits(two))

    def test_jobs_change_no_bit_of_units_with_gates(self):
        arms = [{"name": gates.lower(), "rule": "backprop",
                 "network": {"layers": f"8x8-col {gates}12-10"}} for gates in ("GRU", "LSTM")]
        one, two = (self.compare(f"gates-{jobs}", "--jobs", jobs, "--seeds", 2, rules=arms,
                                 training={"epochs": 2, "batch": 20}) for jobs in (1, 2))
        self.assertEqual(self.bits(one), self.bits(two))
        self.assertNotEqual(self.curves(one, "gru"), self.curves(one, "lstm"))

    def test_jobs_change_no_bit_of_networks_that_spike(self):
        one, two = (self.compare(f"jobs-{jobs}", "--jobs", jobs, "--seeds", 2, **SPIKING)
                    for jobs in (1, 2))
        self.assertEqual(self.bits(one), self.bits(two))
        for seed in ("seed-1", "seed-2"):
            features = [read_json(out / "runs/diehl-cook" / seed / "features.json")
                        for out in (one, two)]
            self.assertTrue(features[0]["course"][0]["spikes"] > 0)
            self.assertEqual(*map(without_seconds, features))

    def test_threads_of_one_large_network_that_spikes_change_no_bit(self):
        spiking = copy.deepcopy(SPIKING)
        spiking["network"]["layers"][1]["units"] = 2100
        del spiking["network"]["connections"][0]["delay"], spiking["features"]
        spiking["training"]["presentation"] = {"show": 20, "rest": 2}
        one, three = (self.compare(f"threads-{jobs}", "--jobs", jobs, "--seeds", 1, **spiking)
                      for jobs in (1, 3))
        self.assertEqual(self.bits(one), self.bits(three))

    def test_no_arm_depends_on_the_others(self):
        together = self.compare("together")
        turned = self.compare("turned", rules=ALL[::-1])
        fewer = self.compare("fewer", "--rules", "node-perturbation,backprop", "--seeds", "2")
        for rule in ("backprop", "feedback-alignment", "features", "node-perturbation"):
            self.assertEqual(self.bits(together, rule), self.bits(turned, rule))
        alone = self.compare("alone", "--rules", "backprop", "--seeds", "2,1")
        self.assertEqual(self.bits(together, "backprop"), self.bits(alone, "backprop"))
        for path, content in self.bits(fewer)[0].items():
            self.assertEqual(content, (together / path).read_bytes(), path)

    def test_arms_of_one_network_start_alike_and_seeds_do_not(self):
        out = self.compare("out", rules=["backprop", "feedback-alignment", EXPLORING])
        start = {(row.pop("rule"), row.pop("seed")): row
                 for row in self.curves(out) if row["epoch"] == "0"}
        for seed in ("1", "2"):
            for rule in ("feedback-alignment", "node-perturbation"):
                self.assertEqual(start[rule, seed], start["backprop", seed])
        self.assertNotEqual(start["backprop", "1"], start["backprop", "2"])
        ends = {row["rule"]: row["train_loss"] for row in self.curves(out)
                if (row["seed"], row["epoch"]) == ("1", "2")}
        self.assertEqual(len(set(ends.values())), 3, ends)

    def test_seeds_are_theirs_whatever_the_list(self):
        many = self.compare("many", "--seeds", "1-3", rules=["backprop"])
        one = self.compare("one", "--seeds", "3", rules=["backprop"])
        self.assertEqual(read_json(one / "summary.json")["seeds"], [1, 2, 3])
        other = self.compare("other", "--seeds", "3-3", rules=["backprop"])
        path = pathlib.Path("runs/backprop/seed-3/weights/input>hidden.npy")
        self.assertEqual((many / path).read_bytes(), (other / path).read_bytes())

    def test_results_can_be_made_again_from_their_folder(self):
        first = self.compare("first", "--set", "training.batch=30", "--seeds", "4,2")
        again = self.compare("again", file=first / "experiment.json")
        self.assertEqual(self.bits(first), self.bits(again))
        self.assertEqual((first / "experiment.json").read_text(),
                         (again / "experiment.json").read_text())

    def test_rows_come_in_the_order_of_arms_seeds_and_epochs(self):
        out = self.compare("out", "--seeds", "3,1", "--jobs", "4")
        order = [(row["rule"], int(row["seed"]), int(row["epoch"])) for row in self.curves(out)]
        names = ["backprop", "feedback-alignment", "features", "node-perturbation"]
        self.assertEqual(order, [(rule, seed, epoch) for rule in names for seed in (1, 3)
                                 for epoch in (0, 1, 2)])


if __name__ == "__main__":
    main()
