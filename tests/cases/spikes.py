# SPDX-License-Identifier: Apache-2.0
"""Rules of spikes, written over all pairs of one synapse. A trace at an event is the sum over (or the
latest of) the earlier spikes; an arrival sees spikes of the target in earlier steps only, a spike of
the target sees arrivals in its own step too."""
import numpy as np

from inputs import fractions, trains

STEPS = 14


def summed(spikes, now, tau, is_nearest):
    """exp(-s/tau) over the spikes before `now`, in ms."""
    ages = [now - s for s in spikes]
    if is_nearest:
        ages = ages[-1:]
    return sum(np.exp(-s / tau) for s in ages)


def case(name, seed, parameters, on_pre, on_post, dt=1, delays=None, is_in_place=False):
    """on_pre(arrivals, spikes, t, w) -> change at an arrival at time t, given the times (ms) of what
    came before; on_post likewise."""
    inputs, outputs = 4, 3
    pre, post = trains(seed, inputs, STEPS), trains(seed + 1, outputs, STEPS)
    w = fractions(seed + 2)(outputs, inputs)
    steps_of = np.zeros((outputs, inputs), int) if delays is None else np.array(delays)
    arrivals = [[[s + steps_of[i, j] for s in range(STEPS) if j in pre[s]] for j in range(inputs)]
                for i in range(outputs)]
    spikes = [[s for s in range(STEPS) if i in post[s]] for i in range(outputs)]
    shown = {"weights": w.copy(), **({} if delays is None else {"delays": steps_of.astype(float)})}
    listed = []
    for now in range(STEPS):
        delta = np.zeros((outputs, inputs))
        for i in range(outputs):
            for j in range(inputs):
                came = [s * dt for s in arrivals[i][j] if s < now]
                went = [s * dt for s in spikes[i] if s < now]

                def move(amount):
                    if is_in_place:
                        w[i, j] = np.clip(w[i, j] + amount, 0, 1)
                    else:
                        delta[i, j] += amount

                if now in arrivals[i][j]:
                    move(on_pre(came, went, now * dt, w[i, j]))
                    came = came + [now * dt]
                if now in spikes[i]:
                    move(on_post(came, went, now * dt, w[i, j]))
        signals = {"spikes.pre": pre[now], "spikes.post": post[now]}
        if now == 0:
            signals.update(shown)
        listed.append({"signals": signals, "expected": w.copy() if is_in_place else delta})
    return {"name": name, "parameters": parameters, "dt": dt, "in_place": is_in_place,
            "updates": listed}


DELAYS = [[0, 3, 1, 2], [2, 0, 4, 1], [1, 1, 0, 5]]


def stdp():
    a, b = 0.05, 0.06
    base = {"a_plus": a, "a_minus": b}

    def pair(is_nearest):
        return (lambda came, went, t, w: -b * summed(went, t, 20, is_nearest),
                lambda came, went, t, w: a * summed(came, t, 20, is_nearest))

    yield case("all pairs", 31, base, *pair(False))
    yield case("nearest pairs, dt 0.5", 34, {**base, "pairing": "nearest"}, *pair(True), dt=0.5)
    yield case("all pairs, a delay for each synapse", 37, base, *pair(False), delays=DELAYS)
    yield case("power law, in place", 40, {**base, "bounds": "power-law", "mu": 0.4},
               lambda came, went, t, w: -b * w ** 0.4 * summed(went, t, 20, False),
               lambda came, went, t, w: a * (1 - w) ** 0.4 * summed(came, t, 20, False),
               is_in_place=True)
    yield case("multiplicative", 43, {**base, "bounds": "multiplicative"},
               lambda came, went, t, w: -b * w * summed(went, t, 20, False),
               lambda came, went, t, w: a * (1 - w) * summed(came, t, 20, False))

    def reciprocal(spikes, t):
        return 1 / (t - spikes[-1]) if spikes and t > spikes[-1] else 0

    yield case("reciprocal window", 46, {**base, "window": "reciprocal", "pairing": "nearest"},
               lambda came, went, t, w: -b * reciprocal(went, t),
               lambda came, went, t, w: a * reciprocal(came, t))


