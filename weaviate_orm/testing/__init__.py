"""What users test their applications with: sessions in memory, a served engine, a view of the calls, and errors on demand.

The pytest plugin stands in ``plugin.py``, which pytest loads by itself. Nothing here is imported by the rest of the library, and nothing
heavy is imported before it is used: pytest loads the plugin in every run on a machine that has this library.
"""

from __future__ import annotations

from weaviate_orm.testing.failing import failing
from weaviate_orm.testing.recording import RecordedCall, Recording, recording
from weaviate_orm.testing.servers import ServerAddress, serve
from weaviate_orm.testing.sessions import (
    async_session,
    created,
    created_async,
    forgetting,
    forgetting_async,
    session,
)

__all__ = [
    "RecordedCall",
    "Recording",
    "ServerAddress",
    "async_session",
    "created",
    "created_async",
    "failing",
    "forgetting",
    "forgetting_async",
    "recording",
    "serve",
    "session",
]
