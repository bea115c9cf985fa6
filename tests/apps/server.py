# SPDX-License-Identifier: Apache-2.0
"""An HTTP server on this machine that can break off, hang, and know no ranges, as a test asks."""
import http.server
import re
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves server.files; what else it does, and what was asked of it, is in the server."""

    def do_GET(self):
        server = self.server
        data = server.files.get(self.path)
        asked = self.headers.get("Range")
        entry = {"path": self.path, "range": asked, "sent": 0}
        server.requests.append(entry)
        if data is None:
            return self.send_error(404)
        if callable(data):
            return data(self)
        first = 0
        if asked and server.knows_ranges:
            first = int(re.fullmatch(r"bytes=(\d+)-", asked)[1])
            if first >= len(data):
                return self.send_error(416)
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {first}-{len(data) - 1}/{len(data)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(data) - first))
        self.end_headers()
        stop = server.stops_at.pop(0) if server.stops_at else None
        body = data[first:stop]
        self.wfile.write(body)
        self.wfile.flush()
        entry["sent"] = len(body)
        if stop is not None and server.hangs:
            server.released.wait(60)
        self.close_connection = True

    def log_message(self, *unused):
        pass


class Server:
    """On a free port of this machine, while it is used in `with`."""

    def __init__(self, files):
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.http.files = files
        self.http.requests = []
        self.http.knows_ranges = True
        self.http.stops_at = []  # where answers break off, first answer first
        self.http.hangs = False  # instead of closing there
        self.http.released = threading.Event()
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def __enter__(self):
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.01,))
        self.thread.start()
        return self

    def __exit__(self, *unused):
        self.http.released.set()
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()

    @property
    def requests(self):
        return self.http.requests
