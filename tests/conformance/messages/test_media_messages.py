"""Objects vectorized by their media, and searches by media. The models are those of ``examples/inference_service``."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from exchanges import call_rest
from inference_service.models import MediaEmbedder

from weaviate_orm.transport.base import Exchange
from weaviate_orm.types import MediaKind
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.status import RpcRefused

Fresh = Callable[[str], str]
Create = Callable[..., str]

TYPES = {
    "title": "text",
    "tags": "text[]",
    "note": "text",
    "picture": "blob",
    "another": "blob",
    "sound": "blob",
    "film": "blob",
    "relief": "blob",
    "heat": "blob",
    "motion": "blob",
    "rank": "int",
}
EVERYTHING = {
    "textFields": ["title", "tags"],
    "imageFields": ["picture", "another"],
    "audioFields": ["sound"],
    "videoFields": ["film"],
    "depthFields": ["relief"],
    "thermalFields": ["heat"],
    "imuFields": ["motion"],
}
SEARCHES: Mapping[str, tuple[Any, MediaKind, str]] = {
    "near_image": (pb.NearImageSearch, "image", "nearImage"),
    "near_audio": (pb.NearAudioSearch, "audio", "nearAudio"),
    "near_video": (pb.NearVideoSearch, "video", "nearVideo"),
    "near_depth": (pb.NearDepthSearch, "depth", "nearDepth"),
    "near_thermal": (pb.NearThermalSearch, "thermal", "nearThermal"),
    "near_imu": (pb.NearIMUSearch, "imu", "nearIMU"),
}

embedder = MediaEmbedder()


def coded(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.fixture
def create(exchange: Exchange, fresh: Fresh) -> Create:
    """``create(v={"multi2vec-bind": {...}})`` makes a collection with named vectors."""

    def make(**vectors: Mapping[str, Any]) -> str:
        name = fresh("Shown")
        body = {
            "class": name,
            "properties": [{"name": key, "dataType": [kind]} for key, kind in TYPES.items()],
            "vectorConfig": {
                key: {"vectorizer": vectorizer, "vectorIndexType": "flat"} for key, vectorizer in vectors.items()
            },
        }
        reply = call_rest(exchange, "POST", "/schema", body)
        assert reply.status == 200, reply.body
        return name

    return make


def put(exchange: Exchange, collection: str, number: int, **properties: Any) -> int:
    body = {"class": collection, "id": f"{number:02x}000000-0000-4000-8000-000000000000", "properties": properties}
    return call_rest(exchange, "POST", "/objects", body).status


def stored(exchange: Exchange, collection: str, number: int, target: str = "v") -> list[float]:
    path = f"/objects/{collection}/{number:02x}000000-0000-4000-8000-000000000000"
    reply = call_rest(exchange, "GET", path, include="vector")
    assert isinstance(reply.body, dict)
    found: list[float] = reply.body["vectors"][target]
    return found


def patch(exchange: Exchange, collection: str, number: int, **properties: Any) -> int:
    path = f"/objects/{collection}/{number:02x}000000-0000-4000-8000-000000000000"
    return call_rest(exchange, "PATCH", path, {"class": collection, "properties": properties}).status


def search(exchange: Exchange, collection: str, **fields: object) -> list[tuple[int, float]]:
    request = pb.SearchRequest(collection=collection, uses_127_api=True, **fields)  # type: ignore[arg-type]  # any fields
    request.metadata.uuid = request.metadata.distance = True
    reply = exchange.unary(rpcs.SEARCH, request)
    assert isinstance(reply, pb.SearchReply)
    return [(int(hit.metadata.id[:2], 16), hit.metadata.distance) for hit in reply.results]


def refusal(exchange: Exchange, collection: str, **fields: object) -> str:
    with pytest.raises(RpcRefused) as caught:
        search(exchange, collection, **fields)
    return caught.value.details


def cosine(left: Any, right: Any) -> float:
    return float(1 - left @ right / np.linalg.norm(left) / np.linalg.norm(right))


def test_the_vector_is_the_mean_of_all_that_an_object_has(exchange: Exchange, create: Create) -> None:
    name = create(v={"multi2vec-bind": EVERYTHING})
    kinds: dict[str, MediaKind] = {"picture": "image", "another": "image", "sound": "audio", "film": "video"}
    kinds |= {"relief": "depth", "heat": "thermal", "motion": "imu"}
    media = {key: f"what {key} has" for key in kinds}
    texts = {"title": "a ship", "tags": ["sea", "storm"], "note": "not a field", "rank": 3}
    assert put(exchange, name, 1, **texts, **{key: coded(text) for key, text in media.items()}) == 200
    parts = [*embedder(["a ship", "sea", "storm"])]
    parts += [embedder.embed_media(kind, [media[key].encode()])[0] for key, kind in kinds.items()]
    assert stored(exchange, name, 1) == pytest.approx(np.mean(parts, axis=0).tolist(), abs=1e-6)


def test_weights(exchange: Exchange, create: Create) -> None:
    settings = {
        "textFields": ["title"],
        "imageFields": ["picture", "another"],
        "weights": {"textFields": [2], "imageFields": [1, 1]},
    }
    name = create(v={"multi2vec-clip": settings})
    assert put(exchange, name, 1, title="ship", picture=coded("one"), another=coded("two")) == 200
    assert put(exchange, name, 2, picture=coded("one")) == 200
    title = embedder(["ship"])[0]
    one, two = embedder.embed_media("image", [b"one", b"two"])
    # Properties go by their names, weights by the order of the settings.
    assert stored(exchange, name, 1) == pytest.approx(((title * 0.5 + two * 0.25 + one * 0.25) / 3).tolist(), abs=1e-6)
    assert stored(exchange, name, 2) == pytest.approx((one * 0.5).tolist(), abs=1e-6)


def test_nothing_to_vectorize(exchange: Exchange, create: Create, fresh: Fresh) -> None:
    name = create(v={"multi2vec-bind": EVERYTHING})
    assert put(exchange, name, 1, note="no field") == 500
    assert put(exchange, name, 2, tags=[]) == 500
    assert put(exchange, name, 3, title="") == 200
    assert stored(exchange, name, 3) == [0.0] * 256
    assert put(exchange, name, 4, picture="not base64!") == 422

    unnamed = fresh("Shown")
    body = {
        "class": unnamed,
        "vectorizer": "multi2vec-clip",
        "moduleConfig": {"multi2vec-clip": {"imageFields": ["picture"]}},
        "properties": [{"name": key, "dataType": [kind]} for key, kind in TYPES.items()],
    }
    assert call_rest(exchange, "POST", "/schema", body).status == 200
    assert put(exchange, unnamed, 1, note="no field") == 200
    reply = call_rest(exchange, "GET", f"/objects/{unnamed}/01000000-0000-4000-8000-000000000000", include="vector")
    assert isinstance(reply.body, dict)
    assert "vector" not in reply.body


def test_a_batch_tells_which_objects_failed(exchange: Exchange, create: Create) -> None:
    name = create(v={"multi2vec-bind": EVERYTHING})
    objects = []
    for number, values in enumerate(({"title": "t"}, {"note": "n"}, {"picture": coded("p")}, {"picture": "no!"})):
        one = pb.BatchObject(collection=name, uuid=f"{number:02x}000000-0000-4000-8000-000000000000")
        one.properties.non_ref_properties.update(values)
        objects.append(one)
    reply = exchange.unary(rpcs.BATCH_OBJECTS, pb.BatchObjectsRequest(objects=objects))
    assert isinstance(reply, pb.BatchObjectsReply)
    assert {error.index: error.error for error in reply.errors} == {
        1: "Validate vector index v for target vector 01000000-0000-4000-8000-000000000000: "
        "cannot insert vector of dimension 0",
        3: f"invalid blob property 'picture' on class '{name}': not a valid blob base64 string",
    }
    assert stored(exchange, name, 2) == pytest.approx(embedder.embed_media("image", [b"p"])[0].tolist(), abs=1e-6)


def test_what_changes_the_vector(exchange: Exchange, create: Create) -> None:
    name = create(
        v={"multi2vec-bind": {"imageFields": ["picture"]}}, w={"multi2vec-clip": {"imageFields": ["picture"]}}
    )
    given = [1.0] + [0.0] * 255
    body = {
        "class": name,
        "id": "01000000-0000-4000-8000-000000000000",
        "properties": {"picture": coded("p"), "rank": 1},
        "vectors": {"v": given, "w": given},
    }
    assert call_rest(exchange, "POST", "/objects", body).status == 200
    picture = pytest.approx(embedder.embed_media("image", [b"p"])[0].tolist(), abs=1e-6)
    assert patch(exchange, name, 1, rank=2) == 204
    assert (stored(exchange, name, 1), stored(exchange, name, 1, "w")) == (given, given)
    # One module looks at all texts and blobs, the other at its own fields.
    assert patch(exchange, name, 1, note="new") == 204
    assert stored(exchange, name, 1) == picture
    assert stored(exchange, name, 1, "w") == given
    assert patch(exchange, name, 1, picture=coded("q")) == 204
    assert stored(exchange, name, 1, "w") == pytest.approx(embedder.embed_media("image", [b"q"])[0].tolist(), abs=1e-6)


@pytest.mark.parametrize("field", SEARCHES)
def test_a_search_by_a_medium(exchange: Exchange, create: Create, field: str) -> None:
    message, kind, _ = SEARCHES[field]
    name = create(v={"multi2vec-bind": EVERYTHING})
    titles = ["a red fox", "a blue whale", "quantum theory"]
    for number, title in enumerate(titles, 1):
        assert put(exchange, name, number, title=title) == 200
    assert put(exchange, name, 4, picture=coded("a red fox")) == 200
    query = embedder.embed_media(kind, [b"a red fox"])[0]
    vectors = [*embedder(titles), embedder.embed_media("image", [b"a red fox"])[0]]
    expected = sorted((cosine(query, each), number) for number, each in enumerate(vectors, 1))

    def near(**more: Any) -> dict[str, object]:
        return {field: message(**{kind: coded("a red fox")}, **more)}

    found = search(exchange, name, **near())
    assert [number for number, _ in found] == [number for _, number in expected]
    assert [distance for _, distance in found] == pytest.approx([distance for distance, _ in expected], abs=1e-5)
    assert {number for number, _ in search(exchange, name, **near(distance=0.6))} == {1, 4}
    assert search(exchange, name, **near(certainty=1 - (expected[1][0] + expected[2][0]) / 4)) == found[:2]
    assert search(exchange, name, **near(target_vectors=["v"]), limit=1) == found[:1]
    assert search(exchange, name, **near(), autocut=1, limit=3)[0] == found[0]

    def count(**more: Any) -> int:
        request = pb.AggregateRequest(collection=name, objects_count=True, **more)
        reply = exchange.unary(rpcs.AGGREGATE, request)
        assert isinstance(reply, pb.AggregateReply)
        return reply.single_result.objects_count

    assert count(**near(distance=0.6)) == 2
    assert count(**near(), object_limit=3) == 3


@pytest.mark.parametrize("field", SEARCHES)
def test_searches_that_are_refused(exchange: Exchange, create: Create, field: str) -> None:
    message, kind, shown = SEARCHES[field]
    name = create(v={"multi2vec-bind": EVERYTHING}, w={"multi2vec-bind": EVERYTHING}, t={"text2vec-transformers": {}})
    params = "explorer: get class: vectorize params: "

    def near(medium: str, *targets: str, **more: Any) -> dict[str, object]:
        return {field: message(**{kind: medium}, targets=pb.Targets(target_vectors=targets), **more)}

    assert refusal(exchange, name, **near("", "v")) == f"{params}'{shown}.{kind}' needs to be defined"
    slip = "nearText" if kind == "depth" else shown  # the server's own
    assert refusal(exchange, name, **near("eA==", "v", "w")) == (
        f"{params}{slip}.targetVectors cannot provide more than 1 target vector value"
    )
    searching = "explorer: get class: concurrentTargetVectorSearch: explorer: get class: vectorize search vector: "
    assert refusal(exchange, name, **near("eA==", "t")) == (
        f"{searching}vectorize params: could not vectorize input for collection {name} with search-type {shown}, targetVector t "
        "and parameters &{eA== 0 0 false [t]}. Make sure a vectorizer module is configured for this class"
    )
    word = "thermal" if kind == "depth" else kind  # another one
    assert refusal(exchange, name, **near("no!", "v")).startswith(
        f"{searching}vectorize params: vectorize params: vectorize {word}: "
    )
    assert refusal(exchange, name, **near("eA==", "v", distance=0.5, certainty=0.5)) == (
        f"{field}: cannot provide distance and certainty"
    )
    both = pb.NearVector(vector=[1.0], targets=pb.Targets(target_vectors=["v"]))
    assert refusal(exchange, name, **near("eA==", "v"), near_vector=both).startswith(params)


def test_a_module_of_images_knows_no_other_media(exchange: Exchange, create: Create) -> None:
    name = create(v={"multi2vec-clip": {"imageFields": ["picture"], "textFields": ["title"]}})
    assert put(exchange, name, 1, title="a red fox") == 200
    assert [number for number, _ in search(exchange, name, near_image=pb.NearImageSearch(image=coded("fox")))] == [1]
    assert refusal(exchange, name, near_audio=pb.NearAudioSearch(audio=coded("fox"))) == (
        f"explorer: get class: vectorize params: could not vectorize input for collection {name} with search-type nearAudio. "
        "Make sure a vectorizer module is configured for this collection"
    )


def test_texts_find_media(exchange: Exchange, create: Create) -> None:
    name = create(v={"multi2vec-bind": EVERYTHING})
    for number, text in enumerate(("a diesel engine", "a red fox", "a blue whale"), 1):
        assert put(exchange, name, number, picture=coded(text)) == 200
    assert search(exchange, name, near_text=pb.NearTextSearch(query=["fox"]))[0][0] == 2
    assert search(exchange, name, hybrid_search=pb.Hybrid(query="whale", alpha=1.0))[0][0] == 3


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"imageFields": []}, "must contain at least one image field name in imageFields"),
        ({"textFields": "x"}, "textFields must be an array"),
        ({"textFields": [""]}, "textField values cannot be empty"),
        (
            {"imageFields": ["p"], "weights": {"imageFields": []}},
            "weights.imageFields does not equal number of imageFields",
        ),
    ],
)
def test_settings_that_are_refused(exchange: Exchange, fresh: Fresh, settings: Mapping[str, Any], text: str) -> None:
    body = {"class": fresh("Shown"), "vectorConfig": {"v": {"vectorizer": {"multi2vec-bind": settings}}}}
    reply = call_rest(exchange, "POST", "/schema", body)
    assert reply.status == 422
    assert reply.body == {"allowed": None, "error": [{"message": f"module 'multi2vec-bind': {text}"}]}
