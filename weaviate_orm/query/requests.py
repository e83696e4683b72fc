"""Arguments of the sessions' verbs, checked and turned into what the flows take. Both colours of session share them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeVar
from uuid import UUID

from weaviate_orm.errors import InvalidValueError, LoadError
from weaviate_orm.expr.nodes import Inclusion
from weaviate_orm.model.attributes import Reference, References, as_inclusion
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.model.info import model_info
from weaviate_orm.query.checks import check_inclusion, checked_id, merged
from weaviate_orm.query.results import LoadReport
from weaviate_orm.query.statement import Statement

__all__ = ["by_id_statement", "checked_report", "deleted_object", "stored_object"]

M = TypeVar("M", bound=WeaviateModel)


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


def checked_report(report: LoadReport[M], on_failure: Literal["raise", "report"]) -> LoadReport[M]:
    """Give the report, or raise it.

    Raises:
        LoadError: objects failed, and the caller does not want to look at the report.
    """
    if report.failed and on_failure == "raise":
        raise LoadError(
            f"{len(report.failed)} of {report.stored + len(report.failed)} objects were not stored; object "
            f"{report.failed[0].index}: {report.failed[0].error} All are in .report.failed.",
            report=report,
        )
    return report
