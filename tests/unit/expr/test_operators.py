"""Expressions: each comparison gives its node, in a normal form, and refuses what its type cannot be compared with."""

from __future__ import annotations

import operator as op
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from typing import Any, Literal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from weaviate_orm import (
    BlobHash,
    Condition,
    GeoCoordinate,
    InvalidQueryError,
    PhoneNumber,
    Property,
    Reference,
    References,
    WeaviateModel,
    all_of,
    any_of,
    created_at,
    prop,
    reference,
    references,
    updated_at,
)
from weaviate_orm.expr.nodes import (
    And,
    Comparison,
    IdSubject,
    LengthSubject,
    Link,
    Node,
    Not,
    Operator,
    Or,
    PropertySubject,
    SortKey,
    Through,
    TimeSubject,
    Within,
    leaves,
)
from weaviate_orm.expr.operands import LARGEST_INT


class Colour(Enum):
    RED = "red"


class Address(BaseModel):
    city: str


class Author(WeaviateModel):
    name: Property[str]
    born: Property[int | None] = prop(default=None)


class Article(WeaviateModel):
    title: Property[str]
    words: Property[int]
    rating: Property[float]
    draft: Property[bool]
    published: Property[datetime | None]
    day: Property[date]
    tags: Property[list[str]]
    pages: Property[list[int]]
    uuid: Property[UUID]
    colour: Property[Colour]
    status: Property[Literal["open", "closed"]]
    place: Property[GeoCoordinate]
    phone: Property[PhoneNumber]
    cover: Property[bytes]
    digest: Property[BlobHash]
    address: Property[Address]
    hidden: Property[str] = prop(filterable=False, searchable=False)
    author: Reference[Author] = reference()
    readers: References[Author] = references()


# The tests below hand in what checkers refuse, so they see the expressions without their types.
A: Any = Article


def subject(field: str) -> PropertySubject:
    found = getattr(A, field)._subject
    assert isinstance(found, PropertySubject)
    return found


def node(condition: object) -> Node:
    assert isinstance(condition, Condition)
    return condition.node


COMPARISONS: dict[Operator, Callable[[Any, Any], Any]] = {
    Operator.EQUAL: op.eq,
    Operator.NOT_EQUAL: op.ne,
    Operator.LESS: op.lt,
    Operator.LESS_EQUAL: op.le,
    Operator.GREATER: op.gt,
    Operator.GREATER_EQUAL: op.ge,
}

# What the server can order: nanoseconds in 64 bits.
aware = st.datetimes(
    min_value=datetime(1678, 1, 1),
    max_value=datetime(2262, 1, 1),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)
OPERANDS: dict[str, st.SearchStrategy[object]] = {
    "title": st.text(),
    "words": st.integers(-LARGEST_INT, LARGEST_INT),
    "rating": st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-1000, 1000)),
    "draft": st.booleans(),
    "published": aware,
    "uuid": st.uuids(),
}
REFUSED: dict[str, st.SearchStrategy[object]] = {
    "title": st.one_of(st.integers(), st.booleans(), st.binary(), st.lists(st.text())),
    "words": st.one_of(
        st.text(),
        st.floats(),
        st.booleans(),
        st.integers(min_value=LARGEST_INT + 1),
        st.integers(max_value=-LARGEST_INT - 1),
    ),
    "rating": st.one_of(st.text(), st.booleans(), st.sampled_from([float("nan"), float("inf"), -float("inf")])),
    "draft": st.one_of(st.integers(), st.text(), st.floats()),
    "published": st.one_of(st.datetimes(), st.text(), st.integers(), st.times()),
    "uuid": st.one_of(st.integers(), st.text(max_size=30), st.binary()),
}


