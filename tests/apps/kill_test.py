# SPDX-License-Identifier: Apache-2.0
"""Comparisons of all dynamics are killed again and again, at instants drawn at random; each time they
go on, and in the end they have the bits of one that was left alone. DELTAW_KILLS says how often in all
(24 by default), DELTAW_KILL_SEED draws other instants.

SIGKILL lets nothing run afterwards: what had been written by then must do.
"""
import os
import random
import signal
import sys
import time

from case import HEBBIAN_FEATURES, Case, main
from resume_test import EXPLORING, SPIKES
from trials_test import TRIALS

KILLS = int(os.environ.get("DELTAW_KILLS", "24"))
SEED = int(os.environ.get("DELTAW_KILL_SEED", "1"))
LONGEST = 0.7  # s from the start of a process to its death

EXPERIMENTS = {
    "static": {"rules": ["backprop", {**EXPLORING, "training": {**EXPLORING["training"],
                                                                "epochs": 1500}}, HEBBIAN_FEATURES]},
    "contexts": {"rules": ["backprop", "feedback-alignment"], "training": {"epochs": 8, "batch": 20},
                 "task": {"type": "digits", "sequence": {"type": "split", "scenario": "task"}}},
    "spiking": {**SPIKES, "seeds": 1},
    "trials": {**{key: TRIALS[key] for key in TRIALS if key != "name"}, "seeds": 1,
               "training": {**TRIALS["training"], "trials": 4000}},
}


class Kill(Case):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        self.kills = 0

    def go_on(self, file, out):
        """The same command, whether it starts the comparison or goes on."""
        return self.start("compare", file, "--out", out, "--jobs", "2", "--state-every", "0.03",
                          "--quiet")

    def killed_until_done(self, file, out, enough):
        """Runs to the end, killed on the way as long as there are not enough kills."""
        while True:
            process = self.go_on(file, out)
            try:
                if self.kills < enough:
                    time.sleep(self.random.uniform(0, LONGEST))
                    process.send_signal(signal.SIGKILL)
                said = process.communicate(timeout=120)[1]
            finally:
                process.kill()
            if process.returncode == 0:
                return
            self.assertEqual(process.returncode, -signal.SIGKILL, said)
            self.kills += 1

    def test_killed_comparisons_end_in_the_same_bits(self):
        for share, (name, changes) in enumerate(EXPERIMENTS.items(), 1):
            enough, rounds = KILLS * share // len(EXPERIMENTS), 0
            file = self.experiment(f"{name}.json", **changes)
            self.deltaw("compare", file, "--out", f"{name}-whole", "--jobs", "2", "--quiet")
            whole = self.bits(self.folder / f"{name}-whole")
            while self.kills < enough:
                rounds += 1
                out = f"{name}-{rounds}"
                self.killed_until_done(file, out, enough)
                with self.subTest(name, kills=self.kills, seed=SEED):
                    bits = self.bits(self.folder / out)
                    self.assertEqual([file for file in {**bits, **whole}
                                      if bits.get(file) != whole.get(file)], [])
                    self.assertFalse(list((self.folder / out).rglob("state*")))
        print(f"{self.kills} kills", file=sys.stderr)


if __name__ == "__main__":
    main()
