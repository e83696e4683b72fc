"""Collections: what a model declares is what the server has, and what the server has otherwise is noticed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from zoo import ALL_MODELS, created, unique_name

from weaviate_orm import (
    CollectionConfig,
    CollectionExistsError,
    CollectionNotFoundError,
    ModelDefinitionError,
    Property,
    PropertyConfig,
    Reference,
    ReferenceConfig,
    References,
    SchemaMismatchError,
    ServerError,
    Session,
    Vector,
    VectorConfig,
    WeaviateModel,
    flat,
    hnsw,
    prop,
    reference,
    references,
    vector,
)
from weaviate_orm.modules import (
    self_provided,
)
from weaviate_orm.wire.call import RestCall

Create = Callable[..., None]


def by_hand(session: Session, method: str, path: str, body: object = None) -> dict[str, Any]:
    """Do something behind the library's back, as an administrator does."""
    call = RestCall(method, path, lambda reply: reply.body, body=body)
    found: dict[str, Any] = session._runner.send(call)
    return found


# Creating


def test_the_whole_zoo(session: Session) -> None:
    with created(session, *reversed(ALL_MODELS)):
        assert session.schema.check(*ALL_MODELS) == []
        names = [config.name for config in session.schema.list()]
        assert names == sorted(names)
        assert {model.__weaviate_options__.collection for model in ALL_MODELS} <= set(names)
    assert not any(session.schema.exists(model) for model in ALL_MODELS)


class Hen(WeaviateModel, collection=unique_name("Hen")):
    """Comes from an egg."""

    name: Property[str]
    hatched_from: Reference[Egg | None] = reference(description="which came first?")
    friends: References[Hen] = references()


class Egg(WeaviateModel, collection=unique_name("Egg")):
    weight: Property[float]
    laid_by: Reference[Hen | None] = reference()


@pytest.mark.parametrize("order", [(Hen, Egg), (Egg, Hen)], ids=["hen first", "egg first"])
def test_cycles_in_any_order(session: Session, create: Create, order: tuple[type[WeaviateModel], ...]) -> None:
    create(*order)
    assert session.schema.check(Hen, Egg) == []
    hen = session.schema.get(Hen)
    assert hen is not None
    assert hen.description == "Comes from an egg."
    egg = Egg.__weaviate_options__.collection
    assert egg is not None
    assert ReferenceConfig(name="hatched_from", targets=(egg,), description="which came first?") in hen.references


def test_a_target_that_is_nowhere(session: Session) -> None:
    with pytest.raises(CollectionNotFoundError, match=r"hatched_from leads to Egg_\w+, which has no collection"):
        session.schema.create(Hen)
    assert not session.schema.exists(Hen)


def test_creating_twice(session: Session, create: Create) -> None:
    create(Hen, Egg)
    with pytest.raises(CollectionExistsError, match="already exists") as refused:
        session.schema.create(Hen, Egg)
    assert refused.value.collection in (Hen.__weaviate_options__.collection, Egg.__weaviate_options__.collection)
    session.schema.create(Hen, Egg, exist_ok=True)
    session.schema.drop(Egg)
    session.schema.create(Hen, Egg, exist_ok=True)
    assert session.schema.check(Hen, Egg) == []


def test_from_a_configuration_and_from_json(session: Session) -> None:
    one, two = unique_name("FromConfig"), unique_name("FromJson")
    config = CollectionConfig(
        name=one,
        description="by hand",
        properties=(PropertyConfig(name="title", data_type="text", tokenization="field"),),
        vectors=(VectorConfig(name="v", vectorizer=self_provided(), index=flat(distance="dot")),),
    )
    body = {"class": two, "properties": [{"name": "n", "dataType": ["int"]}, {"name": "to", "dataType": [one]}]}
    try:
        session.schema.create(config)
        session.schema.create(body)
        assert session.schema.exists(one)
        assert session.schema.exists(config)
        read = session.schema.get(one)
        assert read is not None
        assert read.description == "by hand"
        assert (read.properties[0].name, read.properties[0].tokenization) == ("title", "field")
        assert isinstance(read.vectors[0].index, flat)
        assert read.vectors[0].index.distance == "dot"
        other = session.schema.get(two)
        assert other is not None
        assert (other.properties[0].data_type, other.references) == (
            "int",
            (ReferenceConfig(name="to", targets=(one,)),),
        )
    finally:
        session.schema.drop(one, two)


