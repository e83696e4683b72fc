"""Options of searches: movement, media, weighted properties, operators, and the parts of a hybrid search."""

from __future__ import annotations

import io
import math
from base64 import b64encode
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from weaviate_orm import (
    Boost,
    HybridVector,
    InvalidQueryError,
    InvalidValueError,
    Move,
    Property,
    TargetVectors,
    Vector,
    WeaviateModel,
    Words,
    prop,
    vector,
)
from weaviate_orm.model.info import model_info
from weaviate_orm.modules import (
    custom_vectorizer,
    img2vec_neural,
    multi2vec_bind,
    multi2vec_clip,
    ref2vec_centroid,
    self_provided,
    text2vec_openai,
)
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.search import Bm25, Hybrid, Movement, NearMedia, NearText
from weaviate_orm.query.statement import Statement

ID, OTHER = UUID(int=7), UUID(int=8)
PIXELS = b"\x89PNG pixels"
TEXT = b64encode(PIXELS).decode()
NO_IDS: Any = ["x"]


class Page(WeaviateModel):
    title: Property[str]
    body: Property[str | None] = prop(default=None)
    tags: Property[list[str]] = prop(default_factory=list)
    words: Property[int] = prop(default=0)
    secret: Property[str] = prop(default="", searchable=False)
    embedding: Vector = vector(text2vec_openai(), source=["title"])


class Scan(WeaviateModel, collection="Page"):
    """Another model of the same collection."""

    title: Property[str]


class Stranger(WeaviateModel):
    title: Property[str]


class Exhibit(WeaviateModel):
    """Modules that embed more, or less, than text."""

    picture: Property[bytes | None] = prop(default=None)
    bound: Vector = vector(multi2vec_bind(image_fields=["picture"]))
    clipped: Vector = vector(multi2vec_clip(image_fields=["picture"]))
    seen: Vector = vector(img2vec_neural(image_fields=["picture"]))
    linked: Vector = vector(ref2vec_centroid(reference_properties=["other"]))
    acme: Vector = vector(custom_vectorizer("multi2vec-acme", {}))
    written: Vector = vector(text2vec_openai())
    brought: Vector = vector(self_provided())
    given: Vector = vector()


def query(model: type[WeaviateModel] = Page) -> Any:  # a Builder, whose arguments are wrong in half of the tests
    return Builder[Any](Statement(model_info(model)))


def search(built: Any) -> Any:  # the clause, of whichever search
    return built._statement.search


class TestMove:
    def test_concepts_and_objects(self) -> None:
        page = Page(id=OTHER, title="x")
        to = Move(force=0.5, concepts=["a", "b"], objects=[ID, page])
        found = search(query().near_text("x", move_to=to, move_away=Move(force=3, concepts="c")))
        assert isinstance(found, NearText)
        assert found.move_to == Movement(0.5, ("a", "b"), (ID, OTHER))
        assert found.move_away == Movement(3.0, ("c",), ())

    def test_objects_alone(self) -> None:
        assert search(query().near_text("x", move_to=Move(1, objects=[ID]))).move_to == Movement(1.0, (), (ID,))

    def test_an_object_of_another_model_of_the_collection(self) -> None:
        moved = search(query().near_text("x", move_to=Move(1, objects=[Scan(id=ID, title="x")])))
        assert moved.move_to == Movement(1.0, (), (ID,))

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            ({"force": 0, "concepts": "a"}, InvalidQueryError, r"a force above 0, got 0"),
            ({"force": -1, "concepts": "a"}, InvalidQueryError, r"a force above 0, got -1"),
            ({"force": math.nan, "concepts": "a"}, InvalidQueryError, r"a force above 0, got nan"),
            ({"force": math.inf, "concepts": "a"}, InvalidQueryError, r"a force above 0, got inf"),
            ({"force": "1", "concepts": "a"}, InvalidQueryError, r"a force above 0, got '1'"),
            ({"force": 1}, InvalidQueryError, r"takes concepts, objects or both, got neither"),
            ({"force": 1, "concepts": ""}, InvalidQueryError, r"got neither"),
            ({"force": 1, "concepts": ["a", " "]}, InvalidQueryError, r"a text or a list of texts that are not empty"),
            ({"force": 1, "concepts": 5}, InvalidQueryError, r"a text or a list of texts that are not empty"),
            ({"force": 1, "objects": ID}, InvalidQueryError, r"takes a list of objects or ids as objects"),
        ],
    )
    def test_what_is_refused(self, arguments: Any, error: type[Exception], message: str) -> None:
        with pytest.raises(error, match=message):
            Move(**arguments)

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            ({"move_to": Move(1.5, "a")}, InvalidQueryError, r"near_text\(\) takes a force of at most 1 as move_to"),
            ({"move_to": "a"}, InvalidQueryError, r"takes Move\(force=\.\.\., concepts=\[\.\.\.\]\) as move_to, got 'a'"),
            ({"move_away": Move(1, objects=NO_IDS)}, InvalidValueError, r"near_text\(\) takes the id as a UUID, got 'x'"),
            (
                {"move_away": Move(1, objects=[Stranger(title="x")])},
                InvalidQueryError,
                r"looks for objects of Page \(collection Page\), got a Stranger of the collection Stranger",
            ),
        ],
    )  # fmt: skip
    def test_what_a_query_refuses(self, arguments: Any, error: type[Exception], message: str) -> None:
        with pytest.raises(error, match=message):
            query().near_text("x", **arguments)


