# SPDX-License-Identifier: Apache-2.0
"""Shards of a comparison, merged, are what one process gives: real processes, each with its folder."""
import json
import shutil
import signal

from case import HEBBIAN_FEATURES, Case, main, read_json
from resume_test import SPIKES
from trials_test import TRIALS

FORGETTING = {"task": {"type": "digits", "sequence": {"type": "split", "scenario": "task"}}}


def without_times(document):
    if isinstance(document, dict):
        return {key: without_times(value) for key, value in document.items() if key != "seconds"}
    return [without_times(part) for part in document] if isinstance(document, list) else document


class Shards(Case):
    def make(self, file, count):
        for i in range(1, count + 1):
            self.deltaw("compare", file, "--shard", f"{i}/{count}", "--out", f"s{i}", "--quiet")
        return [f"s{i}" for i in range(1, count + 1)]

    def check_same(self, file, count):
        """Merged shards, in any order, and one undisturbed comparison."""
        shards = self.make(file, count)
        for shard in shards:
            self.assertFalse((self.folder / shard / "summary.json").exists())
        self.deltaw("results", "merge", "merged", *reversed(shards), "--quiet")
        self.deltaw("compare", file, "--out", "whole", "--quiet")
        self.assertEqual(self.bits(self.folder / "merged"), self.bits(self.folder / "whole"))
        summaries = [without_times(read_json(self.folder / out / "summary.json"))
                     for out in ("merged", "whole")]
        self.assertEqual(*summaries)
        # Nothing is left to do, for which the merged folder would have to be another's.
        ended = {path: path.stat().st_mtime_ns for path in self.folder.glob("merged/runs/*/*/*")}
        self.deltaw("compare", file, "--out", "merged", "--quiet")
        self.assertEqual({path: path.stat().st_mtime_ns for path in ended}, ended)

    def test_static_networks(self):
        self.check_same(self.experiment(rules=["backprop", "feedback-alignment", HEBBIAN_FEATURES],
                                        features={"layer": "hidden", "readouts": ["labels"]}), 2)

    def test_spiking_networks(self):
        file = self.experiment(**{**SPIKES, "training": {**SPIKES["training"], "epochs": 1}}, seeds=2)
        self.check_same(file, 2)

    def test_trials(self):
        self.check_same(self.write({**TRIALS, "seeds": 3}), 3)

    def test_contexts(self):
        self.check_same(self.experiment(**FORGETTING), 3)

    def test_merging_is_what_one_process_writes_to_the_byte(self):
        """The runs of one comparison, dealt to folders by hand, so that times are the same, too."""
        file = self.experiment(seeds=3)
        self.deltaw("compare", file, "--out", "whole", "--quiet")
        provenance = read_json(self.folder / "whole/provenance.json")
        shares = {1: [("backprop", 1), ("feedback-alignment", 2), ("backprop", 3)],
                  2: [("feedback-alignment", 1), ("backprop", 2), ("feedback-alignment", 3)]}
        for i, runs in shares.items():
            for rule, seed in runs:
                run = f"runs/{rule}/seed-{seed}"
                shutil.copytree(self.folder / "whole" / run, self.folder / f"s{i}" / run)
            shutil.copy(self.folder / "whole/experiment.json", self.folder / f"s{i}")
            self.write({**provenance, "shard": f"{i}/2"}, f"s{i}/provenance.json")
        self.deltaw("results", "merge", "merged", "s1", "s2", "--quiet")
        merged, whole = ({path.relative_to(self.folder / out): path.read_bytes()
                          for path in (self.folder / out).rglob("*") if path.is_file()
                          and path.name not in ("provenance.json", "report.html")}
                         for out in ("merged", "whole"))
        self.assertEqual(merged, whole)
        told = read_json(self.folder / "merged/provenance.json")
        self.assertEqual([shard["shard"] for shard in told["shards"]], ["1/2", "2/2"])
        self.assertTrue(told["command"].startswith("deltaw results merge merged s1 s2"))
        self.assertNotIn("shard", told)

    def test_a_shard_says_what_it_is_and_goes_on_as_that(self):
        slow = {"rule": "feedback-alignment", "training": {"epochs": 100000, "batch": 1}}
        file = self.experiment(rules=["backprop", slow], seeds=2)
        shard = self.deltaw("compare", file, "--shard", "1/4", "--json")
        self.assertEqual(json.loads(shard.stdout_text),
                         {"shard": "1/4", "folder": "results/small-1-of-4", "runs": 1, "ended": 1})
        self.assertEqual(read_json(self.folder / "results/small-1-of-4/provenance.json")["shard"], "1/4")
        process = self.start("compare", file, "--shard", "2/4", "--out", "s2", "--state-every", "0.05")
        while not (self.folder / "s2/runs/feedback-alignment/seed-1/state.bin").exists():
            self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
        self.assertEqual(process.returncode, 130, said)
        self.assertIn("interrupted: 0 of 1 runs came to their end", said)
        self.assertIn("to go on: deltaw compare --resume s2\n", said)
        self.refuse(2, "E604", "the results are of another shard", "expected 2/4, found 1/4",
                    arguments=["compare", file, "--out", "s2", "--shard", "1/4"])

    def test_what_does_not_belong_together_is_refused(self):
        file = self.experiment()
        self.make(file, 2)
        self.deltaw("compare", self.experiment("other.json", training={"epochs": 1, "batch": 20}),
                    "--shard", "2/2", "--out", "other", "--quiet")
        self.deltaw("compare", file, "--shard", "2/4", "--out", "four", "--quiet")
        self.deltaw("compare", file, "--out", "whole", "--quiet")
        shutil.copytree(self.folder / "s2", self.folder / "again")
        for code, text, shards in (
                ("E607", "'s1' and 'other' are shards of different experiments: "
                 "'/training/epochs' differs\n  expected 2, found 1", ["s1", "other"]),
                ("E607", "dealt differently", ["s1", "four"]),
                ("E607", "'whole' is of no shard", ["s1", "whole"]),
                ("E607", "shard 2/2 is there twice\n  found 's2' and 'again'", ["s1", "s2", "again"]),
                ("E606", "shard 2/2 is missing", ["s1"]),
                ("E606", "shard 1/2 is missing", ["s2"]),
                ("E603", "cannot read 'nowhere/experiment.json'", ["s1", "nowhere"])):
            self.refuse(2, code, text, arguments=["results", "merge", "out", *shards])
        self.refuse(2, "E601", arguments=["results", "merge", "whole", "s1", "s2"])
        self.refuse(2, "E002", "needs a folder to write", arguments=["results", "merge", "out"])
        for shard in ("0/2", "3/2", "2", "1/5"):
            self.refuse(2, "E002", "N at most the 4 runs",
                        arguments=["compare", file, "--shard", shard, "--out", "new"])

    def test_shards_of_other_rules_programs_or_machines(self):
        self.make(self.experiment(), 2)
        provenance = read_json(self.folder / "s2/provenance.json")
        plugins = [{**plugin, "sha256": "0" * 64} for plugin in provenance["plugins"]]
        for change, place in (({"program": "0" * 64}, "/program"), ({"data": []}, "/data/0"),
                              ({"plugins": plugins}, "/plugins/backprop/1")):
            self.write({**provenance, **change}, "s2/provenance.json")
            self.refuse(2, "E607", f"by different programs, rules or data: '{place}' differs",
                        arguments=["results", "merge", "out", "s1", "s2"])
        host = {**provenance["host"], "cpu": "another"}
        self.write({**provenance, "host": host}, "s2/provenance.json")
        done = self.deltaw("results", "merge", "out", "s1", "s2")
        self.assertIn("note: 's2' was made on another machine (another, ", done.stderr_text)

    def test_a_damaged_or_missing_run_is_named_and_done_again(self):
        file = self.experiment()
        self.make(file, 2)
        run = self.folder / "s1/runs/backprop/seed-1"
        (run / "confusion.npy").write_bytes(b"")
        self.refuse(2, "E603", "'confusion.npy' of backprop seed 1 in 's1' is damaged",
                    "deltaw compare --resume s1 does that run",
                    arguments=["results", "merge", "out", "s1", "s2"])
        shutil.rmtree(run)
        self.refuse(2, "E606", "backprop seed 1 has not ended in 's1', shard 1/2",
                    arguments=["results", "merge", "out", "s1", "s2"])
        self.deltaw("compare", "--resume", "s1")
        self.deltaw("results", "merge", "out", "s1", "s2")


if __name__ == "__main__":
    main()
