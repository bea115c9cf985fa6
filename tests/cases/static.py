# SPDX-License-Identifier: Apache-2.0
"""Rules of static networks, one observation at a time as the papers write them. Each function yields
cases; a column is an observation, ΔW is outputs x inputs."""
import numpy as np

from inputs import fractions, matrices


def updates(count, draw, change):
    """Cases with state: draw() gives the signals of an update, change(**signals) its ΔW."""
    listed = []
    for _ in range(count):
        signals = draw()
        listed.append({"signals": signals, "expected": change(**signals)})
    return listed


def hebbian():
    normal = matrices(1)
    for variant in ("plain", "oja"):
        def change(pre, post, weights):
            delta = np.zeros_like(weights)
            for x, y in zip(pre.T, post.T):
                for i in range(len(y)):
                    decay = y[i] ** 2 * weights[i] if variant == "oja" else 0
                    delta[i] += (y[i] * x - decay) / pre.shape[1]
            return delta

        yield {"name": variant, "parameters": {"variant": variant}, "updates": updates(
            2, lambda: {"pre": normal(3, 4), "post": normal(2, 4), "weights": normal(2, 3)},
            change)}


def sanger():
    normal = matrices(2)
    for variant in ("sanger", "subspace"):
        def change(pre, post, weights):
            delta = np.zeros_like(weights)
            units = len(post)
            for x, y in zip(pre.T, post.T):
                for i in range(units):
                    others = range(i + 1 if variant == "sanger" else units)
                    explained = sum(y[k] * weights[k] for k in others)
                    delta[i] += y[i] * (x - explained) / pre.shape[1]
            return delta

        yield {"name": variant, "parameters": {"variant": variant}, "updates": updates(
            2, lambda: {"pre": normal(4, 3), "post": normal(3, 3), "weights": normal(3, 4)},
            change)}


class Threshold:
    """The sliding threshold of BCM."""

    def __init__(self, units, memory):
        self.memory, self.theta = memory, np.zeros(units)

    def phi(self, y, is_divided):
        self.theta = self.memory * self.theta + (1 - self.memory) * np.mean(y ** 2, axis=1)
        phi = y * (y - self.theta[:, None])
        return phi / self.theta[:, None] if is_divided else phi


def bcm_cases(seed, variants, signals, taught):
    normal = matrices(seed)
    for parameters in variants:
        is_moving = parameters.get("threshold", "moving-average") == "moving-average"
        threshold = Threshold(2, parameters.get("memory", 0.5) if is_moving else 0)
        is_divided = parameters.get("variant") == "law-cooper"

        def change(pre, **others):
            y, slope = taught(parameters, **others)
            return threshold.phi(y, is_divided) * slope @ pre.T / pre.shape[1]

        name = ", ".join(f"{key} {value}" for key, value in parameters.items())
        yield {"name": name, "parameters": parameters, "updates": updates(
            3, lambda: {"pre": normal(3, 4), "post": abs(normal(2, 4)), **signals()}, change)}


def bcm():
    variants = [{"variant": "law-cooper"}, {"variant": "classic", "memory": 0.8},
                {"variant": "classic", "threshold": "batch"}]
    return bcm_cases(3, variants, dict, lambda p, post: (post, 1))


def intrator_cooper():
    inside = fractions(4)
    variants = [{"memory": 0.5}, {"memory": 0.9}, {"threshold": "batch"}]
    return bcm_cases(5, variants, lambda: {"derivative": inside(2, 4)},
                     lambda p, post, derivative: (post, derivative))


def supervised_bcm():
    inside = fractions(6)
    variants = [{"variant": "law-cooper", "teacher": 1}, {"variant": "classic", "teacher": 2.5}]
    return bcm_cases(
        7, variants, lambda: {"target": inside(2, 4) - 0.7},
        lambda p, post, target: (np.maximum(0, post + p["teacher"] * target), 1))


def delta_rule():
    normal = matrices(8)

    def change(pre, error):
        return sum(np.outer(e, x) for e, x in zip(error.T, pre.T)) / pre.shape[1]

    yield {"name": "two blocks", "updates": updates(
        2, lambda: {"pre": normal(3, 5), "error": normal(2, 5)}, change)}


def in_phases(*signals):
    """Both halves of a block, the first of which goes to observe(); observation by observation."""
    half = signals[0].shape[1] // 2
    return [list(zip(*(s[:, part].T for s in signals)))
            for part in (slice(None, half), slice(half, None))]