def triplet_stdp():
    given = {"a2_plus": 0.01, "a3_plus": 0.02, "a2_minus": 0.03, "a3_minus": 0.04}
    for pairing in ("all-to-all", "nearest"):
        last = pairing == "nearest"
        yield case(pairing, 51, {**given, "pairing": pairing},
                   lambda came, went, t, w: -summed(went, t, 33.7, last) * (
                       0.03 + 0.04 * summed(came, t, 101, last)),
                   lambda came, went, t, w: summed(came, t, 16.8, last) * (
                       0.01 + 0.02 * summed(went, t, 114, last)))


def diehl_cook():
    target, mu, beta = 0.4, 0.2, 1.5

    def kept(came, t):
        return summed(came, t, 20, True)

    def depressed(came, went, t, w):
        return -0.01 * summed(went, t, 20, True)

    forms = {
        "triplet": (depressed, lambda came, went, t, w: 0.05 * kept(came, t) * summed(
            went, t, 40, True)),
        "power-law": (lambda *_: 0, lambda came, went, t, w: 0.05 * (kept(came, t) - target) * (
            1 - w) ** mu),
        "exponential": (lambda *_: 0, lambda came, went, t, w: 0.05 * (
            kept(came, t) * np.exp(-beta * w) - target * np.exp(-beta * (1 - w)))),
        "pre-and-post": (lambda came, went, t, w: depressed(came, went, t, w) * w ** mu,
                         lambda came, went, t, w: 0.05 * (kept(came, t) - target) * (1 - w) ** mu),
    }
    own = {"triplet": {}, "power-law": {"x_tar": target, "mu": mu},
           "exponential": {"x_tar": target, "beta": beta}, "pre-and-post": {"x_tar": target, "mu": mu}}
    for name, (on_pre, on_post) in forms.items():
        rates = {"eta_post": 0.05}
        if name in ("triplet", "pre-and-post"):
            rates["eta_pre"] = 0.01
        yield case(name, 61, {**rates, "form": name, **own[name]}, on_pre, on_post)


def bengio_stdp():
    tau_s, tau_v = 12, 30
    yield case("unequal time constants", 71, {"tau_s": tau_s, "tau_v": tau_v},
               lambda came, went, t, w: -tau_s / (tau_s + tau_v) * summed(went, t, tau_v, False),
               lambda came, went, t, w: tau_v / (tau_s + tau_v) * summed(came, t, tau_s, False))


def reward_stdp():
    for baseline in ("none", "mean"):
        inputs, outputs, a, b, tau_e = 4, 3, 0.05, 0.06, 25
        pre, post = trains(81, inputs, STEPS), trains(82, outputs, STEPS)
        rewards, expected, listed = {5: 1.0, 9: -0.5, 13: 0.75}, 0.0, []
        eligibility = np.zeros((outputs, inputs))
        for now in range(STEPS):
            eligibility *= np.exp(-1 / tau_e)
            for i in range(outputs):
                for j in range(inputs):
                    came = [s for s in range(now) if j in pre[s]]
                    went = [s for s in range(now) if i in post[s]]
                    if j in pre[now]:
                        eligibility[i, j] -= b * summed(went, now, 20, False)
                        came.append(now)
                    if i in post[now]:
                        eligibility[i, j] += a * summed(came, now, 20, False)
            signals = {"spikes.pre": pre[now], "spikes.post": post[now]}
            delta = np.zeros((outputs, inputs))
            if now in rewards:
                signals["reward"] = np.array([[rewards[now]]])
                delta = (rewards[now] - expected) * eligibility
                if baseline == "mean":
                    expected = 0.9 * expected + 0.1 * rewards[now]
            listed.append({"signals": signals, "expected": delta})
        yield {"name": f"baseline {baseline}", "updates": listed,
               "parameters": {"baseline": baseline, "tau_e": tau_e, "a_plus": a, "a_minus": b}}
