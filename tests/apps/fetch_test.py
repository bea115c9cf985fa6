# SPDX-License-Identifier: Apache-2.0
"""deltaw data fetch from real servers on this machine, of which some are bad, and from folders."""
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import time
import unittest

from case import Case, main
from server import Server

SHIPPED = pathlib.Path(__file__).resolve().parents[2] / "data/digits/digits.csv.gz"
DIGITS = SHIPPED.read_bytes()
NAME = "digits/digits.csv.gz"
HALF = len(DIGITS) // 2


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Fetch(Case):
    def setUp(self):
        super().setUp()
        self.target = self.folder / "data" / NAME
        self.part = self.target.with_name(self.target.name + ".part")

    def fetch(self, *sources, status=0, **options):
        froms = [word for source in sources for word in ("--from", source)]
        return self.deltaw("data", "fetch", "digits", "--data", "data", *froms, status=status,
                           **options)

    def fails(self, code, *texts, sources, options=()):
        froms = [word for source in sources for word in ("--from", source)]
        self.refuse(2, code, *texts,
                    arguments=["data", "fetch", "digits", "--data", "data", *froms, *options])

    def serve(self, data=DIGITS, path="/" + NAME):
        return self.enterContext(Server({path: data}))

    def check_right(self):
        self.assertEqual(self.target.read_bytes(), DIGITS)
        self.assertFalse(self.part.exists())

    def test_a_set_is_fetched_whole_and_not_a_second_time(self):
        server = self.serve()
        done = self.fetch(server.url)
        self.check_right()
        self.assertEqual(done.stderr_text, f"{NAME}: 57.5 kB from {server.url}/{NAME}\n")
        self.assertEqual(done.stdout_text, "digits: data/digits\n")
        self.assertEqual(len(server.requests), 1)
        again = self.fetch(server.url)
        self.assertEqual(again.stderr_text, f"{NAME}: is there\n")
        self.assertEqual(len(server.requests), 1)

    def test_what_is_shipped_is_there(self):
        done = self.deltaw("data", "fetch", "digits")
        self.assertEqual(done.stderr_text, f"{NAME}: is there\n")
        self.assertRegex(done.stdout_text, r"^digits: /.*/data/digits\n$")

    def test_what_differs_from_the_published_file_is_fetched_again(self):
        server = self.serve()
        self.write("something else", "data/" + NAME)
        self.fetch(server.url + "/")
        self.check_right()

    def test_json_tells_where_each_file_came_from(self):
        server = self.serve(path="/digits.csv.gz")
        said = json.loads(self.deltaw("data", "fetch", "digits", "--data", "data", "--json",
                                      "--from", server.url).stdout_text)
        self.assertEqual(said, {"files": [{"name": NAME, "path": "data/" + NAME, "bytes": 57512,
                                           "source": server.url + "/digits.csv.gz"}]})
        said = json.loads(self.deltaw("data", "fetch", "digits", "--data", "data", "--json",
                                      "--from", server.url).stdout_text)
        self.assertIsNone(said["files"][0]["source"])

    def test_a_file_of_another_length_is_refused_before_it_is_written(self):
        for data in (DIGITS[:HALF], DIGITS + b"x", b"<html>Moved!</html>"):
            server = self.serve(data)
            self.fails("E411", "no source has it", f"has {len(data)} bytes instead of 57512",
                       server.url, sources=[server.url])

    def test_a_wrong_hash_is_refused_and_nothing_stays(self):
        wrong = DIGITS[:-1] + bytes([DIGITS[-1] ^ 1])
        server = self.serve(wrong)
        self.fails("E412", "not the published file", hashlib.sha256(DIGITS).hexdigest(),
                   f"{server.url}/{NAME}: its SHA-256 differs", sources=[server.url])
        good = self.serve()
        self.fetch(server.url, good.url)
        self.check_right()

    def test_a_server_that_dies_half_way_is_gone_on_with(self):
        with Server({"/" + NAME: DIGITS}) as server:
            server.http.stops_at = [HALF, HALF]  # the second answer brings nothing more
            done = self.fetch(server.url, status=2)
            self.assertIn("error[E411]", done.stderr_text)
            self.assertIn(f"after {HALF} of 57512 bytes", done.stderr_text)
            self.assertIn("the same command again: it goes on", done.stderr_text)
        self.assertEqual(self.part.read_bytes(), DIGITS[:HALF])
        self.assertFalse(self.target.exists())
        other = self.serve()
        self.fetch(other.url)
        self.check_right()
        self.assertEqual([(request["range"], request["sent"]) for request in other.requests],
                         [(f"bytes={HALF}-", len(DIGITS) - HALF)])

    def test_a_connection_that_breaks_is_taken_up_at_once(self):
        server = self.serve()
        server.http.stops_at = [1000, 30000]
        self.fetch(server.url)
        self.check_right()
        self.assertEqual([request["sent"] for request in server.requests],
                         [1000, 29000, len(DIGITS) - 30000])

    def test_a_server_without_ranges_starts_again(self):
        server = self.serve()
        server.http.knows_ranges = False
        self.part.parent.mkdir(parents=True)
        self.part.write_bytes(b"x" * HALF)
        self.fetch(server.url)
        self.check_right()
        self.assertEqual(server.requests[0]["sent"], len(DIGITS))

    def test_a_part_of_another_file_does_not_stay(self):
        for size in (HALF, len(DIGITS), len(DIGITS) + 5):
            server = self.serve()
            self.part.parent.mkdir(parents=True, exist_ok=True)
            self.part.write_bytes(b"x" * size)
            self.fetch(server.url)
            self.check_right()
            self.target.unlink()

    def test_a_whole_part_needs_no_server(self):
        self.part.parent.mkdir(parents=True)
        self.part.write_bytes(DIGITS)
        self.fetch(f"http://127.0.0.1:{closed_port()}")
        self.check_right()

    def test_a_range_that_was_not_asked_for_is_refused(self):
        def lie(handler):
            handler.send_response(206)
            handler.send_header("Content-Range", f"bytes 0-{len(DIGITS) - 1}/{len(DIGITS)}")
            handler.send_header("Content-Length", str(len(DIGITS)))
            handler.end_headers()
            handler.wfile.write(DIGITS)
        server = self.serve(lie)
        self.part.parent.mkdir(parents=True)
        self.part.write_bytes(DIGITS[:HALF])
        self.fails("E411", "sends another range", sources=[server.url])
        self.fetch(self.serve().url)

    def test_the_next_source_is_tried_where_one_has_nothing(self):
        empty, full = self.serve(path="/other"), self.serve(path="/digits.csv.gz")
        self.fetch(empty.url, full.url)
        self.check_right()
        self.assertEqual([request["path"] for request in empty.requests + full.requests],
                         ["/" + NAME, "/digits.csv.gz"] * 2)
        self.target.unlink()
        self.fails("E411", f"{empty.url}/{NAME}: HTTP status 404",
                   f"{empty.url}/digits.csv.gz: HTTP status 404", sources=[empty.url])

    def test_the_official_sources_are_tried_in_turn(self):
        proxy = f"http://127.0.0.1:{closed_port()}"  # so that nothing leaves this machine
        self.environment |= {"http_proxy": proxy, "https_proxy": proxy}
        self.refuse(2, "E411", "mnist/train-images-idx3-ubyte.gz: no source has it",
                    "\n    http://yann.lecun.com/", "\n    https://ossci-datasets.s3",
                    "\n    https://storage.googleapis.com/", "try: --from FOLDER or --from URL",
                    arguments=["data", "fetch", "mnist", "--data", "data"])

    def test_no_server_and_a_silent_server_are_named_in_bounded_time(self):
        start = time.monotonic()
        self.fails("E411", "onnect", sources=[f"http://127.0.0.1:{closed_port()}"])
        self.fails("E411", "data.invalid", sources=["http://data.invalid"],
                   options=["--timeout", "2"])
        server = self.serve()
        server.http.stops_at, server.http.hangs = [0, 0], True
        self.fails("E411", "Operation too slow", sources=[server.url],
                   options=["--timeout", "1"])
        self.assertLess(time.monotonic() - start, 40)

    def test_a_folder_is_copied_from_in_its_own_layout_and_flat(self):
        for name in (NAME, "digits.csv.gz"):
            source = self.folder / "source" / name
            source.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(SHIPPED, source)
            done = self.fetch("source")
            self.check_right()
            self.assertIn(f"{NAME}: 57.5 kB from source/{name}", done.stderr_text)
            shutil.rmtree(self.folder / "source")
            self.target.unlink()
        self.write("no digits", "source/digits.csv.gz")
        self.fails("E411", "source/digits/digits.csv.gz: no such file",
                   "source/digits.csv.gz: has 9 bytes instead of 57512", sources=["source"])
        self.fails("E400", "folder 'nowhere' does not exist", sources=["nowhere"])
        self.fails("E411", "file", "not supported", sources=["file:///nowhere"])

    def test_ctrl_c_keeps_what_has_come(self):
        server = self.serve()
        server.http.stops_at, server.http.hangs = [HALF], True
        process = self.start("data", "fetch", "digits", "--data", "data", "--from", server.url)
        end = time.monotonic() + 60
        while not self.part.exists() or self.part.stat().st_size < HALF:
            self.assertIsNone(process.poll())
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=20)[1]
        self.assertEqual(process.returncode, 130)
        self.assertEqual(said, "interrupted: what has come is kept, and the same command goes on "
                         "with it\n")
        self.assertEqual(self.part.read_bytes(), DIGITS[:HALF])
        self.fetch(server.url)
        self.check_right()
        self.assertEqual(server.requests[-1]["sent"], len(DIGITS) - HALF)

    def test_a_folder_that_cannot_be_written_is_named(self):
        server = self.serve()
        self.write("a file", "data")
        done = self.fetch(server.url, status=6)
        self.assertIn("error[E600] cannot write 'data/digits/digits.csv.gz.part'", done.stderr_text)
        self.assertIn("try: a folder you may write to, with --data", done.stderr_text)
        self.assertEqual(server.requests, [])

    @unittest.skipUnless(os.path.exists("/dev/full"), "this system has no /dev/full")
    def test_a_full_disk_is_named(self):
        self.part.parent.mkdir(parents=True)
        self.part.symlink_to("/dev/full")
        done = self.fetch(self.serve().url, status=6)
        self.assertIn("error[E602] no space left to write 'data/digits/digits.csv.gz.part'",
                      done.stderr_text)
        self.part.unlink()

    def test_two_at_once_do_not_write_one_file(self):
        server = self.serve()
        server.http.stops_at, server.http.hangs = [HALF], True
        first = self.start("data", "fetch", "digits", "--data", "data", "--from", server.url)
        while not self.part.exists() or self.part.stat().st_size < HALF:
            time.sleep(0.01)
        second = self.fetch(server.url, status=6)
        self.assertIn("error[E600]", second.stderr_text)
        self.assertIn("is being written by another process", second.stderr_text)
        first.kill()
        first.communicate()
        self.fetch(server.url)
        self.check_right()

    def test_a_terminal_gets_a_bar_and_quiet_gets_none(self):
        server = self.serve()
        said = self.on_terminal(100, "data", "fetch", "digits", "--data", "data", "--from",
                                server.url)
        self.assertRegex(said, r"\r\x1b\[K" + re.escape(NAME) + r"  .* of 57\.5 kB")
        self.target.unlink()
        quiet = self.on_terminal(80, "data", "fetch", "digits", "--data", "data", "--from",
                                 server.url, "--quiet")
        self.assertEqual(quiet, "digits: data/digits\r\n")


@unittest.skipUnless(pathlib.Path(os.environ.get("DELTAW_DATA") or "/nowhere", "mnist").is_dir(),
                     "DELTAW_DATA names no folder with mnist/")
class Mnist(Case):
    def test_mnist_comes_from_a_server_that_breaks_off_and_is_verified(self):
        source = pathlib.Path(os.environ["DELTAW_DATA"], "mnist")
        files = {f"/{path.name}": path.read_bytes() for path in source.glob("*.gz")}
        with Server(files) as server:
            server.http.stops_at = [5_000_000, 9_000_000]
            self.deltaw("data", "fetch", "mnist", "--data", "data", "--from", server.url)
            sent = sum(request["sent"] for request in server.requests)
        self.assertEqual(sent, sum(map(len, files.values())))
        said = self.deltaw("data", "verify", "mnist", "--data", "data").stdout_text
        self.assertEqual(said.count("right "), 4)
        done = self.deltaw("data", "fetch", "mnist", "--data", "copy", "--from", "data")
        self.assertEqual(done.stderr_text.count("from data/mnist/"), 4)


if __name__ == "__main__":
    main()
