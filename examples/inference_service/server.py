"""The HTTP server around the endpoints: it reads requests to their end, keeps connections open and replies in one piece."""

from __future__ import annotations

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer

from inference_service.bodies import RefusedError, read_body
from inference_service.endpoints import ENDPOINTS
from inference_service.models import MODEL

__all__ = ["InferenceServer"]


class InferenceHandler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"  # connections stay open
    # With Nagle's algorithm on, each reply waits for the client's delayed acknowledgement: 40 ms a text instead of 1.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        match self.path:
            case "/.well-known/ready" | "/.well-known/live":
                self.reply(HTTPStatus.NO_CONTENT)
            case "/meta":
                self.reply(HTTPStatus.OK, {"model": MODEL})
            case _:
                self.reply(HTTPStatus.NOT_FOUND, {"error": f"there is no GET {self.path}"})

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self.close_connection = True  # where the next request starts is not known
            self.reply(HTTPStatus.LENGTH_REQUIRED, {"error": "the request needs a Content-Length header"})
            return
        body = self.rfile.read(int(length))  # also for requests that are refused: the next one comes behind it
        endpoint = ENDPOINTS.get(self.path.rstrip("/"))
        if endpoint is None:
            self.reply(HTTPStatus.NOT_FOUND, {"error": f"there is no POST {self.path}"})
            return
        try:
            self.reply(HTTPStatus.OK, endpoint(read_body(body)))
        except RefusedError as refusal:
            self.reply(refusal.status, refusal.body)

    def reply(self, status: int, value: object = None) -> None:
        """Send head and body with one write, so that they travel in one packet where they fit."""
        body = b"" if value is None else json.dumps(value).encode()
        reasons = {each.value: each.phrase for each in HTTPStatus}
        head = [f"HTTP/1.1 {int(status)} {reasons.get(status, '')}"]
        if value is not None:
            head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        if self.close_connection:
            head.append("Connection: close")
        self.wfile.write("\r\n".join([*head, "", ""]).encode() + body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: one line a text would be a great many."""


class InferenceServer(ThreadingTCPServer):
    """Answers every connection in a thread of its own."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int) -> None:
        super().__init__((host, port), InferenceHandler)
