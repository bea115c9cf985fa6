#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same small network with the same spikes in, learning by each form of STDP, in deltaw and in
Brian2 (Stimberg, Brette and Goodman 2019, doi:10.7554/eLife.47314): spike times while it learns and
afterwards, and weights. Skipped (status 77) where Brian2 is not installed.

usage: brian2_test.py DELTAW"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np

try:
    import brian2_network
except ImportError as error:
    print(f"skipped: {error}; scripts/install-dependencies --tests brings Brian2")
    sys.exit(77)
from brian2_forms import FAMILIES

DELTAW = pathlib.Path(sys.argv[1]).resolve()
DT, SHOWN, REST = 0.5, 400, 40  # ms
INPUTS, UNITS, STEPS = 20, 6, round(SHOWN / DT)
SEED = 3
EVENT = 1e-9  # what the tape's weights gain at a spike

CONDUCTANCE = [
    {"type": "spiking", "model": "conductance", "tau": 100, "rest": -65, "reset": -65,
     "threshold": -52, "refractory": 5, "start": -80,
     "excitatory": {"tau": 1, "reversal": 0}, "inhibitory": {"tau": 2, "reversal": -100},
     "adaptation": {"start": 20, "increment": 0.5, "tau": 400, "offset": 20}},
    {"type": "spiking", "model": "conductance", "tau": 10, "rest": -60, "reset": -45,
     "threshold": -40, "refractory": 2, "start": -60,
     "excitatory": {"tau": 1, "reversal": 0}, "inhibitory": {"tau": 2, "reversal": -85}}]
CURRENT = [
    {"type": "spiking", "model": "current", "tau": 20, "rest": -65, "reset": -65, "threshold": -50,
     "refractory": 3, "current": 14.3, "start": -65, "excitatory": {"tau": 5},
     "inhibitory": {"tau": 8}},
    {"type": "spiking", "model": "current", "tau": 10, "rest": -65, "reset": -60, "threshold": -50,
     "refractory": 2, "current": 0, "start": -65, "excitatory": {"tau": 5},
     "inhibitory": {"tau": 5}}]
NETWORKS = {  # units, integrator, synapses of the input, weights between the layers
    "conductances": (CONDUCTANCE, "implicit", {"delay": {"low": 0, "high": 4}}, (10.4, 1.7)),
    "currents": (CURRENT, "exponential", {"delay": 1.5, "sum": 8}, (80, 2)),
}


def draw_spikes():
    """(unit, ms)s by time. Those of a unit are so far apart that what the synapses of one spike owe
    is worked off before the next departs; the last ones are answered while the tape runs."""
    random = np.random.default_rng(1)
    last, found = np.full(INPUTS, -100), []
    for step in range(STEPS - 30):
        for unit in random.permutation(INPUTS):
            if step - last[unit] > 24 and random.random() < 0.1:
                last[unit] = step
                found.append((int(unit), step * DT))
    return found


def network_of(kind, tape):
    units, integrator, synapses, (to_i, to_e) = NETWORKS[kind]
    layers = [{"name": "input", "units": INPUTS,
               "source": {"type": "spikes", "file": "spikes.csv"}}]
    for name, dynamics in zip(("excitatory", "inhibitory"), units):
        layers.append({"name": name, "units": UNITS,
                       "dynamics": {**dynamics, "integrator": integrator}})
    fixed = {"plastic": False, "delay": 0}
    connections = [
        {"from": "input", "to": "excitatory", "constraint": {"bounds": [0, 1]},
         "init": {"type": "uniform", "low": 0.1, "high": 0.9}, **synapses},
        {"from": "excitatory", "to": "inhibitory", "receptor": "excitatory",
         "pattern": "one-to-one", "init": {"type": "constant", "value": to_i}, **fixed},
        {"from": "inhibitory", "to": "excitatory", "receptor": "inhibitory",
         "pattern": "all-but-self", "init": {"type": "constant", "value": to_e}, **fixed}]
    if tape:
        layers.append({"name": "tape", "units": STEPS,
                       "source": {"type": "spikes", "file": "tape.csv"}})
        connections.append({"from": "tape", "to": "excitatory", "init": "zeros", "delay": 0})
    return {"dt": DT, "layers": layers, "connections": connections}


def arm_of(name, drive):
    """The tape's unit n spikes in step n, and its rule pairs it with spikes of the next step alone:
    so its weights tell the steps in which units spiked, and are too small to move one."""
    tape = {"rule": "stdp", "parameters": {"a_plus": EVENT * DT, "a_minus": 0, "reach": DT,
                                           "window": "reciprocal", "pairing": "nearest"}}
    return {"name": name, "drive": [{"connections": ["input>excitatory"], **drive},
                                    {"connections": ["tape>excitatory"], **tape}]}


FROZEN = {"rule": "stdp", "parameters": {"a_plus": 0, "a_minus": 0}}


