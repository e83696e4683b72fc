"""The texts that vectorizers read, as seen from a real server's vectorizer, and whose vectors are made anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from weaviate_orm.local.objects import StoredObject
from weaviate_orm.local.refusals import Refused, Unsupported
from weaviate_orm.local.schema.parsed import CollectionSchema, parse_collection
from weaviate_orm.local.services import Services
from weaviate_orm.local.storage.database import Database
from weaviate_orm.local.writing.embedding import query_vector, vectorize
from weaviate_orm.local.writing.object_text import object_text, split_name

MODULE = "text2vec-transformers"
TYPES = {
    "t": "text",
    "ta": "text[]",
    "i": "int",
    "ia": "int[]",
    "n": "number",
    "na": "number[]",
    "b": "boolean",
    "ba": "boolean[]",
    "d": "date",
    "da": "date[]",
    "u": "uuid",
    "ua": "uuid[]",
    "g": "geoCoordinates",
    "bl": "blob",
    "o": "object",
    "oa": "object[]",
}
VALUES: dict[str, Any] = {
    "t": "Hello World",
    "ta": ["x y", "Z"],
    "i": 5,
    "ia": [1, -2],
    "n": 1.5e-7,
    "na": [1.0, 2.25, 1e21, 123456789.0],
    "b": True,
    "ba": [True, False],
    "d": "2024-01-02T03:04:05.678+01:00",
    "da": ["2024-01-02T03:04:05.678+01:00"],
    "u": "00000000-0000-0000-0000-0000000000ab",
    "ua": ["00000000-0000-0000-0000-0000000000ab"],
    "g": {"latitude": 1.5, "longitude": 2.0},
    "bl": "aGVsbG8=",
    "o": {"x": "a<b", "y": 1, "z": 2.5, "w": {"k": ["q"]}},
    "oa": [{"x": "1"}, {"y": 3}],
}


def schema(
    name: str = "Text",
    settings: Mapping[str, Any] | None = None,
    properties: Mapping[str, Mapping[str, Any]] | None = None,
    targets: tuple[str, ...] = ("v",),
) -> CollectionSchema:
    config = {"vectorizer": {MODULE: dict(settings or {})}, "vectorIndexType": "hnsw"}
    return parse_collection(
        {
            "class": name,
            "properties": [
                {"name": name, "dataType": [kind], "moduleConfig": {MODULE: dict((properties or {}).get(name, {}))}}
                for name, kind in TYPES.items()
            ],
            "vectorConfig": dict.fromkeys(targets, config),
        }
    )


def text(made: CollectionSchema, values: Mapping[str, Any], carried: tuple[str, ...] = ()) -> str:
    return object_text(made, made.vectors["v"], StoredObject(b"", properties=dict(values)), carried=carried)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("He_myHTMLThing9X", "He _ my HTML Thing 9 X"),
        ("lowercase", "lowercase"),
        ("HTML", "HTML"),
        ("AString", "A String"),
        ("GL11Version", "GL 11 Version"),
        ("May5", "May 5"),
        ("BöseÜberraschung", "Böse Überraschung"),
    ],
)
def test_names_fall_into_words(name: str, words: str) -> None:
    assert split_name(name) == words


def test_texts_in_the_order_of_names() -> None:
    assert text(schema("MyClass"), VALUES) == "My Class aGVsbG8= Hello World x y Z"
    assert text(schema(settings={"vectorizeClassName": False}), VALUES) == "aGVsbG8= Hello World x y Z"


def test_named_and_skipped_properties() -> None:
    made = schema(
        properties={"t": {"vectorizePropertyName": True}, "ta": {"vectorizePropertyName": True}, "bl": {"skip": True}}
    )
    assert text(made, VALUES) == "Text t Hello World ta x y ta Z"


def test_sources_are_read_whatever_their_type() -> None:
    made = schema(settings={"vectorizeClassName": False, "properties": list(TYPES)})
    assert text(made, VALUES) == (
        "true true false aGVsbG8= 2024-01-02T03:04:05+01:00 5 1 -2 1.5e-07 1 2.25 1e+21 1.23456789e+08 "
        '{"w":{"k":["q"]},"x":"a\\u003cb","y":1,"z":2.5} [{"x":"1"},{"y":3}] Hello World x y Z'
    )
    chosen = schema(
        settings={"properties": ["n", "t"]}, properties={"t": {"skip": True}, "n": {"vectorizePropertyName": True}}
    )
    assert text(chosen, VALUES) == "Text n 1.5e-07 Hello World"


def test_numbers_inside_objects_are_those_of_json() -> None:
    made = schema(settings={"vectorizeClassName": False, "properties": ["o"]})
    assert text(made, {"o": {"small": 0.00001, "tiny": 1e-7, "large": 1e20}}) == (
        '{"large":100000000000000000000,"small":0.00001,"tiny":1e-7}'
    )


def test_what_a_patch_took_over_is_read_as_it_is_stored() -> None:
    stored = tuple(VALUES)
    assert text(schema(settings={"vectorizeClassName": False}), VALUES, stored) == (
        "aGVsbG8= 2024-01-02T03:04:05.678+01:00 2024-01-02T03:04:05.678+01:00 Hello World x y Z "
        "00000000-0000-0000-0000-0000000000ab 00000000-0000-0000-0000-0000000000ab"
    )


def test_nothing_to_read() -> None:
    quiet = {"vectorizeClassName": False}
    assert text(schema(settings=quiet), {}) == "Text"
    assert text(schema(settings={**quiet, "properties": ["t"]}), {}) == ""
    assert text(schema(settings={"properties": ["t"]}), {"t": ""}) == "Text "
    assert text(schema(settings=quiet), {"t": "", "ta": ["", ""]}) == "  "


class Recorder:
    """An embedder that keeps what it was sent."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def __call__(self, texts: list[str], /) -> Any:  # whatever a user's callable may give
        self.calls.append(texts)
        if any("BOOM" in text for text in texts):
            raise RuntimeError("boom happened")
        return [[float(len(text)), 1.0] for text in texts]


