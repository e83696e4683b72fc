"""Each kind of condition and the exact message it becomes."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from zoo import Article, Author, Book, Everything, Line, Mood, Place, Product, Publisher

from weaviate_orm import (
    Condition,
    GeoCoordinate,
    InvalidQueryError,
    Property,
    Reference,
    References,
    WeaviateModel,
    all_of,
    any_of,
    created_at,
    reference,
    references,
    updated_at,
)
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.features import Feature
from weaviate_orm.wire.filters import compile_filter, needed_features

F = pb.Filters
ID = UUID(int=9)


class Shelf(WeaviateModel, collection="FilterUnitShelf"):
    name: Property[str]
    top: Reference[Book | Author | None] = reference(name="topItem")
    items: References[Book | Author] = references()


def on(name: str) -> pb.FilterTarget:
    return pb.FilterTarget(property=name)


def through(name: str, target: pb.FilterTarget) -> pb.FilterTarget:
    return pb.FilterTarget(single_target=pb.FilterReferenceSingleTarget(on=name, target=target))


def through_one_of(name: str, collection: str, target: pb.FilterTarget) -> pb.FilterTarget:
    multi = pb.FilterReferenceMultiTarget(on=name, target_collection=collection, target=target)
    return pb.FilterTarget(multi_target=multi)


def texts(*values: str) -> pb.TextArray:
    return pb.TextArray(values=values)


MAY = datetime(2024, 5, 1, 12, tzinfo=timezone(timedelta(hours=2)))
MAY_TEXT = "2024-05-01T12:00:00+02:00"
TITLE_IS_T = F(operator=F.OPERATOR_EQUAL, target=on("title"), value_text="t")
COUNT_IS_1 = F(operator=F.OPERATOR_EQUAL, target=on("word_count"), value_int=1)
IS_T = Article.title == "t"
IS_1 = Article.word_count == 1

CASES: dict[str, tuple[Condition | None, pb.Filters]] = {
    # Operators
    "equal": (IS_T, TITLE_IS_T),
    "not equal": (Article.title != "t", F(operator=F.OPERATOR_NOT_EQUAL, target=on("title"), value_text="t")),
    "less": (Article.word_count < 0, F(operator=F.OPERATOR_LESS_THAN, target=on("word_count"), value_int=0)),
    "less or equal": (
        Article.word_count <= -5,
        F(operator=F.OPERATOR_LESS_THAN_EQUAL, target=on("word_count"), value_int=-5),
    ),
    "greater": (Article.word_count > 5, F(operator=F.OPERATOR_GREATER_THAN, target=on("word_count"), value_int=5)),
    "greater or equal": (
        Article.word_count >= 2**53,
        F(operator=F.OPERATOR_GREATER_THAN_EQUAL, target=on("word_count"), value_int=2**53),
    ),
    "like": (Article.title.like("a*"), F(operator=F.OPERATOR_LIKE, target=on("title"), value_text="a*")),
    "is null": (
        Article.published.is_null(),
        F(operator=F.OPERATOR_IS_NULL, target=on("published"), value_boolean=True),
    ),
    "is not null": (
        Article.published.is_null(False),
        F(operator=F.OPERATOR_IS_NULL, target=on("published"), value_boolean=False),
    ),
    "equal None": (
        Article.published == None,  # noqa: E711
        F(operator=F.OPERATOR_IS_NULL, target=on("published"), value_boolean=True),
    ),
    "not equal None": (
        Article.published != None,  # noqa: E711
        F(operator=F.OPERATOR_IS_NULL, target=on("published"), value_boolean=False),
    ),
    "contains any": (
        Article.tags.contains_any(["a", "b"]),
        F(operator=F.OPERATOR_CONTAINS_ANY, target=on("tags"), value_text_array=texts("a", "b")),
    ),
    "contains all": (
        Article.tags.contains_all(["a"]),
        F(operator=F.OPERATOR_CONTAINS_ALL, target=on("tags"), value_text_array=texts("a")),
    ),
    "contains none": (
        Article.tags.contains_none({"a"}),
        F(operator=F.OPERATOR_CONTAINS_NONE, target=on("tags"), value_text_array=texts("a")),
    ),
    "in": (
        Article.word_count.in_([1, 2]),
        F(operator=F.OPERATOR_CONTAINS_ANY, target=on("word_count"), value_int_array=pb.IntArray(values=[1, 2])),
    ),
    "not in": (
        Article.title.not_in(["a"]),
        F(operator=F.OPERATOR_CONTAINS_NONE, target=on("title"), value_text_array=texts("a")),
    ),
    "within": (
        Place.where.within(GeoCoordinate(52.5, -13.25), metres=1500),
        F(
            operator=F.OPERATOR_WITHIN_GEO_RANGE,
            target=on("where"),
            value_geo=pb.GeoCoordinatesFilter(latitude=52.5, longitude=-13.25, distance=1500),
        ),
    ),
    # Operands
    "number": (Everything.number > 0.5, F(operator=F.OPERATOR_GREATER_THAN, target=on("number"), value_number=0.5)),
    "whole operand of a number": (
        Everything.number > 1,
        F(operator=F.OPERATOR_GREATER_THAN, target=on("number"), value_number=1.0),
    ),
    "boolean": (Everything.truth == False, F(operator=F.OPERATOR_EQUAL, target=on("truth"), value_boolean=False)),  # noqa: E712 - an expression, not a truth value
    "date": (Article.published > MAY, F(operator=F.OPERATOR_GREATER_THAN, target=on("published"), value_text=MAY_TEXT)),
    "day": (
        Everything.day >= date(2024, 5, 1),
        F(operator=F.OPERATOR_GREATER_THAN_EQUAL, target=on("day"), value_text="2024-05-01T00:00:00+00:00"),
    ),
    "uuid": (Everything.identity == ID, F(operator=F.OPERATOR_EQUAL, target=on("identity"), value_text=str(ID))),
    "enum": (Product.mood == Mood.LOUD, F(operator=F.OPERATOR_EQUAL, target=on("mood"), value_text="very loud")),
    "numbers": (
        Everything.numbers.contains_any([0.5, 1]),
        F(operator=F.OPERATOR_CONTAINS_ANY, target=on("numbers"), value_number_array=pb.NumberArray(values=[0.5, 1.0])),
    ),
    "booleans": (
        Everything.truths.contains_all([True, False]),
        F(
            operator=F.OPERATOR_CONTAINS_ALL,
            target=on("truths"),
            value_boolean_array=pb.BooleanArray(values=[True, False]),
        ),
    ),
    "dates": (
        Everything.instants.contains_any([MAY]),
        F(operator=F.OPERATOR_CONTAINS_ANY, target=on("instants"), value_text_array=texts(MAY_TEXT)),
    ),
    "uuids": (
        Everything.identities.contains_any([ID]),
        F(operator=F.OPERATOR_CONTAINS_ANY, target=on("identities"), value_text_array=texts(str(ID))),
    ),
    "empty text": (Article.title == "", F(operator=F.OPERATOR_EQUAL, target=on("title"), value_text="")),
    # Subjects
    "name in the collection": (Line.copy_ == 1, F(operator=F.OPERATOR_EQUAL, target=on("copy"), value_int=1)),
    "id": (Article.id == ID, F(operator=F.OPERATOR_EQUAL, target=on("_id"), value_text=str(ID))),
    "ids": (
        Article.id.in_([ID]),
        F(operator=F.OPERATOR_CONTAINS_ANY, target=on("_id"), value_text_array=texts(str(ID))),
    ),
    "length": (Article.title.length() > 3, F(operator=F.OPERATOR_GREATER_THAN, target=on("len(title)"), value_int=3)),
    "length under another name": (
        Line.text.length() == 0,
        F(operator=F.OPERATOR_EQUAL, target=on("len(lineText)"), value_int=0),
    ),
    "created": (
        created_at >= MAY,
        F(operator=F.OPERATOR_GREATER_THAN_EQUAL, target=on("_creationTimeUnix"), value_text=MAY_TEXT),
    ),
    "updated": (
        updated_at < MAY,
        F(operator=F.OPERATOR_LESS_THAN, target=on("_lastUpdateTimeUnix"), value_text=MAY_TEXT),
    ),
    "count of references": (
        Article.related.count() >= 2,
        F(
            operator=F.OPERATOR_GREATER_THAN_EQUAL,
            target=pb.FilterTarget(count=pb.FilterReferenceCount(on="related")),
            value_int=2,
        ),
    ),
    "count under another name": (
        Line.parent.count() == 0,
        F(
            operator=F.OPERATOR_EQUAL,
            target=pb.FilterTarget(count=pb.FilterReferenceCount(on="parentLine")),
            value_int=0,
        ),
    ),
    # Combinations
    "and": (IS_T & IS_1, F(operator=F.OPERATOR_AND, filters=[TITLE_IS_T, COUNT_IS_1])),
    "or": (IS_T | IS_1, F(operator=F.OPERATOR_OR, filters=[TITLE_IS_T, COUNT_IS_1])),
    "not": (~IS_T, F(operator=F.OPERATOR_NOT, filters=[TITLE_IS_T])),
    "not not": (~~IS_T, TITLE_IS_T),
    "and of three is flat": (
        IS_T & IS_1 & IS_T,
        F(operator=F.OPERATOR_AND, filters=[TITLE_IS_T, COUNT_IS_1, TITLE_IS_T]),
    ),
    "or inside and": (
        (IS_T | IS_1) & IS_T,
        F(
            operator=F.OPERATOR_AND,
            filters=[F(operator=F.OPERATOR_OR, filters=[TITLE_IS_T, COUNT_IS_1]), TITLE_IS_T],
        ),
    ),
    "not of an and": (
        ~(IS_T & IS_1),
        F(operator=F.OPERATOR_NOT, filters=[F(operator=F.OPERATOR_AND, filters=[TITLE_IS_T, COUNT_IS_1])]),
    ),
    "all_of": (all_of(IS_T, None, IS_1), F(operator=F.OPERATOR_AND, filters=[TITLE_IS_T, COUNT_IS_1])),
    "any_of one": (any_of(None, IS_1), COUNT_IS_1),
    # References
    "reference": (
        Article.author.has(Author.name == "Ada"),
        F(operator=F.OPERATOR_EQUAL, target=through("author", on("name")), value_text="Ada"),
    ),
    "reference under another name": (
        Line.parent.has(Line.copy_ == 2),
        F(operator=F.OPERATOR_EQUAL, target=through("parentLine", on("copy")), value_int=2),
    ),
    "id behind a reference": (
        Article.author.has(Author.id == ID),
        F(operator=F.OPERATOR_EQUAL, target=through("author", on("_id")), value_text=str(ID)),
    ),
    "two references deep": (
        Article.author.has(Author.publisher.has(Publisher.name == "P")),
        F(operator=F.OPERATOR_EQUAL, target=through("author", through("publisher", on("name"))), value_text="P"),
    ),
    "count behind a reference": (
        Article.author.has(Author.articles.count() > 1),
        F(
            operator=F.OPERATOR_GREATER_THAN,
            target=through("author", pb.FilterTarget(count=pb.FilterReferenceCount(on="articles"))),
            value_int=1,
        ),
    ),
    "and behind a reference": (
        Article.author.has((Author.name == "Ada") & (Author.born > 1800)),
        F(
            operator=F.OPERATOR_AND,
            filters=[
                F(operator=F.OPERATOR_EQUAL, target=through("author", on("name")), value_text="Ada"),
                F(operator=F.OPERATOR_GREATER_THAN, target=through("author", on("born")), value_int=1800),
            ],
        ),
    ),
    "one of several targets": (
        Shelf.items.has(Author.name == "Ada"),
        F(operator=F.OPERATOR_EQUAL, target=through_one_of("items", "ZooAuthor", on("name")), value_text="Ada"),
    ),
    "the other target, under another name": (
        Shelf.top.has(Book.title == "b"),
        F(operator=F.OPERATOR_EQUAL, target=through_one_of("topItem", "ZooBook", on("title")), value_text="b"),
    ),
    "deep behind one of several targets": (
        Shelf.top.has(Author.mentor.has(Author.name == "Eva")),
        F(
            operator=F.OPERATOR_EQUAL,
            target=through_one_of("topItem", "ZooAuthor", through("mentor", on("name"))),
            value_text="Eva",
        ),
    ),
    # Negation and references
    "no such reference": (
        ~Article.author.has(Author.name == "Ada"),
        F(
            operator=F.OPERATOR_NOT,
            filters=[F(operator=F.OPERATOR_EQUAL, target=through("author", on("name")), value_text="Ada")],
        ),
    ),
    "not equal behind a reference": (
        Article.author.has(~(Author.name == "Ada")),
        F(operator=F.OPERATOR_NOT_EQUAL, target=through("author", on("name")), value_text="Ada"),
    ),
    "not not equal behind a reference": (
        Article.author.has(~(Author.name != "Ada")),
        F(operator=F.OPERATOR_EQUAL, target=through("author", on("name")), value_text="Ada"),
    ),
    "not in behind a reference": (
        Article.author.has(~Author.name.in_(["a"])),
        F(operator=F.OPERATOR_NOT_EQUAL, target=through("author", on("name")), value_text="a"),
    ),
    "in behind a reference": (
        Article.author.has(~Author.name.not_in(["a"])),
        F(operator=F.OPERATOR_CONTAINS_ANY, target=through("author", on("name")), value_text_array=texts("a")),
    ),
    "and within and": (
        all_of((Article.title == "a") & (Article.word_count == 1), (Article.body == "b") & (Article.title == "c")),
        F(
            operator=F.OPERATOR_AND,
            filters=[
                F(operator=F.OPERATOR_EQUAL, target=on("title"), value_text="a"),
                F(operator=F.OPERATOR_EQUAL, target=on("word_count"), value_int=1),
                F(operator=F.OPERATOR_EQUAL, target=on("body"), value_text="b"),
                F(operator=F.OPERATOR_EQUAL, target=on("title"), value_text="c"),
            ],
        ),
    ),
    "not null behind a reference": (
        Article.author.has(~Author.born.is_null()),
        F(operator=F.OPERATOR_IS_NULL, target=through("author", on("born")), value_boolean=False),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_condition_becomes_exactly_this_message(name: str) -> None:
    condition, expected = CASES[name]
    assert condition is not None
    assert compile_filter(condition.node) == expected


@pytest.mark.parametrize(
    "condition",
    [
        Article.author.has(~((Author.name == "a") & (Author.born == 1))),
        Article.author.has(~((Author.name == "a") | (Author.born == 1))),
        Article.author.has(~(Author.born > 1)),
        Article.author.has(~Author.name.like("a*")),
        Article.author.has(Author.mentor.has(~(Author.born <= 1))),
        Article.author.has(~Author.mentor.has(Author.name == "a")),
        Article.author.has((Author.name == "a") & ~(Author.born >= 1)),
    ],
    ids=repr,
)
def test_a_negation_that_the_protocol_cannot_express_is_refused(condition: Condition) -> None:
    """By De Morgan's laws some could be rewritten, but not with the meaning that missing values have."""
    with pytest.raises(
        InvalidQueryError, match=r"behind a reference the server negates only .*negate outside: ~"
    ) as caught:
        compile_filter(condition.node)
    assert caught.value.field in ("Article.author", "Author.mentor")


