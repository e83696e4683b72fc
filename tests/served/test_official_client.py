"""The official client, running its users' ordinary code, against the served engine and a real server: what is expected holds on both."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the client's own dependencies warn while it is imported
    import weaviate
    import weaviate.connect.v4
    from weaviate.classes.aggregate import GroupByAggregate, Metrics
    from weaviate.classes.config import (
        Configure,
        DataType,
        Property,
        Reconfigure,
        ReferenceProperty,
        Tokenization,
        VectorDistances,
    )
    from weaviate.classes.data import DataObject, DataReference, GeoCoordinate
    from weaviate.classes.query import (
        BM25Operator,
        Filter,
        GroupBy,
        HybridFusion,
        MetadataQuery,
        Move,
        QueryReference,
        Rerank,
        Sort,
        TargetVectors,
    )
    from weaviate.classes.tenants import Tenant, TenantActivityStatus

from weaviate_orm.testing import ServerAddress

# The client's generics end in dictionaries; nothing would be gained by naming them.
Client = Any
Collection = Any

TITLES = ["Analytical engines", "Difference engines", "Baking bread", "Growing tomatoes", "Compilers and engines"]
COUNTS = [100, 200, 300, 400, 500]
TAGS = [["machines", "history"], ["machines"], ["kitchen"], ["garden", "kitchen"], ["machines"]]
DAYS = [datetime(2024, month, 1, tzinfo=UTC) for month in range(1, 6)]
IDS = [UUID(int=number) for number in range(1, 6)]
VECTORS = [[1.0, 0.0, 0.0], [0.9, 0.1, 0.0], [0.0, 1.0, 0.0], [0.0, 0.9, 0.1], [0.8, 0.2, 0.1]]
"""The first is the query in most searches; by cosine distance from it the order is 0, 1, 4, 3, 2 or 0, 1, 4, 2, 3."""


@pytest.fixture(scope="module")
def client(served: ServerAddress) -> Iterator[Client]:
    with pytest.MonkeyPatch.context() as patch:
        # On connect the client asks the package index for its latest version; tests stay on this machine.
        patch.setattr(weaviate.connect.v4, "PYPI_PACKAGE_URL", f"{served.url}/v1/meta")
        with weaviate.connect_to_local(host="127.0.0.1", port=served.http_port, grpc_port=served.grpc_port) as client:
            yield client


@pytest.fixture
def name(client: Client) -> Iterator[Callable[[str], str]]:
    """``name("Article")`` gives a name of its own; its collection is dropped after the test."""
    given: list[str] = []

    def unique(base: str) -> str:
        given.append(f"Official{base}{uuid4().hex[:8]}")
        return given[-1]

    yield unique
    for each in given:
        client.collections.delete(each)


@pytest.fixture
def articles(client: Client, name: Callable[[str], str]) -> Collection:
    """Five articles with vectors of their own."""
    collection = client.collections.create(
        name("Article"),
        properties=[
            Property(name="title", data_type=DataType.TEXT),
            Property(name="count", data_type=DataType.INT, index_range_filters=True),
            Property(name="tags", data_type=DataType.TEXT_ARRAY, tokenization=Tokenization.FIELD),
            Property(name="day", data_type=DataType.DATE),
        ],
        vector_config=Configure.Vectors.self_provided(),
        inverted_index_config=Configure.inverted_index(
            index_null_state=True, index_property_length=True, index_timestamps=True
        ),
        reranker_config=Configure.Reranker.custom("reranker-dummy"),
        generative_config=Configure.Generative.custom("generative-dummy"),
    )
    stored = collection.data.insert_many(
        [
            DataObject(uuid=id_, properties={"title": title, "count": count, "tags": tags, "day": day}, vector=vector)
            for id_, title, count, tags, day, vector in zip(IDS, TITLES, COUNTS, TAGS, DAYS, VECTORS, strict=True)
        ]
    )
    assert not stored.has_errors
    return collection


def titles(reply: Any) -> list[str]:
    return [each.properties["title"] for each in reply.objects]


# --- the server --------------------------------------------------------------------------------------------------------


def test_the_server(client: Client) -> None:
    assert client.is_connected()
    assert client.is_live()
    assert client.is_ready()
    assert client.get_meta()["version"].startswith("1.39.")
    assert client.get_open_id_configuration() is None


def test_nodes_and_shards(client: Client, articles: Collection) -> None:
    (node,) = client.cluster.nodes(collection=articles.name, output="verbose")
    assert (node.status, node.version[:5]) == ("HEALTHY", "1.39.")
    (shard,) = node.shards
    assert (shard.collection, shard.vector_indexing_status) == (articles.name, "READY")
    (status,) = articles.config.get_shards()
    assert (status.name, status.status) == (shard.name, "READY")
    assert articles.config.update_shards("READONLY") == {shard.name: "READONLY"}
    with pytest.raises(weaviate.exceptions.WeaviateBaseError):
        articles.data.insert({"title": "refused"})
    assert articles.config.update_shards("READY") == {shard.name: "READY"}
    articles.data.insert({"title": "taken"})
    assert [each.name for each in articles.shards()] == [shard.name]


# --- schema ------------------------------------------------------------------------------------------------------------


def test_a_configuration_comes_back(client: Client, name: Callable[[str], str]) -> None:
    author = name("Author")
    client.collections.create(author, properties=[Property(name="name", data_type=DataType.TEXT)])
    collection = client.collections.create(
        name("Everything"),
        description="A bit of everything.",
        properties=[
            Property(name="title", data_type=DataType.TEXT, tokenization=Tokenization.WHITESPACE, description="words"),
            Property(name="number", data_type=DataType.NUMBER, index_filterable=False),
            Property(name="code", data_type=DataType.UUID),
            Property(name="place", data_type=DataType.GEO_COORDINATES),
            Property(
                name="address",
                data_type=DataType.OBJECT,
                nested_properties=[Property(name="city", data_type=DataType.TEXT)],
            ),
        ],
        references=[ReferenceProperty(name="author", target_collection=author)],
        vector_config=[
            Configure.Vectors.self_provided(
                name="plain",
                vector_index_config=Configure.VectorIndex.hnsw(distance_metric=VectorDistances.DOT, ef=64),
            ),
            Configure.Vectors.text2vec_transformers(name="meaning", source_properties=["title"]),
            Configure.MultiVectors.self_provided(name="tokens"),
        ],
        inverted_index_config=Configure.inverted_index(bm25_b=0.5, bm25_k1=1.5, stopwords_additions=["foo"]),
    )
    config = collection.config.get()
    assert (config.name, config.description) == (collection.name, "A bit of everything.")
    properties = {each.name: each for each in config.properties}
    assert list(properties) == ["title", "number", "code", "place", "address"]
    assert properties["title"].tokenization == Tokenization.WHITESPACE
    assert properties["title"].description == "words"
    assert (properties["title"].index_searchable, properties["number"].index_filterable) == (True, False)
    assert properties["address"].nested_properties[0].name == "city"
    assert [(each.name, each.target_collections) for each in config.references] == [("author", [author])]
    assert set(config.vector_config) == {"plain", "meaning", "tokens"}
    assert config.vector_config["plain"].vector_index_config.distance_metric == VectorDistances.DOT
    assert config.vector_config["plain"].vector_index_config.ef == 64
    assert config.vector_config["meaning"].vectorizer.source_properties == ["title"]
    assert config.vector_config["tokens"].vector_index_config.multi_vector is not None
    assert (config.inverted_index_config.bm25.b, config.inverted_index_config.bm25.k1) == (0.5, 1.5)
    assert config.inverted_index_config.stopwords.additions == ["foo"]
    assert not config.multi_tenancy_config.enabled
    assert client.collections.exists(collection.name)
    assert collection.name in client.collections.list_all()
    again = client.collections.export_config(collection.name)
    assert again.to_dict() == config.to_dict()


def test_a_configuration_is_made_from_another(client: Client, articles: Collection, name: Callable[[str], str]) -> None:
    config = articles.config.get()
    config.name = name("Copy")
    copy = client.collections.create_from_config(config)
    assert copy.config.get().to_dict() == config.to_dict()


def test_a_configuration_is_updated(client: Client, articles: Collection) -> None:
    articles.config.update(
        description="News",
        inverted_index_config=Reconfigure.inverted_index(bm25_b=0.6, stopwords_removals=["the"]),
        vector_config=Reconfigure.Vectors.update(vector_index_config=Reconfigure.VectorIndex.hnsw(ef=99)),
    )
    articles.config.add_property(Property(name="subtitle", data_type=DataType.TEXT))
    articles.config.add_reference(ReferenceProperty(name="related", target_collection=articles.name))
    articles.config.add_vector(vector_config=Configure.Vectors.self_provided(name="second"))
    config = articles.config.get()
    assert config.description == "News"
    assert config.inverted_index_config.bm25.b == 0.6
    assert config.inverted_index_config.stopwords.removals == ["the"]
    assert config.vector_config["default"].vector_index_config.ef == 99
    assert "second" in config.vector_config
    assert "subtitle" in [each.name for each in config.properties]
    assert [each.name for each in config.references] == ["related"]
    articles.data.insert({"title": "With a subtitle", "subtitle": "here"})
    found = articles.query.fetch_objects(filters=Filter.by_property("subtitle").equal("here"))
    assert titles(found) == ["With a subtitle"]


def test_schema_errors(client: Client, articles: Collection) -> None:
    with pytest.raises(weaviate.exceptions.UnexpectedStatusCodeError) as caught:
        client.collections.create(articles.name)
    assert (caught.value.status_code, "already exists" in str(caught.value)) == (422, True)
    assert not client.collections.exists("OfficialNobodyHasThis")
    with pytest.raises(weaviate.exceptions.UnexpectedStatusCodeError) as caught:
        client.collections.use("OfficialNobodyHasThis").config.get()
    assert caught.value.status_code == 404
    client.collections.delete("OfficialNobodyHasThis")


def test_aliases(client: Client, articles: Collection, name: Callable[[str], str]) -> None:
    other, alias = client.collections.create(name("Other")), f"OfficialAlias{uuid4().hex[:8]}"
    try:
        client.alias.create(alias_name=alias, target_collection=articles.name)
        assert client.alias.exists(alias_name=alias)
        assert client.alias.get(alias_name=alias).collection == articles.name
        assert client.alias.list_all(collection=articles.name)[alias].collection == articles.name
        assert client.collections.use(alias).query.fetch_object_by_id(IDS[0]).properties["title"] == TITLES[0]
        assert client.alias.update(alias_name=alias, new_target_collection=other.name)
        assert len(client.collections.use(alias)) == 0
    finally:
        assert client.alias.delete(alias_name=alias)
    assert not client.alias.exists(alias_name=alias)
    assert client.alias.get(alias_name=alias) is None


def test_tokenization(client: Client, articles: Collection) -> None:
    words = client.tokenization.text(text="The Quick fox", tokenization=Tokenization.WORD)
    assert (words.indexed, words.query) == (["the", "quick", "fox"], ["quick", "fox"])
    stored = client.tokenization.for_property(collection=articles.name, property_name="title", text="The Quick fox")
    assert stored.indexed == ["the", "quick", "fox"]


# --- objects -----------------------------------------------------------------------------------------------------------


def test_one_object_at_a_time(articles: Collection) -> None:
    id_ = articles.data.insert({"title": "A new one", "count": 1}, vector=[0.0, 0.0, 1.0])
    assert articles.data.exists(id_)
    articles.data.update(id_, properties={"count": 2})
    found = articles.query.fetch_object_by_id(id_, include_vector=True)
    assert (found.properties["title"], found.properties["count"]) == ("A new one", 2)
    assert found.vector == {"default": [0.0, 0.0, 1.0]}
    assert found.metadata.creation_time <= found.metadata.last_update_time
    articles.data.replace(id_, properties={"title": "Replaced"}, vector=[0.0, 1.0, 1.0])
    found = articles.query.fetch_object_by_id(id_, include_vector=True)
    assert (found.properties["title"], found.properties["count"]) == ("Replaced", None)
    assert found.vector == {"default": [0.0, 1.0, 1.0]}
    assert articles.data.delete_by_id(id_)
    assert not articles.data.exists(id_)
    assert articles.query.fetch_object_by_id(id_) is None
    assert articles.data.delete_by_id(id_), "to delete what is not there is no error"


def test_object_errors(articles: Collection) -> None:
    with pytest.raises(weaviate.exceptions.UnexpectedStatusCodeError) as caught:
        articles.data.insert({"title": "again"}, uuid=IDS[0])
    assert (caught.value.status_code, "already exists" in str(caught.value)) == (422, True)
    with pytest.raises(weaviate.exceptions.UnexpectedStatusCodeError) as caught:
        articles.data.insert({"count": "not a number"})
    assert caught.value.status_code == 422
    with pytest.raises(weaviate.exceptions.UnexpectedStatusCodeError):
        articles.data.replace(uuid4(), properties={"title": "nobody"})


def test_every_kind_of_value(client: Client, name: Callable[[str], str]) -> None:
    collection = client.collections.create(name("Values"))
    values: dict[str, Any] = {
        "text": "Grüße, 世界",
        "whole": 7,
        "number": 0.5,
        "truth": True,
        "instant": datetime(2024, 5, 1, 12, 30, 15, 250000, UTC),
        "identity": UUID(int=9),
        "texts": ["a", "b"],
        "numbers": [0.5, 1.5],
        "truths": [True, False],
        "instants": DAYS,
        "nested": {"city": "Berlin", "inside": {"number": 3.0}},
        "several": [{"city": "Berlin"}, {"city": "Paris"}],
    }
    collection.config.add_property(Property(name="place", data_type=DataType.GEO_COORDINATES))
    collection.config.add_property(Property(name="whole", data_type=DataType.INT))
    one = collection.data.insert({**values, "place": GeoCoordinate(latitude=52.5, longitude=-13.25)})
    many = collection.data.insert_many([{**values, "place": GeoCoordinate(latitude=52.5, longitude=-13.25)}])
    for id_ in (one, many.uuids[0]):
        found = collection.query.fetch_object_by_id(id_).properties
        place = found.pop("place")
        assert (place.latitude, place.longitude) == (52.5, -13.25)
        assert {each: found[each] for each in values} == values


def test_insert_many_reports_each_failure(articles: Collection) -> None:
    stored = articles.data.insert_many(
        [
            DataObject({"title": "good"}, vector=[1.0, 1.0, 1.0]),
            DataObject({"count": "bad"}),
            DataObject({"title": "good too"}),
        ]
    )
    assert stored.has_errors
    assert (list(stored.uuids), list(stored.errors)) == ([0, 2], [1])
    assert "count" in stored.errors[1].message
    assert len(articles) == 7


def test_delete_many(articles: Collection) -> None:
    old = Filter.by_property("count").less_or_equal(200)
    tried = articles.data.delete_many(where=old, dry_run=True, verbose=True)
    assert (tried.matches, tried.successful, len(tried.objects)) == (2, 2, 2)
    assert len(articles) == 5
    done = articles.data.delete_many(where=old, verbose=True)
    assert (done.matches, done.successful, done.failed) == (2, 2, 0)
    assert {each.uuid for each in done.objects} == set(IDS[:2])
    assert len(articles) == 3
    assert articles.data.delete_many(where=Filter.by_id().contains_any(IDS[2:])).matches == 3


# --- batches -----------------------------------------------------------------------------------------------------------

BATCHES: dict[str, Callable[[Any], Any]] = {
    "fixed_size": lambda batch: batch.fixed_size(batch_size=20, concurrent_requests=2),
    "dynamic": lambda batch: batch.dynamic(),
    "rate_limit": lambda batch: batch.rate_limit(requests_per_minute=6000),
    "stream": lambda batch: batch.stream(concurrency=1),
}


@pytest.mark.parametrize("mode", BATCHES)
def test_batches(client: Client, articles: Collection, mode: str) -> None:
    with BATCHES[mode](articles.batch) as batch:
        ids = [
            batch.add_object({"title": f"number {each}", "count": each}, vector=[each, 1.0, 0.0]) for each in range(60)
        ]
    assert articles.batch.failed_objects == []
    assert len(articles) == 65
    found = articles.query.fetch_object_by_id(ids[59], include_vector=True)
    assert (found.properties["title"], found.vector["default"]) == ("number 59", [59.0, 1.0, 0.0])


@pytest.mark.parametrize("mode", BATCHES)
def test_batches_report_each_failure(client: Client, articles: Collection, mode: str) -> None:
    with BATCHES[mode](articles.batch) as batch:
        for each in range(10):
            batch.add_object({"title": "x", "count": "bad" if each == 4 else each})
    (failed,) = articles.batch.failed_objects
    assert failed.object_.properties["count"] == "bad"
    assert "count" in failed.message
    assert len(articles) == 14


@pytest.mark.parametrize("mode", BATCHES)
def test_batches_with_references(client: Client, name: Callable[[str], str], mode: str) -> None:
    author, book = name("Author"), name("Book")
    client.collections.create(author)
    books = client.collections.create(book, references=[ReferenceProperty(name="author", target_collection=author)])
    with BATCHES[mode](client.batch) as batch:
        ada = batch.add_object(author, {"name": "Ada"})
        ids = [batch.add_object(book, {"title": f"book {each}"}) for each in range(5)]
        for each in ids:
            batch.add_reference(from_uuid=each, from_collection=book, from_property="author", to=ada)
    assert (client.batch.failed_objects, client.batch.failed_references) == ([], [])
    found = books.query.fetch_objects(return_references=QueryReference(link_on="author", return_properties=["name"]))
    assert [each.references["author"].objects[0].properties["name"] for each in found.objects] == ["Ada"] * 5


def test_ingest(articles: Collection) -> None:
    stored = articles.data.ingest(DataObject({"title": f"ingested {each}"}) for each in range(30))
    assert not stored.has_errors
    assert len(articles) == 35


# --- references --------------------------------------------------------------------------------------------------------


def test_references(client: Client, name: Callable[[str], str]) -> None:
    authors = client.collections.create(name("Author"), properties=[Property(name="name", data_type=DataType.TEXT)])
    books = client.collections.create(
        name("Book"),
        properties=[Property(name="title", data_type=DataType.TEXT)],
        references=[ReferenceProperty(name="authors", target_collection=authors.name)],
    )
    ada, grace, alan = (authors.data.insert({"name": each}) for each in ("Ada", "Grace", "Alan"))
    notes = books.data.insert({"title": "Notes"}, references={"authors": ada})
    compilers = books.data.insert({"title": "Compilers"})

    def of(book: UUID) -> set[str]:
        found = books.query.fetch_object_by_id(book, return_references=QueryReference(link_on="authors"))
        if not found.references:
            return set()
        return {each.properties["name"] for each in found.references["authors"].objects}

    assert (of(notes), of(compilers)) == ({"Ada"}, set())
    books.data.reference_add(from_uuid=compilers, from_property="authors", to=grace)
    added = books.data.reference_add_many([DataReference(from_uuid=compilers, from_property="authors", to_uuid=alan)])
    assert not added.has_errors
    assert of(compilers) == {"Grace", "Alan"}
    books.data.reference_delete(from_uuid=compilers, from_property="authors", to=grace)
    assert of(compilers) == {"Alan"}
    books.data.reference_replace(from_uuid=notes, from_property="authors", to=[grace, alan])
    assert of(notes) == {"Grace", "Alan"}

    by_alan = books.query.fetch_objects(filters=Filter.by_ref("authors").by_property("name").equal("Alan"))
    assert set(titles(by_alan)) == {"Notes", "Compilers"}
    by_two = books.query.fetch_objects(filters=Filter.by_ref_count("authors").equal(2))
    assert titles(by_two) == ["Notes"]


# --- queries -----------------------------------------------------------------------------------------------------------


def test_fetch_objects(articles: Collection) -> None:
    found = articles.query.fetch_objects(
        limit=2, offset=1, sort=Sort.by_property("count", ascending=False), return_metadata=MetadataQuery.full()
    )
    assert titles(found) == [TITLES[3], TITLES[2]]
    first = found.objects[0]
    assert (first.uuid, first.properties["tags"], first.properties["day"]) == (IDS[3], TAGS[3], DAYS[3])
    assert first.metadata.creation_time.tzinfo is not None
    some = articles.query.fetch_objects_by_ids(IDS[:2], return_properties=["title"])
    assert {each.uuid: each.properties for each in some.objects} == {
        IDS[0]: {"title": TITLES[0]},
        IDS[1]: {"title": TITLES[1]},
    }


FILTERS: dict[str, tuple[Any, set[int]]] = {
    "equal": (Filter.by_property("title").equal("bread"), {2}),
    "not_equal": (Filter.by_property("count").not_equal(100), {1, 2, 3, 4}),
    "greater_than": (Filter.by_property("count").greater_than(300), {3, 4}),
    "less_or_equal": (Filter.by_property("count").less_or_equal(200), {0, 1}),
    "like": (Filter.by_property("title").like("engin*"), {0, 1, 4}),
    "contains_any": (Filter.by_property("tags").contains_any(["kitchen", "history"]), {0, 2, 3}),
    "contains_all": (Filter.by_property("tags").contains_all(["kitchen", "garden"]), {3}),
    "contains_none": (Filter.by_property("tags").contains_none(["machines"]), {2, 3}),
    "date": (Filter.by_property("day").greater_or_equal(DAYS[3]), {3, 4}),
    "is_none": (Filter.by_property("day").is_none(True), set()),
    "length": (Filter.by_property("tags", length=True).equal(2), {0, 3}),
    "id": (Filter.by_id().equal(IDS[1]), {1}),
    "creation_time": (Filter.by_creation_time().greater_than(datetime(2020, 1, 1, tzinfo=UTC)), {0, 1, 2, 3, 4}),
    "and": (Filter.by_property("title").like("engin*") & Filter.by_property("count").less_than(200), {0}),
    "or": (Filter.by_property("count").equal(100) | Filter.by_property("count").equal(500), {0, 4}),
    "not": (Filter.not_(Filter.by_property("title").equal("engines")), {2, 3}),
}


@pytest.mark.parametrize("case", FILTERS)
def test_filters(articles: Collection, case: str) -> None:
    filters, expected = FILTERS[case]
    found = articles.query.fetch_objects(filters=filters)
    assert {IDS.index(each.uuid) for each in found.objects} == expected


def test_near_vector(articles: Collection) -> None:
    found = articles.query.near_vector(
        VECTORS[0], limit=3, return_metadata=MetadataQuery(distance=True, certainty=True), include_vector=True
    )
    assert titles(found) == [TITLES[0], TITLES[1], TITLES[4]]
    first, second, _ = found.objects
    assert first.metadata.distance == pytest.approx(0, abs=1e-6)
    assert second.metadata.distance == pytest.approx(1 - 0.9 / (0.82**0.5), abs=1e-6)
    assert second.metadata.certainty == pytest.approx(1 - second.metadata.distance / 2)
    assert second.vector["default"] == pytest.approx(VECTORS[1])
    close = articles.query.near_vector(VECTORS[0], distance=0.01)
    assert titles(close) == [TITLES[0], TITLES[1]]
    filtered = articles.query.near_vector(VECTORS[0], filters=Filter.by_property("tags").contains_any(["garden"]))
    assert titles(filtered) == [TITLES[3]]
    jump = articles.query.near_vector(VECTORS[0], auto_limit=1)
    assert set(titles(jump)) == {TITLES[0], TITLES[1], TITLES[4]}


def test_near_object(articles: Collection) -> None:
    found = articles.query.near_object(IDS[2], limit=2, return_metadata=MetadataQuery(distance=True))
    assert titles(found) == [TITLES[2], TITLES[3]]
    with pytest.raises(weaviate.exceptions.WeaviateQueryError):
        articles.query.near_object(uuid4())


def test_bm25(articles: Collection) -> None:
    found = articles.query.bm25("analytical engines", return_metadata=MetadataQuery(score=True, explain_score=True))
    assert titles(found)[0] == TITLES[0]
    assert set(titles(found)) == {TITLES[0], TITLES[1], TITLES[4]}
    scores = [each.metadata.score for each in found.objects]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[1] > 0
    both = articles.query.bm25("analytical engines", query_properties=["title^2"], operator=BM25Operator.and_())
    assert titles(both) == [TITLES[0]]


def test_hybrid(articles: Collection) -> None:
    found = articles.query.hybrid(
        "tomatoes",
        vector=VECTORS[0],
        alpha=0.5,
        fusion_type=HybridFusion.RELATIVE_SCORE,
        limit=3,
        return_metadata=MetadataQuery(score=True),
    )
    assert set(titles(found)[:2]) == {TITLES[3], TITLES[0]}
    assert found.objects[0].metadata.score <= 1
    ranked = articles.query.hybrid("tomatoes", vector=VECTORS[0], fusion_type=HybridFusion.RANKED, alpha=0.25, limit=1)
    assert titles(ranked) == [TITLES[3]]
    assert titles(articles.query.hybrid("bread", alpha=0)) == [TITLES[2]]


def test_group_by(articles: Collection) -> None:
    found = articles.query.near_vector(
        VECTORS[0], limit=5, group_by=GroupBy(prop="tags", number_of_groups=2, objects_per_group=2)
    )
    assert list(found.groups) == ["machines", "history"]
    assert [each.properties["title"] for each in found.groups["machines"].objects] == [TITLES[0], TITLES[1]]
    assert found.objects[0].belongs_to_group == "machines"


def test_rerank(articles: Collection) -> None:
    found = articles.query.near_vector(
        VECTORS[0], limit=3, rerank=Rerank(prop="title", query="anything"), return_metadata=MetadataQuery(distance=True)
    )
    assert titles(found)[0] == TITLES[4]
    scores = [each.metadata.rerank_score for each in found.objects]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) > 1


def test_generate(articles: Collection) -> None:
    found = articles.generate.near_vector(
        VECTORS[0], limit=2, single_prompt="Shorten {title}!", grouped_task="What have they in common?"
    )
    assert ["Shorten Analytical engines!" in each.generative.text for each in found.objects] == [True, False]
    assert "What have they in common?" in found.generative.text


def test_near_text(client: Client, name: Callable[[str], str]) -> None:
    collection = client.collections.create(
        name("Text"),
        properties=[Property(name="title", data_type=DataType.TEXT)],
        vector_config=Configure.Vectors.text2vec_transformers(vectorize_collection_name=False),
    )
    stored = collection.data.insert_many([{"title": each} for each in TITLES])
    assert not stored.has_errors
    found = collection.query.near_text(
        "vegetables in the garden", limit=1, return_metadata=MetadataQuery(distance=True)
    )
    assert titles(found) == [TITLES[3]]
    assert 0 < found.objects[0].metadata.distance < 1
    moved = collection.query.near_text(
        "food", move_to=Move(force=0.9, concepts=["an oven for loaves of bread"]), limit=1
    )
    assert titles(moved) == [TITLES[2]]
    mixed = collection.query.hybrid("programs that translate programs, compilers", limit=1)
    assert titles(mixed) == [TITLES[4]]
    assert len(collection.query.fetch_objects(include_vector=True).objects[0].vector["default"]) == 256


def test_several_vectors(client: Client, name: Callable[[str], str]) -> None:
    collection = client.collections.create(
        name("Several"),
        properties=[Property(name="title", data_type=DataType.TEXT)],
        vector_config=[
            Configure.Vectors.self_provided(
                name="flat", vector_index_config=Configure.VectorIndex.flat(distance_metric=VectorDistances.L2_SQUARED)
            ),
            Configure.Vectors.self_provided(name="other"),
            Configure.MultiVectors.self_provided(name="tokens"),
        ],
    )
    collection.data.insert_many(
        [
            DataObject({"title": "a"}, vector={"flat": [0, 0], "other": [1, 0], "tokens": [[1, 0], [0, 1]]}),
            DataObject({"title": "b"}, vector={"flat": [3, 4], "other": [0, 1], "tokens": [[-1, 0], [0, -1]]}),
        ]
    )
    metadata = MetadataQuery(distance=True)
    found = collection.query.near_vector([3, 4], target_vector="flat", return_metadata=metadata)
    assert [(each.properties["title"], each.metadata.distance) for each in found.objects] == [("b", 0), ("a", 25)]
    tokens = collection.query.near_vector([[1.0, 0.0], [0.0, 1.0]], target_vector="tokens", return_metadata=metadata)
    assert [(each.properties["title"], each.metadata.distance) for each in tokens.objects] == [("a", -2), ("b", 0)]
    both = collection.query.near_vector(
        {"flat": [0, 0], "other": [1, 0]},
        target_vector=TargetVectors.sum(["flat", "other"]),
        return_metadata=metadata,
    )
    assert [(each.properties["title"], each.metadata.distance) for each in both.objects] == [("a", 0), ("b", 26)]
    weighted = collection.query.near_vector(
        {"flat": [0, 0], "other": [0, 1]},
        target_vector=TargetVectors.manual_weights({"flat": 0.1, "other": 10}),
        return_metadata=metadata,
    )
    assert [each.properties["title"] for each in weighted.objects] == ["b", "a"]
    vectors = collection.query.fetch_objects(include_vector=["flat", "tokens"]).objects[0].vector
    assert vectors["tokens"] in ([[1, 0], [0, 1]], [[-1, 0], [0, -1]])
    assert set(vectors) == {"flat", "tokens"}


def test_query_errors(client: Client, articles: Collection) -> None:
    with pytest.raises(weaviate.exceptions.WeaviateQueryError, match="could not find class"):
        client.collections.use("OfficialNobodyHasThis").query.fetch_objects()
    with pytest.raises(weaviate.exceptions.WeaviateQueryError, match="vector lengths don't match"):
        articles.query.near_vector([1.0, 2.0])
    with pytest.raises(weaviate.exceptions.WeaviateQueryError, match="no such prop"):
        articles.query.fetch_objects(filters=Filter.by_property("nope").equal(1))


def test_the_iterator(articles: Collection) -> None:
    articles.data.insert_many([{"title": f"more {each}"} for each in range(250)])
    assert len(list(articles.iterator())) == 255
    assert len(list(articles.iterator(cache_size=7))) == 255
    ids = [each.uuid for each in articles.iterator(return_properties=["title"], include_vector=True)]
    assert ids == sorted(ids)
    assert len(list(articles.iterator(after=IDS[2]))) == 252


# --- aggregate ---------------------------------------------------------------------------------------------------------


def test_aggregate(articles: Collection) -> None:
    assert len(articles) == 5
    found = articles.aggregate.over_all(
        total_count=True,
        return_metrics=[
            Metrics("count").integer(
                count=True, sum_=True, mean=True, median=True, minimum=True, maximum=True, mode=True
            ),
            Metrics("tags").text(count=True, top_occurrences_count=True, top_occurrences_value=True),
            Metrics("day").date_(count=True, minimum=True, maximum=True),
        ],
    )
    count = found.properties["count"]
    assert found.total_count == 5
    assert (count.count, count.sum_, count.mean, count.median, count.minimum, count.maximum) == (
        5,
        1500,
        300,
        300,
        100,
        500,
    )
    tags = {each.value: each.count for each in found.properties["tags"].top_occurrences}
    assert tags == {"machines": 3, "kitchen": 2, "history": 1, "garden": 1}
    assert found.properties["day"].count == 5
    assert articles.aggregate.over_all(filters=Filter.by_property("count").greater_than(200)).total_count == 3


def test_aggregate_by_group(articles: Collection) -> None:
    found = articles.aggregate.over_all(
        group_by=GroupByAggregate(prop="tags"), total_count=True, return_metrics=Metrics("count").integer(sum_=True)
    )
    groups = {each.grouped_by.value: (each.total_count, each.properties["count"].sum_) for each in found.groups}
    assert groups == {"machines": (3, 800), "kitchen": (2, 700), "history": (1, 100), "garden": (1, 400)}


def test_aggregate_of_a_search(articles: Collection) -> None:
    near = articles.aggregate.near_vector(
        VECTORS[0], object_limit=2, total_count=True, return_metrics=Metrics("count").integer(sum_=True)
    )
    assert (near.total_count, near.properties["count"].sum_) == (2, 300)
    near = articles.aggregate.near_object(IDS[2], object_limit=1, return_metrics=Metrics("count").integer(sum_=True))
    assert near.properties["count"].sum_ == 300
    words = articles.aggregate.hybrid(
        "tomatoes", alpha=0, object_limit=1, return_metrics=Metrics("count").integer(sum_=True)
    )
    assert words.properties["count"].sum_ == 400


# --- tenants -----------------------------------------------------------------------------------------------------------


def test_tenants(client: Client, name: Callable[[str], str]) -> None:
    collection = client.collections.create(
        name("Tenants"),
        properties=[Property(name="title", data_type=DataType.TEXT)],
        multi_tenancy_config=Configure.multi_tenancy(enabled=True),
    )
    collection.tenants.create([Tenant(name="acme"), Tenant(name="globex")])
    assert set(collection.tenants.get()) == {"acme", "globex"}
    assert collection.tenants.exists("acme")
    assert collection.tenants.get_by_name("acme").activity_status == TenantActivityStatus.ACTIVE
    assert set(collection.tenants.get_by_names(["acme", "nobody"])) == {"acme"}

    acme, globex = collection.with_tenant("acme"), collection.with_tenant("globex")
    acme.data.insert({"title": "of acme"})
    globex.data.insert_many([{"title": "of globex"}, {"title": "of globex too"}])
    assert (len(acme), len(globex)) == (1, 2)
    assert titles(acme.query.bm25("acme")) == ["of acme"]
    with acme.batch.fixed_size(10) as batch:
        batch.add_object({"title": "from a batch"})
    assert len(acme) == 2
    with pytest.raises(weaviate.exceptions.WeaviateQueryError, match="without tenant"):
        collection.query.fetch_objects()

    collection.tenants.deactivate("acme")
    assert collection.tenants.get_by_name("acme").activity_status == TenantActivityStatus.INACTIVE
    with pytest.raises(weaviate.exceptions.WeaviateQueryError, match="tenant"):
        acme.query.fetch_objects()
    collection.tenants.activate("acme")
    assert len(acme) == 2
    collection.tenants.remove(["globex"])
    assert set(collection.tenants.get()) == {"acme"}
    assert not collection.tenants.exists("globex")


def test_auto_tenants(client: Client, name: Callable[[str], str]) -> None:
    collection = client.collections.create(
        name("AutoTenants"), multi_tenancy_config=Configure.multi_tenancy(enabled=True, auto_tenant_creation=True)
    )
    collection.with_tenant("new").data.insert_many([{"title": "one"}])
    assert set(collection.tenants.get()) == {"new"}


# --- the same in async -------------------------------------------------------------------------------------------------


def test_the_async_client(served: ServerAddress, articles: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    monkeypatch.setattr(weaviate.connect.v4, "PYPI_PACKAGE_URL", f"{served.url}/v1/meta")

    async def use() -> list[str]:
        async with weaviate.use_async_with_local(
            host="127.0.0.1", port=served.http_port, grpc_port=served.grpc_port
        ) as client:
            collection = client.collections.use(articles.name)
            await collection.data.insert({"title": "Async engines"})
            found = await asyncio.gather(*(collection.query.bm25("async") for _ in range(20)))
            return [title for each in found for title in titles(each)]

    assert asyncio.run(use()) == ["Async engines"] * 20
