"""Creating, checking and dropping collections: which calls, in which order."""

from __future__ import annotations

from typing import Any

import pytest
from scripted_calls import ONCE, Answer, ScriptedTransport, run, stored_schema
from zoo import Article, Author, Book, Line, Publisher

from weaviate_orm import (
    CollectionConfig,
    CollectionExistsError,
    CollectionNotFoundError,
    ModelDefinitionError,
    Property,
    Reference,
    References,
    SchemaMismatchError,
    Vector,
    WeaviateModel,
    prop,
    reference,
    references,
    vector,
)
from weaviate_orm.flows.schema import (
    check_models,
    collection_name,
    create_collections,
    drop_collections,
    ensure_collection,
)
from weaviate_orm.model.info import model_info
from weaviate_orm.schema.from_model import collection_config
from weaviate_orm.schema.json import to_json
from weaviate_orm.wire.call import RestCall, RestReply


def create(*whats: Any, exist_ok: bool = False, there: tuple[type[WeaviateModel], ...] = ()) -> ScriptedTransport:
    transport = ScriptedTransport(stored_schema(*there))
    run(create_collections(whats, exist_ok=exist_ok, retry=ONCE), transport)
    return transport


def bodies(transport: ScriptedTransport) -> list[tuple[str, list[str]]]:
    """Give the collections that were created, and the references they had from the start."""
    found: list[tuple[str, list[str]]] = []
    for call in transport.calls:
        if isinstance(call, RestCall) and (call.method, call.path) == ("POST", "/schema"):
            body: Any = call.body
            names = [each["name"] for each in body["properties"] if each["dataType"][0][0].isupper()]
            found.append((body["class"], names))
    return found


def added(transport: ScriptedTransport) -> list[tuple[str, str]]:
    """Give the references that were added afterwards."""
    found: list[tuple[str, str]] = []
    for call in transport.calls:
        if isinstance(call, RestCall) and call.path.endswith("/properties"):
            body: Any = call.body
            found.append((call.path.split("/")[2], body["name"]))
    return found


class Street(WeaviateModel):
    name: Property[str]


class House(WeaviateModel):
    street: Reference[Street] = reference()


class Room(WeaviateModel):
    house: Reference[House] = reference()
    streets: References[Street] = references()


@pytest.mark.parametrize("given", [(Street, House, Room), (Room, House, Street), (House, Room, Street)])
def test_targets_are_created_before_what_refers_to_them(given: tuple[type[WeaviateModel], ...]) -> None:
    transport = create(*given)
    assert bodies(transport) == [("Street", []), ("House", ["street"]), ("Room", ["house", "streets"])]
    assert added(transport) == []
    assert len(transport.calls) == 3


def test_a_reference_to_itself_is_there_from_the_start() -> None:
    transport = create(Line)
    assert bodies(transport) == [("ZooLine", ["parentLine"])]
    assert added(transport) == []


def test_the_references_of_a_cycle_are_added_when_all_are_there() -> None:
    transport = create(Article, Author, Publisher)
    order = [name for name, _ in bodies(transport)]
    assert sorted(order) == ["ZooArticle", "ZooAuthor", "ZooPublisher"]
    first = {(name, each) for name, names in bodies(transport) for each in names}
    wanted = {
        ("ZooArticle", "author"),
        ("ZooArticle", "related"),
        ("ZooAuthor", "mentor"),
        ("ZooAuthor", "publisher"),
        ("ZooAuthor", "articles"),
    }
    assert first | set(added(transport)) == wanted
    assert not first & set(added(transport))
    names = transport.names
    assert all(names.index(f"POST /schema/{collection}/properties") > 2 for collection, _ in added(transport))
    for name, references_ in bodies(transport):
        for each in references_:
            info = next(each for each in (Article, Author, Publisher) if model_info(each).collection == name)
            targets = {model_info(target).collection for target in model_info(info).references[each].targets}
            assert targets <= {*order[: order.index(name)], name}


def test_a_target_that_is_on_the_server_already_is_enough() -> None:
    transport = create(House, there=(Street,))
    assert transport.names == ["GET /schema/Street", "POST /schema"]
    assert bodies(transport) == [("House", ["street"])]


def test_a_target_that_is_nowhere_is_refused_before_anything_is_created() -> None:
    transport = ScriptedTransport(stored_schema())
    with pytest.raises(
        CollectionNotFoundError, match=r"House\.street leads to Street.*schema\.create\(Street, House\)"
    ) as caught:
        run(create_collections([Book, House], exist_ok=False, retry=ONCE), transport)
    assert caught.value.collection == "Street"
    assert bodies(transport) == []


def test_a_model_that_the_server_would_refuse_is_refused_before_anything_is_sent() -> None:
    class Wrong(WeaviateModel):
        number: Property[int] = prop(tokenization="word")

    transport = ScriptedTransport(stored_schema())
    with pytest.raises(ModelDefinitionError, match=r"number.*tokenization"):
        run(create_collections([Book, Wrong], exist_ok=False, retry=ONCE), transport)
    assert transport.calls == []


@pytest.mark.parametrize("what", ["Book", 5, None, int])
def test_only_models_configurations_and_mappings_are_taken(what: Any) -> None:
    transport = ScriptedTransport(stored_schema())
    with pytest.raises(ModelDefinitionError):
        run(create_collections([Book, what], exist_ok=False, retry=ONCE), transport)
    assert transport.calls == []


