#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes brian2_reference.hpp: spikes and last potentials of two small networks as Brian2 computes
them, for brian2_test.cpp, which builds the same networks. Usage: brian2_reference.py > FILE"""
import brian2 as b2
import numpy as np

b2.prefs.codegen.target = "numpy"
DT = 0.5
STEPS = 600
INPUTS, UNITS = 20, 8
CONDUCTANCE = """
dv/dt = ((rest - v) + ge * (reversal_e - v) + gi * (reversal_i - v)) / tau : 1 (unless refractory)
dge/dt = -ge / tau_e : 1
dgi/dt = -gi / tau_i : 1
dtheta/dt = -theta / tau_theta : 1
"""
CURRENT = """
dv/dt = ((rest - v) + ge - gi + current) / tau : 1 (unless refractory)
dge/dt = -ge / tau_e : 1
dgi/dt = -gi / tau_i : 1
"""
ms = b2.ms


def inputs():
    found = [(i, n) for n in range(STEPS) for i in range(INPUTS) if (37 * n + 11 * i) % 61 < 2]
    units, steps = zip(*found)
    return b2.SpikeGeneratorGroup(INPUTS, units, np.array(steps) * DT * ms)


def input_weight(target, source, scale):
    return scale * ((7 * target + 13 * source) % 11 + 1) / 11


def connect(source, target, on, weight, delay, condition=True):
    synapses = b2.Synapses(source, target, "w : 1", on_pre=f"{on}_post += w", delay=delay * ms)
    synapses.connect(condition)
    synapses.w = weight(np.array(synapses.j), np.array(synapses.i))
    return synapses


def constant(value):
    return lambda target, source: np.full(len(target), value)


def conductances(method):
    """Excitatory units with adaptive thresholds and inhibitory ones, as in Diehl & Cook 2015."""
    source = inputs()
    e = b2.NeuronGroup(UNITS, CONDUCTANCE, threshold="v > theta - 72",
                       reset="v = -65; theta += 0.5", refractory=5 * ms, method=method,
                       namespace=dict(rest=-65, reversal_e=0, reversal_i=-100, tau=100 * ms,
                                      tau_e=1 * ms, tau_i=2 * ms, tau_theta=400 * ms))
    e.v, e.theta = -105, 20
    i = b2.NeuronGroup(UNITS, CONDUCTANCE, threshold="v > -40", reset="v = -45",
                       refractory=2 * ms, method=method,
                       namespace=dict(rest=-60, reversal_e=0, reversal_i=-85, tau=10 * ms,
                                      tau_e=1 * ms, tau_i=2 * ms, tau_theta=1e7 * ms))
    i.v = -100
    parts = [source, e, i,
             connect(source, e, "ge", lambda j, k: input_weight(j, k, 5.0), 1.5),
             connect(e, i, "ge", constant(10.4), 0, "i == j"),
             connect(i, e, "gi", constant(17.0), 0, "i != j")]
    return parts, e, i


def currents(method):
    """Two layers of current-based units; the second gets its inhibition at once, through v."""
    source = inputs()
    names = dict(rest=-65, tau=20 * ms, tau_e=5 * ms, tau_i=8 * ms)
    a = b2.NeuronGroup(UNITS, CURRENT, threshold="v > -50", reset="v = -65", refractory=3 * ms,
                       method=method, namespace=dict(names, current=9))
    b = b2.NeuronGroup(UNITS, CURRENT, threshold="v > -50", reset="v = -62", refractory=2 * ms,
                       method=method, namespace=dict(names, current=14.5))
    a.v, b.v = -65, -65
    parts = [source, a, b,
             connect(source, a, "ge", lambda j, k: input_weight(j, k, 8.0), 1.0),
             connect(a, b, "ge", lambda j, k: input_weight(j, k, 3.0), 2.5),
             connect(a, b, "v", lambda j, k: -input_weight(j, k, 1.0), 0.0, "i != j"),
             connect(b, a, "gi", constant(1.5), 0.5, "i == j")]
    return parts, a, b


def show(name, build, method):
    b2.start_scope()
    b2.defaultclock.dt = DT * ms
    parts, first, second = build(method)
    monitors = [b2.SpikeMonitor(first), b2.SpikeMonitor(second)]
    network = b2.Network(parts, monitors)
    network.run(STEPS * DT * ms)
    for number, (monitor, group) in enumerate(zip(monitors, (first, second))):
        steps = np.round(np.array(monitor.t / ms) / DT).astype(int)
        pairs = sorted(zip(steps, np.array(monitor.i)))
        spikes = ", ".join(f"{{{step}, {unit}}}" for step, unit in pairs)
        values = ", ".join(f"{v:.12f}" for v in np.array(group.v))
        print(f"inline const Reference {name}_{number} = {{{{{spikes}}}, {{{values}}}}};")


print("""// SPDX-License-Identifier: Apache-2.0
// Written by brian2_reference.py: (step, unit) of every spike, and the last v of every unit.
#pragma once

#include <utility>
#include <vector>

// clang-format off
struct Reference {
  std::vector<std::pair<int, int>> spikes;
  std::vector<double> potential;
};
""")
show("conductance_euler", conductances, "euler")
show("conductance_exponential", conductances, "exponential_euler")
show("current_exact", currents, "exact")
show("current_euler", currents, "euler")
print("// clang-format on")
