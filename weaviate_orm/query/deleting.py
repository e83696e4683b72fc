"""Deleting by conditions: what a query must be for it, and the report."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.query.statement import Statement

__all__ = ["DeleteReport", "DeletedObject", "check_deletion"]


@dataclass(frozen=True, slots=True)
class DeletedObject:
    """What became of one object.

    Attributes:
        id: the object's.
        successful: whether it was deleted, or in a dry run would be.
        error: why it was not, in the server's words; ``None`` otherwise.
    """

    id: UUID
    successful: bool
    error: str | None


@dataclass(frozen=True, slots=True)
class DeleteReport:
    """What became of the objects that fulfilled the conditions.

    Attributes:
        matches: how many there were. More than the other two together when so many failed that the rest was not tried.
        successful: how many were deleted, or in a dry run would be.
        failed: how many are still there because the server could not delete them.
        objects: those that failed; with ``verbose=True`` all, of a dry run the first 10,000.
        dry_run: whether nothing was deleted.
    """

    matches: int = 0
    successful: int = 0
    failed: int = 0
    objects: tuple[DeletedObject, ...] = ()
    dry_run: bool = False

    def __str__(self) -> str:
        done = "would be deleted" if self.dry_run else "deleted"
        text = f"{self.successful} of {self.matches} {done}, {self.failed} failed"
        first = next((each for each in self.objects if not each.successful), None)
        return text if first is None else f"{text}; first failure: {first.id}: {first.error}"


def check_deletion(statement: Statement) -> None:
    """Refuse to delete what the conditions alone do not say.

    Raises:
        InvalidQueryError: there is no condition, or a step that chooses among what fulfils it.
    """
    name = statement.info.name
    if statement.condition is None:
        raise InvalidQueryError(
            f"delete() deletes what where() says, and this query of {name} has no conditions. To empty the collection, drop and create it: "
            f"session.schema.drop({name}); session.schema.create({name})."
        )
    steps = {
        "a search": statement.search is not None,
        "limit()": statement.limit is not None,
        "offset()": bool(statement.offset),
        "order_by()": bool(statement.order),
        "auto_limit()": statement.auto_limit is not None,
        "rerank()": statement.rerank is not None,
        "boost()": statement.boost is not None,
        "diversify()": statement.diversity is not None,
        "group_by()": statement.grouping is not None,
        "generate()": statement.generation is not None,
    }
    for step, there in steps.items():
        if there:
            raise InvalidQueryError(
                f"delete() deletes everything that fulfils the conditions, so it does not go with {step}. Leave it out; or fetch the "
                f"objects first and delete them by id: session.query({name}).where({name}.id.in_([...])).delete()."
            )