def test_configurations_and_mappings_are_taken_too() -> None:
    config = collection_config(model_info(Book))
    body = {"class": "Given", "properties": [], "moduleConfig": {"x": 1}}
    transport = create(config, body)
    created: list[Any] = [call.body for call in transport.calls if isinstance(call, RestCall)]
    assert created == [body, to_json(config)]


def test_a_reference_may_lead_to_a_collection_that_is_given_as_a_mapping() -> None:
    street = to_json(collection_config(model_info(Street)))
    transport = create(House, street)
    assert [name for name, _ in bodies(transport)] == ["Street", "House"]
    assert transport.names.count("POST /schema") == len(transport.calls)  # nothing was asked first


def test_a_collection_that_exists_is_an_error_unless_it_may() -> None:
    def script(call: Any) -> Answer:
        return RestReply(422, {"error": [{"message": "class name ZooBook already exists"}]})

    with pytest.raises(CollectionExistsError):
        run(create_collections([Book], exist_ok=False, retry=ONCE), ScriptedTransport(script))


def test_with_exist_ok_only_what_is_missing_is_created() -> None:
    transport = create(Book, Street, House, exist_ok=True, there=(Book, Street))
    assert bodies(transport) == [("House", ["street"])]
    assert transport.names.count("POST /schema") == 1


def test_with_exist_ok_the_references_of_an_existing_collection_are_left_alone() -> None:
    transport = create(Article, Author, Publisher, exist_ok=True, there=(Article, Author, Publisher))
    assert bodies(transport) == []
    assert added(transport) == []


def test_drop_takes_names_models_and_configurations() -> None:
    transport = ScriptedTransport(stored_schema())
    run(drop_collections([Book, "Other", CollectionConfig(name="Third")], ONCE), transport)
    assert transport.names == ["DELETE /schema/ZooBook", "DELETE /schema/Other", "DELETE /schema/Third"]
    assert collection_name(Line) == "ZooLine"


# What writes look at first.


def ensure(
    model: type[WeaviateModel], there: type[WeaviateModel], verified: set[type] | None = None
) -> ScriptedTransport:
    transport = ScriptedTransport(stored_schema(there))
    run(ensure_collection(model, set() if verified is None else verified, ONCE), transport)
    return transport


def test_a_collection_is_looked_at_once() -> None:
    verified: set[type] = set()
    assert ensure(Article, Article, verified).names == ["GET /schema/ZooArticle"]
    assert ensure(Article, Article, verified).names == []


class Wide(WeaviateModel, collection="Ensured"):
    name: Property[str]
    number: Property[int | None] = prop(default=None)
    home: Reference[Book] = reference()
    meaning: Vector = vector()


class WithoutProperty(WeaviateModel, collection="Ensured"):
    name: Property[str]
    home: Reference[Book] = reference()
    meaning: Vector = vector()


class OtherType(WeaviateModel, collection="Ensured"):
    name: Property[str]
    number: Property[float | None] = prop(default=None)
    home: Reference[Book] = reference()
    meaning: Vector = vector()


class OtherTarget(WeaviateModel, collection="Ensured"):
    name: Property[str]
    number: Property[int | None] = prop(default=None)
    home: Reference[Publisher] = reference()
    meaning: Vector = vector()


class WithoutVector(WeaviateModel, collection="Ensured"):
    name: Property[str]
    number: Property[int | None] = prop(default=None)
    home: Reference[Book] = reference()


@pytest.mark.parametrize(
    ("there", "named"),
    [(WithoutProperty, "number"), (OtherType, "number"), (OtherTarget, "home"), (WithoutVector, "meaning")],
)
def test_a_collection_that_lacks_something_of_the_model_is_refused(there: type[WeaviateModel], named: str) -> None:
    verified: set[type] = set()
    with pytest.raises(
        SchemaMismatchError, match=rf"The collection of Wide differs.*{named}.*session\.schema\.check\(Wide\)"
    ) as caught:
        ensure(Wide, there, verified)
    assert caught.value.collection == "Ensured"
    assert verified == set()


class Superset(WeaviateModel, collection="Ensured"):
    name: Property[str] = prop(description="told", tokenization="field")
    number: Property[int | None] = prop(default=None, range_filters=True)
    more: Property[str | None] = prop(default=None)
    home: Reference[Book] = reference()
    meaning: Vector = vector()
    other: Vector = vector()


def test_a_collection_that_has_more_or_is_indexed_otherwise_can_be_written() -> None:
    verified: set[type] = set()
    ensure(Wide, Superset, verified)
    assert verified == {Wide}


def test_a_missing_collection_is_told_with_the_way_out() -> None:
    transport = ScriptedTransport(stored_schema())
    with pytest.raises(
        CollectionNotFoundError, match=r"Book has no collection 'ZooBook' yet\. Create it: schema\.create\(Book\)"
    ):
        run(ensure_collection(Book, set(), ONCE), transport)


def test_check_gives_every_difference() -> None:
    transport = ScriptedTransport(stored_schema(OtherType, Book))
    found = run(check_models([Superset, Book], ONCE), transport)
    assert {(each.path, each.setting) for each in found} == {
        ("Ensured.name", "description"),
        ("Ensured.name", "tokenization"),
        ("Ensured.number", "data type"),
        ("Ensured.number", "range_filters"),
        ("Ensured.more", ""),
        ("Ensured.other", ""),
    }
    assert run(check_models([Superset, Book], ONCE), ScriptedTransport(stored_schema(Superset, Book))) == []
