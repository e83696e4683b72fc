"""Searches whose references have several target models: which calls they take, and what is asked of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel
from scripted_calls import ONCE, ScriptedTransport, run

from weaviate_orm import MultipleResultsError, Property, Reference, References, WeaviateModel, reference, references
from weaviate_orm.flows.linked import fetch_page, searched
from weaviate_orm.flows.objects import fetch_by_id
from weaviate_orm.flows.results import fetch, fetch_first, fetch_one
from weaviate_orm.flows.streaming import next_page
from weaviate_orm.model.attributes import as_inclusion
from weaviate_orm.model.info import model_info
from weaviate_orm.query.projection import project
from weaviate_orm.query.search import Bm25
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.query.streaming import Cursor
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.call import GrpcCall
from weaviate_orm.wire.search import search_request


class Cat(WeaviateModel, collection="LinkedCat"):
    name: Property[str]


class Dog(WeaviateModel, collection="LinkedDog"):
    weight: Property[int]


class Owner(WeaviateModel, collection="LinkedOwner"):
    name: Property[str]
    pets: References[Cat | Dog] = references()
    best: Reference[Cat | Dog | None] = reference()


CATS, DOGS = 10_000, 20_000
INCLUDED = Statement(model_info(Owner), inclusions=(as_inclusion(Owner.pets),))
SCOPE = Scope(consistency="ALL")


def owners(number: int, *, shared: frozenset[int] = frozenset(), meant: str = "LinkedCat") -> ScriptedTransport:
    """Owners with a cat and a dog each. Those of ``shared`` have one pet, a ``meant``, whose id a pet of the other kind has too."""

    def script(call: Any) -> pb.SearchReply:
        request = call.request
        both = (request.filters, *request.filters.filters)
        ids = [each for one in both for each in one.value_text_array.values]
        positions = [UUID(each).int for each in ids] if ids else range(number)
        reply = pb.SearchReply()
        for position in list(positions)[: request.limit or 10]:
            if request.filters.filters:  # who refers to it?
                (through,) = (one for one in request.filters.filters if one.target.HasField("multi_target"))
                if through.target.multi_target.target_collection != meant:
                    continue
            added = reply.results.add()
            added.metadata.id = str(UUID(int=position))
            if request.properties.non_ref_properties:
                added.properties.non_ref_props.fields["name"].text_value = f"o{position}"
            for wanted in request.properties.ref_properties:
                held = added.properties.ref_props.add(prop_name=wanted.reference_property).properties.add()
                cat = wanted.target_collection == "LinkedCat"
                base = CATS if cat or position in shared else DOGS
                held.metadata.id = str(UUID(int=base + position))
                held.target_collection = wanted.target_collection
                if cat:
                    held.non_ref_props.fields["name"].text_value = f"c{position}"
                else:
                    held.non_ref_props.fields["weight"].int_value = position + 1
        return reply

    return ScriptedTransport(script)


def names(owner: Owner) -> list[object]:
    return [each.name if isinstance(each, Cat) else each.weight for each in owner.pets]


def test_one_call_a_target() -> None:
    transport = owners(3)
    hits = run(fetch_page(replace(INCLUDED, search=Bm25("x", ()), limit=2), SCOPE, ONCE), transport)
    assert [names(hit.object) for hit in hits] == [["c0", 1], ["c1", 2]]
    first, second = transport.requests("Search")
    assert [each.target_collection for each in first.properties.ref_properties] == ["LinkedCat"]
    assert first.HasField("bm25_search")
    # The second asks for the dogs of what was found, and for nothing else.
    assert [each.target_collection for each in second.properties.ref_properties] == ["LinkedDog"]
    assert not second.HasField("bm25_search")
    assert not second.properties.non_ref_properties
    assert second.metadata == pb.MetadataRequest(uuid=True)
    assert list(second.filters.value_text_array.values) == [str(UUID(int=each)) for each in (0, 1)]
    assert second.limit == 2
    assert second.consistency_level == first.consistency_level != 0


def test_references_beside_each_other_go_together() -> None:
    transport = owners(1)
    both = replace(INCLUDED, inclusions=(as_inclusion(Owner.pets), as_inclusion(Owner.best)))
    (hit,) = run(fetch_page(both, Scope(), ONCE), transport)
    assert names(hit.object) == ["c0", 1]
    assert len(transport.calls) == 2


def test_nothing_found_is_one_call() -> None:
    transport = owners(0)
    assert run(fetch_page(INCLUDED, Scope(), ONCE), transport) == []
    assert len(transport.calls) == 1


def test_a_thousand_objects_in_a_call() -> None:
    transport = owners(1200)
    hits = run(fetch(INCLUDED, Scope(), ONCE), transport)
    assert [names(hit.object) for hit in hits] == [[f"c{each}", each + 1] for each in range(1200)]
    assert [len(each.filters.value_text_array.values) for each in transport.requests("Search")] == [0, 1000, 200]


def test_without_references_to_several_models_it_is_one_call() -> None:
    transport = owners(2)
    run(fetch_page(replace(INCLUDED, inclusions=()), Scope(), ONCE), transport)
    assert len(transport.calls) == 1


@pytest.mark.parametrize("meant", [Cat, Dog])
def test_an_id_that_several_targets_have(meant: type[Cat] | type[Dog]) -> None:
    """The server finds both objects for the one reference; which one is meant, a filter knows."""
    transport = owners(3, shared=frozenset({1, 2}), meant=model_info(meant).collection)
    first, second, third = (hit.object for hit in run(fetch_page(INCLUDED, Scope(), ONCE), transport))
    assert names(first) == ["c0", 1]
    assert [[type(each) for each in owner.pets] for owner in (second, third)] == [[meant], [meant]]
    asked = transport.requests("Search")[2:]
    assert len(asked) == 4  # two ids, each a cat and a dog
    assert [each.collection for each in asked] == ["LinkedOwner"] * 4


TERMINALS: dict[str, Callable[[Statement], Any]] = {
    "all": lambda statement: fetch(statement, Scope(), ONCE),
    "first": lambda statement: fetch_first(statement, Scope(), ONCE),
    "one": lambda statement: fetch_one(replace(statement, limit=1), Scope(), ONCE),
    "get": lambda statement: fetch_by_id(statement, [UUID(int=0)], Scope(), ONCE),
}


@pytest.mark.parametrize("terminal", TERMINALS)
def test_every_terminal(terminal: str) -> None:
    transport = owners(1)
    found = run(TERMINALS[terminal](INCLUDED), transport)
    hit = found if terminal in ("first", "one") else found[0] if terminal == "all" else None
    assert names(found[UUID(int=0)] if hit is None else hit.object) == ["c0", 1]
    assert len(transport.calls) == 2


def test_more_than_one() -> None:
    with pytest.raises(MultipleResultsError):
        run(fetch_one(INCLUDED, Scope(), ONCE), owners(3))


class CatCard(BaseModel):
    name: str


class DogCard(BaseModel):
    weight: int


class Card(BaseModel):
    pets: list[DogCard | CatCard]


def test_projections() -> None:
    transport = owners(1)
    info = model_info(Owner)
    (hit,) = run(fetch_page(Statement(info, projection=project(info, Card)), Scope(), ONCE), transport)
    assert hit.object == Card(pets=[CatCard(name="c0"), DogCard(weight=1)])


def test_pages_of_a_stream() -> None:
    transport = owners(2)
    step = run(next_page(Cursor(INCLUDED, page_size=2, after=None, left=None), None, Scope(), ONCE), transport)
    assert step is not None
    assert [names(hit.object) for hit in step[0]] == [["c0", 1], ["c1", 2]]
    assert len(transport.calls) == 2


def test_objects_in_groups() -> None:
    """An object may be in several groups; its references are complete in each."""
    plain = owners(2)

    def script(call: Any) -> pb.SearchReply:
        reply = plain.script(call)
        assert isinstance(reply, pb.SearchReply)
        if call.request.filters.value_text_array.values:
            return reply
        return pb.SearchReply(
            group_by_results=[pb.GroupByResult(objects=reply.results), pb.GroupByResult(objects=reply.results[:1])]
        )

    def counts(reply: pb.SearchReply) -> list[list[int]]:
        return [
            [sum(len(held.properties) for held in each.properties.ref_props) for each in group.objects]
            for group in reply.group_by_results
        ]

    call = GrpcCall(rpcs.SEARCH, search_request(INCLUDED), counts)
    assert run(searched(call, INCLUDED, Scope(), ONCE), ScriptedTransport(script)) == [[2, 2], [2]]
