#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains a convolutional or recurrent network with PyTorch and Adadelta on one thread, on images of
MNIST, and prints training images a CPU second, loading excluded, and the peak of memory (MiB) as JSON.
With --other-layout, images lie pixel by pixel, or the samples of a sequence come before its steps. The
network is written as in experiments.
Usage: images_peer.py [--other-layout] FOLDER NETWORK IMAGES BATCH EPOCHS"""
import json
import re
import resource
import sys
import time

from torch_peer import Indexed, load, sgemm_rate, train
import torch
from torch import nn


class Gates(nn.Module):
    """The last state of a GRU or LSTM that reads 28 x 28 pixels row by row, or column by column."""

    def __init__(self, axis, kind, units, samples_first):
        super().__init__()
        self.is_by_column, self.samples_first = axis == "col", samples_first
        self.gates = getattr(nn, kind)(28, units, batch_first=samples_first)

    def forward(self, images):
        steps = images[:, 0].transpose(1, 2) if self.is_by_column else images[:, 0]
        if self.samples_first:
            return self.gates(steps)[0][:, -1]
        return self.gates(steps.transpose(0, 1))[0][-1]


def network(text, has_other_layout):
    """28x28-C5x6-MP-D.2-120-10 or 28x28-col GRU128-64-10, with relu between."""
    first, *pieces = text.split("-")
    height, width = map(int, first.split("x"))
    channels, layers = 1, []
    for piece in pieces:
        if match := re.fullmatch(r"C(\d+)x(\d+)", piece):
            side, filters = map(int, match.groups())
            layers += [nn.Conv2d(channels, filters, side), nn.ReLU()]
            channels, height, width = filters, height - side + 1, width - side + 1
        elif match := re.fullmatch(r"(row|col) (GRU|LSTM)(\d+)", piece):
            axis, kind, units = match.groups()
            layers.append(Gates(axis, kind, int(units), has_other_layout))
            channels, height = int(units), 0
        elif piece == "MP":
            layers.append(nn.MaxPool2d(2))
            height, width = height // 2, width // 2
        elif piece.startswith("D"):
            layers.append(nn.Dropout(float(piece[1:])))
        else:
            if height > 0:
                layers.append(nn.Flatten())
                channels, height = channels * height * width, 0
            layers += [nn.Linear(channels, int(piece)), nn.ReLU()]
            channels = int(piece)
    return nn.Sequential(*layers[:-1])


def adadelta(weights):
    return torch.optim.Adadelta(weights, lr=1, rho=0.95, eps=1e-7)


def main():
    folder, text, images, batch, epochs = sys.argv[-5:]
    images, batch, epochs = int(images), int(batch), int(epochs)
    torch.set_num_threads(1)
    torch.manual_seed(1)
    x, y = map(torch.from_numpy, load("mnist", folder))
    x, y = x[:images].reshape(-1, 1, 28, 28), y[:images]
    has_other_layout = sys.argv[1] == "--other-layout"
    model = network(text, has_other_layout)
    if has_other_layout:
        model = model.to(memory_format=torch.channels_last)
    train(model, Indexed(x[: 10 * batch], y[: 10 * batch], batch), 1, adadelta)  # chooses kernels
    start = time.process_time()
    train(model, Indexed(x, y, batch), epochs, adadelta)
    seconds = time.process_time() - start
    print(json.dumps({"images_per_second": epochs * len(x) / seconds, "sgemm": sgemm_rate(),
                      "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
