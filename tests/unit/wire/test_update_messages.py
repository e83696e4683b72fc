"""Changes of stored objects as requests: what is sent, where to, and whether it may be sent twice."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import BaseModel, Field

from weaviate_orm import (
    InvalidValueError,
    MultiTenancy,
    ObjectNotFoundError,
    Property,
    Reference,
    References,
    TenantError,
    Vector,
    WeaviateModel,
    prop,
    reference,
    references,
    vector,
)
from weaviate_orm.model.changes import remember
from weaviate_orm.query.linking import link_end, link_ends, link_place
from weaviate_orm.query.statement import Scope
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import Patience, RestCall, RestReply
from weaviate_orm.wire.hydrate import compile_hydrate
from weaviate_orm.wire.links import compile_add_links, compile_link, compile_set_links, compile_unlink
from weaviate_orm.wire.updates import (
    baseline,
    changed_fields,
    compile_replace,
    compile_update,
    compile_updated_at,
    compile_upsert,
    snapshot,
)

ONE, TWO, THREE = UUID(int=1), UUID(int=2), UUID(int=3)


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Part(BaseModel):
    name: str
    sizes: list[int] = []


class Maker(WeaviateModel, multi_tenancy=MultiTenancy()):
    name: Property[str]


class Widget(WeaviateModel, multi_tenancy=MultiTenancy()):
    title: Property[str] = prop(name="heading")
    made: Property[datetime | None] = prop(default=None)
    tags: Property[list[str]] = prop(default_factory=list)
    parts: Property[list[Part]] = prop(default_factory=list)
    colours: Annotated[Property[set[Colour]], Field(alias="colors")] = prop(default_factory=set)
    maker: Reference[Maker | None] = reference(name="madeBy")
    others: References[Widget] = references()
    owners: References[Maker | Widget] = references()
    shape: Vector = vector(name="form")
    sound: Vector = vector()


class Plain(WeaviateModel):
    text: Property[str]
    embedding: Vector = vector(unnamed=True)


HERE = Scope(tenant="t", consistency="ONE")
PATH = f"/objects/Widget/{ONE}"


def summary(call: RestCall[Any]) -> tuple[str, str, object, dict[str, str | None]]:
    assert call.patience is Patience.INSERT
    assert call.collection == "Widget"
    return call.method, call.path, call.body, {key: value for key, value in call.query.items() if value is not None}


def test_an_update_merges_and_sets_references_apart() -> None:
    widget = Widget(
        id=ONE,
        title="x",
        made=datetime(2024, 5, 1, tzinfo=UTC),
        parts=[Part(name="a", sizes=[1])],
        maker=TWO,
        owners=[Maker(id=THREE, name="m")],
        shape=[1, 2],
    )
    fields = ["title", "made", "tags", "parts", "maker", "others", "owners", "shape"]
    merge, maker, others, owners = compile_update(widget, fields, HERE)
    assert summary(merge) == (
        "PATCH",
        PATH,
        {
            "class": "Widget",
            "id": str(ONE),
            "properties": {
                "heading": "x",
                "made": "2024-05-01T00:00:00+00:00",
                "tags": [],
                "parts": [{"name": "a", "sizes": [1]}],
            },
            "vectors": {"form": [1.0, 2.0]},
            "tenant": "t",
        },
        {"consistency_level": "ONE"},
    )
    query = {"tenant": "t", "consistency_level": "ONE"}
    to_maker = [{"beacon": f"weaviate://localhost/Maker/{TWO}"}]
    assert summary(maker) == ("PUT", f"{PATH}/references/madeBy", to_maker, query)
    assert summary(others) == ("PUT", f"{PATH}/references/others", [], query)
    to_owner = [{"beacon": f"weaviate://localhost/Maker/{THREE}"}]
    assert summary(owners) == ("PUT", f"{PATH}/references/owners", to_owner, query)
    assert all(each.repeatable for each in (merge, maker, others, owners))


def test_none_is_null_and_nothing_is_no_call() -> None:
    widget = Widget(id=ONE, title="x")
    (call,) = compile_update(widget, ["made"], HERE)
    assert isinstance(call.body, dict)
    assert call.body["properties"] == {"made": None}
    assert compile_update(widget, [], HERE) == []
    (call,) = compile_update(Plain(id=ONE, text="x", embedding=[1]), ["embedding"], Scope())
    assert call.body == {"class": "Plain", "id": str(ONE), "properties": {}, "vector": [1.0]}


def test_replace_and_upsert_send_what_insert_sends() -> None:
    widget = Widget(id=ONE, title="x", maker=TWO, sound=[3])
    call = compile_replace(widget, HERE)
    method, path, body, query = summary(call)
    assert (method, path, query, call.repeatable) == ("PUT", PATH, {"consistency_level": "ONE"}, True)
    assert isinstance(body, dict)
    assert body["properties"]["madeBy"] == [{"beacon": f"weaviate://localhost/Maker/{TWO}"}]
    assert body["vectors"] == {"sound": [3.0]}
    upsert = compile_upsert(widget, HERE)
    assert isinstance(upsert.request, pb.BatchObjectsRequest)
    (sent,) = upsert.request.objects
    assert (sent.uuid, sent.tenant) == (str(ONE), "t")
    assert upsert.read(pb.BatchObjectsReply()) is None
    refused = pb.BatchObjectsReply(errors=[pb.BatchObjectsReply.BatchError(index=0, error="something odd")])
    error = upsert.read(refused)
    assert error is not None
    assert (error.object_id, error.collection) == (ONE, "Widget")


def test_tenants_are_asked_for() -> None:
    widget = Widget(id=ONE, title="x")
    place = link_place(widget, Widget.others, "link()")
    end = link_end(place, TWO, "link()")
    for compiled in (
        lambda: compile_update(widget, ["title"], Scope()),
        lambda: compile_replace(widget, Scope()),
        lambda: compile_upsert(widget, Scope()),
        lambda: compile_link(place, end, Scope()),
        lambda: compile_add_links([(place, end)], Scope()),
    ):
        with pytest.raises(TenantError, match="no tenant is named"):
            compiled()


def test_replies() -> None:
    widget = Widget(id=ONE, title="x")
    calls: list[RestCall[Any]] = [compile_replace(widget, HERE), *compile_update(widget, ["title", "others"], HERE)]
    place = link_place(ONE, Widget.others, "link()")
    calls.append(compile_unlink(place, link_end(place, TWO, "link()"), HERE))
    asked = compile_updated_at(place.info, ONE, HERE)
    assert asked.read(RestReply(200, {"lastUpdateTimeUnix": 5})) == 5
    for call in (*calls, asked):
        assert 404 in call.accept
        with pytest.raises(ObjectNotFoundError, match=f"There is no Widget {ONE}") as missing:
            call.read(RestReply(404, None))
        assert (missing.value.object_id, missing.value.status) == (ONE, 404)
    for call in calls:
        assert {200, 204} <= call.accept
        assert call.read(RestReply(204, None)) is None


def test_links() -> None:
    place = link_place(ONE, Widget.others, "link()")
    ends = link_ends(place, [TWO, Widget(id=THREE, title="x"), (Widget, ONE)], "set_links()")
    assert [(each.collection, each.id) for each in ends] == [("Widget", TWO), ("Widget", THREE), ("Widget", ONE)]
    beacons = [{"beacon": f"weaviate://localhost/Widget/{each}"} for each in (TWO, THREE, ONE)]
    query = {"tenant": "t", "consistency_level": "ONE"}
    path = f"{PATH}/references/others"
    add, remove, replace = (
        compile_link(place, ends[0], HERE),
        compile_unlink(place, ends[0], HERE),
        compile_set_links(place, ends, HERE),
    )
    assert summary(add) == ("POST", path, beacons[0], query)
    assert summary(remove) == ("DELETE", path, beacons[0], query)
    assert summary(replace) == ("PUT", path, beacons, query)
    assert [each.repeatable for each in (add, remove, replace)] == [False, True, True]
    many = compile_add_links(
        [(place, ends[0]), (link_place(TWO, Widget.maker, "x"), link_end(place, ends[1].id, "x"))], HERE
    )
    assert many.body == [
        {"from": f"weaviate://localhost/Widget/{ONE}/others", "to": beacons[0]["beacon"], "tenant": "t"},
        {"from": f"weaviate://localhost/Widget/{TWO}/madeBy", "to": beacons[1]["beacon"], "tenant": "t"},
    ]
    assert not many.repeatable
    failed = {"result": {"status": "FAILED", "errors": {"error": [{"message": "no"}]}}}
    assert many.read(RestReply(200, [{"result": {"status": "SUCCESS"}}, failed])) == {1: "no"}


def row(**texts: str) -> Widget:
    """A widget as it is read, with its references not asked for."""
    result, metadata = pb.PropertiesResult(), pb.MetadataResult(id=str(ONE))
    fields = result.non_ref_props.fields
    for name, text in texts.items():
        fields[name].text_value = text
    fields["tags"].list_value.text_values.values.extend(["a"])
    fields["colours"].list_value.text_values.values.extend(["red", "blue"])
    part = fields["parts"].list_value.object_values.values.add()
    part.fields["name"].text_value = "p"
    widget: Widget = compile_hydrate(link_place(ONE, Widget.others, "x").info, None, (), ())(result, metadata)
    return widget


def test_changes_of_an_object_that_was_read() -> None:
    widget = row(heading="x")
    assert changed_fields(widget) == []
    widget.tags.append("b")
    widget.parts[0].sizes.append(1)
    widget.colours.remove(Colour.RED)
    assert changed_fields(widget) == ["tags", "parts", "colours"]
    widget.tags.remove("b")
    widget.title = "y"
    widget.others = [TWO]
    widget.sound = [1]
    assert changed_fields(widget) == ["title", "parts", "colours", "sound", "others"]
    with pytest.raises(ValueError, match="title"):
        widget.title = 3  # type: ignore[assignment]  # on purpose
    other = row(heading="x")
    with pytest.raises(ValueError, match="title"):
        other.title = 3  # type: ignore[assignment]  # on purpose
    assert changed_fields(other) == []  # what was refused was not assigned


def test_changes_of_an_object_that_was_stored() -> None:
    widget = Widget(id=ONE, title="x", tags=["a"], others=[TWO])
    assert baseline(widget) is None
    with pytest.raises(InvalidValueError, match="neither read nor stored"):
        changed_fields(widget)
    remember(widget, snapshot(widget))
    assert changed_fields(widget) == []
    widget.tags[0] = "b"
    held = vars(widget)["others"]
    held.append(THREE)
    assert changed_fields(widget) == ["tags", "others"]
