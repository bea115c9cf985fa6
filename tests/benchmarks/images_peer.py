#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains a convolutional network with PyTorch and Adadelta on one thread, on images of MNIST, and
prints training images a CPU second, loading excluded, and the peak of memory (MiB) as JSON.
With --channels-last, images lie pixel by pixel. The network is written as in experiments.
Usage: images_peer.py [--channels-last] FOLDER NETWORK IMAGES BATCH EPOCHS"""
import json
import re
import resource
import sys
import time

from torch_peer import Indexed, load, sgemm_rate, train
import torch
from torch import nn


def network(text):
    """28x28-C5x6-MP-D.2-120-10, with relu between."""
    first, *pieces = text.split("-")
    height, width = map(int, first.split("x"))
    channels, layers = 1, []
    for piece in pieces:
        if match := re.fullmatch(r"C(\d+)x(\d+)", piece):
            side, filters = map(int, match.groups())
            layers += [nn.Conv2d(channels, filters, side), nn.ReLU()]
            channels, height, width = filters, height - side + 1, width - side + 1
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
    model = network(text)
    if sys.argv[1] == "--channels-last":
        model = model.to(memory_format=torch.channels_last)
    train(model, Indexed(x[: 10 * batch], y[: 10 * batch], batch), 1, adadelta)  # chooses kernels
    start = time.process_time()
    train(model, Indexed(x, y, batch), epochs, adadelta)
    seconds = time.process_time() - start
    print(json.dumps({"images_per_second": epochs * len(x) / seconds, "sgemm": sgemm_rate(),
                      "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
