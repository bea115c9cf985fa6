#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Small networks of images beside PyTorch's from the same weights, convolutional ones and ones with
a GRU or an LSTM: outputs, and the weights after one step of gradient descent and one of Adadelta.
Skipped (status 77) where PyTorch is not installed.

usage: torch_test.py IMAGE_PROBE"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np

try:
    import torch
    from torch import nn
except ImportError as error:
    print(f"skipped: {error}; scripts/install-dependencies --benchmarks brings PyTorch")
    sys.exit(77)

PROBE = pathlib.Path(sys.argv[1]).resolve()


class Convolutions:
    """PyTorch's network, and its weights as ours: squares pixel by pixel, each with its channels; and
    an image of 16 channels the same way where it is a list of units."""
    PLACES = {"input>conv1": "0.weight", "conv1.bias": "0.bias", "pool1>conv2": "3.weight",
              "conv2.bias": "3.bias", "pool2>dense": "7.weight", "dense.bias": "7.bias",
              "dense>output": "9.weight", "output.bias": "9.bias"}

    @staticmethod
    def network():
        return nn.Sequential(
            nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU(),
            nn.MaxPool2d(2), nn.Flatten(), nn.Linear(2 * 2 * 16, 12), nn.ReLU(), nn.Linear(12, 10))

    @classmethod
    def ours(cls, theirs):
        return {name: cls.in_our_order(name, theirs[place]) for name, place in cls.PLACES.items()}

    @classmethod
    def theirs(cls, ours, shapes):
        return {place: cls.in_their_order(name, ours[name], shapes[place])
                for name, place in cls.PLACES.items()}

    @staticmethod
    def in_our_order(name, weights):
        if weights.ndim == 4:
            return weights.transpose(0, 2, 3, 1).reshape(len(weights), -1)
        if name == "pool2>dense":
            return weights.reshape(12, 16, 2, 2).transpose(0, 2, 3, 1).reshape(12, -1)
        return weights.reshape(len(weights), -1)

    @staticmethod
    def in_their_order(name, ours, shape):
        if len(shape) == 4:
            return ours.reshape(shape[0], shape[2], shape[3], shape[1]).transpose(0, 3, 1, 2)
        if name == "pool2>dense":
            return ours.reshape(12, 2, 2, 16).transpose(0, 3, 1, 2).reshape(12, -1)
        return ours.reshape(shape)


class Gates:
    """PyTorch's biases are there twice, of which ours is the one beside W, but for the candidate of a
    GRU, which has both. Its gates are in another order: r, z, n."""
    UNITS = 9

    class Network(nn.Module):
        def __init__(self, kind, is_by_column):
            super().__init__()
            self.is_by_column = is_by_column
            self.gates = getattr(nn, kind)(14 if is_by_column else 15, Gates.UNITS)
            self.head = nn.Sequential(nn.Linear(Gates.UNITS, 12), nn.ReLU(), nn.Linear(12, 10))

        def forward(self, images):
            steps = images[:, 0].permute(2, 0, 1) if self.is_by_column else \
                images[:, 0].permute(1, 0, 2)
            return self.head(self.gates(steps)[0][-1])

    def __init__(self, kind, is_by_column):
        self.kind, self.is_by_column = kind, is_by_column

    def network(self):
        return self.Network(self.kind, self.is_by_column)

    def turned(self, parts):
        """The parts of a GRU from n, r, z to r, z, n."""
        return np.roll(parts, -self.UNITS, axis=0) if self.kind == "GRU" else parts

    def ours(self, theirs):
        back = self.UNITS if self.kind == "GRU" else 0
        of_w, of_u = (theirs[f"gates.bias_{side}_l0"] for side in ("ih", "hh"))
        bias = [np.roll(of_w, back)] + ([of_u[-self.UNITS:]] if self.kind == "GRU" else [])
        return {"input>gates": np.roll(theirs["gates.weight_ih_l0"], back, axis=0),
                "gates>gates": theirs["gates.weight_hh_l0"],
                "gates.bias": np.concatenate(bias)[:, None],
                "gates>dense": theirs["head.0.weight"], "dense.bias": theirs["head.0.bias"][:, None],
                "dense>output": theirs["head.2.weight"],
                "output.bias": theirs["head.2.bias"][:, None]}

    def theirs(self, ours, _):
        bias = ours["gates.bias"][:, 0]
        parts = 3 * self.UNITS if self.kind == "GRU" else 4 * self.UNITS
        of_u = np.zeros(parts, np.float32)
        if self.kind == "GRU":
            of_u[-self.UNITS:] = bias[parts:]
        return {"gates.weight_ih_l0": self.turned(ours["input>gates"]),
                "gates.weight_hh_l0": ours["gates>gates"],
                "gates.bias_ih_l0": self.turned(bias[:parts]), "gates.bias_hh_l0": of_u,
                "head.0.weight": ours["gates>dense"], "head.0.bias": ours["dense.bias"][:, 0],
                "head.2.weight": ours["dense>output"], "head.2.bias": ours["output.bias"][:, 0]}


