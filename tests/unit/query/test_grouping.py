"""``group_by()``: what it takes, and what is refused before anything is sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from zoo import Article, Author, Everything, Publisher

from weaviate_orm import Group, GroupedHit, GroupedQuery, InvalidQueryError, Query, Session
from weaviate_orm.wire import _pb as pb


@pytest.fixture
def articles() -> Query[Article]:
    return Session().query(Article)


def grouping(query: GroupedQuery[Any, Any]) -> tuple[str, int, int]:
    found = query._statement.grouping
    assert found is not None
    return found.subject.field, found.groups, found.per_group


def test_the_clause(articles: Query[Article]) -> None:
    assert grouping(articles.group_by(Article.title)) == ("title", 10, 10)
    assert grouping(articles.group_by(Article.tags, groups=3, per_group=1)) == ("tags", 3, 1)
    assert grouping(articles.group_by(Article.author)) == ("author", 10, 10)
    assert grouping(articles.group_by(Article.related)) == ("related", 10, 10)


def test_the_query_is_not_changed(articles: Query[Article]) -> None:
    articles.group_by(Article.title)
    assert articles._statement.grouping is None


def test_every_step_after_it_keeps_it(articles: Query[Article]) -> None:
    grouped = articles.group_by(Article.title).near_vector([1.0]).where(Article.word_count > 1).limit(3)
    assert isinstance(grouped, GroupedQuery)
    assert grouping(grouped) == ("title", 10, 10)


def test_repr(articles: Query[Article]) -> None:
    shown = repr(articles.bm25("x").group_by(Article.title, groups=2))
    assert shown == "<GroupedQuery Article.bm25('x').group_by(Article.title, groups=2, per_group=10)>"


@pytest.mark.parametrize("name", ["groups", "per_group"])
@pytest.mark.parametrize("value", [0, -1, True, 1.5, "3", None, 2**31])
def test_numbers(articles: Query[Article], name: str, value: Any) -> None:
    with pytest.raises(InvalidQueryError, match=f"whole number from 1 to 2,147,483,647 as {name}, got"):
        articles.group_by(Article.title, **{name: value})


@pytest.mark.parametrize("by", ["title", Author.name, Publisher.name, Author.publisher, Article.id, Article.embedding])
def test_what_is_no_property_of_the_model(articles: Query[Article], by: Any) -> None:
    with pytest.raises(
        InvalidQueryError, match=r"property or reference of Article \(Article\.title, .*Article\.related\)"
    ):
        articles.group_by(by)


@pytest.mark.parametrize(
    "by", [Everything.place, Everything.phone, Everything.blob, Everything.blob_hash, Everything.part]
)
def test_values_that_make_no_groups(by: Any) -> None:
    with pytest.raises(InvalidQueryError, match="of which the server makes no groups") as caught:
        Session().query(Everything).group_by(by)
    assert caught.value.field == str(by._subject)


def test_groups_are_of_what_a_search_found(articles: Query[Article]) -> None:
    with pytest.raises(InvalidQueryError, match=r"the query has none: .* session\.aggregate\(\)"):
        articles.group_by(Article.title).explain()


@pytest.mark.parametrize(("by", "kind"), [(Article.word_count, "int"), (Article.author, "a reference")])
def test_keyword_and_hybrid_searches_group_by_texts(articles: Query[Article], by: Any, kind: str) -> None:
    grouped = articles.group_by(by)
    for query in (grouped.bm25("x"), grouped.hybrid("x")):
        with pytest.raises(InvalidQueryError, match=f"is {kind}, and every object would be left out"):
            query.explain()
    assert "group_by" in grouped.near_vector([1.0]).explain()
    assert "group_by" in articles.bm25("x").group_by(Article.published).explain()


def test_a_group() -> None:
    metadata = pb.MetadataResult(id=str(UUID(int=1)), distance=0.25, distance_present=True)
    hits = [GroupedHit(name, metadata, lambda _: {}, "key") for name in ("first", "second")]
    group = Group("key", hits, 2, 0.25, 0.5)
    assert list(group) == hits
    assert len(group) == 2
    assert group.objects == ["first", "second"]
    assert {hit.group for hit in group} == {"key"}
    assert hits[0].distance == 0.25