def equilibrium_propagation():
    normal, inside = matrices(12), fractions(13)
    for beta, is_symmetric in ((0.25, False), (0.1, True)):
        def change(pre, post):
            first, nudged = (sum(np.outer(y, x) for x, y in phase) / len(phase)
                             for phase in in_phases(pre, post))
            return (nudged - first) / (2 * beta if is_symmetric else beta)

        yield {"name": f"beta {beta}" + (", both ways" if is_symmetric else ""),
               "parameters": {"beta": beta, "symmetric": is_symmetric}, "updates": updates(
                   2, lambda: {"pre": normal(3, 6), "post": inside(2, 6)}, change)}


def forward_forward():
    normal, inside = matrices(14), fractions(15)
    for threshold, goodness in ((1.0, "sum"), (0.5, "mean")):
        def change(pre, post, derivative):
            delta = np.zeros((len(post), len(pre)))
            for sign, phase in zip((1, -1), in_phases(pre, post, derivative)):
                for x, y, slope in phase:
                    share = 1 / len(y) if goodness == "mean" else 1
                    g = share * (y @ y - len(y) * threshold)
                    likely = 1 / (1 + np.exp(-sign * g))
                    delta += sign * (1 - likely) * np.outer(2 * share * y * slope, x) / len(phase)
            return delta

        yield {"name": f"threshold {threshold}, {goodness}",
               "parameters": {"threshold": threshold, "goodness": goodness}, "updates": updates(
                   2, lambda: {"pre": normal(4, 6), "post": normal(3, 6),
                               "derivative": inside(3, 6)}, change)}


def krotov_hopfield():
    normal = matrices(9)
    for p, k, anti in ((2, 2, 0.4), (3, 3, 0.2), (4.5, 2, 0.3)):
        def change(pre, weights):
            delta = np.zeros_like(weights)
            for v in pre.T:
                current = np.array([sum(np.sign(w) * abs(w) ** (p - 1) * v) for w in weights])
                order = sorted(range(len(current)), key=lambda i: -current[i])
                for unit, g in ((order[0], 1), (order[k - 1], -anti)):
                    delta[unit] += g * (v - current[unit] * weights[unit])
            return delta / abs(delta).max()

        yield {"name": f"p {p}, k {k}", "parameters": {"p": p, "k": k, "delta": anti},
               "updates": updates(2, lambda: {"pre": normal(3, 4), "weights": normal(4, 3)},
                                  change)}


def soft_hebb():
    normal = matrices(10)
    for temperature, is_anti in ((1, False), (0.5, True)):
        def change(pre, potential, weights):
            delta = np.zeros_like(weights)
            for x, u in zip(pre.T, potential.T):
                y = np.exp(u / temperature) / np.exp(u / temperature).sum()
                sign = np.where(np.arange(len(u)) == u.argmax(), 1, -1) if is_anti else 1
                delta += (sign * y)[:, None] * (x - u[:, None] * weights) / pre.shape[1]
            return delta

        yield {"name": f"temperature {temperature}" + (", anti-Hebbian" if is_anti else ""),
               "parameters": {"temperature": temperature, "anti_hebbian": is_anti},
               "updates": updates(
                   2, lambda: {"pre": normal(4, 3), "potential": normal(3, 3),
                               "weights": normal(3, 4)}, change)}


def random_features():
    yield {"name": "nothing changes", "updates": [{"expected": np.zeros((2, 3))}]}


def weight_perturbation():
    normal = matrices(11)
    noises = []

    def change(weight_perturbation, reward, baseline):
        noises.extend(weight_perturbation[weight_perturbation != 0])
        if len(noises) < 8:
            return np.zeros_like(weight_perturbation)
        given = ~np.isnan(reward)
        advantage = (reward - baseline)[given].mean()
        return advantage * weight_perturbation / np.mean(np.square(noises))

    yield {"name": "the first block has too few draws to tell the noise", "updates": updates(
        3, lambda: {"weight_perturbation": normal(2, 3), "reward": normal(1, 4),
                    "baseline": normal(1, 4)}, change)}
    noises.clear()
    rewards = iter([[[np.nan, 0.5, -1.25]], [[0.75, np.nan, np.nan]]])
    yield {"name": "a trial with rewards in some steps", "dynamics": "rate", "updates": updates(
        2, lambda: {"weight_perturbation": normal(3, 4), "reward": np.array(next(rewards)),
                    "baseline": normal(1, 3)}, change)}
