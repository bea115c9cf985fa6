#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Krotov-Hopfield's or the BCM rule on MNIST as a Python user would write it: float32, loading
excluded. Prints seconds of CPU time and of wall time that an epoch of the first IMAGES images
takes, and the norm of the weights, as JSON. `sparse` knows that only the rows of winners
change.
Usage: features_peer.py numpy|sparse|torch krotov-hopfield|bcm
                        FOLDER HIDDEN BATCH EPOCHS P K IMAGES"""
import gzip
import json
import pathlib
import sys
import time

import numpy as np  # how many threads it takes is the environment's: OPENBLAS_NUM_THREADS

DELTA, RATE = 0.4, 0.02
ADAM_RATE, BETA1, BETA2, EPSILON = 0.002, 0.9, 0.999, 1e-8


def images(folder, count):
    file = gzip.open(pathlib.Path(folder, "train-images-idx3-ubyte.gz"))
    pixels = np.frombuffer(file.read(16 + 784 * count)[16:], np.uint8).reshape(count, 784)
    return pixels.astype(np.float32) / 255


def start(rule, hidden):
    deviation = 1 if rule == "krotov-hopfield" else np.sqrt(2 / 784)
    normal = np.random.default_rng(1).standard_normal((hidden, 784), dtype=np.float32)
    return normal * np.float32(deviation)


def batches(n, batch, random):
    order = random.permutation(n)
    return [order[i : i + batch] for i in range(0, n, batch)]


def powered(w, p):
    """sign(W) |W|^(p-1), of NumPy's or PyTorch's arrays."""
    return w if p == 2 else w * abs(w) ** (p - 2)


def ranked_numpy(current, k):
    """The strongest and the k-th unit of each row."""
    return current.argmax(1), np.argpartition(current, -k, axis=1)[:, -k]


class NumpyKrotovHopfield:
    def __init__(self, hidden, p, k):
        self.w, self.p, self.k = start("krotov-hopfield", hidden), p, k

    def learn(self, x, rate):
        current = x @ powered(self.w, self.p).T
        first, last = ranked_numpy(current, self.k)
        rows = np.arange(len(x))
        g = np.zeros_like(current)
        g[rows, first] = 1
        g[rows, last] = -DELTA
        change = g.T @ x
        change -= (g * current).sum(0)[:, None] * self.w
        change *= rate / max(np.abs(change).max(), 1e-30)
        self.w += change


class SparseKrotovHopfield(NumpyKrotovHopfield):
    def learn(self, x, rate):
        current = x @ powered(self.w, self.p).T
        first, last = ranked_numpy(current, self.k)
        units, place = np.unique(np.concatenate([first, last]), return_inverse=True)
        n, rows = len(x), np.arange(len(x))
        g = np.zeros((n, len(units)), np.float32)
        g[rows, place[:n]] = 1
        g[rows, place[n:]] = -DELTA
        change = g.T @ x
        change -= (g * current[:, units]).sum(0)[:, None] * self.w[units]
        change *= rate / max(np.abs(change).max(), 1e-30)
        self.w[units] += change


class NumpyBcm:
    def __init__(self, hidden):
        self.w = start("bcm", hidden)
        self.m, self.v = np.zeros_like(self.w), np.zeros_like(self.w)
        self.t = 0

    def learn(self, x, _):
        y = np.maximum(x @ self.w.T, 0)
        theta = (y * y).mean(0)
        phi = y * (y - theta) / (theta + 1e-30)
        change = phi.T @ x
        change /= len(x)
        self.t += 1
        self.m *= BETA1
        self.m += (1 - BETA1) * change
        self.v *= BETA2
        change *= change
        change *= 1 - BETA2
        self.v += change
        np.sqrt(self.v, out=change)
        change /= np.float32(np.sqrt(1 - BETA2**self.t))
        change += EPSILON
        np.divide(self.m, change, out=change)
        change *= ADAM_RATE / (1 - BETA1**self.t)
        self.w += change


def torch_classes():
    import torch

    torch.set_grad_enabled(False)

    class KrotovHopfield:
        def __init__(self, hidden, p, k):
            self.w, self.p, self.k = torch.from_numpy(start("krotov-hopfield", hidden)), p, k

        def learn(self, x, rate):
            w = self.w
            current = x @ powered(w, self.p).T
            best = current.topk(self.k, dim=1).indices
            g = torch.zeros_like(current)
            g.scatter_(1, best[:, :1], 1.0)
            g.scatter_(1, best[:, -1:], -DELTA)
            change = g.T @ x
            change -= (g * current).sum(0)[:, None] * w
            w.add_(change, alpha=rate / max(change.abs().max().item(), 1e-30))

    class Bcm:
        def __init__(self, hidden):
            self.w = torch.from_numpy(start("bcm", hidden))
            self.optimizer = torch.optim.Adam([self.w], lr=ADAM_RATE, betas=(BETA1, BETA2),
                                              eps=EPSILON)

        def learn(self, x, _):
            y = (x @ self.w.T).relu()
            theta = (y * y).mean(0)
            phi = y * (y - theta) / (theta + 1e-30)
            self.w.grad = (phi.T @ x).mul_(-1 / len(x))
            self.optimizer.step()

    return torch, KrotovHopfield, Bcm


def learner(library, rule, hidden, p, k):
    if library == "torch":
        _, krotov_hopfield, bcm = torch_classes()
        return krotov_hopfield(hidden, p, k) if rule == "krotov-hopfield" else bcm(hidden)
    if rule == "bcm":
        return NumpyBcm(hidden)
    return (NumpyKrotovHopfield if library == "numpy" else SparseKrotovHopfield)(hidden, p, k)


def train(model, x, index, batch, epochs):
    random = np.random.default_rng(2)
    for epoch in range(epochs):
        parts = batches(len(x), batch, random)
        for done, rows in enumerate(parts):
            rate = RATE * (1 - (epoch + done / len(parts)) / epochs)
            model.learn(x[index(rows)], np.float32(rate))


def main():
    library, rule, folder, *numbers = sys.argv[1:]
    hidden, batch, epochs, p, k, count = map(int, numbers)
    x, index = images(folder, count), lambda rows: rows
    version = np.__version__
    if library == "torch":
        torch = torch_classes()[0]
        x, index, version = torch.from_numpy(x), torch.from_numpy, torch.__version__
    train(learner(library, rule, hidden, p, k), x[: 20 * batch], index, batch, 1)  # warms up
    model = learner(library, rule, hidden, p, k)
    cpu, wall = time.process_time(), time.perf_counter()
    train(model, x, index, batch, epochs)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(json.dumps({"cpu": cpu / epochs, "wall": wall / epochs, "version": version,
                      "norm": float((np.asarray(model.w, np.float64) ** 2).sum() ** 0.5)}))


if __name__ == "__main__":
    main()
