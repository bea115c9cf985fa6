# SPDX-License-Identifier: Apache-2.0
"""Rules of network scope, on input -> hidden (relu) -> output (softmax, cross-entropy), without biases;
one observation at a time."""
import numpy as np

from inputs import matrices

INPUTS, HIDDEN, OUTPUTS, COLUMNS = 4, 5, 3, 6


def key_of(name):
    """FNV-1a, by which draws are keyed."""
    key = 0xcbf29ce484222325
    for byte in name.encode():
        key = (key ^ byte) * 0x100000001b3 % 2 ** 64
    return key


def case(name, seed, to_hidden, parameters=None, hidden="hidden", scales=(1, 1), draws=()):
    """to_hidden(d, z, w) -> dL/d potential of the hidden units of one observation, from dL/d potential
    d of the output, their own potentials z and the weights w to the output."""
    normal = matrices(seed)
    names = (f"input>{hidden}", f"{hidden}>output")
    listed = []
    for _ in range(2):
        x, first, second = normal(INPUTS, COLUMNS), normal(HIDDEN, INPUTS), normal(OUTPUTS, HIDDEN)
        classes = np.arange(COLUMNS) % OUTPUTS
        target = np.eye(OUTPUTS)[:, classes]
        z = first @ x
        u = second @ np.maximum(z, 0)
        deltas = [np.zeros_like(first), np.zeros_like(second)]
        for k in range(COLUMNS):
            p = np.exp(u[:, k]) / np.exp(u[:, k]).sum()
            d = (p - target[:, k]) / COLUMNS
            deltas[1] -= scales[1] * np.outer(d, np.maximum(z[:, k], 0))
            deltas[0] -= scales[0] * np.outer(to_hidden(d, z[:, k], second), x[:, k])
        listed.append({"layers": {"input": x, hidden: z, "output": u}, "target": target,
                       "weights": dict(zip(names, (first, second))),
                       "expected": dict(zip(names, deltas))})
    return {"name": name, "parameters": parameters or {}, "draws": list(draws), "updates": listed}


def backprop():
    yield case("two batches", 91, lambda d, z, w: (w.T @ d) * (z > 0))


def feedback_alignment():
    normal = matrices(92)
    first, second = normal(HIDDEN, INPUTS), normal(OUTPUTS, HIDDEN)

    def draws(matrices_of):
        return [{"kind": "normal", "stream": key_of(name), "values": values}
                for name, values in matrices_of.items()]

    scale = 0.8
    b = scale / np.sqrt(HIDDEN) * second
    for mode, given in (("random", {"input>hidden": first, "hidden>output": second}),
                        ("direct", {"hidden": second})):
        yield case(mode, 93, lambda d, z, w: (b.T @ d) * (z > 0), {"mode": mode, "scale": scale},
                   draws=draws(given))


def sign_symmetry():
    normal, scale = matrices(97), 0.8
    first, second = normal(HIDDEN, INPUTS), normal(OUTPUTS, HIDDEN)
    draws = [{"kind": "normal", "stream": key_of(name), "values": values}
             for name, values in (("input>hidden", first), ("hidden>output", second))]
    for magnitude, m in (("uniform", np.ones_like(second)), ("random", abs(second))):
        yield case(magnitude, 98,
                   lambda d, z, w: ((np.sign(w) * m * scale / np.sqrt(HIDDEN)).T @ d) * (z > 0),
                   {"magnitude": magnitude, "scale": scale},
                   draws=draws if magnitude == "random" else ())


def predictive_coding():
    for steps, rate in ((1, 0.3), (6, 0.2)):
        def settled(d, z, w):
            error = np.zeros(HIDDEN)
            for _ in range(steps):
                error = error + rate * (w.T @ d - error)
            return error * (z > 0)

        yield case(f"{steps} steps, rate {rate}", 99, settled, {"steps": steps, "rate": rate})


def interneuron_backprop():
    rates = {"rate_ordinary": 7, "rate_excitatory": 0.5, "rate_inhibitory": 2}

    def relu(d, z, w):
        return (w.T @ d) * (z > 0)

    def surrogate(d, z, w):
        gate = 1 / (1 + np.exp(-3 * z))
        return (w.T @ d) * gate * (1 + 3 * z * (1 - gate))

    yield case("own rates", 94, relu, rates, "interneuron", (0.5, 2))
    yield case("surrogate slope", 95, surrogate, {"surrogate_slope": 3}, "interneuron")
    yield case("correction", 96, relu, {"correction": True}, "interneuron",
               (1 / np.sqrt(OUTPUTS), 1 / INPUTS))
