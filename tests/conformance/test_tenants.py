"""Tenants: created, switched, listed and deleted; and the objects of each, which no other sees."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from zoo import created, unique_name

from weaviate_orm import (
    CollectionNotFoundError,
    InvalidQueryError,
    InvalidValueError,
    LoadError,
    MultiTenancy,
    ObjectExistsError,
    ObjectNotFoundError,
    Property,
    Reference,
    Session,
    Tenant,
    TenantError,
    UnsupportedFeatureError,
    Vector,
    WeaviateModel,
    prop,
    reference,
    vector,
)

Create = Callable[..., None]

ONE, TWO, THREE = UUID(int=1), UUID(int=2), UUID(int=3)


class City(WeaviateModel, collection=unique_name("TenantsCity")):
    name: Property[str]


class Note(WeaviateModel, collection=unique_name("Note"), multi_tenancy=MultiTenancy()):
    text: Property[str]
    stars: Property[int] = prop(default=0)
    after: Reference[Note | None] = reference()
    embedding: Vector = vector(dimensions=2)


class Visit(WeaviateModel, collection=unique_name("Visit"), multi_tenancy=MultiTenancy()):
    city: Reference[City] = reference()
    before: Reference[Visit | None] = reference()


class Eager(
    WeaviateModel,
    collection=unique_name("EagerNote"),
    multi_tenancy=MultiTenancy(auto_create=True, auto_activate=True),
):
    text: Property[str]


def note(text: str, id: UUID = ONE, stars: int = 0) -> Note:
    return Note(id=id, text=text, stars=stars, embedding=[1, stars])


def texts(session: Session, tenant: str) -> set[str]:
    return {each.text for each in session.tenant(tenant).query(Note).objects()}


# --- the handle --------------------------------------------------------------------------------------------------------


def test_tenants_are_created_and_listed_by_name(session: Session, create: Create) -> None:
    create(Note)
    tenants = session.tenants(Note)
    assert tenants.list() == []
    tenants.create("globex", "acme", Tenant("Zeta", "INACTIVE"), Tenant("_-9"))
    assert tenants.list() == [
        Tenant("Zeta", "INACTIVE"),
        Tenant("_-9", "ACTIVE"),
        Tenant("acme", "ACTIVE"),
        Tenant("globex", "ACTIVE"),
    ]
    assert tenants.get("Zeta") == Tenant("Zeta", "INACTIVE")
    assert tenants.get("zeta") is None
    assert [tenants.exists(name) for name in ("acme", "Zeta", "zeta")] == [True, True, False]


def test_tenants_that_exist_stay_as_they_are(session: Session, create: Create) -> None:
    create(Note)
    tenants = session.tenants(Note)
    tenants.create("a", Tenant("b", "INACTIVE"))
    session.tenant("a").insert(note("kept"))
    tenants.create("c", "b", Tenant("a", "INACTIVE"))
    assert tenants.list() == [Tenant("a"), Tenant("b", "INACTIVE"), Tenant("c")]
    assert texts(session, "a") == {"kept"}


def test_tenants_named_twice_count_once(session: Session, create: Create) -> None:
    create(Note)
    tenants = session.tenants(Note)
    tenants.create("a", "b", "a", Tenant("a"))
    tenants.deactivate("a", "a")
    assert tenants.list() == [Tenant("a", "INACTIVE"), Tenant("b")]
    tenants.delete("a", "a")
    assert tenants.list() == [Tenant("b")]


def test_tenants_are_switched(session: Session, create: Create) -> None:
    create(Note)
    tenants = session.tenants(Note)
    tenants.create("a", "b", Tenant("c", "INACTIVE"))
    tenants.deactivate("a", "c")
    assert [each.status for each in tenants.list()] == ["INACTIVE", "ACTIVE", "INACTIVE"]
    tenants.activate(*tenants.list())
    assert {each.status for each in tenants.list()} == {"ACTIVE"}


def test_tenants_are_deleted_with_their_objects(session: Session, create: Create) -> None:
    create(Note)
    tenants = session.tenants(Note)
    tenants.create("a", "b", "c")
    for name in "abc":
        session.tenant(name).insert(note(name))
    tenants.deactivate("b")
    tenants.delete("a", "b", "unknown")
    assert tenants.list() == [Tenant("c")]
    tenants.create("a", "b")
    assert [texts(session, name) for name in "abc"] == [set(), set(), {"c"}]


def test_more_tenants_than_one_request_takes(session: Session, create: Create) -> None:
    create(Note)
    tenants = session.tenants(Note)
    names = [f"t{number:03}" for number in range(205)]
    tenants.create(*names)
    assert [each.name for each in tenants.list()] == names
    tenants.deactivate(*names)
    assert {each.status for each in tenants.list()} == {"INACTIVE"}
    tenants.delete(*names[1:])
    assert tenants.list() == [Tenant("t000", "INACTIVE")]


def test_no_names_are_nothing_to_do(session: Session, create: Create) -> None:
    create(Note)
    tenants = session.tenants(Note)
    tenants.create("a")
    tenants.create()
    tenants.deactivate()
    tenants.activate()
    tenants.offload()
    tenants.delete()
    assert tenants.list() == [Tenant("a")]


def test_a_view_of_one_tenant_gives_all_tenants(session: Session, create: Create) -> None:
    create(Note)
    session.tenant("nobody").consistency("ONE").tenants(Note).create("a")
    assert session.tenant("a").tenants(Note).list() == [Tenant("a")]


def test_tenants_of_one_model_are_not_those_of_another(session: Session, create: Create) -> None:
    create(Note, Eager)
    session.tenants(Note).create("a")
    assert session.tenants(Eager).list() == []


@pytest.mark.parametrize("verb", ["activate", "deactivate"])
def test_unknown_tenants_cannot_be_switched(session: Session, create: Create, verb: str) -> None:
    create(Note)
    tenants = session.tenants(Note)
    tenants.create("a", Tenant("b", "INACTIVE"))
    with pytest.raises(TenantError, match=r"no tenant 'nobody'; create it with session\.tenants.*create\('nobody'\)"):
        getattr(tenants, verb)("a", "nobody", "b")
    assert {each.status for each in tenants.list()} == {"ACTIVE" if verb == "activate" else "INACTIVE"}


def test_nowhere_to_offload_to(session: Session, create: Create) -> None:
    create(Note)
    tenants = session.tenants(Note)
    tenants.create("a")
    with pytest.raises(UnsupportedFeatureError, match=r"offload-s3.*deactivate"):
        tenants.offload("a")
    assert tenants.list() == [Tenant("a")]


def test_tenants_of_a_collection_that_is_not_there(session: Session) -> None:
    tenants = session.tenants(Note)
    for call in (
        lambda: tenants.create("a"),
        lambda: tenants.list(),
        lambda: tenants.get("a"),
        lambda: tenants.exists("a"),
        lambda: tenants.delete("a"),
        lambda: tenants.activate("a"),
    ):
        with pytest.raises(CollectionNotFoundError) as refused:
            call()
        assert refused.value.collection == Note.__weaviate_options__.collection


def test_a_collection_that_was_created_without_tenants(session: Session) -> None:
    class Plain(WeaviateModel, collection=unique_name("Plain")):
        text: Property[str]

    class Shared(WeaviateModel, collection=Plain.__weaviate_options__.collection, multi_tenancy=MultiTenancy()):
        text: Property[str]

    with created(session, Plain):
        tenants = session.tenants(Shared)
        for call in (
            lambda: tenants.create("a"),
            lambda: tenants.list(),
            lambda: tenants.exists("a"),
            lambda: tenants.delete("a"),
            lambda: tenants.deactivate("a"),
            lambda: session.tenant("a").exists(Shared, ONE),
        ):
            with pytest.raises(TenantError):
                call()


def test_a_collection_with_tenants_and_a_model_without(session: Session, create: Create) -> None:
    class Plain(WeaviateModel, collection=Note.__weaviate_options__.collection):
        text: Property[str]

    create(Note)
    for call in (
        lambda: session.exists(Plain, ONE),
        lambda: session.get(Plain, ONE),
        lambda: session.count(Plain),
        lambda: session.delete(Plain, ONE),
    ):
        with pytest.raises(TenantError):
            call()


# --- objects -----------------------------------------------------------------------------------------------------------


def test_tenants_keep_their_objects_apart(session: Session, create: Create) -> None:
    create(Note)
    session.tenants(Note).create("a", "b", "empty")
    a, b = session.tenant("a"), session.tenant("b")
    a.insert(note("of a", ONE, 1))
    a.insert_many([note("of a too", TWO, 2)])
    b.insert_many([note("of b too", THREE, 3)])
    assert (a.count(Note), b.count(Note), session.tenant("empty").count(Note)) == (2, 1, 0)
    assert texts(session, "a") == {"of a", "of a too"}
    assert [each.id for each in a.query(Note).where(Note.stars >= 1).order_by(Note.stars.desc()).objects()] == [
        TWO,
        ONE,
    ]
    assert [each.text for each in b.query(Note).near_vector([1, 1], target=Note.embedding).objects()] == ["of b too"]
    assert [each.text for each in b.query(Note).bm25("too").objects()] == ["of b too"]
    assert (a.get(Note, THREE), b.get(Note, ONE)) == (None, None)
    assert (a.exists(Note, ONE), b.exists(Note, ONE)) == (True, False)
    assert b.delete(Note, ONE) is False
    assert a.delete(Note, ONE) is True
    assert (a.count(Note), b.count(Note)) == (1, 1)


def test_one_id_in_two_tenants(session: Session, create: Create) -> None:
    create(Note)
    session.tenants(Note).create("a", "b")
    a, b = session.tenant("a"), session.tenant("b")
    assert a.insert(note("of a")) == b.insert(note("of b")) == ONE
    with pytest.raises(ObjectExistsError):
        a.insert(note("again"))
    b.insert_many([note("of b, replaced")])
    found = [view.get(Note, ONE) for view in (a, b)]
    assert [each.text if each else None for each in found] == ["of a", "of b, replaced"]
    assert a.delete(Note, ONE)
    assert (a.exists(Note, ONE), b.exists(Note, ONE)) == (False, True)


def test_objects_survive_that_their_tenant_is_inactive(session: Session, create: Create) -> None:
    create(Note)
    tenants = session.tenants(Note)
    tenants.create("a")
    a = session.tenant("a")
    a.insert_many([note("first", ONE, 1), note("second", TWO, 2)])
    tenants.deactivate("a")
    tenants.activate("a")
    assert texts(session, "a") == {"first", "second"}
    assert a.query(Note).near_vector([0, 1], target=Note.embedding).limit(1).objects()[0].text == "second"
    a.insert(note("third", THREE))
    assert a.count(Note) == 3


VERBS: dict[str, Callable[[Session], object]] = {
    "insert": lambda view: view.insert(note("x")),
    "get": lambda view: view.get(Note, ONE),
    "get_many": lambda view: view.get_many(Note, [ONE, TWO]),
    "exists": lambda view: view.exists(Note, ONE),
    "delete": lambda view: view.delete(Note, ONE),
    "count": lambda view: view.count(Note),
    "all": lambda view: view.query(Note).all(),
    "first": lambda view: view.query(Note).where(Note.stars > 1).first(),
    "filtered count": lambda view: view.query(Note).where(Note.stars > 1).count(),
    "near_vector": lambda view: view.query(Note).near_vector([1, 0], target=Note.embedding).all(),
    "near_object": lambda view: view.query(Note).near_object(ONE, target=Note.embedding).all(),
    "bm25": lambda view: view.query(Note).bm25("x").all(),
    "hybrid": lambda view: view.query(Note).hybrid("x", vector=[1, 0], target=Note.embedding).all(),
}


@pytest.mark.parametrize("verb", VERBS)
def test_unknown_and_inactive_tenants_refuse(session: Session, create: Create, verb: str) -> None:
    create(Note)
    tenants = session.tenants(Note)
    tenants.create(Tenant("asleep", "INACTIVE"))
    for name, hint in (("nobody", r"create\('nobody'\)"), ("asleep", r"activate\('asleep'\)")):
        with pytest.raises(TenantError, match=hint) as refused:
            VERBS[verb](session.tenant(name))
        assert refused.value.collection == Note.__weaviate_options__.collection
        assert name in refused.value.message
    assert tenants.list() == [Tenant("asleep", "INACTIVE")]


@pytest.mark.parametrize(("name", "hint"), [("nobody", r"create\('nobody'\)"), ("asleep", r"activate\('asleep'\)")])
def test_loading_into_a_tenant_that_takes_nothing(session: Session, create: Create, name: str, hint: str) -> None:
    create(Note)
    session.tenants(Note).create(Tenant("asleep", "INACTIVE"))
    with pytest.raises(LoadError, match=hint) as failed:
        session.tenant(name).insert_many([note("x", ONE), note("y", TWO)])
    report = failed.value.report
    assert (report.stored, [each.index for each in report.failed]) == (0, [0, 1])
    for each, id in zip(report.failed, (ONE, TWO), strict=True):
        assert isinstance(each.error, TenantError)
        assert each.error.object_id == id


def test_what_needs_a_tenant_is_refused_without_one(session: Session, create: Create) -> None:
    create(Note)
    for verb in VERBS.values():
        with pytest.raises(TenantError, match=r"session\.tenant\(name\)"):
            verb(session)


def test_tenants_that_writes_create(session: Session, create: Create) -> None:
    create(Eager)
    tenants = session.tenants(Eager)
    for read in (
        lambda: session.tenant("a").get(Eager, ONE),
        lambda: session.tenant("a").count(Eager),
        lambda: session.tenant("a").exists(Eager, ONE),
    ):
        with pytest.raises(TenantError):
            read()
    assert tenants.list() == []
    session.tenant("a").insert(Eager(text="x"))
    session.tenant("b").insert_many([Eager(text="x"), Eager(text="y")])
    assert tenants.list() == [Tenant("a"), Tenant("b")]
    assert session.tenant("b").count(Eager) == 2


@pytest.mark.parametrize(
    "access",
    [
        lambda view: view.insert(Eager(text="x")),
        lambda view: view.insert_many([Eager(text="x")]),
        lambda view: view.get(Eager, TWO),
        lambda view: view.exists(Eager, TWO),
        lambda view: view.query(Eager).all(),
        lambda view: view.count(Eager),
        lambda view: view.delete(Eager, TWO),
    ],
    ids=["insert", "insert_many", "get", "exists", "query", "count", "delete"],
)
def test_tenants_that_become_active(session: Session, create: Create, access: Callable[[Session], object]) -> None:
    create(Eager)
    tenants = session.tenants(Eager)
    tenants.create("a", Tenant("other", "INACTIVE"))
    session.tenant("a").insert(Eager(id=ONE, text="kept"))
    tenants.deactivate("a")
    access(session.tenant("a"))
    assert tenants.list() == [Tenant("a"), Tenant("other", "INACTIVE")]
    assert session.tenant("a").exists(Eager, ONE)


# --- references --------------------------------------------------------------------------------------------------------


def test_references_stay_in_the_tenant(session: Session, create: Create) -> None:
    create(Note)
    session.tenants(Note).create("a", "b")
    a, b = session.tenant("a"), session.tenant("b")
    a.insert(note("first"))
    a.insert(Note(id=TWO, text="second", after=ONE))
    second = a.get(Note, TWO, include=[Note.after])
    assert second is not None
    assert second.after is not None
    assert second.after.text == "first"
    with pytest.raises(ObjectNotFoundError, match=str(ONE)):
        b.insert(Note(id=TWO, text="second", after=ONE))
    with pytest.raises(LoadError) as failed:
        b.insert_many([Note(id=TWO, text="second", after=ONE)])
    assert failed.value.report.failed[0].error.object_id == ONE


def test_references_to_what_has_no_tenants_are_filtered_through_and_not_included(
    session: Session, create: Create
) -> None:
    create(City, Visit)
    session.tenants(Visit).create("a")
    ghent, ulm = City(name="Ghent"), City(name="Ulm")
    session.insert_many([ghent, ulm])
    a = session.tenant("a")
    a.insert_many([Visit(id=ONE, city=ghent), Visit(id=TWO, city=ulm)])
    assert [each.id for each in a.query(Visit).where(Visit.city.has(City.name == "Ulm")).objects()] == [TWO]
    for ask in (
        lambda: a.query(Visit).include(Visit.city),
        lambda: a.query(Visit).include(Visit.before.include(Visit.city)),
        lambda: a.get(Visit, ONE, include=[Visit.city]),
    ):
        with pytest.raises(InvalidQueryError, match=r"Visit\.city leads from Visit, which has tenants, to City"):
            ask()


# --- before the network ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "a b", "é", "a" * 65, "a/b", "a\n"])
def test_names_that_no_tenant_can_have(session: Session, name: str) -> None:
    tenants = session.tenants(Note)
    for verb in (
        tenants.create,
        tenants.get,
        tenants.exists,
        tenants.delete,
        tenants.activate,
        tenants.deactivate,
        tenants.offload,
    ):
        with pytest.raises(InvalidValueError, match="1 to 64 letters"):
            verb(name)


def test_models_without_tenants_have_no_handle(session: Session) -> None:
    with pytest.raises(TenantError, match=r"City has no tenants.*MultiTenancy\(\)"):
        session.tenants(City)
