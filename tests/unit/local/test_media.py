"""What modules of media read of an object, how its vector comes about, and which settings they refuse."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from uuid import UUID

import pytest

from weaviate_orm.local.objects import StoredObject
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.media import MEDIA_KINDS, check_media, weights_of
from weaviate_orm.local.schema.parsed import CollectionSchema, VectorSchema, parse_collection
from weaviate_orm.local.services import Services
from weaviate_orm.local.writing.object_media import combined, compared, embed, read_media
from weaviate_orm.types import MediaKind

TYPES = {"b": "text", "a": "text", "tags": "text[]", "pic": "blob", "hash": "blobHash", "tune": "blob", "count": "int"}
ALL = {"textFields": ["b", "a", "tags"], "imageFields": ["pic", "hash", "count"], "audioFields": ["tune", "pic"]}
PICTURE, TUNE = b64encode(b"picture").decode(), b64encode(b"tune").decode()


def schema() -> CollectionSchema:
    properties = [{"name": name, "dataType": [kind]} for name, kind in TYPES.items()]
    return parse_collection({"class": "Thing", "properties": properties, "vectorConfig": {}})


def vector(settings: dict[str, Any], module: str = "multi2vec-bind") -> VectorSchema:
    return VectorSchema("v", module, settings)


def stored(**properties: Any) -> StoredObject:
    return StoredObject(UUID(int=1).bytes, properties)


def test_media_are_read_by_the_names_of_their_properties() -> None:
    read = read_media(
        schema(), vector(ALL), stored(tags=["t", "u"], b="B", a="A", pic=PICTURE, tune=TUNE, count=3, hash="00")
    )
    assert read.texts == ["A", "B", "t", "u"]
    assert read.media["image"] == ["00", PICTURE]
    assert read.media["audio"] == [PICTURE, TUNE]
    assert read.media["video"] == []


def test_an_object_without_media_has_nothing_to_read() -> None:
    read = read_media(schema(), vector({"imageFields": ["pic"]}), stored(a="A", tags=[], count=1))
    assert not read
    assert combined(vector({"imageFields": ["pic"]}), read, {}, {}).size == 0


def test_a_module_of_images_alone_reads_no_texts() -> None:
    read = read_media(schema(), vector(ALL, "img2vec-neural"), stored(a="A", pic=PICTURE))
    assert (read.texts, read.media) == ([], {"image": [PICTURE]})


@pytest.mark.parametrize(
    ("module", "changed", "same"),
    [
        ("multi2vec-bind", {"a", "tags", "pic", "hash", "tune"}, {"count"}),  # it looks at every text and blob
        ("multi2vec-clip", {"pic"}, {"a", "tags", "hash", "tune", "count"}),
    ],
)
def test_what_makes_a_new_vector(module: str, changed: set[str], same: set[str]) -> None:
    target = vector({"imageFields": ["pic"]}, module)
    old = {"a": "A", "tags": ["t"], "pic": PICTURE, "hash": "00", "tune": TUNE, "count": 3}
    for name in changed | same:
        new = {key: value for key, value in old.items() if key != name}
        assert (compared(schema(), target, stored(**old)) != compared(schema(), target, stored(**new))) is (
            name in changed
        ), name


class Numbers:
    """Texts and media are one number each."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[bytes]]] = []

    def __call__(self, texts: list[str], /) -> Any:
        return [[float(text), 0.0] for text in texts]

    def embed_media(self, kind: MediaKind, media: list[bytes], /) -> Any:
        self.asked.append((kind, media))
        return [[float(each), 1.0] for each in media]


def made(settings: dict[str, Any], **properties: Any) -> list[float]:
    target = vector(settings)
    read = read_media(schema(), target, stored(**properties))
    found: list[float] = combined(target, read, *embed(Services(embedder=Numbers()), target.module, [read])).tolist()
    return found


def number(value: int) -> str:
    return b64encode(str(value).encode()).decode()