def test_near_object_of_another_collection() -> None:
    with pytest.raises(InvalidQueryError, match=r"near_object\(\) looks for objects of Page"):
        query().near_object(Stranger(title="x"))
    with pytest.raises(InvalidValueError, match=r"near_object\(\) takes the id as a UUID, got 'x'"):
        query().near_object("x")


class TestMedia:
    @pytest.mark.parametrize("prefix", ["", "data:image/png;base64,", "data:;base64,"])
    def test_text(self, prefix: str) -> None:
        found = search(query(Exhibit).near_image(prefix + TEXT, target=Exhibit.bound))
        assert isinstance(found, NearMedia)
        assert (found.kind, found.data) == ("image", TEXT)

    def test_text_in_lines(self) -> None:
        long = b64encode(bytes(range(256))).decode()
        lines = "\n".join(long[start : start + 76] for start in range(0, len(long), 76)) + "\r\n"
        assert search(query(Exhibit).near_image(lines, target=Exhibit.bound)).data == long

    def test_bytes_files_and_paths(self, tmp_path: Path) -> None:
        path = tmp_path / "picture.png"
        path.write_bytes(PIXELS)
        with path.open("rb") as file:
            for given in (PIXELS, bytearray(PIXELS), memoryview(PIXELS), path, io.BytesIO(PIXELS), file):
                assert search(query(Exhibit).near_image(given, target=Exhibit.bound)).data == TEXT

    @pytest.mark.parametrize("kind", ["image", "audio", "video", "depth", "thermal", "imu"])
    def test_kinds(self, kind: Any) -> None:
        found = search(query(Exhibit).near_media(PIXELS, kind=kind, target=Exhibit.bound, distance=0.5))
        assert (found.kind, found.data, found.threshold.distance) == (kind, TEXT, 0.5)
        assert search(query(Exhibit).near_media(PIXELS, kind=kind, target=Exhibit.acme)).kind == kind

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            (b"", r"near_image\(\) got no data"),
            (io.BytesIO(), r"near_image\(\) got no data: .* was read to its end before"),
            ("", r"near_image\(\) got an empty text"),
            ("data:image/png;base64,", r"got an empty text"),
            ("data:image/png,abc", r"takes a data URL in base64, .* got 'data:image/png'"),
            ("data:image/png;base64", r"takes a data URL in base64"),
            ("picture.png", r"takes a text in base64, got 'picture\.png': .* A file is given by its path"),
            ("QUJD*", r"takes a text in base64"),
            ("QUJ", r"takes a text in base64"),
            ("Grüße", r"takes a text in base64"),
            (io.StringIO("abc"), r"takes a binary file, but reading it gave str\. Open it with mode 'rb'"),
            (5, r"takes bytes, a path, a binary file or base64 text, got int: 5"),
            (None, r"takes bytes, a path, .* got NoneType"),
        ],
    )
    def test_what_is_no_medium(self, given: Any, message: str) -> None:
        with pytest.raises(InvalidValueError, match=message):
            query(Exhibit).near_image(given, target=Exhibit.bound)

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            query(Exhibit).near_image(tmp_path / "picture.png", target=Exhibit.bound)

    def test_an_unknown_kind(self) -> None:
        with pytest.raises(InvalidQueryError, match=r"near_media\(\) takes one of 'image', .* as kind, got 'smell'"):
            query(Exhibit).near_media(PIXELS, kind="smell", target=Exhibit.bound)

    @pytest.mark.parametrize(
        ("kind", "target", "message"),
        [
            ("audio", Exhibit.clipped, r"embeds audio data, .* Exhibit\.clipped has the module multi2vec-clip"),
            ("video", Exhibit.seen, r"Exhibit\.seen has the module img2vec-neural"),
            ("image", Exhibit.written, r"Exhibit\.written has the module text2vec-openai"),
            ("image", Exhibit.given, r"Exhibit\.given has no module"),
            ("image", Exhibit.brought, r"Exhibit\.brought has no module"),
            ("image", Exhibit.linked, r"Exhibit\.linked has the module ref2vec-centroid"),
            (
                "imu",
                [Exhibit.bound, Exhibit.acme],
                r"near_media\(\) searches one vector, .* got \[Exhibit\.bound, Exhibit\.acme\]",
            ),
        ],
    )
    def test_a_module_that_does_not_take_it(self, kind: Any, target: Any, message: str) -> None:
        with pytest.raises(InvalidQueryError, match=message):
            query(Exhibit).near_media(PIXELS, kind=kind, target=target)

    def test_certainty(self) -> None:
        assert search(query(Exhibit).near_image(PIXELS, target=Exhibit.seen, certainty=1)).threshold.certainty == 1

    def test_repr_has_the_size_only(self) -> None:
        for size in (1, 2, 3, 4):
            shown = repr(query(Exhibit).near_image(b"x" * size, target=Exhibit.seen))
            assert f"near_image(<{size} bytes>, target=Exhibit.seen)" in shown
        shown = repr(query(Exhibit).near_media(PIXELS, kind="imu", target=Exhibit.bound))
        assert "near_media(<11 bytes>, kind='imu', target=Exhibit.bound)" in shown


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (Exhibit.seen, r"the module of Exhibit\.seen, img2vec-neural, makes no vectors of texts.*near_image\(\)"),
        (Exhibit.linked, r"the module of Exhibit\.linked, ref2vec-centroid, makes no vectors of texts"),
    ],
)
def test_modules_that_embed_no_text(target: Vector, message: str) -> None:
    with pytest.raises(InvalidQueryError, match=message):
        query(Exhibit).near_text("x", target=target)
    with pytest.raises(InvalidQueryError, match=message):
        query(Exhibit).hybrid("x", target=target)


