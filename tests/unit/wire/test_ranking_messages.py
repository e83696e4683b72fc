"""What is made of a ranking, as messages: cuts, boosts, diversity and reranking; and the requests of exists() and profile()."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from zoo import Article, Book, Legacy, Line, Loan

from weaviate_orm import Boost, InvalidQueryError, TargetVectors, UnsupportedFeatureError, WeaviateModel
from weaviate_orm.local.search.boosting import _duration
from weaviate_orm.model.info import model_info
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.profile import QueryProfile, ShardProfile
from weaviate_orm.query.projection import project
from weaviate_orm.query.statement import Scope, Statement, changed
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.features import Feature, require
from weaviate_orm.wire.filters import compile_filter
from weaviate_orm.wire.ranking import duration_text
from weaviate_orm.wire.search import compile_exists, compile_profile, compile_search, search_request
from weaviate_orm.wire.server import ServerInfo

ID = UUID(int=9)


class Card(BaseModel):
    title: str


def of(model: type[WeaviateModel] = Article) -> Builder[Any]:
    return Builder(Statement(model_info(model)))


def request(query: Builder[Any]) -> pb.SearchRequest:
    return search_request(query._statement)


def condition(boost: Boost) -> pb.Boost.Condition:
    (found,) = request(of().boost(boost)).boost.conditions
    return found


def test_a_plain_query_says_nothing_of_it() -> None:
    named = {field.name for field, _ in request(of().near_text("x")).ListFields()}
    assert not named & {"autocut", "after", "rerank", "boost", "offset"}


def test_cut_and_cursor() -> None:
    assert request(of().near_text("x").auto_limit(2)).autocut == 2
    found = request(of().limit(3).after(ID))
    assert (found.after, found.limit) == (str(ID), 3)
    assert request(of().after(ID)).limit == 10_000


class TestRerank:
    def test_the_property_goes_by_its_name_in_the_collection(self) -> None:
        assert request(of(Line).bm25("x").rerank(Line.text, query="y")).rerank == pb.Rerank(
            property="lineText", query="y"
        )

    @pytest.mark.parametrize(
        ("query", "words"),
        [
            (of().near_text(["one", "two"]), "one two"),
            (of().bm25("three"), "three"),
            (of().hybrid("four"), "four"),
        ],
    )
    def test_without_a_query_the_words_of_the_search_are_sent(self, query: Builder[Any], words: str) -> None:
        # The server itself would compare with an empty text.
        assert request(query.rerank(Article.body)).rerank == pb.Rerank(property="body", query=words)


class TestBoost:
    def test_a_condition(self) -> None:
        fulfilled = (Article.title == "x") & ~(Article.word_count > 3)
        assert condition(Boost.where(fulfilled, weight=-2)) == pb.Boost.Condition(
            filter=compile_filter(fulfilled.node), weight=-2
        )

    def test_what_is_left_out_is_left_to_the_server(self) -> None:
        assert condition(Boost.decay(Article.published, scale=timedelta(7))) == pb.Boost.Condition(
            time_decay=pb.Boost.TimeDecayFunction(property="published", origin="now", scale="7d")
        )
        assert condition(Boost.decay(Article.word_count, scale=10)) == pb.Boost.Condition(
            numeric_decay=pb.Boost.NumericDecayFunction(property="word_count", origin=0, scale=10)
        )
        assert condition(Boost.value(Article.word_count)) == pb.Boost.Condition(
            property_value=pb.Boost.PropertyValueFunction(property="word_count")
        )

    def test_everything_about_dates(self) -> None:
        boost = Boost.decay(
            Article.published,
            scale=timedelta(hours=36),
            origin=datetime(2024, 5, 1, tzinfo=UTC),
            offset=timedelta(),
            curve="gauss",
            decay=0.25,
            weight=2,
        )
        assert condition(boost) == pb.Boost.Condition(
            time_decay=pb.Boost.TimeDecayFunction(
                property="published",
                origin="2024-05-01T00:00:00+00:00",
                scale="36h",
                offset="0s",
                curve=pb.Boost.DECAY_CURVE_GAUSS,
                decay_value=0.25,
            ),
            weight=2,
        )

    def test_everything_about_numbers(self) -> None:
        boost = Boost.decay(Article.word_count, scale=2.5, origin=5, offset=0, curve="linear", decay=0.5, weight=0.5)
        assert condition(boost) == pb.Boost.Condition(
            numeric_decay=pb.Boost.NumericDecayFunction(
                property="word_count",
                origin=5,
                scale=2.5,
                offset=0,
                curve=pb.Boost.DECAY_CURVE_LINEAR,
                decay_value=0.5,
            ),
            weight=0.5,
        )

    @pytest.mark.parametrize(
        ("modifier", "sent"),
        [("log1p", pb.Boost.PROPERTY_VALUE_MODIFIER_LOG1P), ("sqrt", pb.Boost.PROPERTY_VALUE_MODIFIER_SQRT)],
    )
    def test_modifiers(self, modifier: Any, sent: Any) -> None:  # members of a Literal and of a protobuf enum
        assert condition(Boost.value(Article.word_count, modifier=modifier)).property_value.modifier == sent

    def test_the_boosts_together(self) -> None:
        found = request(of().near_text("x").boost(Boost.value(Article.word_count), weight=0, depth=50)).boost
        assert (found.weight, found.depth) == (0, 50)
        assert found.HasField("weight")
        plain = request(of().boost(Boost.value(Article.word_count))).boost
        assert not plain.HasField("weight")
        assert not plain.HasField("depth")

    @pytest.mark.parametrize(
        ("query", "measured"),
        [
            (of(), {"score"}),
            (of().near_text("x"), {"distance", "certainty", "score"}),
            (of().bm25("x"), {"score", "explain_score"}),
        ],
    )
    def test_the_blended_score_is_asked_for(self, query: Builder[Any], measured: set[str]) -> None:
        asked = request(query.boost(Boost.value(Article.word_count))).metadata
        assert {field.name for field, _ in asked.ListFields()} == {
            "uuid",
            "creation_time_unix",
            "last_update_time_unix",
            *measured,
        }

    def test_properties_that_no_projection_has_are_asked_for_too(self) -> None:
        info = model_info(Article)
        statement = changed(of().bm25("x")._statement, projection=project(info, Card))
        boosts = (Boost.value(Article.word_count), Boost.where(Article.title == "x"), Boost.value(Article.word_count))
        boosted = Builder[Any](statement).boost(*boosts)
        assert list(request(boosted).properties.non_ref_properties) == ["title", "word_count"]
        # The next query of the same shape must not find it.
        assert list(search_request(statement).properties.non_ref_properties) == ["title"]


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(), "0s"),
        (timedelta(days=7), "7d"),
        (timedelta(hours=36), "36h"),
        (timedelta(days=1, minutes=1), "1441m"),
        (timedelta(minutes=90), "90m"),
        (timedelta(seconds=45), "45s"),
        (timedelta(seconds=1.5), "1.5s"),
        (timedelta(milliseconds=5), "0.005s"),
        (timedelta(microseconds=1), "0.000001s"),
        (timedelta(days=3, microseconds=10), "259200.00001s"),
    ],
)
def test_durations(duration: timedelta, text: str) -> None:
    assert duration_text(duration) == text


@given(st.timedeltas(min_value=timedelta(), max_value=timedelta(days=40_000)))
def test_durations_are_read_as_they_were_meant(duration: timedelta) -> None:
    nanoseconds = _duration(duration_text(duration))
    assert nanoseconds == pytest.approx((duration / timedelta(microseconds=1)) * 1000, rel=1e-12)


MMR = pb.Selection(mmr=pb.Selection.MMR(limit=2, balance=0.25))


@pytest.mark.parametrize(
    ("search", "name"),
    [
        (lambda q: q.near_text("x"), "near_text"),
        (lambda q: q.near_vector([1.0]), "near_vector"),
        (lambda q: q.near_object(ID), "near_object"),
        (lambda q: q.hybrid("x"), "hybrid_search"),
    ],
)
def test_diversity_is_a_part_of_the_search(search: Callable[[Any], Any], name: str) -> None:
    found = request(search(of()).limit(4).diversify(limit=2, balance=0.25))
    assert getattr(found, name).selection == MMR
    assert found.limit == 4


def test_a_balance_of_nothing_is_said() -> None:
    mmr = request(of().near_text("x").limit(4).diversify(limit=2, balance=0)).near_text.selection.mmr
    assert mmr.HasField("balance")


@pytest.mark.parametrize(
    ("query", "needed", "version"),
    [
        (of().boost(Boost.value(Article.word_count)), Feature.BOOST, "1.38.0"),
        (of().near_text("x").limit(2).diversify(limit=1), Feature.MMR, "1.37.0"),
        (of().hybrid("x").limit(2).diversify(limit=1), Feature.MMR_IN_HYBRID, "1.38.6"),
    ],
)
def test_what_the_server_must_have(query: Builder[Any], needed: Feature, version: str) -> None:
    call = compile_search(query._statement)
    assert needed in call.needs
    with pytest.raises(UnsupportedFeatureError, match=rf"came with {version}"):
        require(needed, ServerInfo("1.36.9"))


def test_the_plain_query_needs_nothing() -> None:
    assert compile_search(of().near_text("x").auto_limit(1)._statement).needs == ()
    assert compile_search(of().bm25("x").rerank(Article.title)._statement).needs == ()


class TestExists:
    def test_the_least_is_asked_for(self) -> None:
        everything = (
            of()
            .near_text("x")
            .where(Article.word_count > 3)
            .limit(50)
            .offset(4)
            .include(Article.author)
            .with_vectors()
            .boost(Boost.value(Article.word_count))
            .diversify(limit=3)
            .rerank(Article.title)
            .auto_limit(1)
        )
        sent = compile_exists(everything._statement, Scope(consistency="ONE")).request
        plain = request(of().near_text("x").where(Article.word_count > 3).limit(1).offset(4))
        plain.properties.Clear()
        plain.properties.SetInParent()
        plain.metadata.CopyFrom(pb.MetadataRequest(uuid=True))
        plain.consistency_level = pb.ConsistencyLevel.CONSISTENCY_LEVEL_ONE
        assert sent == plain

    def test_where_the_limit_decides_what_is_near_enough_it_stays(self) -> None:
        joined = of().near_vector([1.0, 0.0], target=TargetVectors.sum(Article.embedding), distance=0.5)
        for built, limit in ((joined, 0), (joined.limit(7), 7)):
            sent = compile_exists(built._statement).request
            assert isinstance(sent, pb.SearchRequest)
            assert sent.limit == limit
        call = compile_exists(of().near_text("x", distance=0.5).boost(Boost.value(Article.word_count))._statement)
        assert isinstance(call.request, pb.SearchRequest)
        assert call.request.HasField("boost")
        assert call.request.properties == pb.PropertiesRequest(non_ref_properties=["word_count"])
        assert Feature.BOOST in call.needs

    def test_listing_keeps_its_cursor_and_drops_its_order(self) -> None:
        sent = compile_exists(of().after(ID)._statement).request
        assert isinstance(sent, pb.SearchRequest)
        assert sent.after == str(ID)
        sent = compile_exists(of().order_by(Article.title)._statement).request
        assert isinstance(sent, pb.SearchRequest)
        assert not sent.sort_by

    def test_the_answer(self) -> None:
        read = compile_exists(of()._statement).read
        assert read(pb.SearchReply(results=[pb.SearchResult()])) is True
        assert read(pb.SearchReply()) is False

    def test_a_query_that_cannot_run_does_not_exist_either(self) -> None:
        with pytest.raises(InvalidQueryError, match="auto_limit"):
            compile_exists(of().auto_limit(1)._statement)

    def test_of_a_tenant(self) -> None:
        sent = compile_exists(of(Loan)._statement, Scope("acme")).request
        assert isinstance(sent, pb.SearchRequest)
        assert sent.tenant == "acme"


class TestProfile:
    def test_the_request(self) -> None:
        call = compile_profile(of().near_text("x").limit(3)._statement)
        plain = request(of().near_text("x").limit(3))
        plain.metadata.query_profile = True
        assert call.request == plain
        assert Feature.QUERY_PROFILE in call.needs
        # The next query of the same shape is not profiled.
        assert not request(of().near_text("x").limit(3)).metadata.query_profile

    def test_the_answer(self) -> None:
        reply = pb.SearchReply()
        shard = reply.query_profile.shards.add(name="book_abc", node="node1")
        shard.searches["vector"].details["total_took"] = "2ms"
        shard.searches["keyword"].details.update({"total_took": "1ms", "kwd_method": "blockmaxwand"})
        hit = reply.results.add()
        hit.metadata.id = str(ID)
        hit.properties.non_ref_props.fields["title"].text_value = "t"
        profile: QueryProfile[Book] = compile_profile(of(Book)._statement).read(reply)
        assert [each.object.title for each in profile.hits] == ["t"]
        assert profile.shards == (
            ShardProfile(
                "book_abc",
                "node1",
                {"vector": {"total_took": "2ms"}, "keyword": {"total_took": "1ms", "kwd_method": "blockmaxwand"}},
            ),
        )
        first, *lines = str(profile).splitlines()
        assert first == "1 hits"
        assert sorted(lines) == sorted(
            [
                "book_abc on node1",
                "  vector",
                "    total_took: 2ms",
                "  keyword",
                "    kwd_method: blockmaxwand",
                "    total_took: 1ms",
            ]
        )

    def test_a_server_that_says_nothing(self) -> None:
        assert compile_profile(of(Book)._statement).read(pb.SearchReply()) == QueryProfile([], ())


def test_every_model_of_one_vector_can_be_diversified() -> None:
    assert request(of(Legacy).near_vector([1.0]).limit(3).diversify(limit=2)).near_vector.selection.mmr.limit == 2
