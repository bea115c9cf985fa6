# SPDX-License-Identifier: Apache-2.0
"""Tasks in trials: what run and compare say, what they leave, how they stop, and what they refuse."""
import json
import signal
import time

import numpy
import pandas

from case import IS_SANITIZED, Case, main, read_json

# Delayed nonmatch in 50 steps, 20 rate units of which unit 3 is the output.
TRIALS = {
    "deltaw": 1, "name": "trials",
    "task": {"trials": {"type": "delayed-nonmatch", "dt": 5, "first": [10, 60],
                        "second": [100, 150], "response": [200, 250]}},
    "network": {
        "layers": [{"name": "input", "units": 2},
                   {"name": "recurrent", "units": 20, "activation": "tanh", "bias": False,
                    "dynamics": {"type": "rate", "tau": 30, "clamped": [[1, 1]]}},
                   {"name": "output", "units": 1, "bias": False}],
        "connections": [{"from": "input", "to": "recurrent", "plastic": False,
                         "init": {"type": "uniform", "low": -1, "high": 1}},
                        {"from": "recurrent", "to": "recurrent", "init": "normal"},
                        {"from": "recurrent", "to": "output", "plastic": False,
                         "init": {"type": "select", "units": [3]}}]},
    "training": {"trials": 60, "warm_up": 10, "evaluate_every": 20,
                 "exploration": {"rate": 20, "amplitude": 3}},
    "optimizer": {"type": "sgd", "rate": 0.01, "clip": 0.01},
    "criterion": {"error": 1.5, "share": 0.5, "of": 10},
    "rules": ["miconi", "node-perturbation"],
    "seeds": 2,
}


