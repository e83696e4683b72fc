"""Our requests against the official client's for the same intents, field by field.

The client runs in a process of its own against a server that records what it is sent. What legitimately differs is in one table, each
difference with its reason; anything else fails.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from google.protobuf.message import Message
from scripted_server import scripted_server
from zoo import (
    Address,
    Article,
    Author,
    Book,
    Company,
    Contact,
    Document,
    Everything,
    Legacy,
    Loan,
    Page,
    Place,
    Publisher,
    Required,
)

from weaviate_orm import (
    Condition,
    Fusion,
    GeoCoordinate,
    PhoneNumber,
    Property,
    References,
    WeaviateModel,
    created_at,
    references,
    updated_at,
)
from weaviate_orm.model.info import model_info
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.aggregate import compile_count
from weaviate_orm.wire.objects import batch_message, object_encoder
from weaviate_orm.wire.search import search_request

ID, OTHER = UUID(int=7), UUID(int=8)
MAY = datetime(2024, 5, 1, 12, 30, 15, 250000, UTC)
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
PROGRAM = Path(__file__).with_name("official_intents.py")

Query: TypeAlias = Builder[Any]  # whatever its model


class Shelf(WeaviateModel, collection="PeerShelf"):
    """References to objects of more than one collection."""

    name: Property[str]
    items: References[Book | Author] = references()


def of(model: type[WeaviateModel]) -> Query:
    return Builder(Statement(model_info(model)))


def where(*conditions: Condition, model: type[WeaviateModel] = Article) -> Callable[[], Query]:
    return lambda: of(model).where(*conditions).limit(5)


SEARCHES: dict[str, Callable[[], Query]] = {
    "the client's defaults": lambda: of(Article),
    "limit": lambda: of(Article).limit(5),
    "limit and offset": lambda: of(Article).limit(5).offset(3),
    "sorted": lambda: of(Article).limit(5).order_by(Article.word_count.desc(), Article.title),
    "sorted by id and times": lambda: of(Article).limit(5).order_by(Article.id, created_at.desc(), updated_at),
    "near_text": lambda: of(Article).near_text("engines").limit(5),
    "near_text of concepts within a distance": lambda: of(Article).near_text(["a", "b"], distance=0.25).limit(5),
    "near_text with a certainty": lambda: of(Article).near_text("a", certainty=0.75).limit(5),
    "near_vector": lambda: of(Document).near_vector([1, 2, 3], target=Document.meaning).limit(5),
    "near_vector within a distance": lambda: (
        of(Document).near_vector([1, 2, 3], target=Document.meaning, distance=0.5).limit(5).offset(1)
    ),
    "near_vector with rows": lambda: of(Document).near_vector([[1, 2], [3, 4]], target=Document.tokens).limit(5),
    "near_vector without a name": lambda: of(Legacy).near_vector([1, 2]).limit(5),
    "near_object": lambda: of(Document).near_object(ID, target=Document.meaning, distance=0.5).limit(5),
    "bm25": lambda: of(Article).bm25("red fox").limit(5),
    "bm25 of properties": lambda: of(Article).bm25("red fox", properties=[Article.title, Article.body]).limit(5),
    "hybrid": lambda: of(Article).hybrid("red fox").limit(5),
    "hybrid of keywords alone": lambda: of(Article).hybrid("red fox", alpha=0).limit(5),
    "hybrid with everything": lambda: (
        of(Document)
        .hybrid(
            "red fox",
            alpha=0.5,
            vector=[1, 2, 3],
            properties=[Document.title],
            fusion=Fusion.RANKED,
            target=Document.meaning,
            max_vector_distance=0.5,
        )
        .limit(5)
    ),
    "equal": where(Article.title == "t"),
    "not equal": where(Article.title != "t"),
    "less": where(Article.word_count < 5),
    "less or equal": where(Article.word_count <= 5),
    "greater": where(Article.word_count > 5),
    "greater or equal": where(Article.word_count >= 5),
    "like": where(Article.title.like("a*")),
    "missing": where(Article.published.is_null()),
    "present": where(Article.published.is_null(False)),
    "after": where(Article.published > MAY),
    "contains any": where(Article.tags.contains_any(["a", "b"])),
    "contains all": where(Article.tags.contains_all(["a", "b"])),
    "contains none": where(Article.tags.contains_none(["a", "b"])),
    "one of numbers": where(Article.word_count.in_([1, 2])),
    "length": where(Article.title.length() > 3),
    "by id": where(Article.id == ID),
    "by ids": where(Article.id.in_([ID, OTHER])),
    "created after": where(created_at > MAY),
    "updated before": where(updated_at <= MAY),
    "within": where(Place.where.within(GeoCoordinate(52.5, -13.25), metres=1500), model=Place),
    "and": where((Article.title == "t") & (Article.word_count == 1)),
    "or": where((Article.title == "t") | (Article.word_count == 1)),
    "not": where(~(Article.title == "t")),
    "behind a reference": where(Article.author.has(Author.name == "Ada")),
    "behind two references": where(Article.author.has(Author.publisher.has(Publisher.name == "P"))),
    "number of references": where(Article.related.count() >= 2),
    "behind one of several targets": where(Shelf.items.has(Author.name == "Ada"), model=Shelf),
    "included references": lambda: of(Article).include(Article.author.include(Author.publisher)).limit(5),
    "vectors": lambda: of(Document).with_vectors().limit(5),
    "the vector without a name": lambda: of(Legacy).with_vectors().limit(5),
    "of a tenant": lambda: of(Loan).limit(5),
}
SCOPES = {"of a tenant": Scope("acme", "QUORUM"), "for a tenant": Scope("acme", "ALL")}

_ARTICLE: dict[str, Any] = {"id": ID, "title": "t", "body": "b"}

BATCHES: dict[str, WeaviateModel] = {
    "scalars": Everything(
        id=ID,
        text="Grüße",
        whole=5,
        number=0.5,
        truth=False,
        instant=MAY,
        identity=OTHER,
        place=GeoCoordinate(52.5, -13.25),
        phone=PhoneNumber(input="020 1234567", default_country="NL"),
        blob=b"\x00\xff\x10",
    ),
    "arrays": Everything(
        id=ID,
        texts=["a", ""],
        wholes=[1, 2],
        numbers=[0.5, 1.5],
        truths=[True, False],
        instants=[MAY, NOON],
        identities=[OTHER],
    ),
    "empty arrays": Required.model_construct(
        id=ID,
        texts=[],
        wholes=[],
        numbers=[],
        **dict.fromkeys(
            ["text", "whole", "number", "truth", "instant", "identity", "blob", "truths", "instants", "identities"]
        ),
    ),
    "nested objects": Company(
        id=ID,
        name="C",
        seat=Address(street="S", city="O", contacts=[Contact(kind="mail", value="v")]),
        branches=[Address(street="T", city="R")],
    ),
    "a named vector": Page(id=ID, title="t", embedding=[1, 2]),
    "vectors": Document(id=ID, title="t", meaning=[1, 2, 3], tokens=[[1, 2], [3, 4]]),
    "the vector without a name": Legacy(id=ID, title="t", embedding=[1, 2]),
    "a reference": Article(**_ARTICLE, author=OTHER),
    "several references": Article(**_ARTICLE, related=[OTHER, ID]),
    "a reference to one of several targets": Shelf(id=ID, name="s", items=[Author(id=OTHER, name="a")]),
    "for a tenant": Loan(id=ID, title="t"),
}
COUNTS: dict[str, Condition | None] = {"all": None, "filtered": Article.word_count > 5}


@dataclass(frozen=True)
class Difference:
    """Fields that may differ: whose path matches, in the intents that are named (in all, when none is)."""

    path: str
    reason: str
    ours: object = ...
    theirs: object = ...
    intents: frozenset[str] = frozenset()

    def covers(self, intent: str, path: str, ours: object, theirs: object) -> bool:
        return (
            (not self.intents or intent in self.intents)
            and re.fullmatch(self.path, path) is not None
            and self.ours in (..., ours)
            and self.theirs in (..., theirs)
        )


_DEFAULTS = frozenset({"the client's defaults"})
_HYBRID_VECTOR = frozenset({"hybrid with everything"})

DIFFERENCES = (
    Difference(
        r"limit",
        "A query without a limit means all objects here; the client leaves the number to the server, which gives 10 or its own.",
        ours=10_000,
        theirs=None,
        intents=_DEFAULTS,
    ),
    Difference(
        r"properties(\.non_ref_properties\[\d\])?",
        "Properties are named one by one: all of them would bring those that the model does not know, and no blobs.",
        theirs=None,
        intents=_DEFAULTS,
    ),
    Difference(
        r"metadata\.(creation_time_unix|last_update_time_unix)",
        "Every hit has its times, without asking for them.",
        ours=True,
        theirs=None,
        intents=_DEFAULTS,
    ),
    Difference(
        r"hybrid_search\.alpha",
        "The same number also in the older field, which servers before alpha_param read; the client sends one of them by version.",
        theirs=None,
    ),
    Difference(
        r"hybrid_search\.vector_bytes",
        "The deprecated field for one vector. The message for vectors also says of which kind it is.",
        ours=None,
        intents=_HYBRID_VECTOR,
    ),
    Difference(
        r"hybrid_search\.vectors\[0\](\.type|\.vector_bytes)?",
        "As above.",
        theirs=None,
        intents=_HYBRID_VECTOR,
    ),
    Difference(
        r"objects\[0\]\.properties\.non_ref_properties",
        "The client sends a Struct without fields where there are only arrays; left out it means the same.",
        ours=None,
        theirs="a message",
        intents=frozenset({"arrays", "empty arrays"}),
    ),
    Difference(
        r"objects\[0\]\.properties\.text_array_properties\[\d\]\.values\[1\]",
        "The client writes six digits of a second's fraction always; the server reads both and keeps what it was given.",
        ours="2024-05-01T12:00:00+00:00",
        theirs="2024-05-01T12:00:00.000000+00:00",
        intents=frozenset({"arrays"}),
    ),
)


UNORDERED = frozenset(
    {"non_ref_properties", "vectors", "empty_list_props", "text_array_properties", "int_array_properties"}
)
"""Repeated fields whose order says nothing; the client sends properties in the order of a Python set."""


def flat(message: Message, path: str = "") -> Iterator[tuple[str, object]]:
    """Give every field that is set, by its path; a message without fields by its own."""
    for field, value in message.ListFields():
        name = f"{path}.{field.name}" if path else field.name
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            entries = [(f"{name}[{key}]", value[key]) for key in sorted(value)]
        elif isinstance(value, Message | str | bytes | bool | int | float):
            entries = [(name, value)]
        else:
            elements = sorted(value, key=str) if field.name in UNORDERED else value
            entries = [(f"{name}[{position}]", each) for position, each in enumerate(elements)]
        for where_, each in entries:
            if isinstance(each, Message):
                yield where_, "a message"
                yield from flat(each, where_)
            else:
                yield where_, each


def compare(intent: str, ours: Message, theirs: Message) -> tuple[list[str], set[Difference]]:
    """Give what differs without being in the table, and the lines of the table that were needed."""
    mine, other = dict(flat(ours)), dict(flat(theirs))
    unexplained: list[str] = []
    used: set[Difference] = set()
    for path in sorted(mine.keys() | other.keys()):
        one, two = mine.get(path), other.get(path)
        if one == two:
            continue
        found = [each for each in DIFFERENCES if each.covers(intent, path, one, two)]
        used.update(found)
        if not found:
            unexplained.append(f"{path}: ours {one!r}, theirs {two!r}")
    return unexplained, used


Recorded: TypeAlias = dict[tuple[str, str], bytes]


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    """Give what the official client sent, by method and intent."""
    with scripted_server() as server:
        count = pb.AggregateReply(single_result=pb.AggregateReply.Single(objects_count=1))
        replies = {"Search": pb.SearchReply(), "BatchObjects": pb.BatchObjectsReply(), "Aggregate": count}
        for method, reply in replies.items():
            server.rpc[f"/weaviate.v1.Weaviate/{method}"] = reply.SerializeToString()
        command = [sys.executable, str(PROGRAM), str(server.http_port), str(server.grpc_port)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        sent = [each for each in server.sent_rpc if each.path.startswith("/weaviate.v1.")]
    names = done.stdout.splitlines()
    assert len(names) == len(sent)
    return {(each.path.rpartition("/")[2], name): each.request for name, each in zip(names, sent, strict=True)}


def pairs(recorded: Recorded) -> Iterator[tuple[str, Message, Message]]:
    """Give every intent with our request and theirs."""
    for name, query in SEARCHES.items():
        ours: Message = search_request(query()._statement, SCOPES.get(name, Scope()))
        yield name, ours, pb.SearchRequest.FromString(recorded.pop(("Search", name)))
    for name, instance in BATCHES.items():
        scope = SCOPES.get(name, Scope())
        batch = batch_message(scope)
        object_encoder(type(instance)).fill(batch.objects.add(), instance, scope.tenant)
        yield name, batch, pb.BatchObjectsRequest.FromString(recorded.pop(("BatchObjects", name)))
    for name, condition in COUNTS.items():
        ours = compile_count(model_info(Article), None if condition is None else condition.node, Scope()).request
        yield name, ours, pb.AggregateRequest.FromString(recorded.pop(("Aggregate", name)))


def test_both_say_the_same(recorded: Recorded) -> None:
    remaining = dict(recorded)
    unexplained: dict[str, list[str]] = {}
    used: set[Difference] = set()
    for intent, ours, theirs in pairs(remaining):
        found, needed = compare(intent, ours, theirs)
        used |= needed
        if found:
            unexplained[intent] = found
    assert unexplained == {}
    assert remaining == {}, "the client said something that we did not"
    assert set(DIFFERENCES) == used, "a difference that is none any more"


def test_the_vector_of_a_hybrid_search_is_the_same_in_both_fields(recorded: Recorded) -> None:
    theirs = pb.SearchRequest.FromString(recorded["Search", "hybrid with everything"]).hybrid_search
    ours = search_request(SEARCHES["hybrid with everything"]()._statement).hybrid_search
    assert [each.vector_bytes for each in ours.vectors] == [theirs.vector_bytes]


def test_the_comparison_notices_a_single_field() -> None:
    """Otherwise a mistake in it would make everything equal."""
    ours, theirs = pb.SearchRequest(collection="A", limit=1), pb.SearchRequest(collection="A", limit=2)
    assert compare("limit", ours, theirs) == (["limit: ours 1, theirs 2"], set())
    ours = pb.SearchRequest(near_text=pb.NearTextSearch(distance=0.0))
    assert compare("limit", ours, pb.SearchRequest()) == (
        ["near_text: ours 'a message', theirs None", "near_text.distance: ours 0.0, theirs None"],
        set(),
    )