class TestKeywords:
    def test_weights(self) -> None:
        found = search(query().bm25("x", properties=[Page.title.weighted(3), Page.body, Page.tags.weighted(0.5)]))
        assert isinstance(found, Bm25)
        assert [(each.property.field, each.weight) for each in found.properties] == [
            ("title", 3.0),
            ("body", None),
            ("tags", 0.5),
        ]

    @pytest.mark.parametrize("weight", [0, -1, math.nan, math.inf, "3", None])
    def test_what_is_no_weight(self, weight: Any) -> None:
        with pytest.raises(InvalidQueryError, match=r"Page\.title\.weighted\(\) takes a number above 0, got"):
            Page.title.weighted(weight)

    @pytest.mark.parametrize(
        ("expression", "message"),
        [
            (Page.words, r"bm25\(\) searches text; Page\.words is int"),
            (Page.secret, r"Page\.secret is text, declared with searchable=False"),
            (Page.id, r"bm25\(\) takes properties of Page, such as Page\.title; got <Weighted Page\.id by 2>"),
            (Stranger.title, r"takes properties of Page, .* got <Weighted Stranger\.title by 2>"),
        ],
    )
    def test_a_weight_does_not_make_it_searchable(self, expression: Any, message: str) -> None:
        for properties in ([expression.weighted(2)], [Page.title, expression.weighted(2)]):
            with pytest.raises(InvalidQueryError, match=message):
                query().bm25("x", properties=properties)

    @pytest.mark.parametrize("properties", [Page.title, Page.title.weighted(2), "title"])
    def test_one_property_comes_in_a_list_too(self, properties: Any) -> None:
        for build in (query().bm25, query().hybrid):
            with pytest.raises(
                InvalidQueryError, match=r"\(\) takes a list as properties, also of one: properties=\[\.\.\.\]; got"
            ):
                build("x", properties=properties)

    def test_operators(self) -> None:
        for words in (Words.any(), Words.any(minimum=2), Words.every(), Words.every_across_properties()):
            assert search(query().bm25("x", operator=words)).words is words
            assert search(query().hybrid("x", operator=words)).words is words
        assert search(query().bm25("x")).words is None

    @pytest.mark.parametrize("minimum", [0, -1, 1.5, True, "2", None])
    def test_what_is_no_minimum(self, minimum: Any) -> None:
        with pytest.raises(InvalidQueryError, match=r"Words\.any\(\) takes a whole number from 1 on as minimum"):
            Words.any(minimum=minimum)

    @pytest.mark.parametrize("operator", ["and", Words.every, 2])
    def test_what_is_no_operator(self, operator: Any) -> None:
        for step in (query().bm25, query().hybrid):
            with pytest.raises(InvalidQueryError, match=r"takes Words\.any\(minimum=\.\.\.\), Words\.every\(\)"):
                step("x", operator=operator)

    def test_values(self) -> None:
        assert Words.any(minimum=2) == Words.any(minimum=2) != Words.any()
        assert [repr(each) for each in (Words.any(), Words.any(minimum=2), Words.every())] == [
            "Words.any()",
            "Words.any(minimum=2)",
            "Words.every()",
        ]
        assert repr(Page.title.weighted(3)) == "<Weighted Page.title by 3>"
        built = query().bm25("x", properties=[Page.title.weighted(2.5), Page.body], operator=Words.every())
        assert repr(built) == (
            "<Builder Page.bm25('x', properties=[Page.title.weighted(2.5), Page.body], operator=Words.every())>"
        )