def stored(number: int, vector: list[float] | None = None, **properties: Any) -> StoredObject:
    vectors = {} if vector is None else {"v": np.array(vector, dtype=np.float32)}
    return StoredObject(UUID(int=number).bytes, properties=properties, vectors=vectors)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def database(recorder: Recorder) -> Database:
    return Database(Services(embedder=recorder))


def test_one_call_for_all(database: Database, recorder: Recorder) -> None:
    made = schema(targets=("v", "w"))
    objects = [stored(1, t="a"), stored(2, vector=[9, 9], t="b"), stored(3, t="a")]
    assert vectorize(database, made, objects, [None] * 3) == [None] * 3
    assert recorder.calls == [["Text a", "Text b"]]  # equal texts are sent once, one's own vector is kept
    assert [each.vectors["v"].tolist() for each in objects] == [[6, 1], [9, 9], [6, 1]]
    assert [each.vectors["w"].tolist() for each in objects] == [[6, 1]] * 3


def test_unchanged_text_keeps_its_vector(database: Database, recorder: Recorder) -> None:
    made = schema()
    before = [stored(1, vector=[9, 9], t="a", i=1), stored(2, t="b"), stored(3, vector=[8, 8], t="c")]
    now = [stored(1, t="a", i=2), stored(2, t="b"), stored(3, t="changed")]
    assert vectorize(database, made, now, before) == [None] * 3
    assert recorder.calls == [["Text changed"]]
    assert now[0].vectors["v"].tolist() == [9, 9]
    assert now[1].vectors == {}
    assert now[2].vectors["v"].tolist() == [12, 1]


def test_an_error_is_that_of_every_object_of_the_call(database: Database) -> None:
    objects = [stored(1, t="BOOM"), stored(2, vector=[9, 9], t="b"), stored(3, t="c")]
    errors = vectorize(database, schema(), objects, [None] * 3)
    assert [error.text if error else None for error in errors] == [
        f"The in-process engine's embedder for {MODULE} raised RuntimeError: boom happened",
        None,
        f"The in-process engine's embedder for {MODULE} raised RuntimeError: boom happened",
    ]


def test_no_text_makes_no_vector(database: Database, recorder: Recorder) -> None:
    made = schema(settings={"vectorizeClassName": False, "properties": ["t"]})
    objects = [stored(1)]
    assert vectorize(database, made, objects, [None]) == [None]
    assert (objects[0].vectors, recorder.calls) == ({}, [])


def test_without_an_embedder() -> None:
    (error,) = vectorize(Database(Services(embedder=None)), schema(), [stored(1, t="a")], [None])
    assert isinstance(error, Unsupported)


def test_a_query_is_the_mean_of_its_texts(database: Database, recorder: Recorder) -> None:
    assert query_vector(database, schema(), "v", ["a", "bcd"]).tolist() == [2, 1]
    assert recorder.calls == [["a", "bcd"]]
    plain = parse_collection({"class": "Plain", "vectorizer": "none"})
    with pytest.raises(Refused, match="VectorFromInput was called without vectorizer on class Plain for input apple"):
        query_vector(database, plain, "", ["apple"])
