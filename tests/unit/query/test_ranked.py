"""Cuts, boosts, diversity and reranking: what the steps take, what they refuse, and what does not go together in any order."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from zoo import Article, Author, Document, Everything, Order

from weaviate_orm import Boost, InvalidQueryError, InvalidValueError, TargetVectors, WeaviateModel, created_at
from weaviate_orm.model.info import model_info
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.combinations import check_whole, limited, words_of
from weaviate_orm.query.statement import Statement

ID = UUID(int=7)
Step = Callable[[Any], Any]


def query(model: type[WeaviateModel] = Article) -> Any:  # a Builder, whose arguments are wrong in half of the tests
    return Builder[Any](Statement(model_info(model)))


def check(built: Any) -> None:
    """Do what compiling the request does first."""
    check_whole(built._statement)


Boosts: Any = Boost  # what a checker would refuse is refused when it runs, too
words = Boost.value(Article.word_count)


class TestArguments:
    @pytest.mark.parametrize("jumps", [0, -1, 1.5, True, "1", None, 2**31])
    def test_auto_limit(self, jumps: object) -> None:
        with pytest.raises(InvalidQueryError, match=r"auto_limit\(\) takes a number of jumps from 1 on"):
            query().auto_limit(jumps)

    @pytest.mark.parametrize("value", [str(ID), None, 7])
    def test_after(self, value: object) -> None:
        with pytest.raises(InvalidValueError, match=r"after\(\) takes the id as a UUID"):
            query().after(value)

    @pytest.mark.parametrize("limit", [0, -1, True, 2.0, "2"])
    def test_the_limit_of_diversity(self, limit: object) -> None:
        with pytest.raises(InvalidQueryError, match=r"diversify\(\) takes a limit from 1 on"):
            query().near_text("x").diversify(limit=limit)

    @pytest.mark.parametrize("balance", [-0.1, 1.1, math.nan, True, "0.5"])
    def test_the_balance_of_diversity(self, balance: object) -> None:
        with pytest.raises(InvalidQueryError, match=r"diversify\(\) takes a balance from 0"):
            query().near_text("x").diversify(limit=1, balance=balance)

    @pytest.mark.parametrize("edge", [0, 0.0, 1])
    def test_both_ends_of_the_balance(self, edge: float) -> None:
        assert query().near_text("x").limit(2).diversify(limit=2, balance=edge)._statement.diversity.balance == edge

    @pytest.mark.parametrize(
        ("property", "message"),
        [
            (Article.word_count, "reads text; Article.word_count is int"),
            (Article.tags, r"reads text; Article.tags is text\[\]"),
            (Author.name, "Author.name is not a property of Article"),
            (Article.id, "takes a text property of Article"),
            (created_at, "takes a text property of Article"),
            (Article.author, "takes a text property of Article"),
            ("title", "takes a text property of Article"),
        ],
    )
    def test_what_a_reranker_reads(self, property: object, message: str) -> None:
        with pytest.raises(InvalidQueryError, match=message):
            query().bm25("x").rerank(property)

    @pytest.mark.parametrize("text", ["", "  ", 3, ["x"]])
    def test_the_query_of_a_reranker(self, text: object) -> None:
        with pytest.raises(InvalidQueryError, match="takes a text that is not empty as query"):
            query().rerank(Article.title, query=text)

    def test_a_text_that_cannot_be_sent(self) -> None:
        with pytest.raises(
            InvalidValueError, match=r"^rerank\(\) takes a text that can be encoded, got 'a.*at position 1"
        ):
            query().rerank(Article.title, query="a\ud800")


class TestBoosts:
    @pytest.mark.parametrize(
        ("boost", "message"),
        [
            (lambda: Boosts.where("x"), r"takes a condition such as"),
            (lambda: Boosts.where(True), r"takes a condition such as"),
            (lambda: Boosts.where(Article.title.like("a*")), "compare by ==, "),
            (lambda: Boosts.where(Article.published == None), "compare by ==, "),  # noqa: E711 - is_null() in other words
            (lambda: Boosts.where(Article.word_count.in_([1, 2])), "compare by ==, "),
            (lambda: Boosts.where(~((Article.word_count > 1) | Article.title.like("a"))), "compare by ==, "),
            (lambda: Boosts.where(Article.tags.contains_any(["a"])), "compare by ==, "),
            (lambda: Boosts.where(Article.author.has(Author.name == "a")), r"not through Article.author.has"),
            (lambda: Boosts.where(Article.title.length() > 3), r"Article.title.length\(\) is none"),
            (lambda: Boosts.where(Article.author.count() > 0), r"Article.author.count\(\) is none"),
            (lambda: Boosts.where(Article.id == ID), "Article.id is none"),
            (lambda: Boosts.where(created_at > datetime.now(UTC)), "created_at is none"),
            (lambda: Boosts.where(Everything.wholes > [1]), "a whole list cannot|got"),
            (lambda: Boosts.value(Article.title), "int or number; Article.title is text"),
            (lambda: Boosts.value(Article.published), "int or number; Article.published is date"),
            (lambda: Boosts.value(Everything.wholes), r"int or number; Everything.wholes is int\[\]"),
            (lambda: Boosts.value(Everything.truth), "int or number; Everything.truth is boolean"),
            (lambda: Boosts.value("word_count"), "takes a property of type int or number"),
            (lambda: Boosts.value(Article.author), "takes a property of type int or number"),
            (lambda: Boosts.value(created_at), "takes a property of type int or number"),
            (lambda: Boosts.value(Article.word_count, modifier="log"), "'log1p' or 'sqrt'"),
            (lambda: Boosts.decay(Article.title, scale=1), "date, int or number; Article.title is text"),
            (lambda: Boosts.decay(Article.published, scale=1.0), "a timedelta above 0 as scale"),
            (lambda: Boosts.decay(Article.published, scale=timedelta()), "a timedelta above 0 as scale"),
            (lambda: Boosts.decay(Article.published, scale=timedelta(-1)), "a timedelta above 0 as scale"),
            (lambda: Boosts.decay(Article.published, scale=timedelta(1), offset=timedelta(-1)), "from 0 on as offset"),
            (lambda: Boosts.decay(Article.published, scale=timedelta(1), offset=3), "from 0 on as offset"),
            (
                lambda: Boosts.decay(Article.published, scale=timedelta(1), origin=datetime(2024, 1, 1)),
                "has no time zone",
            ),
            (
                lambda: Boosts.decay(Article.published, scale=timedelta(1), origin=5),
                "the origin takes an aware datetime",
            ),
            (lambda: Boosts.decay(Article.word_count, scale=timedelta(1)), "a finite number as scale"),
            (lambda: Boosts.decay(Article.word_count, scale=0), "a scale above 0"),
            (lambda: Boosts.decay(Article.word_count, scale=math.inf), "a finite number as scale"),
            (lambda: Boosts.decay(Article.word_count, scale=1, offset=-1), "an offset from 0 on"),
            (lambda: Boosts.decay(Article.word_count, scale=1, origin=math.nan), "a finite number as origin"),
            (lambda: Boosts.decay(Article.word_count, scale=1, origin=datetime.now(UTC)), "a finite number as origin"),
            (lambda: Boosts.decay(Article.word_count, scale=1, decay=0), "above 0 and up to 1"),
            (lambda: Boosts.decay(Article.word_count, scale=1, decay=1.5), "above 0 and up to 1"),
            (lambda: Boosts.decay(Article.word_count, scale=1, curve="gaussian"), "'exponential', 'gauss' or 'linear'"),
            (lambda: Boosts.value(Article.word_count, weight=0), "never 0"),
            (lambda: Boosts.value(Article.word_count, weight=math.nan), "weight of a boost"),
            (lambda: Boosts.value(Article.word_count, weight=True), "weight of a boost"),
        ],
    )
    def test_what_is_refused(self, boost: Callable[[], object], message: str) -> None:
        with pytest.raises(InvalidQueryError, match=message):
            boost()

    @pytest.mark.parametrize("number", [0, 21])
    def test_how_many(self, number: int) -> None:
        with pytest.raises(InvalidQueryError, match=f"1 to 20 boosts, got {number}"):
            query().boost(*[words] * number)

    def test_as_many_as_the_server_takes(self) -> None:
        assert len(query().boost(*[words] * 20)._statement.boost.boosts) == 20

    @pytest.mark.parametrize("weight", [-0.1, 1.01, math.nan, True, "1"])
    def test_the_weight_of_all(self, weight: object) -> None:
        with pytest.raises(InvalidQueryError, match=r"boost\(\) takes a weight from 0"):
            query().boost(words, weight=weight)

    @pytest.mark.parametrize("depth", [0, 10_001, 1.5, True])
    def test_the_depth(self, depth: object) -> None:
        with pytest.raises(InvalidQueryError, match=r"candidates are boosted, 1 to 10,000"):
            query().boost(words, depth=depth)

    def test_something_else(self) -> None:
        with pytest.raises(InvalidQueryError, match=r"boost\(\) takes Boost.where"):
            query().boost(Article.word_count > 3)

    @pytest.mark.parametrize(
        "boost",
        [
            Boost.value(Author.born),
            Boost.decay(Author.born, scale=1.0),
            Boost.decay(Order.written, scale=timedelta(1)),
            Boost.where(Author.name == "Ada"),
            Boost.where((Article.word_count > 3) & ~(Author.name == "Ada")),
        ],
    )
    def test_another_model(self, boost: Boost) -> None:
        with pytest.raises(InvalidQueryError, match="is not a property of Article"):
            query().boost(words, boost)

    def test_later_boosts_replace_earlier_ones(self) -> None:
        assert len(query().boost(words, words, weight=1).boost(words)._statement.boost.boosts) == 1

    def test_the_properties_that_they_read(self) -> None:
        built = query().boost(
            words,
            Boost.where((Article.title == "x") | (Article.word_count < 3)),
            Boost.decay(Article.published, scale=timedelta(1)),
        )
        assert built._statement.boost.properties == ("word_count", "title", "published")


# Each pair is refused whichever of the two comes first.
AFTER: Step = lambda q: q.after(ID)  # noqa: E731 - a row of the table below
PAIRS: dict[str, tuple[Step, Step, str]] = {
    "after and where": (AFTER, lambda q: q.where(Article.word_count > 1), r"after\(\).*where\(\)"),
    "after and order_by": (AFTER, lambda q: q.order_by(Article.title), r"after\(\).*order_by\(\)"),
    "after and offset": (AFTER, lambda q: q.offset(1), r"after\(\).*offset\(\)"),
    "after and near_text": (AFTER, lambda q: q.near_text("x"), r"after\(\).*a search"),
    "after and bm25": (AFTER, lambda q: q.bm25("x"), r"after\(\).*a search"),
    "after and boost": (AFTER, lambda q: q.boost(words), r"after\(\).*boost\(\) orders each of them anew"),
    "after and rerank": (AFTER, lambda q: q.rerank(Article.title, query="x"), r"after\(\).*rerank\(\) orders each"),
    "after and hybrid": (AFTER, lambda q: q.hybrid("x"), r"after\(\).*a search"),
    "a search and order_by": (lambda q: q.near_text("x"), lambda q: q.order_by(Article.title), r"order_by\(\)"),
    "bm25 and diversify": (lambda q: q.bm25("x"), lambda q: q.diversify(limit=1), r"diversify\(\) compares vectors"),
}


def both_ways() -> Iterator[Any]:
    for name, (one, other, message) in PAIRS.items():
        yield pytest.param(one, other, message, id=name)
        yield pytest.param(other, one, message, id=f"{name}, the other way round")


@pytest.mark.parametrize(("first", "second", "message"), list(both_ways()))
def test_pairs_that_do_not_go_together(first: Step, second: Step, message: str) -> None:
    begun = first(query())
    with pytest.raises(InvalidQueryError, match=message):
        second(begun)


def test_an_offset_of_nothing_goes_with_after() -> None:
    check(query().offset(0).after(ID).limit(3))
    check(query().after(ID).order_by())


def test_diversity_of_a_multi_vector_is_refused_in_both_orders() -> None:
    near: Step = lambda q: q.near_vector([[1.0, 2.0]], target=Document.tokens)  # noqa: E731 - a step, as in the tables
    diverse: Step = lambda q: q.diversify(limit=1)  # noqa: E731 - a step, as in the tables
    for first, second in itertools.permutations((near, diverse)):
        with pytest.raises(InvalidQueryError, match=r"Document.tokens: the server cannot compare multi-vectors"):
            second(first(query(Document)))


@pytest.mark.parametrize(
    ("built", "message"),
    [
        (query().auto_limit(1), r"auto_limit\(\).*without a search"),
        (query().where(Article.word_count > 1).auto_limit(1).limit(3), r"auto_limit\(\).*without a search"),
        (query().diversify(limit=3).limit(5), "the query has none"),
        (query().near_text("x").diversify(limit=3), r"add limit\(\)"),
        (query().near_text("x").limit(2).diversify(limit=3), r"limit\(2\)"),
        (query().diversify(limit=3).limit(2).hybrid("x"), r"limit\(2\)"),
        (query().rerank(Article.title), "without a search there are no words"),
        (query().near_vector([1.0]).rerank(Article.title), r"no words.*rerank\(Article.title, query"),
        (query().near_object(ID).rerank(Article.title), "no words"),
    ],
)
def test_what_is_missing_when_the_query_runs(built: Any, message: str) -> None:
    with pytest.raises(InvalidQueryError, match=message):
        check(built)


@pytest.mark.parametrize(
    "built",
    [
        query().auto_limit(1).near_text("x"),
        query().diversify(limit=3).near_text("x").limit(3),
        query().limit(10).diversify(limit=3).hybrid("x"),
        query().rerank(Article.title).bm25("x"),
        query().near_vector([1.0]).rerank(Article.title, query="x"),
        query().boost(words).rerank(Article.title, query="x"),
        query().boost(words),
        query().order_by(Article.title).boost(words),
    ],
)
def test_what_is_complete(built: Any) -> None:
    check(built)


@pytest.mark.parametrize(
    ("built", "found"),
    [
        (query(), None),
        (query().near_text("one"), "one"),
        (query().near_text(["one", "two"]), "one two"),
        (query().bm25("one"), "one"),
        (query().hybrid("one"), "one"),
        (query().near_object(ID), None),
    ],
)
def test_the_words_of_a_search(built: Any, found: str | None) -> None:
    assert words_of(built._statement) == found


@pytest.mark.parametrize(
    ("built", "limit"),
    [
        (query().near_text("x").limit(9), 1),
        (query().near_text("x").limit(9).boost(words), 1),
        # What looks at the whole page would give another first result for a page of one.
        (query().near_text("x").limit(9).rerank(Article.title), 9),
        (query().near_text("x").limit(9).diversify(limit=3), 9),
        (query().near_text("x").limit(9).auto_limit(1), 9),
        # The server cuts by distance what a boost brought in front.
        (query().near_text("x", distance=0.5).limit(9), 1),
        (query().near_text("x", distance=0.5).limit(9).boost(words), 9),
        (query().near_text("x", certainty=0.5).limit(9).boost(words), 9),
        (query().hybrid("x", max_vector_distance=0.5).limit(9).boost(words), 1),
        # Of distances that are joined, it looks at so many a vector as the limit says.
        (query().near_text("x", target=TargetVectors.minimum(Article.embedding)).limit(9), 1),
        (query().near_text("x", target=TargetVectors.sum(Article.embedding)).limit(9), 9),
        (query().near_object(ID, target=TargetVectors.average(Article.embedding)).limit(9), 9),
        (query().near_text("x", target=TargetVectors.relative_score({Article.embedding: 1.0})).limit(9), 9),
    ],
)
def test_fewer_results_where_they_begin_with_the_same_ones(built: Any, limit: int) -> None:
    assert limited(built._statement, 1).limit == limit


@pytest.mark.parametrize(
    ("built", "depth"),
    [
        (query().near_text("x").boost(words), None),
        (query().near_text("x").limit(90).offset(10).boost(words), None),
        (query().near_text("x").limit(90).offset(11).boost(words), 101),
        (query().near_text("x").limit(90).boost(words, depth=30), 90),
        (query().near_text("x").limit(90).boost(words, depth=95), 95),
        (query().boost(words), 10_000),
        (query().offset(5).boost(words), 10_000),
        (query().limit(50).boost(words), None),
    ],
)
def test_as_many_candidates_are_boosted_for_fewer_results(built: Any, depth: int | None) -> None:
    reduced = limited(built._statement, 1)
    assert reduced.boost is not None
    assert (reduced.limit, reduced.boost.depth) == (1, depth)
    assert reduced.boost.boosts == built._statement.boost.boosts


def test_repr_reads_as_it_was_written() -> None:
    built = (
        query()
        .near_text("x")
        .limit(9)
        .auto_limit(2)
        .boost(
            Boost.where(Article.title == "x", weight=-2),
            Boost.decay(Article.word_count, scale=2, origin=5),
            Boost.value(Article.word_count, weight=0.5),
            weight=0.25,
            depth=50,
        )
        .diversify(limit=3, balance=0.25)
        .rerank(Article.body, query="why?")
    )
    assert repr(built) == (
        "<Builder Article.near_text('x').limit(9).auto_limit(2).boost(Boost.where(Article.title == 'x', weight=-2), "
        "Boost.decay(Article.word_count, scale=2, origin=5), Boost.value(Article.word_count, weight=0.5), weight=0.25, depth=50)"
        ".diversify(limit=3, balance=0.25).rerank(Article.body, query='why?')>"
    )
    assert repr(query().after(ID)) == f"<Builder Article.after({ID})>"