class TestHybrid:
    def test_alpha_is_said_in_every_case(self) -> None:
        assert search(query().hybrid("x")).alpha == 0.75
        assert search(query().hybrid("x", alpha=0.1)).alpha == 0.1
        assert search(query().hybrid(None, vector=[1])).alpha == 1
        assert search(query().hybrid("", vector=[1])).alpha == 1
        assert search(query().hybrid(" ", vector=HybridVector.near_text("y"))).alpha == 1
        assert search(query().hybrid(None, vector=[1], alpha=0.25)).alpha == 0.25

    @pytest.mark.parametrize("text", [None, "", "  "])
    def test_neither_text_nor_vector(self, text: Any) -> None:
        with pytest.raises(InvalidQueryError, match=r"hybrid\(\) takes a text, a vector or both"):
            query().hybrid(text)
        assert search(query().hybrid(text, vector=[1])).query == ""

    def test_keywords_alone_without_any(self) -> None:
        with pytest.raises(InvalidQueryError, match=r"^hybrid\(\) has no text and counts keywords only"):
            query().hybrid(None, vector=[1], alpha=0)

    @pytest.mark.parametrize(("parts", "got"), [({}, "None"), ({"query": "y", "vector": [1]}, "both")])
    def test_a_vector_part_is_one_search(self, parts: dict[str, Any], got: str) -> None:
        with pytest.raises(
            InvalidQueryError, match=rf"^A HybridVector searches either texts or a vector: .*, got {got}\.$"
        ):
            HybridVector(**parts)

    def test_what_is_no_text(self) -> None:
        with pytest.raises(InvalidQueryError, match=r"hybrid\(\) takes a text or None, got \['x'\]"):
            query().hybrid(["x"])

    def test_a_moved_text(self) -> None:
        part = HybridVector.near_text("y", move_to=Move(1, "a"), move_away=Move(2, ["b", "c"]))
        found = search(query().hybrid("x", vector=part))
        assert isinstance(found, Hybrid)
        assert isinstance(found.vector, NearText)
        assert (found.vector.move_to, found.vector.move_away) == (
            Movement(1.0, ("a",), ()),
            Movement(2.0, ("b", "c"), ()),
        )
        assert "vector=HybridVector.near_text('y', move_to=Move(force=1, concepts=['a']), " in repr(
            query().hybrid("x", vector=part)
        )

    @pytest.mark.parametrize(
        ("vector", "error", "message"),
        [
            (HybridVector.near_text("y", move_to=Move(1, objects=[ID])), InvalidQueryError, r"moves by concepts only inside hybrid"),
            (HybridVector.near_text(""), InvalidQueryError, r"HybridVector\.near_text\(\) takes a text or a list of texts"),
            (HybridVector.near_text("y", move_to=Move(2, "a")), InvalidQueryError, r"a force of at most 1 as move_to"),
            (HybridVector.near_vector([1], distance=math.nan), InvalidQueryError, r"takes a number as distance"),
            (HybridVector.near_vector([]), InvalidValueError, r"HybridVector\.near_vector\(\) got an empty vector"),
            ("y", InvalidValueError, r"hybrid\(\) takes an array of numbers"),
        ],
    )  # fmt: skip
    def test_vector_parts_that_are_refused(self, vector: Any, error: type[Exception], message: str) -> None:
        with pytest.raises(error, match=message):
            query().hybrid("x", vector=vector)

    def test_other_options(self) -> None:
        with pytest.raises(InvalidQueryError, match=r"takes a number as max_vector_distance, got '1'"):
            query().hybrid("x", max_vector_distance="1")
        with pytest.raises(InvalidQueryError, match=r"takes Fusion\.RELATIVE_SCORE or Fusion\.RANKED"):
            query().hybrid("x", fusion="ranked")
        found = search(query().hybrid("x", properties=[Page.title.weighted(2)], max_vector_distance=0))
        assert (found.properties[0].weight, found.max_vector_distance) == (2.0, 0)

    def test_a_near_text_needs_a_module(self) -> None:
        with pytest.raises(InvalidQueryError, match=r"HybridVector\.near_text\(\) needs a vectorizer"):
            query(Exhibit).hybrid("x", vector=HybridVector.near_text("y"), target=Exhibit.given)