class Trials(Case):
    def file(self, *path, **changes):
        """TRIALS with `changes`, inside the objects that `path` leads to; its file."""
        document = json.loads(json.dumps(TRIALS))
        place = document
        for key in path:
            place = place[key]
        place.update(changes)
        return self.write(document, "trials.json")

    def test_run_prints_trials(self):
        done = self.deltaw("run", self.file())
        rows = [line.split()[:4] for line in done.stdout_text.splitlines()]
        self.assertEqual(rows, [["rule", "seed", "trial", "updates"], ["miconi", "1", "0", "0"],
                                ["miconi", "1", "20", "10"], ["miconi", "1", "40", "30"],
                                ["miconi", "1", "60", "50"]])
        self.assertNotIn("epoch", done.stdout_text + done.stderr_text)
        runs = json.loads(self.deltaw("run", self.file(), "--json").stdout_text)
        self.assertEqual(runs[0]["metrics"]["trials"], 60)

    def test_compare_speaks_of_errors_and_trials(self):
        done = self.deltaw("compare", self.file())
        lines = sorted(done.stderr_text.splitlines())
        self.assertEqual(len(lines), 4)
        for i, line in enumerate(lines, 1):
            self.assertRegex(line, rf"^\[{i}/4\] (miconi|node-perturbation) seed [12] finished: "
                             r"test error \d\.\d{4}$")
        self.assertIn("50 % below 1.5", done.stdout_text)
        self.assertRegex(done.stdout_text, r"(?m)^miconi +modulator +reward +trial .* \(2/2\) .* 60$")
        self.assertRegex(done.stdout_text, r"(?m)^beside miconi +trials to criterion +p ")
        self.assertRegex(done.stdout_text, r"(?m)^node-perturbation +[+-]\d+ \[.*too few seeds: at least 6$")
        self.assertIn("mean error in test trials", done.stdout_text)
        self.assertNotIn("epoch", done.stdout_text)

    def test_a_terminal_gets_a_bar_with_trials_a_second(self):
        file = self.file("training", trials=3000)
        said = self.on_terminal(120, "compare", file, "--out", "out")
        self.assertRegex(said, r"\r\x1b\[K\[[#.]{24}\] \d/4 runs  (\d+:\d\d|\?) left  \d+ trials/s  "
                         r"[a-z-]+ seed \d trial \d+  test error \d\.\d")
        self.assertNotIn("epoch", said)

    def test_results_hold_every_error_and_the_first_weights(self):
        done = self.deltaw("compare", self.file(), "--out", "out", "--json")
        summary = json.loads(done.stdout_text)
        out = self.folder / "out"
        self.assertEqual(summary, read_json(out / "summary.json"))
        self.assertEqual(summary["criterion"],
                         {"metric": "error", "threshold": 1.5, "share": 0.5, "of": 10})
        found = summary["rules"][0]["metrics"]["trials_to_criterion"]
        self.assertEqual((found["reached"], found["runs"]), (2, 2))
        starts = {}
        for rule in ("miconi", "node-perturbation"):
            run = out / "runs" / rule / "seed-1"
            errors = numpy.load(run / "errors.npy")
            self.assertEqual((errors.shape, errors.dtype), ((1, 60), numpy.dtype("<f4")))
            self.assertTrue(((errors >= 0) & (errors < 2)).all())
            metrics = read_json(run / "run.json")["metrics"]
            self.assertAlmostEqual(metrics["area_under_curve"], errors.mean(), places=6)
            right = [(errors[0, i - 10:i] < 1.5).mean() >= 0.5 for i in range(10, 61)]
            self.assertEqual(metrics["trials_to_criterion"], 10 + right.index(True))
            self.assertEqual([path.stem for path in (run / "initial").iterdir()],
                             ["recurrent>recurrent"])
            starts[rule] = numpy.load(run / "initial/recurrent>recurrent.npy")
            last = numpy.load(run / "weights/recurrent>recurrent.npy")
            self.assertFalse(numpy.array_equal(starts[rule], last))
            self.assertLessEqual(numpy.abs(last - starts[rule]).max(), 50 * 0.01 * 0.01 + 1e-6)
        numpy.testing.assert_array_equal(starts["miconi"], starts["node-perturbation"])
        curves = pandas.read_csv(out / "metrics.csv")
        self.assertEqual(list(curves["epoch"]), [0, 20, 40, 60] * 4)
        again = read_json(out / "experiment.json")
        self.assertEqual(again["training"]["warm_up"], 10)
        self.deltaw("compare", self.write(again, "again.json"), "--out", "again")
        self.assertEqual((out / "runs/miconi/seed-2/errors.npy").read_bytes(),
                         (self.folder / "again/runs/miconi/seed-2/errors.npy").read_bytes())

    def test_contexts_one_after_the_other(self):
        contexts = {"then": ["delayed-match", "delayed-nonmatch"], "each": 20}
        file = self.file("task", "trials", **contexts)
        done = self.deltaw("compare", file, "--out", "out", "--set", "training.evaluate_every=10")
        self.assertRegex(done.stdout_text, r"(?m)^rule +ACC, % +learning accuracy, % +BWT, points "
                         r"+FWT, points +forgetting, points +savings, %$")
        run = self.folder / "out/runs/miconi/seed-1"
        errors = numpy.load(run / "errors.npy")[0]
        metrics = read_json(run / "run.json")["metrics"]
        for context, name in enumerate(("", "context_2_", "context_3_")):
            right = errors[20 * context:20 * (context + 1)] < 1.5
            times = [i for i in range(10, 21) if right[i - 10:i].mean() >= .5]
            self.assertEqual(metrics[name + "trials_to_criterion"], times[0] if times else None)
        matrix, course = (numpy.load(run / f"{name}.npy")
                          for name in ("accuracy_matrix", "context_accuracy"))
        numpy.testing.assert_array_equal(matrix, course[::2])
        numpy.testing.assert_array_equal(matrix[:, 0], matrix[:, 2])
        curve = pandas.read_csv(run / "metrics.csv")
        numpy.testing.assert_allclose(curve["test_accuracy"], course.mean(axis=1), atol=1e-6)
        self.refuse_file(2, "E503", "the trials are not those of the contexts",
                         "3 contexts of 30: 90", "found 60", path=("task", "trials"),
                         **{**contexts, "each": 30})

    def test_ctrl_c_keeps_the_runs_that_came_to_their_end(self):
        slow = {"rule": "node-perturbation", "training": {"trials": 100000000}}
        file = self.file(rules=["miconi", slow], seeds=1)
        process = self.start("compare", file, "--out", "out", "--jobs", "2")
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        done = self.folder / "out/runs/miconi/seed-1/run.json"
        end = time.monotonic() + 60
        while not done.exists():
            self.assertIsNone(process.poll(), "ended by itself")
            self.assertLess(time.monotonic(), end, "waited in vain")
            time.sleep(0.01)
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, err)
        self.assertLess(time.monotonic() - start, 20 if IS_SANITIZED else 2)
        runs = [read_json(self.folder / f"out/runs/{rule}/seed-1/run.json")["status"]
                for rule in ("miconi", "node-perturbation")]
        self.assertEqual(runs, ["finished", "interrupted"])
        errors = numpy.load(self.folder / "out/runs/node-perturbation/seed-1/errors.npy")
        self.assertLess(errors.shape[1], 100000000)
        self.assertEqual(numpy.load(done.parent / "errors.npy").shape, (1, 60))

    def refuse_file(self, status, code, *texts, path=(), **changes):
        self.refuse(status, code, *texts, arguments=["compare", self.file(*path, **changes)])

    def test_a_step_beyond_the_stability_of_the_units(self):
        self.refuse_file(2, "E503", "the step is too long for the time constant",
                         "dt below 2 tau = 4 ms", "found dt 5 ms",
                         '"integrator": "exponential"', path=["network", "layers", 1],
                         dynamics={"type": "rate", "tau": 2})
        self.deltaw("run", self.file("network", "layers", 1, dynamics={
            "type": "rate", "tau": 2, "integrator": "exponential"}))

    def test_a_trial_beyond_memory(self):
        document = json.loads(json.dumps(TRIALS))
        document["task"]["trials"]["response"] = [200, 5e7]
        document["network"]["layers"][1]["units"] = 20000
        self.refuse_file(2, "E003", "a trial of 10000000 steps does not fit into memory", "GiB",
                         'try: a shorter trial, a larger "dt", or fewer units', **document)
        self.refuse_file(2, "E503", "a time of the trial is out of range", "found 50000000000000 ms",
                         path=["task", "trials"], response=[200, 5e13])

    def test_a_trial_without_a_response(self):
        self.refuse_file(2, "E503", "/task/trials cannot be made", "response",
                         path=["task", "trials"], response=[200, 200])

    def test_a_perturbation_that_is_not_set(self):
        self.refuse_file(2, "E206", "needs perturbation", "the experiment sets no exploration",
                         '"exploration": {"rate": 3, "amplitude": 16}', training={"trials": 60},
                         rules=["node-perturbation"])
        self.refuse_file(2, "E206", "sets no noise on weights", rules=["weight-perturbation"])
        self.refuse_file(2, "E503", "exploration has \"rate\", but no amplitude",
                         path=["training"], exploration={"rate": 3})
        self.refuse_file(2, "E503", "at most 200 Hz, found 300 Hz", path=["training"],
                         exploration={"rate": 300, "amplitude": 1})

    def test_what_belongs_to_other_tasks_and_networks(self):
        self.refuse_file(2, "E502", "/training/epochs is of tasks with data",
                         training={"epochs": 3})
        self.refuse_file(2, "E205", "expected 2 units, as the task has channels, found 3",
                         path=["network", "layers", 0], units=3)
        still = json.loads(json.dumps(TRIALS["network"]))
        del still["layers"][1]["dynamics"], still["connections"][1]
        still["connections"][0]["plastic"] = True
        self.refuse_file(3, "E204", "a task in trials needs a network with time", network=still,
                         rules=["backprop"])
        self.refuse_file(2, "E503", "found [20,1]", path=["network", "layers", 1, "dynamics"],
                         clamped=[[20, 1]])

    def fail_file(self, *texts, path=(), **changes):
        """Runs that fail, are named, and leave a folder of results."""
        done = self.deltaw("compare", self.file(*path, **changes), "--rules", "miconi",
                           "--overwrite", status=4)
        for text in texts:
            self.assertRegex(done.stderr_text, text)
        self.assertIn("miconi: 0 of 2 runs finished and count above; 2 failed", done.stdout_text)
        summary = read_json(self.folder / "results/trials/summary.json")
        self.assertEqual(summary["rules"][0]["failed"], 2)

    def test_a_reward_that_is_not_finite(self):
        self.fail_file(r"miconi seed 1 failed: error\[E304\] in trial 1: the reward of a trial "
                       r"became inf", path=["training"],
                       reward={"type": "delayed", "offset": 1e300})

    def test_activity_that_diverges(self):
        document = json.loads(json.dumps(TRIALS))
        document["network"]["layers"][1].update(activation="linear")
        document["network"]["connections"][1].update(init={"type": "constant", "value": 1e30})
        self.fail_file(r"miconi seed 1 failed: error\[E304\] in a test after trial 0: the potential "
                       r"of unit \d+ became -?(inf|nan) at step \d+\n  try: smaller weights",
                       **document)
        self.fail_file(r"miconi seed 1 failed: error\[E304\] in (trial|a test after trial) \d+: the "
                       r"potential of unit \d+ became -?(inf|nan) at step \d+\n  try: smaller",
                       optimizer={"type": "sgd", "rate": 1e38}, network={
                           **document["network"], "connections": TRIALS["network"]["connections"]})


if __name__ == "__main__":
    main()
