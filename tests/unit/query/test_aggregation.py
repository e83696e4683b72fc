"""Metrics and aggregations: what they take, and what is refused before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from zoo import Article, Author, Everything, Publisher

from weaviate_orm import (
    Aggregation,
    HybridVector,
    InvalidQueryError,
    Metric,
    Property,
    Session,
    Vector,
    WeaviateModel,
    count,
    prop,
    updated_at,
    vector,
)
from weaviate_orm.expr.metrics import METRICS

ALL = sorted({name for names in METRICS.values() for name in names})
BASES = {
    "text": Everything.text,
    "int": Everything.whole,
    "number": Everything.number,
    "boolean": Everything.truth,
    "date": Everything.instant,
}


class Own(WeaviateModel):
    """Vectors that users give, and a property without an index."""

    title: Property[str]
    hidden: Property[int | None] = prop(default=None, filterable=False)
    first: Vector = vector()
    second: Vector = vector()


class Narrow(Own):
    """Declares a property again with another type."""

    title: Property[int]  # type: ignore[assignment]  # that is what is refused below


@pytest.fixture
def own() -> Aggregation[Own]:
    return Session().aggregate(Own)


@pytest.mark.parametrize("base", METRICS)
@pytest.mark.parametrize("name", ALL)
def test_which_metrics_a_type_has(base: str, name: str) -> None:
    metric: Callable[[], Metric[Any]] = getattr(BASES[base], name)
    if name in METRICS[base]:
        found = metric()
        assert (str(found.subject), found.name) == (str(BASES[base]._subject), name)  # type: ignore[attr-defined]  # of the mapping's common type
    else:
        with pytest.raises(InvalidQueryError, match=rf"is {base}, which has no {name}\(\)\. There is count\(\)"):
            metric()


@pytest.mark.parametrize(
    "subject", [Everything.place, Everything.phone, Everything.blob, Everything.identity, Everything.part]
)
def test_types_that_cannot_be_aggregated(subject: Any) -> None:
    with pytest.raises(InvalidQueryError, match="which the server cannot aggregate; it aggregates int, number, date"):
        subject.count()


@pytest.mark.parametrize("subject", [Article.id, updated_at])
def test_what_is_no_stored_property(subject: Any) -> None:
    with pytest.raises(InvalidQueryError, match="stored properties only"):
        subject.count()


@pytest.mark.parametrize("limit", [0, -1, True, 2.5, "3", None, 2**31])
def test_how_many_top_occurrences(limit: Any) -> None:
    with pytest.raises(InvalidQueryError, match="whole number from 1 to 2,147,483,647 as limit, got"):
        Article.title.top_occurrences(limit=limit)


def test_metrics_as_text() -> None:
    assert str(count()) == "count()"
    assert str(Article.word_count.mean()) == "Article.word_count.mean()"
    assert str(Article.tags.top_occurrences(limit=3)) == "Article.tags.top_occurrences(limit=3)"
    assert str(Article.author.pointing_to()) == "Article.author.pointing_to()"


def test_repr(own: Aggregation[Own]) -> None:
    assert repr(own) == "<Aggregation Own>"
    selected = own.near_vector([1, 0], target=Own.first).object_limit(3)
    assert repr(selected).endswith(".object_limit(3)>")
    assert repr(own.group_by(Own.title, limit=2)) == "<GroupedAggregation Own.group_by(Own.title, limit=2)>"
    assert repr(own.group_by(Own.title)) == "<GroupedAggregation Own.group_by(Own.title)>"


def test_an_aggregation_is_not_changed(own: Aggregation[Own]) -> None:
    own.object_limit(3).where(Own.title == "x").group_by(Own.title)
    assert repr(own) == "<Aggregation Own>"


def test_steps_keep_each_other(own: Aggregation[Own]) -> None:
    search = own.object_limit(3).near_vector([1, 0], target=Own.first).where(Own.title == "x")
    assert "object_limit(3)" in repr(search)
    grouped = search.group_by(Own.title, limit=2).object_limit(4)
    assert repr(grouped).endswith("object_limit(4).group_by(Own.title, limit=2)>")


@pytest.mark.parametrize("limit", [0, -1, True, 1.5, "3", 2**31])
def test_limits(own: Aggregation[Own], limit: Any) -> None:
    with pytest.raises(InvalidQueryError, match=r"object_limit\(\) takes a whole number from 1 to 10,000,000 as limit"):
        own.object_limit(limit)
    with pytest.raises(InvalidQueryError, match=r"group_by\(\) takes a whole number from 1 to 2,147,483,647 as limit"):
        own.group_by(Own.title, limit=limit)


def test_more_objects_than_the_server_has_memory_for(own: Aggregation[Own]) -> None:
    """It sets memory aside for all of them before it searches, and ends where there is not enough."""
    assert "object_limit: 10000000" in own.near_vector([1, 0], target=Own.first).object_limit(10**7).explain(count())
    with pytest.raises(InvalidQueryError, match="10,000,000"):
        own.object_limit(10**7 + 1)


def test_one_vector_is_searched_near(own: Aggregation[Own]) -> None:
    one = own.object_limit(3).near_vector({Own.first: [[1, 0]]})
    assert "near_vector" in one.explain(count())
    several = {Own.first: [[1, 0], [0, 1]]}
    inner = HybridVector.near_vector(several)
    for aggregation in (own.near_vector(several), own.hybrid("x", vector=several), own.hybrid("x", vector=inner)):
        with pytest.raises(InvalidQueryError, match=r"one vector of Own\.first, not several"):
            aggregation.object_limit(3).explain(count())


def test_what_many_references_lead_to_is_asked_for_alone() -> None:
    """The server fails at the first object with two references, and says so in no way that helps."""
    articles, metric = Session().aggregate(Article), Article.related.pointing_to()
    assert "pointing_to" in articles.explain(count(), metric)
    selected = (articles.where(Article.word_count > 1), articles.near_vector([1, 0]).object_limit(1))
    for aggregation in (*selected, articles.group_by(Article.title)):
        with pytest.raises(InvalidQueryError, match=r"Article\.related\.pointing_to\(\) goes with no") as caught:
            aggregation.explain(count(), metric)
        assert caught.value.field == "Article.related"
        assert "pointing_to" in aggregation.explain(Article.author.pointing_to())


def test_what_is_no_metric(own: Aggregation[Own]) -> None:
    anything: Any = own
    with pytest.raises(InvalidQueryError, match=r"such as count\(\) or Own\.title\.count\(\); it got none"):
        anything.compute()
    with pytest.raises(InvalidQueryError, match=r"takes metrics, such as .*; got <Property Own\.title>"):
        anything.compute(count(), Own.title)
    with pytest.raises(InvalidQueryError, match="got 'count'"):
        anything.explain("count")


@pytest.mark.parametrize("metric", [Author.name.count(), Author.publisher.pointing_to()])
def test_metrics_of_another_model(metric: Metric[Any]) -> None:
    with pytest.raises(InvalidQueryError, match="is not of Article, which the aggregation is over"):
        Session().aggregate(Article).explain(metric)


def test_a_property_that_the_model_declares_again() -> None:
    with pytest.raises(InvalidQueryError, match=r"Narrow\.title is int, which has no top_occurrences\(\)"):
        Session().aggregate(Narrow).explain(Own.title.top_occurrences())
    assert "mean: True" in Session().aggregate(Narrow).explain(Narrow.title.mean())


def test_a_property_without_an_index(own: Aggregation[Own]) -> None:
    """The server reads the objects themselves only where it has selected some."""
    with pytest.raises(InvalidQueryError, match=r"Own\.hidden is declared with filterable=False"):
        own.explain(Own.hidden.sum())
    assert "sum: True" in own.where(Own.title == "x").explain(Own.hidden.sum())
    assert "sum: True" in own.near_vector([1, 0], target=Own.first, distance=1).explain(Own.hidden.sum())


def test_searches_end_somewhere(own: Aggregation[Own]) -> None:
    near = own.near_vector([1, 0], target=Own.first)
    for open_end in (
        near,
        # The server makes a certainty of the distance: 0 and less are none.
        own.near_vector([1, 0], target=Own.first, distance=2),
        own.near_vector([1, 0], target=Own.first, certainty=0),
        own.hybrid("x", alpha=0, target=Own.first),
    ):
        with pytest.raises(InvalidQueryError, match=r"add object_limit\(n\)"):
            open_end.explain(count())
        open_end.object_limit(1).explain(count())
    own.near_vector([1, 0], target=Own.first, distance=0).explain(count())
    own.near_vector([1, 0], target=Own.first, certainty=0.1).explain(count())
    own.hybrid("x", vector=[1, 0], target=Own.first).explain(count())


def test_searches_that_select_nothing(own: Aggregation[Own]) -> None:
    with pytest.raises(AttributeError, match=r"bm25\(\) cannot select .* Use hybrid\(\.\.\., alpha=0\)"):
        own.bm25("x")  # type: ignore[attr-defined]  # on purpose: what a checker would have refused
    with pytest.raises(AttributeError, match=r"'Aggregation' object has no attribute 'order_by'"):
        own.order_by(Own.title)  # type: ignore[attr-defined]  # on purpose: what a checker would have refused
    with pytest.raises(InvalidQueryError, match=r"one vector, not several \(Own\.first, Own\.second\)"):
        own.near_vector([1, 0], target=[Own.first, Own.second]).object_limit(1).explain(count())


def test_groups_of_a_reference_are_of_everything() -> None:
    aggregation = Session().aggregate(Article)
    aggregation.group_by(Article.author).explain(count())
    with pytest.raises(InvalidQueryError, match=r"does not go with where\(\)"):
        aggregation.group_by(Article.author).where(Article.word_count > 1).explain(count())
    with pytest.raises(InvalidQueryError, match="does not go with a search"):
        aggregation.near_text("x", distance=0.5).group_by(Article.related).explain(count())


def test_groups_of_another_model() -> None:
    with pytest.raises(InvalidQueryError, match="property or reference of Article"):
        Session().aggregate(Article).group_by(Publisher.name)
    with pytest.raises(InvalidQueryError, match="makes no groups"):
        Session().aggregate(Everything).group_by(Everything.place)
