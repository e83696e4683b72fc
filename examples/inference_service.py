"""Serve real embeddings to a Weaviate server, on this machine and without a download.

    python examples/inference_service.py --port 8090

It speaks the protocol of Weaviate's module text2vec-transformers, so a server started with ``ENABLE_MODULES=text2vec-transformers`` and
``TRANSFORMERS_INFERENCE_API`` set to the printed address vectorizes with it. The vectors are WordLlama's: 256 float32 numbers, not
normalized, all zero for an empty text; its weights come with the package.

    with start_inference_service() as url: ...        # the same from Python, in a process of its own
"""

from __future__ import annotations

import argparse
import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer
from typing import Protocol

__all__ = ["start_inference_service"]

MODEL = "wordllama l2_supercat_256"


@contextmanager
def start_inference_service() -> Generator[str]:
    """Run the service on a free loopback port in a process of its own, and give its URL. It ends with the block or with this process."""
    service = subprocess.Popen(
        [sys.executable, str(Path(__file__).resolve()), "--with-parent"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert service.stdout is not None
        url = service.stdout.readline().strip()
        if not url:
            raise RuntimeError(f"the inference service ended with status {service.wait()}; its error is printed above")
        yield url
    finally:
        service.terminate()
        service.communicate()  # closes the pipes and waits


class Embedder(Protocol):
    """What the service needs of a model."""

    def __call__(self, text: str) -> list[float]: ...


def load_embedder() -> Embedder:
    """Load WordLlama from the files inside its own package."""
    import wordllama

    package = Path(wordllama.__file__).parent
    model = wordllama.WordLlama.load(cache_dir=package, disable_download=True)

    def embed(text: str) -> list[float]:
        vector: list[float] = model.embed(text)[0].tolist()
        return vector

    return embed


class InferenceServer(ThreadingTCPServer):
    """Answers every connection in a thread of its own."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, embed: Embedder) -> None:
        self.embed = embed
        super().__init__((host, port), InferenceHandler)


class InferenceHandler(BaseHTTPRequestHandler):
    """The four endpoints that text2vec-transformers calls."""

    server: InferenceServer
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
        if self.path not in ("/vectors", "/vectors/"):
            self.reply(HTTPStatus.NOT_FOUND, {"error": f"there is no POST {self.path}"})
            return
        try:
            text = read_text(body)
        except ValueError as error:
            self.reply(HTTPStatus.BAD_REQUEST, {"error": str(error)})
            return
        vector = self.server.embed(text)
        self.reply(HTTPStatus.OK, {"text": text, "vector": vector, "dims": len(vector)})

    def reply(self, status: HTTPStatus, value: object = None) -> None:
        """Send head and body with one write, so that they travel in one packet where they fit."""
        body = b"" if value is None else json.dumps(value).encode()
        head = [f"HTTP/1.1 {status.value} {status.phrase}"]
        if value is not None:
            head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        if self.close_connection:
            head.append("Connection: close")
        self.wfile.write("\r\n".join([*head, "", ""]).encode() + body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: one line a text would be a great many."""


def read_text(body: bytes) -> str:
    """Give the text of a ``/vectors`` request.

    Raises:
        ValueError: the body is not a JSON object with a string under ``text``.
    """
    try:
        request: object = json.loads(body)
    except ValueError as error:
        raise ValueError(f"the body is not JSON: {error}") from error
    text = request.get("text") if isinstance(request, dict) else None
    if not isinstance(text, str):
        raise ValueError('the body must be a JSON object with a string under "text"')
    # JSON may hold half of a surrogate pair, which no tokenizer takes.
    return text.encode(errors="replace").decode()


def end_with_parent() -> None:
    """End this process when its parent closes our standard input or dies."""
    parent = os.getppid()
    while os.getppid() == parent:
        readable, _, _ = select.select([sys.stdin], [], [], 0.5)
        if readable and not os.read(sys.stdin.fileno(), 4096):
            break
    os._exit(0)


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(
        description="Serve WordLlama embeddings to Weaviate's module text2vec-transformers."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: loopback only)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one)")
    parser.add_argument(
        "--with-parent", action="store_true", help="end when standard input closes or the parent process ends"
    )
    options = parser.parse_args()
    with InferenceServer(options.host, options.port, load_embedder()) as server:
        if options.with_parent:
            threading.Thread(target=end_with_parent, daemon=True).start()
        host, port = server.server_address[:2]
        print(f"http://{host if isinstance(host, str) else host.decode()}:{port}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