class Folder:
    def __init__(self, path, spikes):
        self.path = path
        self.write("spikes.csv", spikes)
        self.write("tape.csv", [(n, n * DT) for n in range(STEPS)])
        (path / "data.csv").write_text(",".join(["1"] * INPUTS + ["0"]) + "\n")

    def write(self, name, spikes):
        (self.path / name).write_text("".join(f"{unit},{ms:g}\n" for unit, ms in spikes))

    def run(self, network, arms, precision, rest=REST):
        experiment = {
            "deltaw": 1, "name": "peer", "network": network, "seeds": [SEED],
            "task": {"type": "csv", "file": "data.csv", "header": "no",
                     "split": {"train": 1, "test": 0}},
            "training": {"epochs": 1, "precision": precision,
                         "presentation": {"layer": "excitatory", "show": SHOWN, "rest": rest}},
            "features": {"layer": "excitatory"},
            "rules": arms}
        (self.path / "peer.json").write_text(json.dumps(experiment))
        done = subprocess.run([DELTAW, "compare", "peer.json", "--data", ".", "--out", "out",
                               "--overwrite", "--quiet"],
                              cwd=self.path, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)

    def weights(self, arm, connection="input>excitatory"):
        return np.load(self.of(arm) / "weights" / f"{connection}.npy")

    def of(self, arm):
        return self.path / "out" / "runs" / arm / f"seed-{SEED}"


def drawn_delays(folder, network):
    """outputs x inputs, ms: each input spikes once, so strongly that units answer at once."""
    begins = [20 * k for k in range(INPUTS)]
    folder.write("spikes.csv", [(k, step * DT) for k, step in enumerate(begins)])
    at_once = {"type": "spiking", "model": "current", "excitatory": {"tau": 0}}
    strong = {"from": "input", "to": "excitatory", "delay": network["connections"][0]["delay"],
              "init": {"type": "constant", "value": 100}}
    layers = [network["layers"][0], {"name": "excitatory", "units": UNITS, "dynamics": at_once}]
    folder.run({"dt": DT, "layers": layers, "connections": [strong]}, [{"name": "probe", **FROZEN}],
               "float64")
    answers = recorded(folder, "probe")["excitatory"]
    delays = np.full((UNITS, INPUTS), np.nan)
    for step, unit in answers:
        source = min(step - 1, begins[-1]) // 20
        delays[unit, source] = (step - 1 - begins[source]) * DT
    return delays


def recorded(folder, arm):
    """The spikes (step, unit) of each layer after training."""
    layers = json.loads((folder.of(arm) / "features.json").read_text())["recording"]["layers"]
    return {layer["name"]: list(zip(layer["steps"], layer["spikes"])) for layer in layers}


def taped(folder, arm):
    """The spikes of the excitatory layer while it learned."""
    counts = np.round(folder.weights(arm, "tape>excitatory") / EVENT)
    return sorted((int(tape) + 1, int(unit)) for unit, tape in np.argwhere(counts == 1))


def within_one_step(ours, theirs):
    """Whether each unit spikes as often, each time at most a step apart."""
    def trains(spikes):
        return [[step for step, at in spikes if at == unit] for unit in range(UNITS)]
    return all(len(a) == len(b) and all(abs(x - y) <= 1 for x, y in zip(a, b))
               for a, b in zip(trains(ours), trains(theirs)))


class Brian2(unittest.TestCase):
    def compare(self, kind):
        spikes, network = draw_spikes(), network_of(kind, tape=False)
        arms = [{"name": "frozen", **FROZEN}]
        arms += [arm_of(*form) for family in FAMILIES for form in family.drives.items()]
        peer = None
        with tempfile.TemporaryDirectory() as path:
            folder = Folder(pathlib.Path(path), spikes)
            for precision, tolerance in (("float64", 1e-9), ("float32", 1e-3)):
                folder.run(network_of(kind, tape=True), arms, precision)
                start = folder.weights("frozen")
                peer = peer or self.peer(network, spikes, start)
                for name in peer[0]:
                    with self.subTest(kind, form=name, precision=precision):
                        self.check(folder, name, start, peer, tolerance)

    def peer(self, network, spikes, start):
        delay = network["connections"][0]["delay"]
        if isinstance(delay, dict):
            with tempfile.TemporaryDirectory() as path:
                delays = drawn_delays(Folder(pathlib.Path(path), spikes), network)
        else:
            delays = np.full(start.shape, delay)
        return brian2_network.Peer(network, FAMILIES, start, delays).run(spikes, SHOWN + REST)

    def check(self, folder, name, start, peer, tolerance):
        weights, (excitatory, inhibitory) = peer
        learning, afterwards = excitatory[name]
        self.assertGreater(np.abs(folder.weights(name) - start).max(), 0.02)
        self.assertGreater(len(learning), 20)
        self.assertTrue(within_one_step(taped(folder, name), learning))
        np.testing.assert_allclose(folder.weights(name), weights[name], rtol=0, atol=tolerance)
        after = recorded(folder, name)
        self.assertTrue(within_one_step(after["excitatory"], afterwards))
        self.assertTrue(within_one_step(after["inhibitory"], inhibitory[name][1]))

    def test_conductances_with_delays_of_each_synapse(self):
        self.compare("conductances")

    def test_currents_with_one_delay_and_weights_scaled_to_a_sum(self):
        self.compare("currents")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
