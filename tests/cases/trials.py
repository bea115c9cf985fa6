# SPDX-License-Identifier: Apache-2.0
"""Rules of trials in time, step by step. Column t of pre is what arrives in step t."""
import numpy as np

from inputs import fractions, matrices
from static import updates


def trial(draw_rewards, seed, steps, **shapes):
    """A function that draws the signals of one trial."""
    normal = matrices(seed)
    return lambda: {**{name: normal(units, steps) for name, units in shapes.items()},
                    **draw_rewards(normal)}


def reward_hebbian():
    def change(pre, potential, reward):
        steps = pre.shape[1]
        weight = np.full(steps, reward[0, 0]) if reward.size == 1 else np.nan_to_num(reward[0])
        return sum(weight[t] * np.outer(potential[:, t], pre[:, t]) for t in range(steps))

    yield {"name": "one reward", "updates": updates(2, trial(
        lambda normal: {"reward": normal(1, 1)}, 21, 6, pre=3, potential=2), change)}
    some = np.array([[np.nan, 0.5, np.nan, -1, 2, np.nan]])
    yield {"name": "rewards in some steps", "updates": updates(1, trial(
        lambda normal: {"reward": some}, 22, 6, pre=3, potential=2), change)}


def miconi():
    def shape(z, power):
        return np.sign(z) * abs(z) ** power

    for parameters, is_in_pieces in (({}, False), ({"exponent": 1, "mean": 0, "skip": 0}, False),
                                     ({"exponent": 2.5, "scale_by_expected": False}, True)):
        keep, power, skip = (parameters.get(key, default) for key, default in
                             (("mean", 0.05), ("exponent", 3), ("skip", 3)))
        mean = np.zeros(2)

        def change(pre, potential, reward, baseline):
            trace = np.zeros((2, 3))
            for t in range(pre.shape[1]):
                d = potential[:, t] - mean
                mean[:] = keep * mean + (1 - keep) * potential[:, t]
                if t >= skip:
                    trace += np.outer(shape(d, power), shape(pre[:, t], power))
            expected = baseline[0, 0]
            factor = abs(expected) if parameters.get("scale_by_expected", True) else 1
            return factor * (reward[0, 0] - expected) * trace

        name = ", ".join(f"{key} {value}" for key, value in parameters.items()) or "defaults"
        yield {"name": name, "parameters": parameters, "in_pieces": is_in_pieces,
               "updates": updates(2, trial(
                   lambda normal: {"reward": normal(1, 1), "baseline": normal(1, 1)},
                   23, 8, pre=3, potential=2), change)}


def exploratory_hebbian():
    for gate in ("graded", "binary"):
        mean, keep = np.zeros(2), 0.2

        def change(pre, potential, reward):
            delta, expected = np.zeros((2, 3)), None
            for t in range(pre.shape[1]):
                d = potential[:, t] - mean
                mean[:] = keep * mean + (1 - keep) * potential[:, t]
                if np.isnan(reward[0, t]):
                    continue
                r = reward[0, t]
                expected = r if expected is None else expected
                advantage = r - expected
                expected = keep * expected + (1 - keep) * r
                delta += (advantage if gate == "graded" else advantage > 0) * np.outer(d, pre[:, t])
            return delta

        def rewards(normal):
            given = normal(1, 8)
            given[0, [0, 3]] = np.nan
            return {"reward": given}

        yield {"name": gate, "parameters": {"gate": gate, "mean": keep}, "updates": updates(
            2, trial(rewards, 24, 8, pre=3, potential=2), change)}


def bengio_rate():
    def change(pre, post):
        return sum(np.outer(post[:, t] - post[:, t - 1], pre[:, t])
                   for t in range(1, pre.shape[1]))

    yield {"name": "two trials", "updates": updates(
        2, trial(lambda normal: {}, 25, 6, pre=3, post=2), change)}


def e_prop():
    normal, inside = matrices(26), fractions(27)

    def draw():
        signal = normal(2, 6)
        signal[:, [0, 3]] = 0
        return {"pre": normal(3, 6), "derivative": inside(2, 6), "learning_signal": signal}

    def averaged(pre, derivative, learning_signal):
        return sum(np.outer(learning_signal[:, k] * derivative[:, k], pre[:, k])
                   for k in range(pre.shape[1])) / pre.shape[1]

    yield {"name": "static", "dynamics": "static", "parameters": {"tau": 30},
           "updates": updates(1, draw, averaged)}

    def in_time(pre, derivative, learning_signal):
        delta, epsilon = np.zeros((2, 3)), np.zeros(3)
        for t in range(pre.shape[1]):
            epsilon += 2 / 5 * (pre[:, t] - epsilon)
            delta += np.outer(learning_signal[:, t] * derivative[:, t], epsilon)
        return delta

    yield {"name": "rate units, dt 2, tau 5", "dynamics": "rate", "dt": 2,
           "parameters": {"tau": 5}, "updates": updates(2, draw, in_time)}


def node_perturbation():
    normal = matrices(28)

    def cases(name, parameters, dynamics, is_mean, draw):
        noises = []

        def change(pre, perturbation, reward, baseline):
            noises.extend(perturbation.T)
            power = np.mean(np.square(noises), axis=0)
            draws = np.count_nonzero(noises, axis=0)
            delta = np.zeros((len(perturbation), len(pre)))
            for k in range(pre.shape[1]):
                r, b = (signal[0, k if signal.size > 1 else 0] for signal in (reward, baseline))
                if np.isnan(r):
                    continue
                advantage = r - b if parameters.get("baseline", True) else r
                if parameters.get("scale_by_expected", False):
                    advantage *= abs(b)
                for i, xi in enumerate(perturbation[:, k]):
                    if parameters.get("normalise", True):
                        xi = xi / power[i] if draws[i] >= 8 else 0
                    delta[i] += advantage * xi * pre[:, k]
            return delta / pre.shape[1] if is_mean else delta

        return {"name": name, "parameters": parameters, "dynamics": dynamics,
                "updates": updates(3, draw, change)}

    def block():
        return {"pre": normal(3, 5), "perturbation": normal(2, 5), "reward": normal(1, 5),
                "baseline": normal(1, 5)}

    def rare():
        noise = np.zeros((2, 40))
        noise[[0, 1, 0], [3, 17, 30]] = normal(1, 3)
        return {"pre": normal(3, 40), "perturbation": noise, "reward": normal(1, 1),
                "baseline": normal(1, 1)}

    yield cases("the first draws only measure the noise", {}, "static", True, block)
    yield cases("without a baseline", {"baseline": False}, "static", True, block)
    yield cases("rare noise in a trial, times the expected reward",
                {"normalise": False, "scale_by_expected": True}, "rate", False, rare)
