#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes brian2_reference.hpp: the weights that each rule of this folder leaves after the same spikes
as Brian2 computes them, for brian2-stdp_test.cpp. Usage: brian2_reference.py > FILE"""
import brian2 as b2
import numpy as np

b2.prefs.codegen.target = "numpy"
DT, STEPS, INPUTS, UNITS = 0.5, 1600, 6, 5
ms = b2.ms


def draw(step, unit, salt):
    """A number that looks random, 0 .. 999."""
    h = (2654435761 * step + 40503 * unit + 977 * salt) % 2**32
    h = ((h ^ (h >> 15)) * 2246822519) % 2**32
    return (h ^ (h >> 13)) % 1000


def spikes(units, per_mille, salt):
    found = [(u, n) for n in range(STEPS) if not 700 <= n < 900 for u in range(units)
             if draw(n, u, salt) < per_mille]
    where, when = zip(*found)
    return b2.SpikeGeneratorGroup(units, where, np.array(when) * DT * ms)


def traces(**taus):
    return "w : 1\n" + "\n".join(f"d{name}/dt = -{name} / ({tau} * ms) : 1 (event-driven)"
                                 for name, tau in taus.items())


def changed(by):
    return f"w = clip(w + {by}, 0, 1)"


def weights(model, on_pre, on_post, longest):
    b2.start_scope()
    b2.defaultclock.dt = DT * ms
    source, target = spikes(INPUTS, 30, 1), spikes(UNITS, 20, 2)
    synapses = b2.Synapses(source, target, model, on_pre=on_pre, on_post=on_post)
    synapses.connect()
    i, j = np.array(synapses.j), np.array(synapses.i)
    synapses.w = 0.3 + (7 * i + 13 * j) % 11 / 25
    if longest > 0:
        synapses.pre.delay = (5 * i + 3 * j) % (longest + 1) * DT * ms
    b2.Network(source, target, synapses).run(STEPS * DT * ms)
    out = np.zeros((UNITS, INPUTS))
    out[i, j] = synapses.w
    return out


def rules(jump):
    pair, dc = traces(x=17, y=34), traces(x=20, y1=20, y2=40)
    growth = changed("0.02 * (x - 0.4) * (1 - w)**0.2")
    return {
        "additive": (pair, [changed("-0.03 * y"), jump("x")], [changed("0.02 * x"), jump("y")]),
        "power_law": (pair, [changed("-0.03 * w**0.4 * y"), jump("x")],
                      [changed("0.02 * (1 - w)**0.4 * x"), jump("y")]),
        "triplet": (traces(r1=16.8, r2=101, o1=33.7, o2=114),
                    [changed("-o1 * (0.005 + 0.002 * r2)"), jump("r1"), jump("r2")],
                    [changed("r1 * (0.006 + 0.0065 * o2)"), jump("o1"), jump("o2")]),
        "dc_triplet": (dc, [changed("-0.005 * y1"), jump("x")],
                       [changed("0.02 * x * y2"), jump("y1"), jump("y2")]),
        "dc_power_law": (dc, [jump("x")], [growth, jump("y1"), jump("y2")]),
        "dc_exponential": (dc, [jump("x")],
                           [changed("0.02 * (x * exp(-w) - 0.4 * exp(w - 1))"), jump("y1"),
                            jump("y2")]),
        "dc_pre_and_post": (dc, [changed("-0.005 * y1 * w**0.2"), jump("x")],
                            [growth, jump("y1"), jump("y2")]),
    }


def main():
    print("""// SPDX-License-Identifier: Apache-2.0
// Written by brian2_reference.py: the weights after all spikes, unit by unit.
#pragma once

#include <vector>

// clang-format off""")
    for pairing, jump in (("all", lambda x: f"{x} += 1"), ("nearest", lambda x: f"{x} = 1")):
        for name, (model, on_pre, on_post) in rules(jump).items():
            for longest in (0, 20):
                found = weights(model, "\n".join(on_pre), "\n".join(on_post), longest)
                values = ", ".join(f"{w:.15f}" for w in found.flatten())
                print(f"inline const std::vector<double> {name}_{pairing}_{longest} = {{{values}}};")


main()
