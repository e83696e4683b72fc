"""Serve a Weaviate server with small models, on this machine and without a download.

    python -m examples.inference_service --port 8090

It speaks the protocols of the server's modules that call a service:

| module | set in the server's environment | what answers |
|---|---|---|
| text2vec-transformers | ``TRANSFORMERS_INFERENCE_API`` | WordLlama, whose weights come with its package |
| reranker-transformers | ``RERANKER_INFERENCE_API`` | how near WordLlama finds a document to the query |
| multi2vec-bind | ``BIND_INFERENCE_API`` | WordLlama for media whose bytes are a text, counts of bytes for others |
| multi2vec-clip | ``CLIP_INFERENCE_API`` | the same |
| generative-openai, -anthropic, -cohere, -mistral, ... | an API key, any; the base URL goes with each request | the prompt's first words |
| generative-ollama | nothing; the same | the same |

Each of these URLs is the printed address. The same from Python:

    with start_inference_service() as url: ...

The models themselves, for ``InProcess(embedder=..., reranker=..., generator=...)``, stand in ``models.py``.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["start_inference_service"]


@contextmanager
def start_inference_service() -> Generator[str]:
    """Run the service on a free loopback port in a process of its own, and give its URL. It ends with the block or with this process."""
    service = subprocess.Popen(
        [sys.executable, "-m", "inference_service", "--with-parent"],
        cwd=Path(__file__).resolve().parents[1],
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
