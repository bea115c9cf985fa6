# SPDX-License-Identifier: Apache-2.0
"""Tuning as its users do it: the same budget for each rule, nothing lost, and a comparison that says
where its values come from."""
import json
import shlex
import signal
import time

from case import Case, main, read_json

BUDGET = ["--trials", "4", "--halving", "2", "--epochs", "2", "--seeds", "2"]


def lines_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def without_time(lines):
    return [{key: value for key, value in line.items() if key != "seconds"} for line in lines]


class Tune(Case):
    def test_a_tuning_records_every_run_and_a_comparison_takes_what_it_found(self):
        file = self.experiment()
        done = self.deltaw("tune", file, *BUDGET, "--out", "tuned", "--jobs", "2")
        out = self.folder / "tuned"
        lines, tuned = lines_of(out / "trials.jsonl"), read_json(out / "tuned.json")
        # Two rules, two seeds, four trials and then two.
        self.assertEqual(len(lines), 2 * 2 * (4 + 2))
        self.assertEqual([(rung["trials"], rung["epochs"]) for rung in tuned["rungs"]], [(4, 1), (2, 2)])
        self.assertEqual({line["seed"] for line in lines}, {101, 102})
        for rule in tuned["rules"]:
            last = [line for line in lines if (line["rule"], line["rung"]) == (rule["rule"], 1)]
            by_trial = {}
            for line in last:
                by_trial.setdefault(line["trial"], []).append(line["value"])
            medians = {trial: sum(values) / 2 for trial, values in by_trial.items()}
            self.assertEqual(medians[rule["trial"]], max(medians.values()))
            self.assertAlmostEqual(rule["value"], medians[rule["trial"]])
            self.assertEqual(rule["values"], next(line["values"] for line in last
                                                  if line["trial"] == rule["trial"]))
        self.assertIn("next: deltaw compare", done.stdout_text)
        self.assertIn("workers had a run for", done.stderr_text)
        self.assertIn("[24/24] ", done.stderr_text)
        self.assertTrue((out / "report.html").exists())
        provenance = read_json(out / "provenance.json")
        self.assertEqual(provenance["load"]["jobs"], 2)
        self.assertTrue(provenance["finished"])

        compared = self.deltaw("compare", file, "--tuned", out / "tuned.json", "--out", "out", "--quiet")
        text = "tuned: 4 trials of 1 to 2 epochs each, on validation data"
        self.assertIn(text, compared.stdout_text)
        summary = read_json(self.folder / "out/summary.json")
        self.assertEqual(summary["tuning"]["how"], "tuned")
        self.assertIn(text[1:], (self.folder / "out/report.html").read_text())
        rates = [rule["drive"][0]["optimizer"]["rate"] for rule in read_json(self.folder / "out/experiment.json")["rules"]]
        self.assertEqual(rates, [rule["values"]["optimizer.rate"] for rule in tuned["rules"]])

        self.refuse(2, "E601", "--resume", arguments=["tune", file, *BUDGET, "--out", "tuned"])
        self.refuse(2, "E503", "seed 101", arguments=["compare", file, "--tuned", out / "tuned.json",
                                                      "--seeds", "101", "--out", "other"])
        other = self.write({**read_json(file), "name": "other"}, "other.json")
        self.refuse(2, "E503", "'small', not of 'other'",
                    arguments=["compare", other, "--tuned", out / "tuned.json"])
        changed = self.experiment("changed.json", optimizer={"type": "adam"})
        self.refuse(2, "E503", "arm 'backprop' differs",
                    arguments=["compare", changed, "--tuned", out / "tuned.json"])
        self.refuse(2, "E603", "no tuned values", arguments=["compare", file, "--tuned", file])
        self.refuse(2, "E603", "nope.json", "`deltaw tune` wrote",
                    arguments=["compare", file, "--tuned", "nope.json"])
        self.refuse(2, "E002", "changes what was tuned", "optimizer.rate=0.5",
                    arguments=["compare", file, "--tuned", out / "tuned.json", "--out", "other",
                               "--set", "rules.backprop.optimizer.rate=0.5"])
        self.assertFalse((self.folder / "other").exists())
        compared = self.deltaw("compare", file, "--tuned", out / "tuned.json", "--out", "longer",
                               "--set", "training.epochs=3", "--quiet")
        self.assertIn("; compared with --set training.epochs=3", compared.stdout_text)

    def test_the_command_it_ends_with_compares_what_was_tuned(self):
        file = self.experiment()
        done = self.deltaw("tune", file, *BUDGET, "--rules", "backprop", "--out", "tuned",
                           "--set", "training.batch=5", "--set", "tune.rungs=2")
        [command] = [line[6:] for line in done.stdout_text.splitlines() if line.startswith("next: ")]
        words = shlex.split(command)
        self.assertEqual(words[:2], ["deltaw", "compare"])
        compared = self.deltaw(*words[1:], "--out", "out", "--quiet")
        self.assertIn("with --set training.batch=5", compared.stdout_text)
        self.assertNotIn("compared with", compared.stdout_text)
        self.assertNotIn("not tuned", compared.stdout_text)

    def test_what_was_stopped_goes_on_to_the_same_bits(self):
        file = self.experiment(training={"epochs": 300, "batch": 4})
        budget = ["--trials", "6", "--halving", "1", "--seeds", "1", "--rules", "backprop", "--quiet"]
        process = self.start("tune", file, *budget, "--out", "stopped", "--jobs", "1")
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        trials = self.folder / "stopped/trials.jsonl"
        end = time.monotonic() + 60
        while not trials.exists() or not trials.read_text():
            self.assertIsNone(process.poll(), "ended by itself")
            self.assertLess(time.monotonic(), end, "waited in vain")
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, said)
        kept = lines_of(trials)
        self.assertIn(f"interrupted: {len(kept)} of 6 runs are kept in stopped; --resume", said)
        self.assertFalse((self.folder / "stopped/tuned.json").exists())
        self.deltaw("tune", file, *budget, "--out", "stopped", "--resume")
        self.deltaw("tune", file, *budget, "--out", "whole")
        self.assertEqual(lines_of(trials)[0]["seconds"], kept[0]["seconds"], "it was not run again")
        self.assertEqual(without_time(lines_of(trials)),
                         without_time(lines_of(self.folder / "whole/trials.jsonl")))
        self.assertEqual((self.folder / "stopped/tuned.json").read_bytes(),
                         (self.folder / "whole/tuned.json").read_bytes())

    def test_a_rate_that_diverges_counts_as_worst_and_is_no_failure(self):
        wild = {"ranges": {"optimizer.rate": [0.1, 1e30]}}
        file = self.experiment(tune=wild, network={"layers": [
            {"name": "input", "units": 64}, {"name": "output", "units": 10, "activation": "linear"}]},
            training={"epochs": 3, "batch": 20, "loss": "mse"})
        done = self.deltaw("tune", file, "--trials", "4", "--halving", "1", "--seeds", "1", "--json",
                           "--rules", "backprop", "--out", "out")
        rule, = json.loads(done.stdout_text)["rules"]
        self.assertGreater(rule["failed"], 0)
        self.assertLess(rule["failed"], rule["runs"])
        self.assertEqual(rule["values"], {"optimizer.rate": 0.1})
        lost = [line for line in lines_of(self.folder / "out/trials.jsonl") if line["status"] == "failed"]
        self.assertEqual([line["value"] for line in lost], [None] * rule["failed"])
        self.assertIn("E304", lost[0]["error"])

    def test_a_comparison_says_how_its_values_were_chosen(self):
        done = self.deltaw("compare", self.experiment(), "--quiet", "--out", "plain")
        self.assertIn("not tuned: rates and parameters are the experiment's own", done.stdout_text)
        self.assertEqual(read_json(self.folder / "plain/summary.json")["tuning"]["how"], "none")
        noted = self.experiment("noted.json", tuning="by hand, in notes.md")
        done = self.deltaw("compare", noted, "--quiet", "--json", "--out", "noted")
        self.assertEqual(json.loads(done.stdout_text)["tuning"],
                         {"how": "noted", "text": "tuning: by hand, in notes.md"})
        self.assertIn("Tuning: by hand, in notes.md.", (self.folder / "noted/report.html").read_text())

    def test_wrong_budgets_and_ranges_are_named(self):
        file = self.experiment()
        self.refuse(2, "E503", "trials", arguments=["tune", file, "--trials", "0"])
        self.refuse(2, "E503", "search", arguments=["tune", file, "--search", "grid"])
        self.refuse(2, "E503", "3 rungs", "at least 4 trials and 4 epochs",
                    arguments=["tune", file, "--trials", "3", "--halving", "2", "--set", "tune.rungs=3"])
        self.refuse(2, "E503", "optimizer.rate", "must be below",
                    arguments=["tune", self.experiment("empty.json", tune={"ranges": {
                        "optimizer.rate": {"low": 1, "high": 1}}})])
        self.refuse(2, "E503", "arm 'backprop'", "parameters.decay", arguments=[
            "tune", self.experiment("unknown.json", tune={"ranges": {"parameters.decay": [1, 2]}})])
        self.refuse(2, "E002", "opposite", arguments=["tune", file, "--resume", "--overwrite"])
        self.refuse(2, "E002", "needs an experiment", arguments=["tune"])
        self.refuse(2, "E002", "names 'backprop' twice",
                    arguments=["tune", file, "--rules", "backprop,backprop"])
        self.refuse(2, "E603", "'nowhere' has no tuning", arguments=["tune", file, "--resume",
                                                                    "--out", "nowhere"])
        self.assertFalse((self.folder / "nowhere").exists())
        self.refuse(3, "E101", arguments=["tune", file, "--rules", "backprob"])


if __name__ == "__main__":
    main()
