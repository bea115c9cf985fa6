# SPDX-License-Identifier: Apache-2.0
"""Event files, read back with others' checksums and protocol buffers. Usage: tensorboard_test.py TREE
DELTAW"""
import os
import pathlib
import struct
import tempfile
import unittest

import tree

tree.need(("google.protobuf", "python3-protobuf"), ("crcmod", "python3-crcmod"))

import deltaw
import numpy as np
from crcmod.predefined import mkPredefinedCrcFun
from deltaw.tensorboard import write_events
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

crc32c = mkPredefinedCrcFun("crc-32c")


def event_type():
    """The part of tensorflow/core/util/event.proto and summary.proto that scalars take."""
    kinds = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="event.proto", package="t", syntax="proto3")
    for message, fields in {
            "Value": [("tag", 1, kinds.TYPE_STRING), ("simple_value", 2, kinds.TYPE_FLOAT)],
            "Summary": [("value", 1, "Value")],
            "Event": [("wall_time", 1, kinds.TYPE_DOUBLE), ("step", 2, kinds.TYPE_INT64),
                      ("file_version", 3, kinds.TYPE_STRING), ("summary", 5, "Summary")]}.items():
        made = file.message_type.add(name=message)
        for name, number, kind in fields:
            is_message = isinstance(kind, str)
            field = made.field.add(name=name, number=number, label=3 if name == "value" else 1,
                                   type=kinds.TYPE_MESSAGE if is_message else kind)
            if is_message:
                field.type_name = f".t.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName("t.Event"))


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) % 2**32


def events(file):
    data, found, event = file.read_bytes(), [], event_type()
    while data:
        size, check = struct.unpack("<QI", data[:12])
        message, (last,) = data[12:12 + size], struct.unpack("<I", data[12 + size:16 + size])
        assert (check, last) == (masked(data[:8]), masked(message))
        found.append(event.FromString(message))
        data = data[16 + size:]
    return found


class TensorBoard(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        os.environ.update({"DELTAW": str(tree.PROGRAM), "HOME": temporary.name})

    def test_events_read_back(self):
        file = self.folder / "events"
        rows = [(1.5, 0, {"loss": 0.1}), (2e9, 2**40 + 127, {"größe": -1e30, "b": float("inf")})]
        write_events(file, rows)
        first, *others = events(file)
        self.assertEqual(first.file_version, "brain.Event:2")
        for (time, step, scalars), event in zip(rows, others, strict=True):
            self.assertEqual((event.wall_time, event.step), (time, step))
            self.assertEqual({value.tag: value.simple_value for value in event.summary.value},
                             {tag: np.float32(value) for tag, value in scalars.items()})

    def test_curves_are_those_of_the_frames(self):
        results = deltaw.compare(tree.ROOT / "experiments/digits.json", seeds=2, out=self.folder / "out",
                                 rules=["backprop", "feedback-alignment"], set={"training.epochs": 2})
        results.to_tensorboard(self.folder / "board")
        files = sorted((self.folder / "board").rglob("events.out.tfevents.*"))
        self.assertEqual([str(file.parent.relative_to(self.folder / "board")) for file in files],
                         [f"{rule}/seed-{seed}" for rule in ("backprop", "feedback-alignment")
                          for seed in (1, 2)])
        curve = results.metrics.set_index(["rule", "seed"]).loc[("feedback-alignment", 2)]
        shown = events(files[3])[1:]
        self.assertEqual([event.step for event in shown], [0, 1, 2])
        for event, row in zip(shown, curve.itertuples(), strict=True):
            values = {value.tag: value.simple_value for value in event.summary.value}
            self.assertEqual(set(values), {"train_loss", "train_accuracy", "test_loss", "test_accuracy"})
            self.assertEqual(values["test_accuracy"], np.float32(row.test_accuracy))
            self.assertEqual(values["train_loss"], np.float32(row.train_loss))
            self.assertAlmostEqual(event.wall_time - shown[0].wall_time, row.seconds, 5)


if __name__ == "__main__":
    unittest.main(argv=tree.sys.argv[:1])
