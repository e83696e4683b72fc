"""What the official client sends for every intent, and what we send."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import pytest
from google.protobuf.message import Message

from .answering import REQUESTS, answering_server
from .ours.areas import AREAS

Recorded: TypeAlias = Mapping[str, Message]
"""Requests by area and intent: ``"ranking: bm25 boosted"``."""


@pytest.fixture(scope="session")
def recorded() -> Recorded:
    """Give what the official client sent."""
    with answering_server() as server:
        done = subprocess.run(
            [sys.executable, "-m", "official", str(server.http_port), str(server.grpc_port)],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        sent = [each for each in server.sent_rpc if each.path.startswith("/weaviate.v1.")]
    names = done.stdout.splitlines()
    assert len(names) == len(set(names)) == len(sent)
    return {
        name: REQUESTS[each.path.rpartition("/")[2]][0].FromString(each.request)
        for name, each in zip(names, sent, strict=True)
    }


@pytest.fixture(scope="session")
def said() -> Recorded:
    """Give what we send for the same intents."""
    return {f"{name}: {intent}": request(intent) for name, (intents, request) in AREAS.items() for intent in intents}
