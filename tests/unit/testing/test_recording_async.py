"""The same for ``AsyncSession``, on the engine: recordings, errors on demand, collections that go away, and cancelling."""

from __future__ import annotations

import asyncio
import threading

import pytest

from weaviate_orm import AsyncSession, InProcess, Property, RequestTimeoutError, Vector, WeaviateModel, vector
from weaviate_orm.modules import text2vec_openai
from weaviate_orm.testing import async_session, created_async, failing, forgetting_async, recording


class Note(WeaviateModel):
    text: Property[str]


class Meant(WeaviateModel):
    text: Property[str]
    meaning: Vector = vector(text2vec_openai(), source=["text"])


def test_calls_are_shown() -> None:
    async def use() -> None:
        async with async_session(Note) as session:
            view = session.consistency("ONE")
            with recording(session) as calls:
                await session.insert(Note(text="one"))
                await asyncio.gather(*(view.query(Note).all() for _ in range(3)))
            await session.count(Note)
            assert calls.operations[-3:] == ["Search"] * 3
            assert {each.status for each in calls.of("Search")} == {"OK"}
            assert [each.operation for each in calls.writes] == ["POST /v1/objects"]

    asyncio.run(use())


def test_calls_fail_on_demand() -> None:
    async def use() -> None:
        async with async_session(Note) as session:
            with (
                failing(session, RequestTimeoutError("No reply."), operation="Search", times=1),
                recording(session) as calls,
            ):
                with pytest.raises(RequestTimeoutError):
                    await session.query(Note).all()
                assert await session.query(Note).all() == []
            assert [type(each.error) for each in calls] == [RequestTimeoutError, type(None)]

    asyncio.run(use())


def test_a_cancelled_call_is_shown_as_such() -> None:
    asked, goes_on = threading.Event(), threading.Event()

    def slow(texts: list[str]) -> list[list[float]]:
        if "slowly" in texts:
            asked.set()
            assert goes_on.wait(10)
        return [[1.0]] * len(texts)

    async def use() -> None:
        async with async_session(Meant, embedder=slow) as session:
            await session.insert(Meant(text="one"))
            with recording(session) as calls:
                asking = asyncio.create_task(session.query(Meant).near_text("slowly").all())
                assert await asyncio.to_thread(asked.wait, 10)
                asking.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await asking
                goes_on.set()
            assert [(each.operation, type(each.error)) for each in calls] == [("Search", asyncio.CancelledError)]

    asyncio.run(use())


def test_what_was_created_is_dropped_and_nothing_else() -> None:
    async def use() -> None:
        async with AsyncSession(InProcess()) as session:
            await session.schema.create({"class": "Old"})
            async with created_async(session, Note):
                assert await session.schema.exists(Note)
            async with forgetting_async(session):
                await session.schema.create(Note, {"class": "Other"})
            assert [each.name for each in await session.schema.list()] == ["Old"]

    asyncio.run(use())
