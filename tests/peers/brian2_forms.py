# SPDX-License-Identifier: Apache-2.0
"""Each form of STDP twice: what drives an arm of a deltaw experiment, and the equations of Brian2's
Synapses with its values of their parameters. `keep` of a trace survives a spike: 1 where all spikes
count, 0 where the nearest does."""
import dataclasses


@dataclasses.dataclass
class Family:
    """Forms whose equations differ in parameters alone."""
    model: str
    on_pre: list
    on_post: list
    drives: dict = dataclasses.field(default_factory=dict)  # form: rule, parameters, optimizer
    values: dict = dataclasses.field(default_factory=dict)  # form: parameter: value

    def add(self, name, rule, parameters, values=None, **more):
        self.drives[name] = {"rule": rule, "parameters": parameters, **more}
        self.values[name] = values or {}


def traces(**taus):
    return "\n".join(f"d{name}/dt = -{name} / ({tau} * ms) : 1 (event-driven)"
                     for name, tau in taus.items())


def changed(by):
    return f"w += learning * (clip(w + {by}, 0, 1) - w)"


def jump(*names):
    return [f"{name} = keep * {name} + 1" for name in names]


KEEP = "\nkeep : 1 (constant)"
MU = "\nmu : 1 (constant)"
PAIRINGS = {"all-to-all": 1, "nearest": 0}
POWERS = {"additive": 0, "multiplicative": 1, "power-law": 0.4}


def power_of(bounds):
    """Bounds by a power law have a power of their own."""
    return {"mu": 0.4} if bounds == "power-law" else {}


def pairs():
    family = Family(traces(x=17, y=34) + KEEP + MU,
                    [changed("-0.03 * w**mu * y"), *jump("x")],
                    [changed("0.02 * (1 - w)**mu * x"), *jump("y")])
    for pairing, keep in PAIRINGS.items():
        for bounds, mu in POWERS.items():
            family.add(f"pair-{pairing}-{bounds}", "stdp",
                       {"pairing": pairing, "bounds": bounds, "a_plus": 0.02, "a_minus": 0.03,
                        "tau_plus": 17, "tau_minus": 34, **power_of(bounds)}, {"keep": keep, "mu": mu})
    return family


def reciprocal():
    """x and y are when a spike came last, in ms."""
    def window(last):
        lag = f"(t / ms - {last})"
        return f"int({lag} > 0.25 and {lag} < 60.25) / clip({lag}, 0.5, 1e9)"
    family = Family("x : 1\ny : 1" + MU,
                    [changed(f"-0.06 * w**mu * {window('y')}"), "x = t / ms"],
                    [changed(f"0.05 * (1 - w)**mu * {window('x')}"), "y = t / ms"])
    for bounds, mu in POWERS.items():
        family.add(f"reciprocal-{bounds}", "stdp",
                   {"pairing": "nearest", "window": "reciprocal", "bounds": bounds, "a_plus": 0.05,
                    "a_minus": 0.06, "reach": 60, **power_of(bounds)}, {"mu": mu, "x": -1e9, "y": -1e9})
    return family


def triplets():
    family = Family(traces(r1=16.8, r2=101, o1=33.7, o2=114) + KEEP,
                    [changed("-o1 * (0.005 + 0.002 * r2)"), *jump("r1", "r2")],
                    [changed("r1 * (0.006 + 0.0065 * o2)"), *jump("o1", "o2")])
    for pairing, keep in PAIRINGS.items():
        family.add(f"triplet-{pairing}", "triplet-stdp",
                   {"pairing": pairing, "a2_plus": 0.006, "a3_plus": 0.0065, "a2_minus": 0.005,
                    "a3_minus": 0.002, "tau_plus": 16.8, "tau_minus": 33.7, "tau_x": 101,
                    "tau_y": 114}, {"keep": keep})
    return family


def diehl_cook(form, on_pre, on_post):
    family = Family(traces(x=20, y1=20, y2=40) + KEEP,
                    [*on_pre, *jump("x")], [on_post, *jump("y1", "y2")])
    for pairing, keep in PAIRINGS.items():
        family.add(f"diehl-cook-{form}-{pairing}", "diehl-cook",
                   {"form": form, "pairing": pairing, "eta_post": 0.02,
                    **({"eta_pre": 0.005} if form in ("triplet", "pre-and-post") else {})}, {"keep": keep})
    return family


def bengio():
    family = Family(traces(x=20, y=10), [changed("-0.03 * 2 / 3 * y"), "x += 1"],
                    [changed("0.03 / 3 * x"), "y += 1"])
    family.add("bengio", "bengio-stdp", {"tau_s": 20, "tau_v": 10}, optimizer={"rate": 0.03})
    return family


GROWTH = changed("0.02 * (x - 0.4) * (1 - w)**0.2")
FAMILIES = [
    pairs(), reciprocal(), triplets(), bengio(),
    diehl_cook("triplet", [changed("-0.005 * y1")], changed("0.02 * x * y2")),
    diehl_cook("power-law", [], GROWTH),
    diehl_cook("exponential", [], changed("0.02 * (x * exp(-w) - 0.4 * exp(w - 1))")),
    diehl_cook("pre-and-post", [changed("-0.005 * y1 * w**0.2")], GROWTH),
]