class TestComparisons:
    @given(st.data(), st.sampled_from(sorted(OPERANDS)), st.sampled_from(list(COMPARISONS)))
    def test_every_operator_gives_its_node(self, data: st.DataObject, field: str, operator: Operator) -> None:
        value = data.draw(OPERANDS[field])
        condition = COMPARISONS[operator](getattr(A, field), value)
        assert node(condition) == Comparison(subject(field), operator, value)

    @given(st.data(), st.sampled_from(sorted(REFUSED)), st.sampled_from(list(COMPARISONS)))
    def test_an_operand_of_another_type_is_refused(self, data: st.DataObject, field: str, operator: Operator) -> None:
        value = data.draw(REFUSED[field])
        with pytest.raises(InvalidQueryError) as caught:
            COMPARISONS[operator](getattr(A, field), value)
        assert caught.value.message.startswith(f"Article.{field} takes ")
        assert f"({type(value).__name__})" in caught.value.message
        assert caught.value.field == f"Article.{field}"

    def test_the_message_says_what_was_expected_and_what_came(self) -> None:
        with pytest.raises(InvalidQueryError) as caught:
            A.words > "100"
        assert caught.value.message == "Article.words takes a whole number (int), got '100' (str)"

    def test_a_naive_datetime_says_how_to_give_it_a_zone(self) -> None:
        with pytest.raises(InvalidQueryError, match=r"it has no time zone\. Give one, such as datetime"):
            A.published > datetime(2024, 5, 1)

    def test_a_text_that_cannot_be_encoded(self) -> None:
        for build in (A.title.__eq__, A.title.like, lambda text: A.title.in_(["x", text])):
            with pytest.raises(InvalidQueryError, match=r"it cannot be encoded: surrogates not allowed at position 1"):
                build("a\ud800")

    def test_a_number_that_no_float_holds(self) -> None:
        with pytest.raises(InvalidQueryError, match=r"float64, which has no number of that size"):
            A.rating > 10**400

    def test_an_int_that_the_server_would_round(self) -> None:
        with pytest.raises(InvalidQueryError, match=r"float64, which are exact up to 2\*\*53"):
            A.words == 2**53 + 1

    def test_the_reflected_comparison(self) -> None:
        assert node(A.words > 5) == node(A.words > 5)
        assert node(A.title == "x") == node(A.title == "x")

    def test_operands_are_normalised(self) -> None:
        identity = uuid4()
        assert node(A.colour == Colour.RED) == Comparison(subject("colour"), Operator.EQUAL, "red")
        assert node(A.uuid == str(identity)) == Comparison(subject("uuid"), Operator.EQUAL, identity)
        assert node(A.day == date(2024, 5, 1)) == Comparison(
            subject("day"), Operator.EQUAL, datetime(2024, 5, 1, tzinfo=UTC)
        )
        number = node(A.rating == 3)
        assert isinstance(number, Comparison)
        assert isinstance(number.operand, float)

    def test_none_is_the_null_test(self) -> None:
        assert node(A.published == None) == Comparison(subject("published"), Operator.IS_NULL, True)  # noqa: E711
        assert node(A.published != None) == Comparison(subject("published"), Operator.IS_NULL, False)  # noqa: E711
        assert node(A.published.is_null()) == node(A.published == None)  # noqa: E711
        assert node(A.published.is_null(False)) == node(A.published != None)  # noqa: E711
        with pytest.raises(InvalidQueryError, match="None"):
            A.published > None

    def test_a_whole_list_is_not_compared(self) -> None:
        for compare in (op.eq, op.ne):
            with pytest.raises(InvalidQueryError) as caught:
                compare(A.tags, ["a"])
            assert caught.value.message == (
                "Article.tags is text[]: a whole list cannot be compared. "
                "Use contains_all(), contains_any() or contains_none()."
            )

    @pytest.mark.parametrize("field", ["phone", "cover", "digest", "address"])
    def test_types_that_the_server_cannot_filter_by(self, field: str) -> None:
        with pytest.raises(InvalidQueryError, match="the server cannot filter by this data type"):
            getattr(A, field) == "x"

    def test_a_place_is_only_asked_about_by_distance(self) -> None:
        with pytest.raises(InvalidQueryError, match=r"'==' does not apply to it\. It takes within"):
            A.place == GeoCoordinate(0, 0)

    def test_a_property_without_an_index(self) -> None:
        for ask in (lambda: A.hidden == "x", lambda: A.hidden.like("x"), lambda: A.hidden.in_(["x"]), A.hidden.is_null):
            with pytest.raises(InvalidQueryError, match="declared with filterable=False"):
                ask()

    def test_id_and_times(self) -> None:
        identity, now = uuid4(), datetime.now(UTC)
        assert node(A.id == identity) == Comparison(IdSubject(Article), Operator.EQUAL, identity)
        assert node(A.id.in_([identity])) == Comparison(IdSubject(Article), Operator.CONTAINS_ANY, (identity,))
        assert node(created_at > now) == Comparison(TimeSubject("created_at"), Operator.GREATER, now)
        assert node(updated_at <= now) == Comparison(TimeSubject("updated_at"), Operator.LESS_EQUAL, now)
        with pytest.raises(InvalidQueryError, match=r"Article\.id takes a UUID, got 'x' \(str\)"):
            A.id == "x"
        for ask in (A.id.is_null, lambda: A.id.like("x"), lambda: A.id == None):  # noqa: E711
            with pytest.raises(InvalidQueryError, match=r"Article\.id does not take"):
                ask()


