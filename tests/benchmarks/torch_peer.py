#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains one multi-layer perceptron with PyTorch on one thread and prints training images a CPU
second, loading excluded, as JSON. With --loader, batches come from a DataLoader, as in tutorials,
else from indices, which is faster.
Usage: torch_peer.py [--loader] digits|mnist FOLDER SIZES BATCH EPOCHS"""
import gzip
import json
import os
import pathlib
import sys
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np
import torch


def load(task, folder):
    folder = pathlib.Path(folder)
    if task == "digits":
        table = np.loadtxt(gzip.open(folder / "digits.csv.gz", "rt"), delimiter=",", dtype=np.float32)
        return table[:, :-1] / 16, table[:, -1].astype(np.int64)
    images = gzip.open(folder / "train-images-idx3-ubyte.gz").read()[16:]
    labels = gzip.open(folder / "train-labels-idx1-ubyte.gz").read()[8:]
    pixels = np.frombuffer(images, np.uint8).reshape(-1, 784).astype(np.float32)
    return pixels / 255, np.frombuffer(labels, np.uint8).astype(np.int64)


def network(sizes):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


class Indexed:
    """Batches in a new order at each pass."""

    def __init__(self, x, y, batch):
        self.x, self.y, self.batch = x, y, batch

    def __iter__(self):
        return ((self.x[rows], self.y[rows])
                for rows in torch.randperm(len(self.x)).split(self.batch))


def loader(x, y, batch):
    data = torch.utils.data.TensorDataset(x, y)
    return torch.utils.data.DataLoader(data, batch_size=batch, shuffle=True)


def train(model, batches, epochs, make=lambda weights: torch.optim.SGD(weights, lr=0.1)):
    optimizer = make(model.parameters())
    for _ in range(epochs):
        for x, y in batches:
            optimizer.zero_grad(set_to_none=True)
            torch.nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()


def sgemm_rate():
    """GFLOP/s of this thread's 512 x 512 matrix product: the best of 20."""
    a, b, out = torch.rand(512, 512), torch.rand(512, 512), torch.empty(512, 512)
    best = float("inf")
    for _ in range(20):
        start = time.process_time()
        torch.mm(a, b, out=out)
        best = min(best, time.process_time() - start)
    return 2 * 512**3 / best / 1e9


def main():
    arguments = sys.argv[1:]
    batches = loader if arguments[0] == "--loader" else Indexed
    task, folder, sizes, batch, epochs = arguments[-5:]
    batch, epochs = int(batch), int(epochs)
    torch.set_num_threads(1)
    torch.manual_seed(1)
    x, y = map(torch.from_numpy, load(task, folder))
    model = network([int(size) for size in sizes.split("-")])
    train(model, batches(x[: 20 * batch], y[: 20 * batch], batch), 1)  # first calls choose kernels
    start = time.process_time()
    train(model, batches(x, y, batch), epochs)
    seconds = time.process_time() - start
    with torch.no_grad():
        accuracy = (model(x).argmax(1) == y).float().mean().item()
    print(json.dumps({"images_per_second": epochs * len(x) / seconds, "accuracy": accuracy,
                      "sgemm": sgemm_rate(), "version": torch.__version__}))


if __name__ == "__main__":
    main()