def test_words_across_properties_that_are_split_alike() -> None:
    class Split(WeaviateModel):
        one: Property[str]
        two: Property[list[str]] = prop(tokenization="word")
        field: Property[str] = prop(tokenization="field")
        embedding: Vector = vector(text2vec_openai(), source=["one"])

    across = Words.every_across_properties()
    for build in (query(Split).bm25, query(Split).hybrid):
        build("x", properties=[Split.one, Split.two], operator=across)
        build("x", properties=[Split.one, Split.field], operator=Words.every())
        with pytest.raises(
            InvalidQueryError, match=r"got Split\.one \('word'\), Split\.field \('field'\)\. Leave some out"
        ):
            build("x", properties=[Split.one, Split.field.weighted(2)], operator=across)


HALF = "a\ud800"


@pytest.mark.parametrize(
    "build",
    [
        lambda: query().near_text(HALF),
        lambda: query().near_text(["x", HALF]),
        lambda: query().near_text("x", move_to=Move(0.5, HALF)),
        lambda: query().bm25(HALF),
        lambda: query().hybrid(HALF),
        lambda: query().hybrid("x", vector=HybridVector.near_text(HALF)),
    ],
)
def test_texts_that_cannot_be_sent(build: Any) -> None:
    with pytest.raises(
        InvalidValueError, match=r"\(\) takes a text that can be encoded, got 'a.*not allowed at position 1"
    ):
        build()


@pytest.mark.parametrize(
    "build",
    [
        lambda number: query().near_vector([1], distance=number),
        lambda number: query().near_vector([1], certainty=number),
        lambda number: query().hybrid("x", max_vector_distance=number),
        lambda number: Move(number, "x"),
        lambda number: TargetVectors.manual_weights({Page.embedding: number}),
        lambda number: Boost.value(Page.words, weight=number),
        lambda number: Boost.decay(Page.words, scale=number),
        lambda number: query().boost(Boost.value(Page.words), weight=number),
        lambda number: Words.any(minimum=number),
    ],
)
@pytest.mark.parametrize("number", [10**400, 1e39, True, math.nan])
def test_numbers_that_the_wire_has_not(build: Any, number: Any) -> None:
    with pytest.raises(InvalidQueryError):
        build(number)


def test_an_infinite_distance_excludes_nothing() -> None:
    assert search(query().near_vector([1], distance=math.inf)).threshold.distance == math.inf