def test_the_vector_is_the_mean() -> None:
    assert made(ALL, a="1", b="2", pic=number(3)) == [2.25, 0.5]  # the picture is an image and a sound


def test_weights_are_shares_given_out_in_order() -> None:
    settings = {"textFields": ["a"], "imageFields": ["pic"], "weights": {"textFields": [3], "imageFields": ["1"]}}
    weights = weights_of("multi2vec-bind", settings)
    assert weights is not None
    assert weights.tolist() == [0.75, 0.25]
    assert made(settings, a="8", pic=number(4)) == [(8 * 0.75 + 4 * 0.25) / 2, 0.125]
    # The first weight goes to the first vector there is, which need not be a text.
    assert made(settings, pic=number(4)) == [3.0, 0.75]


def test_more_media_than_weights() -> None:
    settings = {"textFields": ["tags"], "weights": {"textFields": [1]}}
    assert made(settings, tags=["5"]) == [5.0, 0.0]
    with pytest.raises(Refused, match="2 texts and media, those in lists counted one by one, have only 1 weights"):
        made(settings, tags=["5", "6"])


def test_weights_that_are_no_numbers() -> None:
    with pytest.raises(Refused, match='parsing "x"'):
        made({"audioFields": ["tune"], "weights": {"audioFields": ["x"]}}, tune=number(1))


def test_every_medium_is_embedded_once() -> None:
    embedder = Numbers()
    target = vector({"imageFields": ["pic"], "audioFields": ["tune"]})
    read = [read_media(schema(), target, stored(pic=number(each % 2), tune=number(7))) for each in range(4)]
    embed(Services(embedder=embedder), target.module, read)
    assert embedder.asked == [("image", [b"0", b"1"]), ("audio", [b"7"])]


def test_media_that_are_no_base64() -> None:
    target = vector({"imageFields": ["pic"]})
    with pytest.raises(Refused, match="media must be base64"):
        embed(Services(embedder=Numbers()), target.module, [read_media(schema(), target, stored(pic="no!"))])


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"imageFields": []}, "must contain at least one image field name in imageFields"),
        ({"imageFields": "x"}, "imageFields must be an array"),
        ({"imageFields": None}, "imageFields must be an array"),
        ({"imageFields": [""]}, "imageField values cannot be empty"),
        ({"imageFields": [1]}, "imageField must be a string"),
        ({"textFields": [1]}, "textField must be a string"),
        (
            {"imageFields": ["a"], "weights": {"imageFields": [1, 2]}},
            "weights.imageFields does not equal number of imageFields",
        ),
        ({"textFields": ["a"], "weights": {"textFields": ["x"]}}, 'strconv.ParseFloat: parsing "x": invalid syntax'),
        ({"textFields": ["a"], "weights": {"textFields": [True]}}, "unrecognized type: bool"),
    ],
)
def test_settings_that_are_refused(settings: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text.replace('.', '[.]').replace('(', '[(]')}$"):
        check_media("multi2vec-bind", settings)


@pytest.mark.parametrize(
    "settings",
    [{}, {"imageFields": ["any"]}, {"imageFields": ["a"], "weights": 3}, {"imageFields": ["a"], "weights": {}}],
)
def test_settings_that_are_taken(settings: dict[str, Any]) -> None:
    check_media("multi2vec-bind", settings)


def test_a_module_of_images_alone_needs_its_fields() -> None:
    with pytest.raises(ValueError, match="imageFields not present"):
        check_media("img2vec-neural", {})
    check_media("img2vec-neural", {"imageFields": ["a"], "textFields": 3})


def test_a_module_looks_at_its_own_kinds_only() -> None:
    check_media("multi2vec-clip", {"audioFields": 3})
    check_media("multi2vec-bind", {"audioFields": 3})  # nor does the server check those of this one
    assert set(MEDIA_KINDS["multi2vec-bind"]) == {"image", "audio", "video", "imu", "thermal", "depth"}