class TestLists:
    @given(st.lists(st.text(), min_size=1))
    def test_membership(self, values: list[str]) -> None:
        for ask, operator in (
            (A.title.in_, Operator.CONTAINS_ANY),
            (A.title.not_in, Operator.CONTAINS_NONE),
            (A.tags.contains_any, Operator.CONTAINS_ANY),
            (A.tags.contains_all, Operator.CONTAINS_ALL),
            (A.tags.contains_none, Operator.CONTAINS_NONE),
        ):
            found = node(ask(values))
            assert isinstance(found, Comparison)
            assert (found.operator, found.operand) == (operator, tuple(values))

    def test_any_iterable(self) -> None:
        expected = node(A.words.in_([1, 2]))
        for values in ((1, 2), {1: "", 2: ""}, iter([1, 2]), range(1, 3), (n for n in (1, 2))):
            assert node(A.words.in_(values)) == expected

    @pytest.mark.parametrize("values", ["text", b"bytes", 1, None])
    def test_no_list(self, values: object) -> None:
        with pytest.raises(InvalidQueryError, match=r"contains_any\(\) or in_\(\) takes a list of values, got"):
            A.title.in_(values)

    def test_an_empty_list_says_to_leave_the_condition_out(self) -> None:
        for ask in (A.title.in_, A.tags.contains_all, A.tags.contains_none):
            with pytest.raises(InvalidQueryError, match=r"empty list.*where\(\) accepts None"):
                ask([])

    def test_every_element_is_checked(self) -> None:
        with pytest.raises(InvalidQueryError, match=r"Article\.tags takes text \(str\), got 1 \(int\)"):
            A.tags.contains_any(["a", 1])
        with pytest.raises(InvalidQueryError, match=r"Article\.pages takes a whole number \(int\), got '1' \(str\)"):
            A.pages.contains_any(["1"])
        with pytest.raises(InvalidQueryError, match=r"got None \(NoneType\)"):
            A.title.in_([None])


class TestOthers:
    def test_like(self) -> None:
        assert node(A.title.like("a*")) == Comparison(subject("title"), Operator.LIKE, "a*")
        assert node(A.tags.like("a?")) == Comparison(subject("tags"), Operator.LIKE, "a?")
        with pytest.raises(
            InvalidQueryError, match=r"Article\.words is int: 'like' does not apply to it\. It takes !="
        ):
            A.words.like("1*")
        with pytest.raises(InvalidQueryError, match=r"takes text \(str\), got 1"):
            A.title.like(1)

    def test_length(self) -> None:
        attribute = subject("title").attribute
        assert node(A.title.length() > 3) == Comparison(LengthSubject(attribute), Operator.GREATER, 3)
        assert repr(A.tags.length() == 0) == "<Condition Article.tags.length() == 0>"
        with pytest.raises(InvalidQueryError, match=r"Article\.words is int: only texts and lists have a length"):
            A.words.length()
        with pytest.raises(InvalidQueryError, match="a whole number"):
            A.title.length() == "3"
        with pytest.raises(InvalidQueryError, match="has no length"):
            A.id.length()

    def test_within(self) -> None:
        assert node(A.place.within(GeoCoordinate(52, 5), metres=100)) == Comparison(
            subject("place"), Operator.WITHIN, Within(52, 5, 100.0)
        )
        with pytest.raises(InvalidQueryError, match=r"a distance of at least 0 metres, got -1"):
            A.place.within(GeoCoordinate(52, 5), metres=-1)
        with pytest.raises(InvalidQueryError, match="'within' does not apply"):
            A.title.within(GeoCoordinate(52, 5), metres=1)

    def test_references(self) -> None:
        link = Link(Article, "author", "author", many=False)
        born = Author.born._subject
        assert node(A.author.has(Author.born > 1815)) == Through(link, Comparison(born, Operator.GREATER, 1815), Author)
        assert repr(A.readers.count() >= 2) == "<Condition Article.readers.count() >= 2>"
        with pytest.raises(InvalidQueryError, match=r"Article\.author leads to Author, but .* is about Article"):
            A.author.has(A.title == "x")
        assert isinstance(node(A.author.has(created_at > datetime.now(UTC))), Through)

    def test_sorting(self) -> None:
        assert A.words.asc().key == SortKey(subject("words"), ascending=True)
        assert A.words.desc().key == SortKey(subject("words"), ascending=False)
        assert repr(A.words.desc()) == "<Sort Article.words.desc()>"
        assert created_at.desc().key == SortKey(TimeSubject("created_at"), ascending=False)
        for field in ("place", "phone", "cover", "address", "uuid"):
            with pytest.raises(InvalidQueryError, match="the server sorts by text, numbers, booleans and dates only"):
                getattr(A, field).asc()

    def test_expressions_are_hashable_and_have_no_truth_value(self) -> None:
        assert len({A.title, A.title, A.words}) >= 2
        with pytest.raises(TypeError, match=r"Article\.title on the class is an expression and has no truth value"):
            bool(A.title)
        with pytest.raises(TypeError):
            1 in A.tags  # not iterable, so no endless loop either

    def test_repr(self) -> None:
        assert repr(A.title) == "<Property Article.title>"
        assert repr(A.author) == "<Reference Article.author>"
        assert repr(A.readers) == "<References Article.readers>"
        assert repr(created_at) == "<Expression created_at>"