def test_what_is_not_there(session: Session) -> None:
    nothing = unique_name("Nothing")
    assert session.schema.get(nothing) is None
    assert not session.schema.exists(nothing)
    session.schema.drop(nothing)
    with pytest.raises(CollectionNotFoundError, match=r"schema\.create\(Hen\)"):
        session.schema.check(Hen)


def test_dropping_takes_the_objects_along(session: Session, create: Create) -> None:
    create(Hen, Egg)
    session.insert(Egg(weight=50.0))
    session.schema.drop(Egg)
    session.schema.create(Egg)
    assert session.count(Egg) == 0


def test_what_the_server_would_refuse_is_refused_before(session: Session) -> None:
    class Wrong(WeaviateModel, collection=unique_name("Wrong")):
        number: Property[int] = prop(searchable=True)

    with pytest.raises(ModelDefinitionError, match=r"number.*searchable"):
        session.schema.create(Wrong)
    assert not session.schema.exists(Wrong)


# Differences


class Plain(WeaviateModel, collection=unique_name("Plain")):
    title: Property[str] = prop(tokenization="word")
    number: Property[int]
    embedding: Vector = vector(index=hnsw(ef=64))


def test_a_change_by_hand_is_noticed(session: Session, create: Create) -> None:
    create(Plain)
    name = Plain.__weaviate_options__.collection
    body = by_hand(session, "GET", f"/schema/{name}")
    body["vectorConfig"]["embedding"]["vectorIndexConfig"]["ef"] = 99
    body["description"] = "changed"
    by_hand(session, "PUT", f"/schema/{name}", body)
    by_hand(session, "POST", f"/schema/{name}/properties", {"name": "extra", "dataType": ["text"]})
    found = {(each.path, each.setting): each for each in session.schema.check(Plain)}
    assert set(found) == {(f"{name}.embedding", "index ef"), (f"{name}.extra", "")}
    ef = found[f"{name}.embedding", "index ef"]
    assert (ef.expected, ef.actual, ef.kind, ef.breaking) == (64, 99, "different", False)
    assert found[f"{name}.extra", ""].kind == "extra"
    assert session.insert_many([Plain(title="x", number=1)]).stored == 1  # neither stands in the way of writing


MISMATCHES: dict[str, tuple[list[dict[str, object]], str]] = {
    "a property is missing": ([{"name": "title", "dataType": ["text"]}], "number"),
    "another type": (
        [{"name": "title", "dataType": ["text"]}, {"name": "number", "dataType": ["number"]}],
        "number: data type",
    ),
    "a list in its place": (
        [{"name": "title", "dataType": ["text[]"]}, {"name": "number", "dataType": ["int"]}],
        "title: data type",
    ),
}


@pytest.fixture
def other_collection(session: Session) -> Iterator[type[WeaviateModel]]:
    """A model whose collection somebody else creates."""

    class Mine(WeaviateModel, collection=unique_name("Mine")):
        title: Property[str]
        number: Property[int]

    yield Mine
    session.schema.drop(Mine)


@pytest.mark.parametrize(("properties", "named"), MISMATCHES.values(), ids=MISMATCHES)
def test_the_first_write_to_a_collection_that_differs_is_refused(
    session: Session, other_collection: type[WeaviateModel], properties: list[dict[str, object]], named: str
) -> None:
    name = other_collection.__weaviate_options__.collection
    session.schema.create({"class": name, "properties": properties})
    bad = other_collection.model_validate({"title": "x", "number": 1})
    with pytest.raises(SchemaMismatchError, match=rf"{name}\.{named}.*Nothing was written") as refused:
        session.insert(bad)
    assert refused.value.collection == name
    report = session.insert_many([bad], on_failure="report")
    assert report.stored == 0
    assert type(report.failed[0].error) is SchemaMismatchError
    assert session.count(other_collection) == 0
    read = session.schema.get(other_collection)
    assert read is not None
    assert len(read.properties) == len(properties)  # the server made nothing up


def test_the_first_write_without_a_collection_is_refused(
    session: Session, other_collection: type[WeaviateModel]
) -> None:
    bad = other_collection.model_validate({"title": "x", "number": 1})
    with pytest.raises(CollectionNotFoundError, match=r"schema\.create\(Mine\)"):
        session.insert(bad)
    assert not session.schema.exists(other_collection)


def test_a_server_refusal_names_the_collection(session: Session) -> None:
    name = unique_name("Bad")
    with pytest.raises(ServerError, match="nonsense"):
        session.schema.create({"class": name, "properties": [{"name": "x", "dataType": ["nonsense"]}]})
    assert not session.schema.exists(name)