def test_several_values_that_one_of_many_references_must_not_have() -> None:
    with pytest.raises(
        InvalidQueryError, match=r"Author\.articles\.has\(.*by different objects.*~Author\.articles\.has"
    ) as caught:
        compile_filter(Author.articles.has(Article.title.not_in(["a", "b"])).node)
    assert caught.value.field == "Author.articles"


def test_compiling_leaves_the_condition_as_it_was() -> None:
    condition = Article.author.has(~(Author.name == "Ada")) & IS_T
    assert compile_filter(condition.node) == compile_filter(condition.node)
    assert repr(condition) == repr(Article.author.has(~(Author.name == "Ada")) & IS_T)


def test_features_that_only_newer_servers_have_are_named_once() -> None:
    none = Article.tags.contains_none(["a"])
    assert needed_features(None) == ()
    assert needed_features(IS_T.node) == ()
    assert needed_features((~IS_T & (none | IS_1) & ~IS_1 & none).node) == (Feature.NOT_FILTER, Feature.CONTAINS_NONE)
    assert needed_features(Article.author.has(Author.name.not_in(["a"])).node) == (Feature.CONTAINS_NONE,)


def test_a_reference_of_another_model_inside_has_is_refused() -> None:
    with pytest.raises(InvalidQueryError, match=r"about Article \(Article\.author\)"):
        Article.author.has(Article.author.has(Author.name == "Ada"))
