#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A small convolutional network beside PyTorch's from the same weights: outputs, and the weights
after one step of gradient descent and one of Adadelta. Skipped (status 77) where PyTorch is not
installed.

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
LAYERS = {  # connection, bias, and which module of network()
    "input>conv1": ("conv1.bias", 0), "pool1>conv2": ("conv2.bias", 3),
    "pool2>dense": ("dense.bias", 7), "dense>output": ("output.bias", 9)}


def network():
    return nn.Sequential(
        nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(2 * 2 * 16, 12), nn.ReLU(), nn.Linear(12, 10))


def in_our_order(name, weights):
    """PyTorch's weights as ours: squares pixel by pixel, each with its channels; and an image of
    16 channels the same way where it is a list of units."""
    if weights.ndim == 4:
        return weights.transpose(0, 2, 3, 1).reshape(len(weights), -1)
    if name == "pool2>dense":
        return weights.reshape(12, 16, 2, 2).transpose(0, 2, 3, 1).reshape(12, -1)
    return weights.reshape(len(weights), -1)


def in_their_order(name, ours, shape):
    if len(shape) == 4:
        return ours.reshape(shape[0], shape[2], shape[3], shape[1]).transpose(0, 3, 1, 2)
    if name == "pool2>dense":
        return ours.reshape(12, 2, 2, 16).transpose(0, 3, 1, 2).reshape(12, -1)
    return ours.reshape(shape)


class BesideTorch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        subprocess.run([PROBE, folder.name], check=True, timeout=120)
        cls.found = {path.stem: np.load(path) for path in pathlib.Path(folder.name).glob("*.npy")}

    def their_network(self):
        model = network()
        for connection, (bias, place) in LAYERS.items():
            for name, values in ((connection, model[place].weight), (bias, model[place].bias)):
                start = in_their_order(name, self.found[f"start.{name}"], tuple(values.shape))
                values.data = torch.tensor(np.ascontiguousarray(start))
        return model

    def images(self):
        return torch.tensor(np.ascontiguousarray(self.found["images"].T).reshape(-1, 1, 14, 15))

    def test_outputs_are_the_same_to_1e_5(self):
        with torch.no_grad():
            outputs = torch.softmax(self.their_network()(self.images()), 1).numpy().T
        self.assertGreater(np.ptp(outputs), 0.1)
        np.testing.assert_allclose(self.found["outputs"], outputs, rtol=0, atol=1e-5)

    def check_step(self, kind, make):
        model = self.their_network()
        labels = torch.tensor(self.found["targets"].argmax(0))
        nn.CrossEntropyLoss()(model(self.images()), labels).backward()
        make(model.parameters()).step()
        for connection, (bias, place) in LAYERS.items():
            for name, values in ((connection, model[place].weight), (bias, model[place].bias)):
                with self.subTest(weights=name):
                    start = self.found[f"start.{name}"]
                    theirs = in_our_order(name, values.detach().numpy()) - start
                    ours = self.found[f"{kind}.{name}"] - start
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
