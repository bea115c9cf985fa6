# SPDX-License-Identifier: Apache-2.0
"""The small network of brian2_test.py in Brian2: of each form of STDP a copy with units of its own,
all in one group, so that one run makes all of them."""
import brian2 as b2
import numpy as np

ms = b2.ms
b2.prefs.codegen.target = "numpy"
b2.BrianLogger.log_level_error()

CONDUCTANCE = "dv/dt = ((rest - v) + ge * (reversal_e - v) + gi * (reversal_i - v)) / tau : 1"
CURRENT = "dv/dt = ((rest - v) + ge - gi + current) / tau : 1"
INPUTS = """
dge/dt = -ge / tau_e : 1
dgi/dt = -gi / tau_i : 1
dtheta/dt = -learning * theta / tau_theta : 1
learning : 1 (shared)
"""
# Backward Euler in v, with the inputs as they are before the step.
IMPLICIT = """
free = int(timestep(t - lastspike, dt) >= timestep(refractory, dt))
aim = rest + ge * reversal_e + gi * reversal_i
v += free * a * (aim - (1 + ge + gi) * v) / (1 + a * (1 + ge + gi))
"""
METHODS = {"implicit": "exact", "exponential": "exponential_euler", "euler": "euler"}


def units_of(layer, count, dt):
    """A group of such units; `layer` is an entry of deltaw's network."""
    how = layer["dynamics"]
    is_implicit, is_current = how["integrator"] == "implicit", how["model"] == "current"
    adaptation = how.get("adaptation", {"start": 0, "increment": 0, "tau": 1e7, "offset": 0})
    names = {"rest": how["rest"], "reset": how["reset"], "tau": how["tau"] * ms,
             "current": how.get("current", 0), "a": dt / how["tau"],
             "reversal_e": how["excitatory"].get("reversal", 0),
             "reversal_i": how["inhibitory"].get("reversal", 0),
             "tau_e": how["excitatory"]["tau"] * ms, "tau_i": how["inhibitory"]["tau"] * ms,
             "threshold": how["threshold"] - adaptation["offset"],
             "tau_theta": adaptation["tau"] * ms, "increment": adaptation["increment"]}
    motion = "v : 1" if is_implicit else (CURRENT if is_current else CONDUCTANCE)
    method = "exact" if is_current else METHODS[how["integrator"]]
    group = b2.NeuronGroup(
        count, motion + (" (unless refractory)" if not is_implicit else "") + INPUTS,
        threshold="v > threshold + theta", reset="v = reset; theta += learning * increment",
        refractory=how["refractory"] * ms, method=method, namespace=names)
    group.v, group.theta = how["start"], adaptation["start"]
    if is_implicit:
        group.run_regularly(IMPLICIT.replace("refractory", str(how["refractory"]) + "*ms"),
                            dt=dt * ms, when="start")
    return group


def plastic(source, target, family, weights, delays):
    """Synapses from every input, of each form in turn. Where synapses have delays of their own, a
    spike carries the weight that it departs with, as in deltaw; of each synapse only one is on its
    way at a time."""
    has_own_delays = delays.min() < delays.max()
    arrives = "\n".join(["ge_post += " + ("sent" if has_own_delays else "w")] + family.on_pre)
    on_pre = {"departs": "sent = w", "pre": arrives} if has_own_delays else arrives
    synapses = b2.Synapses(source, target, "w : 1\nsent : 1\n" + family.model, on_pre=on_pre,
                           on_post="\n".join(family.on_post))
    synapses.connect()
    if has_own_delays:
        synapses.departs.order = -2
    units = np.array(synapses.j)
    at = (units % weights.shape[0], np.array(synapses.i))
    synapses.w = weights[at]
    synapses.pre.delay = delays[at] * ms
    values = list(family.values.values())
    for name in values[0]:
        setattr(synapses, name, np.array([of[name] for of in values])[units // weights.shape[0]])
    return synapses


def fixed(source, target, connection, copies, units):
    """One to one, or all but self, within each copy."""
    receptor = {"excitatory": "ge", "inhibitory": "gi"}[connection["receptor"]]
    weight = connection["init"]["value"]
    synapses = b2.Synapses(source, target, on_pre=f"{receptor}_post += {weight}",
                           delay=connection["delay"] * ms)
    is_pairs = connection["pattern"] == "one-to-one"
    pairs = [(c * units + i, c * units + j) for c in range(copies) for i in range(units)
             for j in range(units) if (i == j) == is_pairs]
    synapses.connect(i=[i for i, _ in pairs], j=[j for _, j in pairs])
    return synapses


class Peer:
    """`network`: deltaw's, of layers input, excitatory and inhibitory. `weights` and `delays` (ms):
    outputs x inputs, at the start, the same for each form."""

    def __init__(self, network, families, weights, delays):
        b2.start_scope()
        self.dt, self.total = network["dt"], network["connections"][0].get("sum")
        b2.defaultclock.dt = self.dt * ms
        layers = {layer["name"]: layer for layer in network["layers"]}
        self.forms = [name for family in families for name in family.values]
        self.units, self.inputs, count = *weights.shape, len(self.forms)
        self.source = b2.SpikeGeneratorGroup(self.inputs, [], [] * ms)
        self.layers = [units_of(layers[name], count * self.units, self.dt)
                       for name in ("excitatory", "inhibitory")]
        e, i = self.layers
        self.plastic, first = [], 0
        for family in families:
            last = first + len(family.values) * self.units
            self.plastic.append(plastic(self.source, e[first:last], family, weights, delays))
            first = last
        to_i, to_e = (c for c in network["connections"] if "receptor" in c)
        self.fixed = [fixed(e, i, to_i, count, self.units), fixed(i, e, to_e, count, self.units)]

    def run(self, spikes, duration):
        """Two presentations of the (unit, ms)s: the weights at the end of the first, which learns,
        and for each layer and form the spikes (step, unit) of either."""
        units, times = (np.array(part) for part in zip(*spikes))
        self.source.set_spikes(np.tile(units, 2), np.concatenate([times, times + duration]) * ms)
        found = []

        def begin():
            found.append(self.weights())
            for part in self.layers:
                part.learning = int(len(found) == 1)
            if self.total:
                self.normalise()

        monitors = [b2.SpikeMonitor(layer) for layer in self.layers]
        begins = b2.NetworkOperation(begin, dt=duration * ms, when="start", order=-10)
        b2.Network(self.source, self.layers, self.plastic, self.fixed, monitors, begins).run(
            2 * duration * ms)
        return found[1], [self.spikes_of(monitor, round(duration / self.dt))
                          for monitor in monitors]

    def spikes_of(self, monitor, steps):
        found = {name: ([], []) for name in self.forms}
        for step, unit in zip(np.round(np.array(monitor.t / ms) / self.dt), np.array(monitor.i)):
            presentation, at = divmod(int(step), steps)
            found[self.forms[unit // self.units]][presentation].append((at, unit % self.units))
        return found

    def normalise(self):
        for synapses in self.plastic:
            units, w = np.array(synapses.j), np.array(synapses.w)
            synapses.w = w * (self.total / np.bincount(units, weights=w))[units]

    def weights(self):
        """{form: outputs x inputs}"""
        found = np.concatenate([np.reshape(synapses.w, (self.inputs, -1))
                                for synapses in self.plastic], axis=1)
        return {name: found[:, k * self.units:(k + 1) * self.units].T
                for k, name in enumerate(self.forms)}
