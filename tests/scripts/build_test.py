# SPDX-License-Identifier: Apache-2.0
"""scripts/build with a cmake that only talks: what a terminal, a pipe and a failure show of it."""
import fcntl
import os
import pathlib
import pty
import shutil
import struct
import subprocess
import tempfile
import termios
import unittest

SCRIPT = pathlib.Path(__file__).parents[2] / "scripts/build"
STEP = "[1/2] Building CXX object a/file/whose/name/is/longer/than/the/terminal.o"
CMAKE = f"""#!/bin/bash
[ "$1" = --build ] || {{ echo configured; exit 0; }}
echo "{STEP}"
echo "a warning"
echo "[2/2] Linking it"
exit $STATUS
"""


class Build(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        (self.folder / "scripts").mkdir()
        shutil.copy(SCRIPT, self.folder / "scripts/build")
        (self.folder / "cmake").write_text(CMAKE)
        (self.folder / "cmake").chmod(0o755)

    def start(self, status, stderr):
        environment = {"PATH": f"{self.folder}:/usr/bin:/bin", "STATUS": str(status)}
        return subprocess.Popen([self.folder / "scripts/build", "release", "--", "deltaw"],
                                env=environment, stdin=subprocess.DEVNULL, text=True,
                                stdout=subprocess.PIPE, stderr=stderr)

    def in_pipe(self, status):
        process = self.start(status, subprocess.PIPE)
        out, err = process.communicate(timeout=60)
        self.assertEqual((process.returncode, out), (0 if status == 0 else 1, ""))
        return err

    def on_terminal(self, status, columns=40):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = self.start(status, theirs)
        os.close(theirs)
        said = b""
        try:
            while part := os.read(ours, 65536):
                said += part
        except OSError:  # the last writer is gone
            pass
        os.close(ours)
        out, _ = process.communicate(timeout=60)
        self.assertEqual((process.returncode, out), (0 if status == 0 else 1, ""))
        return said.decode()

    def check_log(self):
        self.assertEqual((self.folder / "build/release.log").read_text(),
                         f"configured\n{STEP}\na warning\n[2/2] Linking it\n")

    def test_a_pipe_is_told_where_to_look(self):
        self.assertEqual(self.in_pipe(0), "progress: tail -f build/release.log\n")
        self.check_log()

    def test_a_terminal_shows_the_latest_step_in_one_line(self):
        self.assertEqual(self.on_terminal(0), f"\r\x1b[K{STEP[:39]}\r\x1b[K[2/2] Linking it\r\x1b[K")
        self.check_log()

    def test_a_failure_shows_the_log(self):
        for said in (self.in_pipe(1), self.on_terminal(1).replace("\r\n", "\n")):
            self.assertIn(f"configured\n{STEP}\na warning\n", said)
            self.assertTrue(said.endswith("The build failed (above; also in build/release.log).\n"))
        self.check_log()


if __name__ == "__main__":
    unittest.main()
