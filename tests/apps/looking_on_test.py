# SPDX-License-Identifier: Apache-2.0
"""`deltaw top` and `deltaw serve`: another process looks on while a comparison runs, and sees nothing
that is not results."""
import http.client
import json
import pathlib
import re
import signal
import sys
import time
import unittest
import urllib.error
import urllib.request

from case import Case, main

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from browser import BROWSER, made_by  # noqa: E402


class LookingOn(Case):
    def comparison(self, out="results/small"):
        """One that runs for a while, once its first epochs are there to see."""
        file = self.experiment(training={"epochs": 20000, "batch": 1}, task={"type": "digits"})
        process = self.start("compare", file, "--out", out, "--quiet", "--jobs", "1")
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        progress = self.folder / out / "progress.jsonl"
        self.wait(lambda: progress.exists() and progress.read_text().count("\n") > 3, process)
        return process

    def wait(self, is_so, process=None):
        end = time.monotonic() + 60
        while not is_so():
            self.assertTrue(process is None or process.poll() is None, "ended by itself")
            self.assertLess(time.monotonic(), end, "waited in vain")
            time.sleep(0.02)

    def serve(self, folder="results"):
        process = self.start("serve", folder, "--port", "0")
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        url = process.stdout.readline().strip()
        self.assertRegex(url, r"^http://127\.0\.0\.1:\d+/$")
        return process, url

    def get(self, url):
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.read().decode()

    def test_top_tells_how_far_a_comparison_is_and_is_silent_when_it_ended(self):
        comparison = self.comparison()
        [entry] = json.loads(self.deltaw("top", "--json").stdout_text)
        self.assertEqual((entry["folder"], entry["name"], entry["runs"]), ("small", "small", 4))
        self.assertGreater(entry["share"], 0)
        self.assertLess(entry["share"], 0.5)
        self.assertGreater(entry["seconds_left"], 0)
        self.assertIn("backprop", entry["latest"])
        text = self.deltaw("top", "--once").stdout_text
        self.assertRegex(text, r"small +\[[#.]{20}\] +0/4 .* train_accuracy: backprop [01]")
        comparison.send_signal(signal.SIGINT)
        self.assertEqual(comparison.wait(timeout=60), 130)
        self.assertFalse((self.folder / "results/small/progress.jsonl").exists())
        self.assertEqual(self.deltaw("top").stdout_text, "nothing runs here\n")

    def test_a_comparison_that_was_killed_does_not_run(self):
        comparison = self.comparison()
        comparison.kill()
        comparison.wait()
        self.assertEqual(self.deltaw("top").stdout_text, "nothing runs here\n")
        server, url = self.serve()
        [entry] = json.loads(self.get(url + "list.json"))
        self.assertEqual(entry["state"], "stopped")
        server.send_signal(signal.SIGINT)
        self.assertEqual(server.wait(timeout=20), 0)

    def test_serve_reads_only_results_and_answers_this_machine_alone(self):
        self.deltaw("compare", self.experiment(), "--out", "results/small", "--quiet")
        (self.folder / "secret.txt").write_text("secret")
        _, url = self.serve()
        before = self.files()
        self.assertIn("/list.json", self.get(url))
        [entry] = json.loads(self.get(url + "list.json"))
        self.assertEqual((entry["state"], entry["done"], entry["runs"]), ("finished", 4, 4))
        self.assertIn("<title>", self.get(url + "files/small/report.html"))
        for path, status in (("files/../secret.txt", 403), ("files/%2e%2e/secret.txt", 403),
                             ("files/none", 404), ("none", 404)):
            connection = http.client.HTTPConnection(url[7:-1], timeout=20)
            connection.request("GET", "/" + path)
            self.assertEqual(connection.getresponse().status, status, path)
        for method in ("POST", "PUT", "DELETE"):
            with self.assertRaises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=20)
            self.assertEqual(caught.exception.code, 405)
        connection = http.client.HTTPConnection(url[7:-1], timeout=20)
        connection.request("POST", "/", body=b"x" * 100)
        self.assertEqual(connection.getresponse().status, 405)
        connection = http.client.HTTPConnection(url[7:-1], timeout=20)
        connection.putrequest("GET", "/", skip_host=True)
        connection.putheader("Host", "[::1]")
        connection.endheaders()
        self.assertEqual(connection.getresponse().status, 200)
        # A page of the web whose name was made to lead here.
        with self.assertRaises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(urllib.request.Request(url, headers={"Host": "evil.example"}), timeout=20)
        self.assertEqual(caught.exception.code, 403)
        self.assertEqual(self.files(), before)

    @unittest.skipIf(BROWSER is None, "chromium is not installed")
    def test_a_browser_follows_the_curves(self):
        self.comparison()
        _, url = self.serve()
        for page, wanted in ((url, r"/live/small/"), (url + "live/small/", r'data-points="[1-9]')):
            made = made_by(page, self.folder)
            self.assertIsNotNone(re.search(wanted, made), f"{page} lacks {wanted}")
        for pattern in ("Running: 0 of 4 runs ended", r'<svg[^>]*aria-label="Train accuracy'):
            self.assertIsNotNone(re.search(pattern, made), pattern)

    def test_wrong_input_is_named(self):
        self.refuse(2, "E603", "'nowhere' is no folder", arguments=["serve", "nowhere"])
        self.refuse(2, "E603", "'nowhere' is no folder", arguments=["top", "nowhere"])
        self.refuse(2, "E002", "--port x", arguments=["serve", ".", "--port", "x"])
        self.refuse(2, "E002", "'me' is no address", arguments=["serve", ".", "--address", "me"])
        _, url = self.serve(".")
        port = url[7:-1].split(":")[1]
        self.refuse(6, "E600", f"cannot listen on 127.0.0.1 port {port}",
                    arguments=["serve", ".", "--port", port])


if __name__ == "__main__":
    main()
