"""What changes the order or the choice of what a search found, with each search: cuts, rerankers, diversity, boosts and groups."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from weaviate.classes.query import BM25Operator, Boost, Diversity, Filter, GroupBy, HybridFusion, NearMediaType, Rerank

from .common import ID, Intent, exhibits, near, scored
from .searches import MEDIA, MEDIUM, medium

meaning = {**near, "target_vector": "meaning"}
given = {**near, "target_vector": "given"}
scene = {**near, "target_vector": "scene"}
hybrid = {**scored, "alpha": 0.5, "fusion_type": HybridFusion.RELATIVE_SCORE, "target_vector": "meaning"}

by_body = Rerank(prop="body")
by_answer = Rerank(prop="body", query="which engine?")
diverse = Diversity.mmr(limit=3, balance=0.25)
groups = GroupBy(prop="category", number_of_groups=3, objects_per_group=2)
popular = Boost.numeric_property("likes")

INTENTS: dict[str, Intent] = {
    # autocut
    "near_text cut": lambda c: exhibits(c).near_text("a", auto_limit=2, **meaning),
    "near_vector cut": lambda c: exhibits(c).near_vector([1.0, 2.0], auto_limit=1, **given),
    "near_object cut": lambda c: exhibits(c).near_object(ID, auto_limit=1, **given),
    "near_image cut": lambda c: exhibits(c).near_image(MEDIUM, auto_limit=3, **scene),
    "near an audio cut": lambda c: exhibits(c).near_media(MEDIUM, NearMediaType.AUDIO, auto_limit=1, **scene),
    "bm25 cut": lambda c: exhibits(c).bm25("red", auto_limit=1, **scored),
    "hybrid cut": lambda c: exhibits(c).hybrid("red", auto_limit=1, **hybrid),
    # rerank
    "bm25 reranked": lambda c: exhibits(c).bm25("red", rerank=by_body, **scored),
    "near_text reranked": lambda c: exhibits(c).near_text("a", rerank=by_body, **meaning),
    "near_text reranked by a query": lambda c: exhibits(c).near_text("a", rerank=by_answer, **meaning),
    "near_vector reranked by a query": lambda c: exhibits(c).near_vector([1.0, 2.0], rerank=by_answer, **given),
    "near_object reranked by a query": lambda c: exhibits(c).near_object(ID, rerank=by_answer, **given),
    "near_image reranked by a query": lambda c: exhibits(c).near_image(MEDIUM, rerank=by_answer, **scene),
    "near a video reranked by a query": lambda c: exhibits(c).near_media(
        MEDIUM, NearMediaType.VIDEO, rerank=by_answer, **scene
    ),
    "bm25 reranked by a query": lambda c: exhibits(c).bm25("red", rerank=by_answer, **scored),
    "hybrid reranked": lambda c: exhibits(c).hybrid("red", rerank=by_body, **hybrid),
    # MMR
    "near_text diversified": lambda c: exhibits(c).near_text("a", diversity_selection=diverse, **meaning),
    "near_vector diversified": lambda c: exhibits(c).near_vector([1.0, 2.0], diversity_selection=diverse, **given),
    "near_object diversified": lambda c: exhibits(c).near_object(ID, diversity_selection=diverse, **given),
    "near_image diversified": lambda c: exhibits(c).near_image(MEDIUM, diversity_selection=diverse, **scene),
    "hybrid diversified": lambda c: exhibits(c).hybrid("red", diversity_selection=diverse, **hybrid),
    "diversified without a balance": lambda c: exhibits(c).near_text(
        "a", diversity_selection=Diversity.mmr(limit=4), **meaning
    ),
    # boosts
    "boosted by a filter": lambda c: exhibits(c).near_text(
        "a", boost=Boost.filter(Filter.by_property("shown").equal(True)), **meaning
    ),
    "boosted by logic": lambda c: exhibits(c).near_text(
        "a",
        boost=Boost.filter(
            Filter.all_of(
                [Filter.by_property("likes").greater_than(5), Filter.not_(Filter.by_property("category").equal("x"))]
            ),
            weight=0.75,
            depth=50,
        ),
        **meaning,
    ),
    "boosted by recency": lambda c: exhibits(c).near_text(
        "a", boost=Boost.time_decay("published", scale=timedelta(days=7)), **meaning
    ),
    "boosted by nearness to a date": lambda c: exhibits(c).near_text(
        "a",
        boost=Boost.time_decay(
            "published",
            origin=datetime(2024, 5, 1, tzinfo=UTC),
            scale=timedelta(hours=36),
            offset=timedelta(minutes=90),
            curve=Boost.Curve.GAUSSIAN,
            decay=0.25,
            weight=0.25,
            depth=200,
        ),
        **meaning,
    ),
    "boosted by nearness in seconds": lambda c: exhibits(c).near_text(
        "a",
        boost=Boost.time_decay(
            "published", scale=timedelta(seconds=45), offset=timedelta(seconds=1.5), curve=Boost.Curve.EXPONENTIAL
        ),
        **meaning,
    ),
    "boosted by nearness to a number": lambda c: exhibits(c).near_text(
        "a", boost=Boost.numeric_decay("price", origin=50, scale=10), **meaning
    ),
    "boosted by nearness to a number with everything": lambda c: exhibits(c).near_text(
        "a",
        boost=Boost.numeric_decay(
            "likes", origin=5, scale=2, offset=1, curve=Boost.Curve.LINEAR, decay=0.25, weight=0.5, depth=20
        ),
        **meaning,
    ),
    "boosted by a value": lambda c: exhibits(c).near_text("a", boost=popular, **meaning),
    "boosted by a logarithm": lambda c: exhibits(c).near_text(
        "a", boost=Boost.numeric_property("likes", modifier=Boost.Modifier.LOG1P, weight=0.5), **meaning
    ),
    "boosted by a root": lambda c: exhibits(c).near_text(
        "a", boost=Boost.numeric_property("price", modifier=Boost.Modifier.SQRT), **meaning
    ),
    "boosted by a blend": lambda c: exhibits(c).near_text(
        "a",
        boost=Boost.blend(
            [
                Boost.filter(Filter.by_property("shown").equal(False), weight=-1.0),
                Boost.time_decay("published", scale=timedelta(days=1), weight=2.0),
                Boost.numeric_decay("price", origin=50, scale=10, weight=0.5),
                Boost.numeric_property("likes"),
            ],
            weight=0.75,
            depth=200,
        ),
        **meaning,
    ),
    "near_vector boosted": lambda c: exhibits(c).near_vector([1.0, 2.0], boost=popular, **given),
    "near_object boosted": lambda c: exhibits(c).near_object(ID, boost=popular, **given),
    "near_image boosted": lambda c: exhibits(c).near_image(MEDIUM, boost=popular, **scene),
    "near motion data boosted": lambda c: exhibits(c).near_media(MEDIUM, NearMediaType.IMU, boost=popular, **scene),
    "bm25 boosted": lambda c: exhibits(c).bm25("red", boost=popular, **scored),
    "hybrid boosted": lambda c: exhibits(c).hybrid("red", boost=popular, **hybrid),
    # groups
    "near_text grouped": lambda c: exhibits(c).near_text("a", group_by=groups, **meaning),
    "near_vector grouped": lambda c: exhibits(c).near_vector([1.0, 2.0], group_by=groups, **given),
    "near_object grouped": lambda c: exhibits(c).near_object(ID, group_by=groups, **given),
    "near_image grouped": lambda c: exhibits(c).near_image(MEDIUM, group_by=groups, **scene),
    "near a depth image grouped": lambda c: exhibits(c).near_media(
        MEDIUM, NearMediaType.DEPTH, group_by=groups, **scene
    ),
    "bm25 grouped": lambda c: exhibits(c).bm25("red", group_by=groups, **scored),
    "hybrid grouped": lambda c: exhibits(c).hybrid("red", group_by=groups, **hybrid),
    "grouped by a reference": lambda c: exhibits(c).near_text(
        "a", group_by=GroupBy(prop="maker", number_of_groups=2, objects_per_group=1), **meaning
    ),
    "grouped by a list": lambda c: c.collections.use("ZooArticle").query.near_text(
        "a",
        group_by=GroupBy(prop="tags", number_of_groups=2, objects_per_group=1),
        target_vector="embedding",
        limit=5,
        return_properties=["title", "body", "word_count", "published", "tags"],
        return_metadata=near["return_metadata"],
    ),
    "grouped and reranked": lambda c: exhibits(c).near_text("a", group_by=groups, rerank=by_answer, **meaning),
    # everything at once
    "many options at once": lambda c: exhibits(c).hybrid(
        "red fox",
        query_properties=["title^2", "body"],
        bm25_operator=BM25Operator.or_(1),
        max_vector_distance=0.75,
        offset=1,
        auto_limit=2,
        filters=Filter.by_property("likes").greater_than(1),
        rerank=by_answer,
        boost=popular,
        **hybrid,
    ),
}
for _what, _kind in MEDIA.items():
    INTENTS[f"near_media diversified, {_what}"] = medium(_kind, diversity_selection=diverse)