NETWORKS = {"convolutions": Convolutions,
            **{f"{kind.lower()}-by-{axis}": Gates(kind, axis == "columns")
               for kind in ("GRU", "LSTM") for axis in ("rows", "columns")}}


class BesideTorch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        subprocess.run([PROBE, folder.name], check=True, timeout=120)
        cls.found = {name: {path.stem: np.load(path)
                            for path in pathlib.Path(folder.name, name).glob("*.npy")}
                     for name in NETWORKS}

    def start(self, name):
        return {key[len("start."):]: values for key, values in self.found[name].items()
                if key.startswith("start.")}

    def their_network(self, name):
        model = NETWORKS[name].network()
        shapes = {key: tuple(values.shape) for key, values in model.state_dict().items()}
        start = NETWORKS[name].theirs(self.start(name), shapes)
        model.load_state_dict({key: torch.tensor(np.ascontiguousarray(values))
                               for key, values in start.items()})
        return model

    def images(self, name):
        return torch.tensor(np.ascontiguousarray(self.found[name]["images"].T)
                            .reshape(-1, 1, 14, 15))

    def test_outputs_are_the_same_to_1e_5(self):
        for name in NETWORKS:
            with self.subTest(network=name), torch.no_grad():
                outputs = torch.softmax(self.their_network(name)(self.images(name)), 1).numpy().T
                self.assertGreater(np.ptp(outputs), 0.1)
                np.testing.assert_allclose(self.found[name]["outputs"], outputs, rtol=0, atol=1e-5)

    def check_step(self, kind, make):
        for name, peer in NETWORKS.items():
            model, start = self.their_network(name), self.start(name)
            labels = torch.tensor(self.found[name]["targets"].argmax(0))
            nn.CrossEntropyLoss()(model(self.images(name)), labels).backward()
            make(model.parameters()).step()
            after = peer.ours({key: values.numpy() for key, values in model.state_dict().items()})
            self.assertEqual(set(after), set(start))
            for weights, values in after.items():
                with self.subTest(network=name, weights=weights):
                    theirs = values - start[weights]
                    ours = self.found[name][f"{kind}.{weights}"] - start[weights]
                    self.assertGreater(np.linalg.norm(theirs), 1e-4)
                    off = np.linalg.norm(ours - theirs) / np.linalg.norm(theirs)
                    self.assertLess(off, 1e-4)

    def test_a_step_of_gradient_descent_is_the_same_to_1e_4(self):
        self.check_step("sgd", lambda weights: torch.optim.SGD(weights, lr=0.1))

    def test_a_step_of_adadelta_is_the_same_to_1e_4(self):
        self.check_step("adadelta",
                        lambda weights: torch.optim.Adadelta(weights, lr=1, rho=0.95, eps=1e-7))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
