"""The engine and a server answer the official client's requests as they answer ours, but for what differs on purpose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from google.protobuf.message import Message
from models_behind import engine_with_models
from real_server import RealServer
from zoo import (
    Article,
    Author,
    Book,
    Company,
    Document,
    Everything,
    Legacy,
    Loan,
    Page,
    Place,
    Publisher,
    Required,
    created,
)

from weaviate_orm import Session
from weaviate_orm.errors import WeaviateError
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import GrpcCall
from weaviate_orm.wire.rpcs import AGGREGATE, SEARCH

from .conftest import Recorded
from .ours.models import Exhibit, Shelf, Types

MODELS = (
    Publisher,
    Author,
    Article,
    Everything,
    Required,
    Place,
    Company,
    Document,
    Page,
    Legacy,
    Book,
    Loan,
    Exhibit,
    Shelf,
    Types,
)
Answers: TypeAlias = dict[str, object]
"""By intent."""

MAY = datetime(2024, 5, 1, tzinfo=UTC)

DIFFERENT_ANSWERS = {
    "targets: several vectors for one, average": "The client names its target once; a server refuses it with the same words.",
    "ranking: bm25 reranked": "The reranker is asked about the search's text, where the client asks it about nothing.",
    "ranking: near_text reranked": "The same.",
    "ranking: hybrid reranked": "The same.",
    "aggregate: references": "The collections referred to, where the client gets nothing.",
}
"""The differences of differences.py that show."""


@contextmanager
def filled(database: Session) -> Iterator[Session]:
    """Give a session with a few objects, of which most intents find some."""
    ids = [UUID(int=7 + number) for number in range(4)]
    with database as session, created(session, *MODELS):
        ada = Author(id=ids[1], name="Ada")
        session.insert_many([ada, Book(id=ids[0], title="A book")])
        session.insert(Shelf(id=ids[0], name="s", items=[ada]))
        session.insert_many(
            Article(id=id, title=f"red fox {number}", body="engines", word_count=number, tags=["red"], author=ada)
            for number, id in enumerate(ids)
        )
        session.insert_many(
            Exhibit(
                id=id,
                title=f"red fox {number} jumps",
                body="a red engine",
                category="xy"[number % 2],
                likes=3 * number,
                price=10.0 * number,
                shown=number > 1,
                published=MAY,
                picture=b"\x00\xff\x10",
                maker=ada,
                given=[1 + number, 2],
                second=[number, 3],
                tokens=[[1 + number, 2], [3, 4]],
            )
            for number, id in enumerate(ids)
        )
        session.insert_many(
            [
                Document(id=ids[0], title="red fox", meaning=[1, 2, 3], style=[1, 2], tokens=[[1, 2], [3, 4]]),
                Legacy(id=ids[0], title="t", embedding=[1, 2]),
                Company(id=ids[0], name="C"),
            ]
        )
        session.tenants(Loan).create("acme")
        session.tenant("acme").insert(Loan(id=ids[0], title="t"))
        yield session


def answer(session: Session, request: Message) -> object:
    """Give what a reply says about objects and numbers, in an order of its own, or the words of a refusal."""
    try:
        if isinstance(request, pb.SearchRequest):
            found: pb.SearchReply = session._runner.send(GrpcCall(SEARCH, request, _same))
            groups = [(each.name, sorted(map(_object, each.objects))) for each in found.group_by_results]
            tasks = [each.result for each in found.generative_grouped_results.values]
            return sorted(map(_object, found.results)), sorted(groups), tasks
        reply: pb.AggregateReply = session._runner.send(GrpcCall(AGGREGATE, request, _same))
    except WeaviateError as error:
        return re.sub(r"_\w{12}:", "_shard:", error.message)
    groups_of = [(str(each.grouped_by), _metrics(each.aggregations)) for each in reply.grouped_results.groups]
    return _metrics(reply.single_result.aggregations), sorted(groups_of)


def _metrics(aggregations: pb.AggregateReply.Aggregations) -> list[str]:
    return sorted(map(str, aggregations.aggregations))


def _same(reply: Message) -> Any:  # as the call is typed by what it gives
    return reply


def _object(result: pb.SearchResult) -> tuple[float, bytes, float, list[str]]:
    metadata = result.metadata
    texts = [each.result for each in result.generative.values]
    return round(metadata.distance, 3), metadata.id_as_bytes, round(metadata.rerank_score, 3), texts


def _calls_a_provider(request: Message) -> bool:
    """Tell whether a server would leave this machine."""
    return isinstance(request, pb.SearchRequest) and bool(
        request.generative.single.queries or request.generative.grouped.queries
    )


def answers(session: Session, requests: Recorded) -> Answers:
    return {
        intent: answer(session, request)
        for intent, request in requests.items()
        if isinstance(request, pb.SearchRequest | pb.AggregateRequest) and not _calls_a_provider(request)
    }


@pytest.fixture(scope="module")
def of_engine(recorded: Recorded, said: Recorded) -> tuple[Answers, Answers]:
    """Give the engine's answers to the client's requests and to ours."""
    with filled(Session(engine_with_models())) as session:
        return answers(session, recorded), answers(session, said)


@pytest.fixture(scope="module")
def of_server(weaviate_server: RealServer, recorded: Recorded, said: Recorded) -> tuple[Answers, Answers]:
    """Give a server's answers to the same."""
    with filled(Session(weaviate_server.url, grpc_port=weaviate_server.grpc_port)) as session:
        return answers(session, recorded), answers(session, said)


@pytest.mark.parametrize("answers_of", ["of_engine", "of_server"])
def test_both_are_answered_alike(answers_of: str, request: pytest.FixtureRequest) -> None:
    theirs, ours = request.getfixturevalue(answers_of)
    assert {intent for intent in theirs if theirs[intent] != ours[intent]} == DIFFERENT_ANSWERS.keys()


@pytest.mark.parametrize("whose", [0, 1], ids=["theirs", "ours"])
def test_the_engine_answers_as_a_server_does(
    whose: int, of_engine: tuple[Answers, Answers], of_server: tuple[Answers, Answers]
) -> None:
    engine, server = of_engine[whose], of_server[whose]
    assert len(engine) > 250
    assert {intent: (engine[intent], server[intent]) for intent in engine if engine[intent] != server[intent]} == {}
