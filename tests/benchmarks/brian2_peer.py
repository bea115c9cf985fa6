#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The network of Diehl & Cook 2015 in Brian2's C++ standalone mode, with the parameters that the
authors released, on one thread: CPU ms an image (1000 steps of 0.5 ms, learning on, weights scaled
to their sum once an image) and spikes an image, as JSON. Building is not counted, nor setting up;
a FOLDER with a program in it is not built again.

usage: brian2_peer.py UNITS LONGEST_DELAY_MS IMAGES.npy FOLDER

IMAGES: n x 784, 0 to 1"""
import json
import pathlib
import subprocess
import sys

import brian2 as b2
import numpy as np

RATE, BLOCK = 63.75, 50  # Hz at 1; the images change at multiples of BLOCK ms
SHOWN, REST = 350, 150
E = """
dv/dt = ((-65*mV - v) + ge * (0*mV - v) + gi * (-100*mV - v)) / (100*ms) : volt (unless refractory)
dge/dt = -ge / (1*ms) : 1
dgi/dt = -gi / (2*ms) : 1
dtheta/dt = -theta / (1e7*ms) : volt
total : 1
"""
I = """
dv/dt = ((-60*mV - v) + ge * (0*mV - v) + gi * (-85*mV - v)) / (10*ms) : volt (unless refractory)
dge/dt = -ge / (1*ms) : 1
dgi/dt = -gi / (2*ms) : 1
"""
PLASTIC = """
w : 1
dx/dt = -x / (20*ms) : 1 (event-driven)
dy1/dt = -y1 / (20*ms) : 1 (event-driven)
dy2/dt = -y2 / (40*ms) : 1 (event-driven)
"""
ON_PRE = "ge_post += w; w = clip(w - 1e-4 * y1, 0, 1); x = 1"
ON_POST = "w = clip(w + 1e-2 * x * y2, 0, 1); y1 = 1; y2 = 1"
CLOCK = 'std::ofstream("{}") << double(std::clock()) / CLOCKS_PER_SEC;'


def build(units, longest, images, folder):
    """Writes and compiles the program in `folder`."""
    b2.set_device("cpp_standalone", build_on_run=False)
    b2.prefs.codegen.cpp.extra_compile_args_gcc = ["-w", "-O3", "-ffast-math", "-march=native",
                                                   "-std=c++11"]
    b2.prefs.codegen.cpp.headers += ["<fstream>", "<ctime>"]
    b2.prefs.devices.cpp_standalone.extra_make_args_unix = ["-j1"]
    b2.defaultclock.dt = 0.5 * b2.ms
    blocks = np.zeros((len(images), (SHOWN + REST) // BLOCK, images.shape[1]))
    blocks[:, :SHOWN // BLOCK] = RATE * images[:, None]
    lit = b2.TimedArray(blocks.reshape(-1, images.shape[1]) * b2.Hz, dt=BLOCK * b2.ms)
    source = b2.PoissonGroup(images.shape[1], "lit(t, i)", namespace={"lit": lit})
    e = b2.NeuronGroup(units, E, threshold="v > theta - 72*mV", method="euler",
                       reset="v = -65*mV; theta += 0.05*mV", refractory=5 * b2.ms,
                       events={"presents": "timestep(t, 0.5*ms) % 1000 == 0"})
    i = b2.NeuronGroup(units, I, threshold="v > -40*mV", reset="v = -45*mV", method="euler",
                       refractory=2 * b2.ms)
    e.v, e.theta, i.v = -105 * b2.mV, 20 * b2.mV, -100 * b2.mV
    e.run_on_event("presents", "total = 0", when="before_synapses")
    plastic = b2.Synapses(source, e, PLASTIC, on_pre=ON_PRE,
                          on_post={"post": ON_POST, "summing": "total_post += w",
                                   "scaling": "w *= 78 / total_post"},
                          on_event={"pre": "spike", "post": "spike", "summing": "presents",
                                    "scaling": "presents"})
    plastic.connect()
    plastic.summing.order, plastic.scaling.order = 10, 11
    plastic.w = "0.3 * (rand() + 0.01)"
    if longest > 0:
        plastic.pre.delay = f"rand() * {longest} * ms"
    to_i = b2.Synapses(e, i, on_pre="ge_post += 10.4")
    to_i.connect(j="i")
    to_e = b2.Synapses(i, e, on_pre="gi_post += 17")
    to_e.connect(condition="i != j")
    counts = b2.SpikeMonitor(e, record=False)
    b2.seed(1)
    network = b2.Network(source, e, i, plastic, to_i, to_e, counts)
    b2.device.insert_code("before_network_run", CLOCK.format("begun"))
    b2.device.insert_code("after_network_run", CLOCK.format("ended"))
    network.run(len(images) * (SHOWN + REST) * b2.ms)
    b2.device.build(directory=str(folder), compile=True, run=False)


def main():
    units, longest, file, folder = sys.argv[1:5]
    images, folder = np.load(file), pathlib.Path(folder)
    if not (folder / "main").exists():
        build(int(units), float(longest), images, folder)
    subprocess.run(["./main"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    begun, ended = (float((folder / name).read_text()) for name in ("begun", "ended"))
    counts = np.fromfile(next(folder.glob("results/_array_spikemonitor_count_*")), np.int32)
    print(json.dumps({"ms": 1000 * (ended - begun) / len(images),
                      "spikes": int(counts.sum()) / len(images)}))


if __name__ == "__main__":
    main()
