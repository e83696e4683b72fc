"""Arguments of the sessions' verbs, checked and turned into what the flows take. Both colours of session share them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias, TypeVar
from uuid import UUID

from weaviate_orm.errors import InvalidValueError, LoadError
from weaviate_orm.expr.nodes import Inclusion, PropertySubject
from weaviate_orm.expr.operators import Expression
from weaviate_orm.model.attributes import MultiVector, Reference, References, Vector, as_inclusion
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.model.info import model_info
from weaviate_orm.query.checks import check_inclusion, checked_id, merged
from weaviate_orm.query.results import LoadReport
from weaviate_orm.query.statement import Statement

__all__ = [
    "Updated",
    "by_id_statement",
    "checked_moment",
    "checked_report",
    "deleted_object",
    "stored_object",
    "updated_fields",
]

M = TypeVar("M")  # of a report: what was given

# Of values, and to objects, of any type.
Updated: TypeAlias = Expression[Any] | Reference[Any] | References[Any] | Vector | MultiVector
"""What names a field that can be updated: an expression of the model."""


def stored_object(instance: WeaviateModel) -> WeaviateModel:
    """Give the object to store.

    Raises:
        InvalidValueError: no instance of a model.
    """
    if not isinstance(instance, WeaviateModel):
        raise InvalidValueError(f"Expected an instance of a model, got {type(instance).__name__}: {instance!r:.80}")
    return instance


def deleted_object(
    what: WeaviateModel | type[WeaviateModel], object_id: UUID | None
) -> tuple[type[WeaviateModel], UUID]:
    """Give model and id of an object to delete.

    Raises:
        InvalidValueError: neither an object, nor a model and an id.
    """
    if isinstance(what, type):
        return what, checked_id(object_id, f"delete({what.__name__}, id)")
    instance = stored_object(what)
    return type(instance), instance.id


def updated_fields(instance: WeaviateModel, fields: Sequence[Updated] | None) -> list[str] | None:
    """Give the names of the fields to update; ``None`` is what changed.

    Raises:
        InvalidValueError: something else than a stored field of the object's model, or the id.
    """
    if fields is None:
        return None
    given: object = fields
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise InvalidValueError(f"update(fields=) takes a list of fields of the model, got {given!r:.80}.")
    info = model_info(type(stored_object(instance)))
    names: list[str] = []
    for each in fields:
        owner, field = _named(each)
        if not isinstance(instance, owner) or field not in {*info.properties, *info.vectors, *info.references}:
            raise InvalidValueError(f"update(): {owner.__name__}.{field} is not a field of {info.name}.")
        names.append(field)
    return list(dict.fromkeys(names))


def _named(value: object) -> tuple[type[object], str]:
    if isinstance(value, Vector | MultiVector):
        return value._owner, value._field
    if isinstance(value, Reference | References):
        link = value._link
        return link.owner, link.field
    subject = value._subject if isinstance(value, Expression) else None
    if not isinstance(subject, PropertySubject):
        raise InvalidValueError(
            f"update(fields=) takes properties, vectors and references of the model, such as Article.title, got {value!r:.80}."
        )
    return subject.attribute.owner, subject.attribute.field


def checked_moment(moment: datetime | None) -> datetime | None:
    """Give the moment since which a stored object must be unchanged.

    Raises:
        InvalidValueError: no datetime, or one without a time zone.
    """
    if moment is not None and (not isinstance(moment, datetime) or moment.utcoffset() is None):
        raise InvalidValueError(
            f"update(unchanged_since=) takes a datetime with a time zone, such as hit.updated_at, got {moment!r:.80}."
        )
    return moment


def by_id_statement(
    model: type[WeaviateModel],
    include: Sequence[Reference[Any] | References[Any] | Inclusion],  # to any model
    *,
    with_vectors: bool,
) -> Statement:
    """Give the statement that fetches objects by id, still without the ids."""
    info = model_info(model)
    inclusions = merged(as_inclusion(each) for each in include)
    for each in inclusions:
        check_inclusion(info, each)
    return Statement(info, inclusions=inclusions, vectors=tuple(info.vectors.values()) if with_vectors else ())


def checked_report(
    report: LoadReport[M], on_failure: Literal["raise", "report"], what: Literal["object", "reference"] = "object"
) -> LoadReport[M]:
    """Give the report, or raise it.

    Raises:
        LoadError: objects failed, or listeners of stored ones did, and the caller does not want to look at the report.
    """
    if report.failed and on_failure == "raise":
        raise LoadError(
            f"{len(report.failed)} of {report.stored + len(report.failed)} {what}s were not stored; {what} "
            f"{report.failed[0].index}: {report.failed[0].error} All are in .report.failed.",
            report=report,
        )
    if report.listener_failures and on_failure == "raise":
        first = report.listener_failures[0]
        raise LoadError(
            f"All {report.stored} {what}s were stored, but after that listeners of AfterInsert raised for "
            f"{len(report.listener_failures)} of them; {what} {first.index}: {type(first.error).__name__}: {first.error} "
            "All are in .report.listener_failures.",
            report=report,
        ) from first.error
    return report
