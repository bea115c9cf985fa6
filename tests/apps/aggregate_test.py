# SPDX-License-Identifier: Apache-2.0
"""`deltaw aggregate`: rules over several tasks as NumPy has them; results that do not go together are
named."""
import json

import numpy as np

from case import SMALL, Case, main, read_json


class Aggregate(Case):
    def trained(self, task, **changes):
        document = {**SMALL, "name": task, "seeds": 3, **changes}
        self.deltaw("compare", self.write(document, f"{task}.json"), "--quiet", "--out", task)
        return task

    def accuracies(self, folder, rule):
        return [read_json(run)["metrics"]["test_accuracy"]
                for run in sorted((self.folder / folder / "runs" / rule).glob("seed-*/run.json"))]

    def test_rules_of_all_tasks_are_aggregated(self):
        self.trained("one")
        self.trained("two", training={"epochs": 1, "batch": 20},
                     rules=["feedback-alignment", "backprop",
                            {"name": "slow", "rule": "backprop", "optimizer": {"rate": 0.01}}])
        found = json.loads(self.deltaw("aggregate", "one", "two", "--json").stdout_text)
        self.assertEqual([found["tasks"], found["reference"], found["metric"]],
                         [["one", "two"], "backprop", "test_accuracy"])
        self.assertEqual([rule["rule"] for rule in found["rules"]],
                         ["backprop", "feedback-alignment"])
        for rule in found["rules"]:
            values = [self.accuracies(task, rule["rule"]) for task in ("one", "two")]
            middle = np.sort(np.concatenate(values))[1:-1]
            self.assertAlmostEqual(rule["interquartile_mean"]["mean"], middle.mean())
            np.testing.assert_allclose(rule["medians"], np.median(values, axis=1))
        ahead = np.mean([[np.sign(a - b) / 2 + 0.5 for a in self.accuracies(task, "feedback-alignment")
                          for b in self.accuracies(task, "backprop")] for task in ("one", "two")])
        self.assertAlmostEqual(found["rules"][1]["improvement"]["share"], ahead)

        text = self.deltaw("aggregate", "one", "two", "--reference", "feedback-alignment").stdout_text
        self.assertRegex(text, r"backprop +network +error +batch +6 +\d+\.\d \[.*\] +\d\.\d\d \[")
        self.assertIn("few data for such intervals", text)
        self.assertIn("left out, not in all results: slow", text)

    def test_results_that_do_not_go_together_are_refused(self):
        self.trained("one")
        self.trained("two", rules=[{"name": "slow", "rule": "backprop"}])
        for words, said in ((("one",), "two comparisons or more"),
                            (("one", "one"), "earlier results are of 'one', too"),
                            (("one", "nowhere"), "nowhere"),
                            (("one", "two"), "no rule has the same name")):
            self.assertIn(said, self.deltaw("aggregate", *words, status=2).stderr_text)
        self.trained("three")
        self.trained("four", rules=[{"name": "backprop", "rule": "feedback-alignment"}])
        self.assertIn("expected backprop, found feedback-alignment",
                      " ".join(self.deltaw("aggregate", "one", "four", status=2).stderr_text.split()))
        for words, said in ((("--rules", "bakprop"), "did you mean 'backprop'?"),
                            (("--reference", "slow"), "known: backprop, feedback-alignment"),
                            (("--metric", "train_loss"), "not the same scale")):
            self.assertIn(said, self.deltaw("aggregate", "one", "three", *words,
                                            status=2).stderr_text)


if __name__ == "__main__":
    main()
