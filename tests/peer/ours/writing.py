"""What is written, deleted and listed over gRPC."""

from __future__ import annotations

from typing import Any

from zoo import (
    Address,
    Article,
    Author,
    Company,
    Contact,
    Dimensions,
    Document,
    Everything,
    Legacy,
    Loan,
    Page,
    Part,
    Required,
)

from weaviate_orm import GeoCoordinate, PhoneNumber, WeaviateModel
from weaviate_orm.query.statement import ANYWHERE, Scope
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.objects import batch_message, object_encoder

from .common import ID, MAY, NOON, OTHER, Intent
from .models import Exhibit, Shelf

__all__ = ["BATCHES", "DELETIONS", "TENANTS", "batch"]

_ARTICLE: dict[str, Any] = {"id": ID, "title": "t", "body": "b"}

BATCHES: dict[str, WeaviateModel] = {
    "scalars": Everything(
        id=ID,
        text="Grüße",
        whole=5,
        number=0.5,
        truth=False,
        instant=MAY,
        identity=OTHER,
        place=GeoCoordinate(52.5, -13.25),
        phone=PhoneNumber(input="020 1234567", default_country="NL"),
        blob=b"\x00\xff\x10",
    ),
    "arrays": Everything(
        id=ID,
        texts=["a", ""],
        wholes=[1, 2],
        numbers=[0.5, 1.5],
        truths=[True, False],
        instants=[MAY, NOON],
        identities=[OTHER],
    ),
    "empty arrays": Required.model_construct(
        id=ID,
        texts=[],
        wholes=[],
        numbers=[],
        **dict.fromkeys(
            ["text", "whole", "number", "truth", "instant", "identity", "blob", "truths", "instants", "identities"]
        ),
    ),
    "nested objects": Company(
        id=ID,
        name="C",
        seat=Address(street="S", city="O", contacts=[Contact(kind="mail", value="v")]),
        branches=[Address(street="T", city="R")],
    ),
    "arrays in nested objects": Everything(
        id=ID,
        part=Part(
            name="p",
            names=["a", "b"],
            counts=[1, 2],
            weights=[0.5, 1.5],
            flags=[True, False],
            dates=[MAY],
            serials=[OTHER],
            size=Dimensions(width=1.5, height=2.5, label="l"),
            sizes=[Dimensions(width=0.5, height=1.0)],
        ),
    ),
    "numbers in nested objects": Everything(
        id=ID,
        part=Part(name="p", count=3, weight=0.5, spare=False, made=MAY, serial=OTHER, drawing=b"\x00\xff\x10"),
    ),
    "a named vector": Page(id=ID, title="t", embedding=[1, 2]),
    "vectors": Document(id=ID, title="t", meaning=[1, 2, 3], tokens=[[1, 2], [3, 4]]),
    "the vector without a name": Legacy(id=ID, title="t", embedding=[1, 2]),
    "a reference": Article(**_ARTICLE, author=OTHER),
    "several references": Article(**_ARTICLE, related=[OTHER, ID]),
    "a reference to one of several targets": Shelf(id=ID, name="s", items=[Author(id=OTHER, name="a")]),
    "for a tenant": Loan(id=ID, title="t"),
}

_SCOPES = {"for a tenant": Scope("acme", "ALL")}


def batch(intent: str) -> pb.BatchObjectsRequest:
    """Give the message of one object, which a session sends after looking at the collection."""
    scope, instance = _SCOPES.get(intent, ANYWHERE), BATCHES[intent]
    message = batch_message(scope)
    object_encoder(type(instance)).fill(message.objects.add(), instance, scope.tenant)
    return message


DELETIONS: dict[str, Intent] = {
    "by a condition": lambda s: s.query(Exhibit).where(Exhibit.likes < 5).delete(),
    "dry run": lambda s: s.query(Exhibit).where(Exhibit.likes < 5).delete(dry_run=True),
    "verbose": lambda s: s.query(Exhibit).where(Exhibit.likes < 5).delete(verbose=True),
    "verbose dry run": lambda s: s.query(Exhibit).where(Exhibit.likes < 5).delete(dry_run=True, verbose=True),
    "by ids": lambda s: s.query(Exhibit).where(Exhibit.id.in_([ID, OTHER])).delete(),
    "of a tenant": lambda s: s.tenant("acme").consistency("QUORUM").query(Loan).where(Loan.title == "t").delete(),
}

TENANTS: dict[str, Intent] = {
    "all": lambda s: s.tenants(Loan).list(),
    "by name": lambda s: s.tenants(Loan).get("acme"),
}
