"""A real Weaviate server, run as a child of this process: found, downloaded or built, started, watched and stopped.

Data goes: ``binary.py`` names a server file (from disk, or by ``archive.py`` or ``build.py`` into ``cache.py``'s folder), ``ports.py`` and
``environment.py`` say how it is to run, ``process.py`` runs it under ``supervisor.py``, ``readiness.py`` asks whether it serves, and
``server.py`` ties these into ``EmbeddedServer``. Nothing here knows models, messages or sessions.
"""

from __future__ import annotations

from weaviate_orm.embedded.server import DEFAULT_VERSION, EmbeddedServer

__all__ = ["DEFAULT_VERSION", "EmbeddedServer"]