one, two, three = Article.words > 1, Article.words > 2, Article.words > 3


class TestConditions:
    def test_joining(self) -> None:
        assert node(one & two) == And((one.node, two.node))
        assert node(one | two) == Or((one.node, two.node))
        assert node(~one) == Not(one.node)
        assert node(~~one) == one.node

    def test_equal_operators_flatten_and_others_nest(self) -> None:
        assert node(one & two & three) == And((one.node, two.node, three.node)) == node(one & (two & three))
        assert node(one | two | three) == Or((one.node, two.node, three.node))
        assert node(one & (two | three)) == And((one.node, Or((two.node, three.node))))
        assert node(~(one & two)) == Not(And((one.node, two.node)))

    def test_none_is_left_out(self) -> None:
        assert (one & None) is one
        assert (None & one) is one
        assert (one | None) is one
        assert (None | one) is one

    def test_all_of_and_any_of(self) -> None:
        assert node(all_of(one, None, two)) == And((one.node, two.node))
        assert node(any_of(one, two)) == Or((one.node, two.node))
        assert node(all_of(one)) == one.node
        assert all_of() is any_of(None) is None

    def test_joining_leaves_its_parts_alone(self) -> None:
        before = one.node, two.node
        _ = one & two | three
        assert (one.node, two.node) == before

    @pytest.mark.parametrize(
        "misuse",
        [
            lambda: bool(one),
            lambda: one and two,  # type: ignore[unreachable]  # the point
            lambda: one or two,  # type: ignore[unreachable]  # the point
            lambda: not one,
            lambda: 1 < A.words < 5,
            lambda: 1 if one else 2,
            lambda: [1 for _ in (1,) if one],
        ],
    )
    def test_no_truth_value(self, misuse: Callable[[], object]) -> None:
        with pytest.raises(
            TypeError, match=r"has no truth value before the server answers\. Use & for and, \| for or, ~ for not"
        ):
            misuse()

    def test_what_is_no_condition(self) -> None:
        broken: Any = True
        for join in (op.and_, op.or_):
            with pytest.raises(TypeError, match="unsupported operand"):
                join(one, broken)
            with pytest.raises(TypeError, match="unsupported operand"):
                join(broken, one)

    @given(
        st.recursive(
            st.sampled_from([one, two, three]),
            lambda inner: (
                st.builds(op.and_, inner, inner) | st.builds(op.or_, inner, inner) | st.builds(op.invert, inner)
            ),
            max_leaves=8,
        )
    )
    def test_text_shows_every_leaf(self, condition: Condition) -> None:
        text = repr(condition)
        found = list(leaves(condition.node))
        assert text.count("Article.words >") == len(found)
        assert text.count("(") == text.count(")")


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (one & two, "(Article.words > 1) & (Article.words > 2)"),
        (one & (two | three), "(Article.words > 1) & ((Article.words > 2) | (Article.words > 3))"),
        (~(one | two), "~((Article.words > 1) | (Article.words > 2))"),
        (Article.title.like("a*"), "Article.title.like('a*')"),
        (Article.tags.contains_all(["a", "b"]), "Article.tags.contains_all(['a', 'b'])"),
        (Article.words.not_in([1]), "Article.words.contains_none([1])"),
        (Article.published.is_null(), "Article.published.is_null()"),
        (Article.published.is_null(False), "Article.published.is_null(False)"),
        (Article.place.within(GeoCoordinate(52, 5), metres=100), "Article.place.within(52, 5, metres=100.0)"),
        (Article.author.has(Author.name == "Ada"), "Article.author.has(Author.name == 'Ada')"),
        (
            one & Article.author.has(Author.name == "Ada"),
            "(Article.words > 1) & Article.author.has(Author.name == 'Ada')",
        ),
    ],
    ids=repr,
)
def test_text(condition: Condition, text: str) -> None:
    assert repr(condition) == f"<Condition {text}>"


def test_inclusions() -> None:
    class Book(WeaviateModel):
        article: Reference[Article] = reference()

    inclusion = Book.article.include(Article.author, Article.readers)
    assert str(inclusion) == "Book.article.include(Article.author, Article.readers)"
    assert str(Book.article.include()) == "Book.article"
