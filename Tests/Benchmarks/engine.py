#!/usr/bin/env python3
"""A scripted engine for the benchmarks: streams N tokens a second of Markdown, like a real one, on a loopback port.

usage: engine.py PORT TOKENS RATE [stamps]

With "stamps", each token is the moment at which it was sent ("@" and nanoseconds of the monotonic clock); a rate of 0 sends
as fast as it can.
"""
import http.server
import json
import sys
import time

PORT, TOKENS, RATE = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
STAMPS = sys.argv[4:] == ["stamps"]

PARAGRAPH = ("The quick brown fox jumps over the lazy dog while a **careful** reader counts `words` and wonders "
             "about the *meaning* of it all. ").split(" ")
CODE = "def area(width, height):\n    # a comment in the code\n    return width * height\n".split(" ")
ITEM = "- an item of a list with some words in it\n".split(" ")


def tokens():
    """Headings, paragraphs, lists and code by turns; exactly TOKENS pieces."""
    made = 0
    section = 0
    while made < TOKENS:
        section += 1
        pieces = [f"\n\n## Section {section}\n\n"]
        pieces += [word + " " for word in PARAGRAPH * 4] + ["\n\n"]
        pieces += [word + " " for word in ITEM * 5] + ["\n\n"]
        pieces += ["```python\n"] + [word + " " for word in CODE * 3] + ["\n```\n\n"]
        for piece in pieces:
            if made == TOKENS:
                return
            made += 1
            yield piece


class Engine(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path.endswith("/models"):
            self.reply({"object": "list", "data": [{"id": "bench", "object": "model", "owned_by": "vllm",
                                                    "max_model_len": 65536}]})
        elif self.path == "/version":
            self.reply({"version": "0.32.0"})
        else:
            self.send_error(404)

    def reply(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.path.endswith("/chat/completions"):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        start = time.monotonic()
        for index, piece in enumerate(tokens()):
            wait = start + index / RATE - time.monotonic() if RATE else 0
            if wait > 0:
                time.sleep(wait)
            content = f"@{time.monotonic_ns()} " if STAMPS else piece
            self.event({"choices": [{"index": 0, "delta": {"content": content}}]})
        self.event({"choices": [{"index": 0, "delta": {"content": "\n\nFinished"}}]})
        self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        self.event({"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": TOKENS}})
        self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def event(self, value):
        self.wfile.write(b"data: " + json.dumps(value).encode() + b"\n\n")
        self.wfile.flush()


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass  # the program that was measured has gone


Server(("127.0.0.1", PORT), Engine).serve_forever()
