"""Sessions for tests, in both colours: in memory, and with collections that are gone afterwards."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Literal, cast
from urllib.parse import quote

from weaviate_orm.errors import WeaviateError
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.session import Session
from weaviate_orm.session_async import AsyncSession
from weaviate_orm.testing.intercepting import AnyCall, Ending, intercepted
from weaviate_orm.transport.settings import InProcess
from weaviate_orm.types import Embedder, Reranker
from weaviate_orm.types import Generator as TextGenerator
from weaviate_orm.wire.call import RestCall, RestReply

__all__ = ["async_session", "created", "created_async", "forgetting", "forgetting_async", "session"]


@contextmanager
def session(
    *models: type[WeaviateModel],
    embedder: Embedder | Mapping[str, Embedder] | Literal["automatic"] | None = "automatic",
    reranker: Reranker | None = None,
    generator: TextGenerator | None = None,
) -> Generator[Session]:
    """Give a session on a new engine in memory, whatever ``WEAVIATE_URL`` says::

        with session(Article, Author) as database:
            database.insert(Article(title="Analytical engines"))

    Args:
        models: their collections are created first.
        embedder: as in ``InProcess``.
        reranker: as in ``InProcess``.
        generator: as in ``InProcess``.
    """
    with Session(InProcess(embedder=embedder, reranker=reranker, generator=generator)) as opened:
        if models:
            opened.schema.create(*models)
        yield opened


@asynccontextmanager
async def async_session(
    *models: type[WeaviateModel],
    embedder: Embedder | Mapping[str, Embedder] | Literal["automatic"] | None = "automatic",
    reranker: Reranker | None = None,
    generator: TextGenerator | None = None,
) -> AsyncGenerator[AsyncSession]:
    """``session``, awaited."""
    async with AsyncSession(InProcess(embedder=embedder, reranker=reranker, generator=generator)) as opened:
        if models:
            await opened.schema.create(*models)
        yield opened


@contextmanager
def created(session: Session, *models: type[WeaviateModel]) -> Generator[None]:
    """Create the collections of models, and drop them in the end.

    Raises:
        CollectionExistsError: one is there already; it is left as it is.
    """
    with forgetting(session):
        session.schema.create(*models)
        yield


@asynccontextmanager
async def created_async(session: AsyncSession, *models: type[WeaviateModel]) -> AsyncGenerator[None]:
    """``created``, awaited."""
    async with forgetting_async(session):
        await session.schema.create(*models)
        yield


@contextmanager
def forgetting(session: Session) -> Generator[None]:
    """Drop in the end the collections and aliases that were created through the session meanwhile, and no others.

    What other sessions create is not known here, and so are collections that a server makes by itself for objects of none.
    """
    made = _Made()
    try:
        with intercepted(session, made.note):
            yield
    finally:
        for call in made.alias_calls():
            session._runner.send(call)
        session.schema.drop(*made.collections)


@asynccontextmanager
async def forgetting_async(session: AsyncSession) -> AsyncGenerator[None]:
    """``forgetting``, awaited."""
    made = _Made()
    try:
        with intercepted(session, made.note):
            yield
    finally:
        for call in made.alias_calls():
            await session._runner.send(call)
        await session.schema.drop(*made.collections)


class _Made:
    """What a server has created, or may have."""

    def __init__(self) -> None:
        self.collections: list[str] = []
        self._aliases: list[str] = []

    def note(self, call: AnyCall) -> tuple[AnyCall, Ending]:
        """Remember a call that creates something, unless the server refuses it. Without an answer it may have been done."""

        def end(error: BaseException | None) -> None:
            refused = isinstance(error, WeaviateError) and error.status is not None
            if not isinstance(call, RestCall) or call.method != "POST" or refused:
                return
            if call.path == "/schema":
                self.collections.append(_named(call.body, "class"))
            elif call.path == "/aliases":
                self._aliases.append(_named(call.body, "alias"))

        return call, end

    def alias_calls(self) -> list[RestCall[None]]:
        """Give the calls that delete the aliases."""
        found = frozenset({204, 404})
        return [
            RestCall("DELETE", f"/aliases/{quote(alias, safe='')}", _nothing, accept=found) for alias in self._aliases
        ]


def _named(body: object, field: str) -> str:
    return str(cast("Mapping[str, object]", body)[field])  # what the library itself sends


def _nothing(reply: RestReply) -> None:
    return None
