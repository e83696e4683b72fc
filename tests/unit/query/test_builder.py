"""The builder: every method gives a new query, and refuses what the model or the server's rules do not allow."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from weaviate_orm import (
    Condition,
    Fusion,
    InvalidQueryError,
    InvalidValueError,
    InvertedIndex,
    MultiVector,
    Property,
    Reference,
    References,
    Vector,
    WeaviateModel,
    created_at,
    prop,
    reference,
    references,
    updated_at,
    vector,
)
from weaviate_orm.expr.nodes import And
from weaviate_orm.model.info import model_info
from weaviate_orm.modules import text2vec_openai
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.search import Bm25, Hybrid, NearObject, NearText, NearVector, Threshold
from weaviate_orm.query.statement import Statement


class Author(WeaviateModel):
    name: Property[str]
    mentor: Reference[Author | None] = reference()


class Article(WeaviateModel):
    title: Property[str]
    words: Property[int] = prop(default=0)
    subtitle: Property[str | None] = prop(default=None)
    secret: Property[str] = prop(default="", searchable=False)
    tags: Property[list[str]] = prop(default_factory=list)
    author: Reference[Author] = reference()
    readers: References[Author] = references()
    embedding: Vector = vector(text2vec_openai(), source=["title"], dimensions=3)


class Note(WeaviateModel, inverted_index=InvertedIndex(timestamps=True, property_length=True)):
    """Several vectors, given by the user; every index but that of null states."""

    text: Property[str]
    own: Vector = vector()
    rows: MultiVector = vector()


class Plain(WeaviateModel):
    """No vector at all."""

    text: Property[str]


def query(model: type[WeaviateModel] = Article) -> Any:  # a Builder, whose arguments are wrong in half of the tests
    return Builder[Any](Statement(model_info(model)))


def statement(built: Any) -> Statement:
    found = built._statement
    assert isinstance(found, Statement)
    return found


N: Any = Note

STEPS: list[Callable[[Any], Any]] = [
    lambda q: q.where(Article.words > 1),
    lambda q: q.near_text("x"),
    lambda q: q.near_vector([1, 2, 3]),
    lambda q: q.near_object(uuid4()),
    lambda q: q.bm25("x"),
    lambda q: q.hybrid("x"),
    lambda q: q.limit(1),
    lambda q: q.offset(1),
    lambda q: q.order_by(Article.words),
    lambda q: q.include(Article.author),
    lambda q: q.with_vectors(),
]


@pytest.mark.parametrize("step", STEPS, ids=range(len(STEPS)))
def test_every_method_gives_a_new_query_and_leaves_the_old_one(step: Callable[[Any], Any]) -> None:
    before = query().where(Article.title == "x")
    held, text = statement(before), repr(before)
    after = step(before)
    assert type(after) is type(before)
    assert after is not before
    assert statement(before) is held
    assert repr(before) == text
    assert repr(after) != text
    with pytest.raises(FrozenInstanceError):
        held.limit = 3  # type: ignore[misc]  # the point


def test_queries_can_branch() -> None:
    base = query().where(Article.words > 1)
    assert statement(base.limit(1)).limit == 1
    assert statement(base.limit(2)).limit == 2
    assert statement(base).limit is None


class TestWhere:
    def test_conditions_are_joined_over_calls(self) -> None:
        one, two, three = Article.words > 1, Article.words > 2, Article.words > 3
        assert statement(query().where(one)).condition == one.node
        assert statement(query().where(one, two)).condition == And((one.node, two.node))
        both = statement(query().where(one).where(None).where(two | three)).condition
        assert both == And((one.node, (two | three).node))

    def test_nothing_to_add(self) -> None:
        assert statement(query().where()).condition is None
        assert statement(query().where(None, None)).condition is None

    @pytest.mark.parametrize("value", [True, False, "title = 'x'", Article.title, [Article.words > 1], 1])
    def test_what_is_no_condition(self, value: object) -> None:
        with pytest.raises(
            InvalidQueryError, match=r"where\(\) takes conditions such as .* A comparison of plain Python"
        ):
            query().where(value)

    def test_a_condition_about_another_model_says_the_way_through_the_reference(self) -> None:
        with pytest.raises(InvalidQueryError) as caught:
            query().where(Author.name == "Ada")
        assert caught.value.message == (
            "Author.name is not a property of Article. Ask through the reference: Article.author.has(...)."
        )
        assert caught.value.field == "Author.name"

    def test_a_condition_about_an_unrelated_model(self) -> None:
        with pytest.raises(InvalidQueryError, match=r"The query is over Article; use its own attributes"):
            query().where((Article.words > 1) & ~(Plain.text == "x"))
        with pytest.raises(InvalidQueryError, match=r"Plain\.id is not a property of Article"):
            query().where(Plain.id == uuid4())

    def test_a_condition_of_a_base_class_is_fine(self) -> None:
        class Essay(Article):
            style: Property[str] = prop(default="")

        assert statement(query(Essay).where(Article.title == "x", Essay.style == "y")).condition is not None
        with pytest.raises(InvalidQueryError, match=r"Essay\.style is not a property of Article"):
            query().where(Essay.style == "y")

    @pytest.mark.parametrize(
        ("model", "condition", "index"),
        [
            (Article, created_at > datetime.now(UTC), "timestamps"),
            (Article, updated_at > datetime.now(UTC), "timestamps"),
            (Article, Article.title.length() > 1, "property_length"),
            (Note, Note.text.is_null(), "null_state"),
            (Article, Article.author.has(Author.name.is_null()), "null_state"),
        ],
        ids=["created_at", "updated_at", "length", "null", "null behind a reference"],
    )
    def test_an_index_that_the_model_does_not_declare(self, model: Any, condition: Any, index: str) -> None:
        with pytest.raises(InvalidQueryError, match=rf"inverted_index=InvertedIndex\({index}=True\)"):
            query(model).where(condition)

    def test_indexes_that_are_declared(self) -> None:
        assert query(Note).where(created_at > datetime.now(UTC), Note.text.length() > 1)
        assert query().where(Article.subtitle.is_null())  # an optional property makes the index of itself

    def test_several_conditions_on_a_list_of_references_are_refused(self) -> None:
        both = (Author.name == "a") & (Author.id == uuid4())
        with pytest.raises(InvalidQueryError, match=r"write Article\.readers\.has\(a\) & Article\.readers\.has\(b\)"):
            query().where(Article.readers.has(both))
        assert query().where(Article.author.has(both))
        assert query().where(Article.readers.has((Author.name == "a") | (Author.name == "b")))


class TestSearches:
    def test_near_text(self) -> None:
        found = statement(query().near_text(["x", "y"], distance=0.5)).search
        assert isinstance(found, NearText)
        assert (found.concepts, found.threshold) == (("x", "y"), Threshold(0.5, None))
        assert found.targets.vectors == (model_info(Article).vectors["embedding"],)

    @pytest.mark.parametrize("text", ["", "  ", [], ["x", ""], [1]])
    def test_near_text_takes_text(self, text: object) -> None:
        with pytest.raises(InvalidQueryError, match=r"near_text\(\) takes a text or a list of texts"):
            query().near_text(text)

    def test_near_text_needs_a_vectorizer(self) -> None:
        with pytest.raises(InvalidQueryError) as caught:
            query(Note).near_text("x", target=Note.own)
        assert caught.value.message.startswith(
            "near_text() needs a vectorizer, but Note.own holds vectors that you give"
        )
        assert "Use near_vector()" in caught.value.message

    @given(st.lists(st.floats(-100, 100, width=32), min_size=3, max_size=3))
    def test_near_vector(self, values: list[float]) -> None:
        found = statement(query().near_vector(values, certainty=0.5)).search
        assert isinstance(found, NearVector)
        assert isinstance(found.vectors, np.ndarray)
        assert found.vectors.dtype == np.float32
        assert found.vectors.tolist() == values
        assert found.threshold == Threshold(None, 0.5)

    @pytest.mark.parametrize(
        ("value", "error", "message"),
        [
            ([], InvalidValueError, r"near_vector\(\) got an empty vector"),
            ([[1, 2, 3]], InvalidValueError, r"near_vector\(\) takes an array of shape \(dimensions,\)"),
            ([1, 2, math.nan], InvalidValueError, r"takes finite numbers, got nan at position \[2\]"),
            ("x", InvalidValueError, r"takes an array of numbers, got str"),
            ([1, 2], InvalidQueryError, r"Article\.embedding is declared with 3 dimensions, the vector searched has 2"),
        ],
    )
    def test_near_vector_takes_a_vector(self, value: Any, error: type[Exception], message: str) -> None:
        with pytest.raises(error, match=message):
            query().near_vector(value)

    def test_a_multi_vector_is_searched_by_rows(self) -> None:
        found = statement(query(Note).near_vector([[1, 2], [3, 4]], target=Note.rows)).search
        assert isinstance(found, NearVector)
        assert isinstance(found.vectors, np.ndarray)
        assert found.vectors.shape == (2, 2)
        with pytest.raises(InvalidValueError, match=r"shape \(rows, dimensions\)"):
            query(Note).near_vector([1, 2], target=Note.rows)

    def test_near_object(self) -> None:
        article = Article(title="x")
        for other in (article, article.id):
            found = statement(query().near_object(other)).search
            assert isinstance(found, NearObject)
            assert found.id == article.id

    def test_bm25(self) -> None:
        found = statement(query().bm25("x", properties=[Article.title, Article.tags])).search
        assert isinstance(found, Bm25)
        assert [each.property.name for each in found.properties] == ["title", "tags"]
        with pytest.raises(InvalidQueryError, match=r"bm25\(\) takes a text that is not empty"):
            query().bm25(" ")

    @pytest.mark.parametrize(
        ("properties", "message"),
        [
            (["title"], r"bm25\(\) takes properties of Article, such as Article\.title; got 'title'"),
            ([Author.name], r"takes properties of Article"),
            ([Article.id], r"takes properties of Article"),
            ([Article.words], r"bm25\(\) searches text; Article\.words is int\."),
            ([Article.secret], r"Article\.secret is text, declared with searchable=False\."),
        ],
    )
    def test_bm25_searches_text_of_the_model(self, properties: Any, message: str) -> None:
        with pytest.raises(InvalidQueryError, match=message):
            query().bm25("x", properties=properties)

    def test_hybrid(self) -> None:
        found = statement(
            query().hybrid("x", alpha=0.25, vector=[1, 2, 3], fusion=Fusion.RANKED, max_vector_distance=0.5)
        ).search
        assert isinstance(found, Hybrid)
        assert (found.query, found.alpha, found.fusion, found.max_vector_distance) == ("x", 0.25, Fusion.RANKED, 0.5)
        assert found.vector is not None

    @pytest.mark.parametrize("alpha", [-0.1, 1.1, math.nan])
    def test_alpha(self, alpha: float) -> None:
        with pytest.raises(InvalidQueryError, match=r"an alpha from 0 \(keywords only\) to 1 \(vectors only\)"):
            query().hybrid("x", alpha=alpha)

    def test_hybrid_needs_a_vector_where_the_server_makes_none(self) -> None:
        with pytest.raises(InvalidQueryError, match=r"hybrid\(\) needs vector=\.\.\., because Note\.own holds vectors"):
            query(Note).hybrid("x", target=Note.own)
        assert query(Note).hybrid("x", target=Note.own, vector=[1.0])
        assert query(Plain).hybrid("x", alpha=0)

    @pytest.mark.parametrize(
        "search",
        [
            lambda q, **k: q.near_text("x", **k),
            lambda q, **k: q.near_vector([1, 2, 3], **k),
            lambda q, **k: q.near_object(uuid4(), **k),
        ],
        ids=["near_text", "near_vector", "near_object"],
    )
    class TestCommon:
        def test_a_model_without_vectors(self, search: Any) -> None:
            with pytest.raises(InvalidQueryError, match=r"needs a vector, but Plain declares none: embedding: Vector"):
                search(query(Plain))

        def test_a_model_with_several(self, search: Any) -> None:
            with pytest.raises(InvalidQueryError, match=r"Note has several vectors; .* target=Note\.own or Note\.rows"):
                search(query(Note))

        def test_a_target_of_another_model(self, search: Any) -> None:
            with pytest.raises(InvalidQueryError, match=r"Note\.own is not a vector of Article"):
                search(query(), target=Note.own)

        def test_a_target_that_is_no_vector(self, search: Any) -> None:
            for target in ("embedding", Article.title):
                with pytest.raises(InvalidQueryError, match=r"target takes a vector of Article \(Article\.embedding\)"):
                    search(query(), target=target)

        def test_both_thresholds(self, search: Any) -> None:
            with pytest.raises(InvalidQueryError, match=r"takes distance or certainty, not both"):
                search(query(), distance=0.5, certainty=0.5)

        def test_certainty(self, search: Any) -> None:
            with pytest.raises(InvalidQueryError, match=r"takes a certainty from 0 to 1, got 1\.5"):
                search(query(), certainty=1.5)

        def test_a_second_search(self, search: Any) -> None:
            with pytest.raises(InvalidQueryError, match=r"has a search already; it takes one. hybrid\(\) joins"):
                search(query().bm25("x"))

        def test_an_order(self, search: Any) -> None:
            with pytest.raises(InvalidQueryError, match=r"search does not go with order_by\(\)"):
                search(query().order_by(Article.title))
            with pytest.raises(InvalidQueryError, match=r"order_by\(\) does not go with a search"):
                search(query()).order_by(Article.title)


class TestPaging:
    @pytest.mark.parametrize("limit", [0, -1, 1.5, "5", True, None])
    def test_limit(self, limit: object) -> None:
        with pytest.raises(InvalidQueryError, match=r"limit\(\) takes a whole number from 1 on, got"):
            query().limit(limit)

    @pytest.mark.parametrize("offset", [-1, 1.5, "5", False, None])
    def test_offset(self, offset: object) -> None:
        with pytest.raises(InvalidQueryError, match=r"offset\(\) takes a whole number from 0 on, got"):
            query().offset(offset)

    def test_the_window_of_the_server(self) -> None:
        assert query().limit(10_000)
        assert query().offset(9_000).limit(1_000)
        builds: list[Callable[[], Any]] = [
            lambda: query().limit(10_001),
            lambda: query().offset(1).limit(10_000),
            lambda: query().limit(1).offset(10_000),
        ]
        for build in builds:
            with pytest.raises(
                InvalidQueryError, match=r"offset and limit add up to 10,001; the server gives at most 10,000"
            ):
                build()


class TestOrder:
    def test_keys(self) -> None:
        built = query().order_by(Article.words.desc(), Article.title, created_at.desc())
        assert [str(each) for each in statement(built).order] == [
            "Article.words.desc()",
            "Article.title.asc()",
            "created_at.desc()",
        ]
        assert [str(each) for each in statement(built.order_by(Article.title)).order] == ["Article.title.asc()"]
        assert statement(built.order_by()).order == ()

    def test_keys_of_another_model(self) -> None:
        with pytest.raises(InvalidQueryError, match=r"Author\.name is not a property of Article"):
            query().order_by(Author.name)


class TestInclude:
    def test_references_add_up(self) -> None:
        built = query().include(Article.author).include(Article.readers.include(Author.mentor))
        assert [str(each) for each in statement(built).inclusions] == [
            "Article.author",
            "Article.readers.include(Author.mentor)",
        ]

    def test_references_of_another_model(self) -> None:
        with pytest.raises(InvalidQueryError, match=r"Author\.mentor is not a property of Article"):
            query().include(Author.mentor)
        with pytest.raises(
            InvalidQueryError, match=r"Article\.author leads to Author, which Article\.author does not belong to"
        ):
            query().include(Article.author.include(Article.author))

    def test_vectors(self) -> None:
        assert [each.field for each in statement(query(Note).with_vectors()).vectors] == ["own", "rows"]
        assert [each.field for each in statement(query(Note).with_vectors(Note.rows)).vectors] == ["rows"]
        with pytest.raises(InvalidQueryError, match="Plain declares no vector to load"):
            query(Plain).with_vectors()
        with pytest.raises(InvalidQueryError, match=r"Note\.own is not a vector of Article"):
            query().with_vectors(Note.own)
        for wrong in ("embedding", True):
            with pytest.raises(
                InvalidQueryError, match=r"^with_vectors\(\) takes a vector of Article \(Article\.embedding\), got"
            ):
                query().with_vectors(wrong)


class TestProjection:
    def projected(self, shape: Any, built: Any = None) -> Statement:
        found = (built if built is not None else query())._projected(shape)
        assert isinstance(found, Statement)
        return found

    def test_fields_by_name_and_alias(self) -> None:
        class Card(BaseModel):
            id: UUID
            title: str = Field(alias="headline")
            words: int = 0

        projection = self.projected(Card).projection
        assert projection is not None
        assert [(each.field, each.key, each.name) for each in projection.properties] == [
            ("title", "headline", "title"),
            ("words", "words", "words"),
        ]
        assert projection.id_key == "id"

    @pytest.mark.parametrize(
        ("annotation", "name", "message"),
        [
            (str, "titel", r"Card\.titel: Article has no property 'titel'\. Did you mean 'title' or 'subtitle'\?"),
            (int, "title", r"Card\.title is int, but Article\.title is text"),
            (str, "tags", r"Card\.tags is text, but Article\.tags is text\[\]"),
            (str, "subtitle", r"Card\.subtitle must allow None .* because Article\.subtitle may be missing"),
            (str, "id", r"Card\.id must be a UUID"),
            (dict, "title", r"no Weaviate data type stands for dict"),
        ],
    )
    def test_refusals(self, annotation: Any, name: str, message: str) -> None:
        card = type("Card", (BaseModel,), {"__annotations__": {name: annotation}, "__module__": __name__})
        with pytest.raises(InvalidQueryError, match=message):
            self.projected(card)

    @pytest.mark.parametrize("shape", [dict, "Card", 1])
    def test_what_is_no_shape(self, shape: object) -> None:
        with pytest.raises(InvalidQueryError, match=r"as_\(\) takes a pydantic class with some of Article's fields"):
            self.projected(shape)

    def test_a_model_is_no_projection(self) -> None:
        with pytest.raises(
            InvalidQueryError, match=r"a projection is a plain pydantic class \(BaseModel\), not a model"
        ):
            self.projected(Author)

    def test_whole_objects_and_projections_do_not_mix(self) -> None:
        class Card(BaseModel):
            title: str

        for built in (query().include(Article.author), query().with_vectors()):
            with pytest.raises(InvalidQueryError, match=r"as_\(Card\) says what comes"):
                self.projected(Card, built)
        projected: Any = Builder[Any](self.projected(Card))
        with pytest.raises(InvalidQueryError, match=r"include\(\) goes with whole objects"):
            projected.include(Article.author)
        with pytest.raises(InvalidQueryError, match=r"with_vectors\(\) goes with whole objects"):
            projected.with_vectors()


@pytest.mark.parametrize(
    ("built", "text"),
    [
        (query(), "Article"),
        (query().where(Article.words > 1).limit(5), "Article.where(Article.words > 1).limit(5)"),
        (query().near_text("x").offset(2), "Article.near_text('x').offset(2)"),
        (query().near_text(["x", "y"]), "Article.near_text(['x', 'y'])"),
        (query().near_vector([1, 2, 3]), "Article.near_vector(<shape (3,)>)"),
        (query().bm25("x"), "Article.bm25('x')"),
        (query().hybrid("x", alpha=0.5), "Article.hybrid('x', alpha=0.5)"),
        (
            query().order_by(Article.words.desc(), Article.title),
            "Article.order_by(Article.words.desc(), Article.title.asc())",
        ),
        (query().include(Article.author), "Article.include(Article.author)"),
        (query().with_vectors(), "Article.with_vectors(Article.embedding)"),
    ],
    ids=str,
)
def test_repr_reads_as_it_was_written(built: Any, text: str) -> None:
    assert repr(built) == f"<Builder {text}>"


class Reader(WeaviateModel):
    """References to one and to many, of one model and of several."""

    name: Property[str]
    reads: References[Article] = references()
    best: Reference[Article | Note] = reference()
    friend: Reference[Author | Writer] = reference()


class Writer(Author):
    """The same properties under other names."""

    name: Property[str] = prop(name="fullName")
    mentor: Reference[Author | None] = reference(name="teacher")


W, X = Article.words > 1, Article.title == "x"


@pytest.mark.parametrize(
    "condition",
    [W & X, (W & X) | (Article.words < 0), ~(W & X), Article.author.has((Author.name == "a") & (Author.name == "b"))],
    ids=repr,
)
def test_and_behind_many_references_is_refused_at_any_depth(condition: Condition) -> None:
    # The server answers each comparison by itself, so two objects could fulfil one half each.
    with pytest.raises(InvalidQueryError, match=r"Reader\.reads\.has\(\) takes one comparison"):
        query(Reader).where(Reader.reads.has(condition))
    assert query(Reader).where(Reader.reads.has(W | X), Reader.reads.has(Article.author.has(Author.name == "a")))


@pytest.mark.parametrize(
    ("reference", "condition"),
    [(Reader.best, updated_at > datetime(2024, 1, 1, tzinfo=UTC)), (Reader.friend, Author.name == "a")],
)
def test_a_condition_that_fits_several_targets_is_refused(reference: Any, condition: Condition) -> None:
    with pytest.raises(InvalidQueryError, match=r"may lead to .* or .*the server looks into one collection only"):
        reference.has(condition)


@pytest.mark.parametrize(
    "step",
    [
        lambda q: q.where(Author.name == "a"),
        lambda q: q.where(~(Author.name == "a") | (Writer.name == "b")),
        lambda q: q.where(Author.mentor.has(Author.name == "a")),
        lambda q: q.where(Author.mentor.count() > 0),
        lambda q: q.order_by(Author.name),
    ],
)
def test_a_field_that_the_model_declares_anew_is_not_read_from_its_base(step: Callable[[Any], Any]) -> None:
    with pytest.raises(
        InvalidQueryError, match=r"but Writer declares (name|mentor) anew\. Use Writer\.(name|mentor)\."
    ):
        step(query(Writer))
    assert query(Writer).where(Writer.name == "a", Author.id == uuid4()).order_by(Author.id)


def test_a_reference_that_is_included_twice_is_asked_for_once() -> None:
    mentor = Article.author.include(Author.mentor)
    built = query().include(Article.author, Article.readers).include(mentor, Article.author).include(mentor)
    assert [str(each) for each in statement(built).inclusions] == [
        "Article.author.include(Author.mentor)",
        "Article.readers",
    ]


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (lambda q: q.order_by("title"), r"order_by\(\) takes properties of Article.* got 'title'"),
        (lambda q: q.order_by(Article.author), r"order_by\(\) takes properties of Article"),
        (lambda q: q.order_by(Author.id), r"Author\.id is not a property of Article"),
        (lambda q: q.include("author"), r"include\(\) takes references of a model.* got 'author'"),
        (lambda q: q.include(Article.title), r"include\(\) takes references of a model"),
        (lambda q: q._projected({}), r"as_\(\) takes a pydantic class.* got \{\}"),
        (lambda q: q.near_text(5), r"near_text\(\) takes a text .* got 5"),
        (lambda q: q.near_text("x", distance="near"), r"near_text\(\) takes a number as distance, got 'near'"),
        (lambda q: q.near_vector([1, 2, 3], distance=math.nan), r"takes a number as distance, got nan"),
        (lambda q: q.bm25(5), r"bm25\(\) takes a text that is not empty, got 5"),
        (lambda q: q.hybrid(5), r"hybrid\(\) takes a text or None, got 5"),
        (lambda q: q.hybrid("x", alpha="0"), r"hybrid\(\) takes an alpha from 0 .* got '0'"),
    ],
)
def test_arguments_of_another_kind_are_refused_in_our_own_words(step: Callable[[Any], Any], message: str) -> None:
    with pytest.raises(InvalidQueryError, match=message):
        step(query())


def test_properties_of_another_model_with_the_same_name_are_refused() -> None:
    with pytest.raises(
        InvalidQueryError, match=r"bm25\(\) takes properties of Author, such as Author\.name; got <Property Reader"
    ):
        query(Author).bm25("x", properties=[Reader.name])


def test_near_object_takes_an_object_or_a_uuid() -> None:
    with pytest.raises(InvalidValueError, match=r"near_object\(\) takes the id as a UUID, got 'x'"):
        query().near_object("x")
