"""What a Search reply holds: every data type, chosen parts of objects, metadata with its flags, vectors of every kind."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest
from exchanges import call_rest

from weaviate_orm.transport.base import Exchange
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.status import RpcRefused

Fresh = Callable[[str], str]

FULL = "01000000-0000-4000-8000-000000000001"
HOLLOW = "02000000-0000-4000-8000-000000000002"
BARE = "03000000-0000-4000-8000-000000000003"

TYPES = {
    "title": "text",
    "tags": "text[]",
    "count": "int",
    "counts": "int[]",
    "size": "number",
    "sizes": "number[]",
    "yes": "boolean",
    "yeses": "boolean[]",
    "day": "date",
    "days": "date[]",
    "key": "uuid",
    "keys": "uuid[]",
    "place": "geoCoordinates",
    "phone": "phoneNumber",
    "picture": "blob",
}
NESTED = [
    {"name": "name", "dataType": ["text"]},
    {"name": "number", "dataType": ["int"]},
    {"name": "picture", "dataType": ["blob"]},
    {"name": "inner", "dataType": ["object"], "nestedProperties": [{"name": "sizes", "dataType": ["number[]"]}]},
]
VALUES = {
    "title": "Crème brûlée",
    "tags": ["a", ""],
    "count": -7,
    "counts": [1, -2, 2**40],
    "size": 0.1,
    "sizes": [0.5, -1.25],
    "yes": False,
    "yeses": [True, False],
    "day": "2024-02-03T04:05:06.789+02:00",
    "days": ["2020-01-01T00:00:00Z"],
    "key": "AA000000-0000-4000-8000-0000000000AA",
    "keys": [FULL],
    "place": {"latitude": 52.37, "longitude": 4.9},
    "phone": {"input": "+49 171 1234567"},
    "picture": "aGVsbG8=",
    "box": {"name": "n", "number": 5, "picture": "cGlj", "inner": {"sizes": [1.5]}},
    "boxes": [{"name": "1"}, {}],
}


@pytest.fixture
def things(exchange: Exchange, fresh: Fresh) -> str:
    name = fresh("Thing")
    properties: list[object] = [{"name": key, "dataType": [kind]} for key, kind in TYPES.items()]
    properties += [
        {"name": key, "dataType": [kind], "nestedProperties": NESTED}
        for key, kind in (("box", "object"), ("boxes", "object[]"))
    ]
    body = {"class": name, "vectorizer": "none", "properties": properties}
    assert call_rest(exchange, "POST", "/schema", body).status == 200
    hollow: dict[str, object] = {key: [] for key, kind in TYPES.items() if kind.endswith("[]")} | {
        "boxes": [],
        "box": {},
        "title": "",
    }
    for identifier, values, vector in ((FULL, VALUES, [1.0, 0.5]), (HOLLOW, hollow, [3.0, 4.0]), (BARE, {}, None)):
        stored: dict[str, object] = {"class": name, "id": identifier, "properties": values}
        if vector is not None:
            stored["vector"] = vector
        made = call_rest(exchange, "POST", "/objects", stored)
        assert made.status == 200, made.body
    return name


def search(exchange: Exchange, collection: str, **fields: object) -> pb.SearchReply:
    request = pb.SearchRequest(collection=collection, uses_127_api=True, **fields)  # type: ignore[arg-type]  # any fields
    reply = exchange.unary(rpcs.SEARCH, request)
    assert isinstance(reply, pb.SearchReply)
    return reply


def refusal(exchange: Exchange, collection: str, **fields: object) -> str:
    with pytest.raises(RpcRefused) as caught:
        search(exchange, collection, **fields)
    return caught.value.details


def values(*names: str) -> pb.PropertiesRequest:
    return pb.PropertiesRequest(non_ref_properties=names)


def parts(*requests: pb.ObjectPropertiesRequest) -> pb.PropertiesRequest:
    return pb.PropertiesRequest(object_properties=requests)


Part = pb.ObjectPropertiesRequest


def test_every_data_type(exchange: Exchange, things: str) -> None:
    reply = search(exchange, things, limit=1)
    assert 0 <= reply.took < 60
    assert reply.HasField("generative_grouped_result")
    assert reply.generative_grouped_result == ""
    properties = reply.results[0].properties
    assert properties.target_collection == things
    assert not properties.ref_props_requested
    fields = properties.non_ref_props.fields
    assert set(fields) == {*TYPES, "box", "boxes"} - {"picture"}
    assert fields["title"].text_value == "Crème brûlée"
    assert list(fields["tags"].list_value.text_values.values) == ["a", ""]
    assert fields["count"].int_value == -7
    assert fields["counts"].list_value.int_values.values == struct.pack("<3q", 1, -2, 2**40)
    assert fields["size"].number_value == 0.1
    assert fields["sizes"].list_value.number_values.values == struct.pack("<2d", 0.5, -1.25)
    assert fields["yes"].WhichOneof("kind") == "bool_value"
    assert list(fields["yeses"].list_value.bool_values.values) == [True, False]
    assert fields["day"].date_value == "2024-02-03T04:05:06.789+02:00"
    assert list(fields["days"].list_value.date_values.values) == ["2020-01-01T00:00:00Z"]
    assert fields["key"].uuid_value == "aa000000-0000-4000-8000-0000000000aa"
    assert list(fields["keys"].list_value.uuid_values.values) == [FULL]
    place = fields["place"].geo_value
    assert (place.latitude, place.longitude) == pytest.approx((52.37, 4.9), rel=1e-7)
    phone = fields["phone"].phone_value
    assert (phone.input, phone.country_code, phone.national, phone.valid) == ("+49 171 1234567", 49, 1711234567, True)
    assert (phone.national_formatted, phone.international_formatted) == ("0171 1234567", "+49 171 1234567")
    box = fields["box"].object_value.fields
    assert set(box) == {"name", "number", "inner"}
    assert box["inner"].object_value.fields["sizes"].list_value.number_values.values == struct.pack("<d", 1.5)
    boxes = fields["boxes"].list_value.object_values.values
    assert [set(each.fields) for each in boxes] == [{"name"}, set()]


def test_empty_values_say_what_they_would_hold(exchange: Exchange, things: str) -> None:
    fields = search(exchange, things, limit=1, offset=1).results[0].properties.non_ref_props.fields
    kinds = {
        name: value.list_value.WhichOneof("kind") for name, value in fields.items() if value.HasField("list_value")
    }
    assert kinds == {
        "tags": "text_values",
        "counts": "int_values",
        "sizes": "number_values",
        "yeses": "bool_values",
        "days": "date_values",
        "keys": "uuid_values",
        "boxes": "object_values",
    }
    assert fields["title"].WhichOneof("kind") == "text_value"
    assert fields["box"].WhichOneof("kind") == "object_value"
    assert fields["count"].WhichOneof("kind") == "null_value"


def test_missing_values_are_null(exchange: Exchange, things: str) -> None:
    fields = search(exchange, things, limit=1, offset=2).results[0].properties.non_ref_props.fields
    assert {name: value.WhichOneof("kind") for name, value in fields.items()} == dict.fromkeys(
        {*TYPES, "box", "boxes"} - {"picture"}, "null_value"
    )


def test_blobs_come_by_name_only(exchange: Exchange, things: str) -> None:
    every = search(exchange, things, limit=1, properties=pb.PropertiesRequest(return_all_nonref_properties=True))
    assert "picture" not in every.results[0].properties.non_ref_props.fields
    named = search(exchange, things, limit=1, properties=values("Picture")).results[0].properties.non_ref_props.fields
    assert {name: value.blob_value for name, value in named.items()} == {"picture": "aGVsbG8="}


def test_no_properties(exchange: Exchange, things: str) -> None:
    result = search(exchange, things, limit=1, properties=pb.PropertiesRequest()).results[0]
    assert not result.properties.HasField("non_ref_props")
    assert result.HasField("metadata")


def test_chosen_parts_of_objects(exchange: Exchange, things: str) -> None:
    chosen = parts(
        Part(
            prop_name="box",
            primitive_properties=["Name", "picture", "nothing"],
            object_properties=[Part(prop_name="inner", primitive_properties=["sizes"])],
        ),
        Part(prop_name="boxes", primitive_properties=["number"]),
    )
    fields = search(exchange, things, limit=1, properties=chosen).results[0].properties.non_ref_props.fields
    assert set(fields) == {"box", "boxes"}
    box = fields["box"].object_value.fields
    assert set(box) == {"name", "picture", "inner"}
    assert box["picture"].blob_value == "cGlj"
    assert [len(each.fields) for each in fields["boxes"].list_value.object_values.values] == [0, 0]


@pytest.mark.parametrize(
    ("chosen", "text"),
    [
        (
            values("nothing"),
            "extract properties request: get property by name nothing for class {0}: no such prop with name 'nothing' found in "
            "class '{0}' in the schema. Check your schema files for which properties in this class are available",
        ),
        (
            parts(Part(prop_name="nothing")),
            "no such prop with name 'nothing' found in class '{0}' in the schema. Check your schema files for which properties "
            "in this class are available",
        ),
        (parts(Part(prop_name="title")), "creating object value: proto: invalid type: string"),
        (parts(Part(prop_name="count")), "creating object value: proto: invalid type: float64"),
        (parts(Part(prop_name="tags")), "creating object value: proto: invalid type: []string"),
        (
            parts(Part(prop_name="box", primitive_properties=["inner"])),
            "creating object value: creating nested object: creating nested object value inner: creating nested object: "
            "select property is not an object",
        ),
    ],
)
def test_what_cannot_be_returned(exchange: Exchange, things: str, chosen: pb.PropertiesRequest, text: str) -> None:
    assert refusal(exchange, things, properties=chosen, limit=1) == text.format(things)


def test_a_property_chosen_twice_comes_in_the_last_form(exchange: Exchange, things: str) -> None:
    chosen = values("box")
    chosen.object_properties.append(Part(prop_name="box", primitive_properties=["name"]))
    fields = search(exchange, things, limit=1, properties=chosen).results[0].properties.non_ref_props.fields
    assert set(fields["box"].object_value.fields) == {"name"}


FLAGS = (
    "uuid",
    "vector",
    "creation_time_unix",
    "last_update_time_unix",
    "distance",
    "certainty",
    "score",
    "explain_score",
)
SEARCHES: dict[str, dict[str, object]] = {
    "list": {},
    "near": {"near_vector": pb.NearVector(vector=[1.0, 0.5])},
    "words": {"bm25_search": pb.BM25(query="brûlée")},
    "hybrid": {"hybrid_search": pb.Hybrid(query="brûlée", vector=[1.0, 0.5], alpha=0.5)},
}
# What a search knows besides what every object has.
KNOWN = {
    "list": {"score", "explain_score"},
    "near": {"score", "explain_score", "distance", "certainty"},
    "words": {"score", "explain_score"},
    "hybrid": {"score", "explain_score"},
}
TIMES = {"creation_time_unix", "last_update_time_unix"}


@pytest.mark.parametrize("kind", SEARCHES)
def test_metadata_and_its_flags(exchange: Exchange, things: str, kind: str) -> None:
    wanted = pb.MetadataRequest(**dict.fromkeys(FLAGS, True))  # type: ignore[arg-type]  # all of these are booleans
    metadata = search(exchange, things, metadata=wanted, limit=1, **SEARCHES[kind]).results[0].metadata
    present = {
        field.name.removesuffix("_present") for field, value in metadata.ListFields() if field.name.endswith("_present")
    }
    assert present == KNOWN[kind] | TIMES
    assert metadata.id == FULL
    assert metadata.id_as_bytes == bytes.fromhex(FULL.replace("-", ""))
    assert list(metadata.vector) == [1.0, 0.5]
    assert metadata.vector_bytes == struct.pack("<2f", 1.0, 0.5)
    assert not metadata.vectors
    assert 1_600_000_000_000 < metadata.creation_time_unix <= metadata.last_update_time_unix < 10_000_000_000_000
    assert (metadata.score > 0) == (kind in ("words", "hybrid"))
    assert metadata.distance == pytest.approx(0, abs=1e-6)
    assert metadata.certainty == (pytest.approx(1) if kind == "near" else 0)


@pytest.mark.parametrize("kind", SEARCHES)
@pytest.mark.parametrize("flag", FLAGS)
def test_only_what_is_asked_for(exchange: Exchange, things: str, kind: str, flag: str) -> None:
    wanted = pb.MetadataRequest(**{flag: True})  # type: ignore[arg-type]  # all of these are booleans
    nothing = pb.PropertiesRequest()
    found = search(exchange, things, metadata=wanted, properties=nothing, limit=1, **SEARCHES[kind]).results[0]
    fields = {field.name.removesuffix("_present") for field, _ in found.metadata.ListFields()}
    expected = {"uuid": {"id", "id_as_bytes"}, "vector": {"vector", "vector_bytes"}}.get(flag, {flag})
    if flag in KNOWN[kind] | TIMES or flag in ("uuid", "vector"):
        assert fields == expected
    else:
        assert fields == set()


def test_an_object_without_a_vector(exchange: Exchange, things: str) -> None:
    metadata = search(exchange, things, metadata=pb.MetadataRequest(vector=True), offset=2).results[0].metadata
    assert not metadata.vector_bytes
    assert not metadata.vector


def test_named_vectors(exchange: Exchange, fresh: Fresh) -> None:
    name = fresh("Named")
    own = {"vectorizer": {"none": {}}, "vectorIndexType": "hnsw"}
    several = own | {"vectorIndexConfig": {"multivector": {"enabled": True}}}
    body = {"class": name, "vectorConfig": {"a": own, "b": own, "many": several}}
    assert call_rest(exchange, "POST", "/schema", body).status == 200
    vectors = {"a": [1.0, 2.0], "many": [[1.0, 2.0], [3.0, 4.0]]}
    assert call_rest(exchange, "POST", "/objects", {"class": name, "id": FULL, "vectors": vectors}).status == 200

    def returned(**wanted: object) -> dict[str, tuple[bytes, int]]:
        request = pb.MetadataRequest(**wanted)  # type: ignore[arg-type]  # any fields
        metadata = search(exchange, name, metadata=request).results[0].metadata
        assert not metadata.vector_bytes
        return {each.name: (each.vector_bytes, each.type) for each in metadata.vectors}

    one = (struct.pack("<2f", 1, 2), pb.Vectors.VECTOR_TYPE_SINGLE_FP32)
    matrix = (struct.pack("<H4f", 2, 1, 2, 3, 4), pb.Vectors.VECTOR_TYPE_MULTI_FP32)
    assert returned(vector=True) == {"a": one, "many": matrix}
    assert returned(vectors=["many"]) == {"many": matrix}
    assert returned(vectors=["b", "nothing"]) == {}
