"""References on instances: what may be assigned, what is read, what is serialised.

An instance holds the referenced object, its id, or the reason why there is neither.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import TYPE_CHECKING, TypeGuard, cast
from uuid import UUID

from pydantic import BaseModel, SerializationInfo
from pydantic_core import CoreSchema, core_schema

from weaviate_orm.errors import ReferenceNotLoadedError
from weaviate_orm.model.datatypes import union_members

if TYPE_CHECKING:
    from weaviate_orm.expr.nodes import Link
    from weaviate_orm.model.base import WeaviateModel

__all__ = ["LinkState", "is_list", "link_schema", "linked_ids", "read_many", "read_one", "unset_link"]


class LinkState(Enum):
    """Why an instance has neither an object nor an id."""

    UNSET = "unset"
    NOT_INCLUDED = "not included"

    def __repr__(self) -> str:
        return f"<{self.value}>"


def unset_link() -> LinkState:
    """Give the state of a reference that the constructor got no value for; a factory, so that no JSON schema shows it."""
    return LinkState.UNSET


def _dumped_schema(targets: Sequence[type], *, many: bool) -> dict[str, object]:
    """Give the JSON schema of what is dumped: objects that were loaded, else ids. The targets' own schemas may lead back here."""
    objects: list[dict[str, object]] = [{"type": "object", "title": each.__name__} for each in targets]
    either = [*objects, {"type": "string", "format": "uuid"}]
    return {"type": "array", "items": {"anyOf": either}} if many else {"anyOf": [*either, {"type": "null"}]}


def link_schema(target: object, *, many: bool) -> CoreSchema:
    """Give pydantic's schema for a reference field.

    The target's own schema is not part of it: a reference holds an object that was validated already, an id, or a mapping that the
    target validates.
    """
    _, targets = union_members(target)

    def one(value: object) -> object:
        if value is None or isinstance(value, UUID | LinkState):
            return value
        if isinstance(value, targets):
            return value
        if isinstance(value, str):
            return UUID(value)
        if _is_mapping(value) and len(targets) == 1:
            model: type[BaseModel] = targets[0]
            return model.model_validate(value)
        names = " or ".join(each.__name__ for each in targets)
        # ValueError, because pydantic adds the field's name.
        raise ValueError(f"a reference takes a {names} or an id (UUID), got {type(value).__name__}")

    def several(value: object) -> object:
        if isinstance(value, LinkState):
            return value
        if value is None:
            return []
        if not is_list(value):
            raise ValueError(f"references take a list of objects or ids, got {type(value).__name__}")
        return [one(each) for each in value]

    identity = core_schema.uuid_schema()
    shape: CoreSchema = core_schema.list_schema(identity) if many else core_schema.nullable_schema(identity)
    return core_schema.no_info_plain_validator_function(
        several if many else one,
        json_schema_input_schema=shape,
        serialization=core_schema.plain_serializer_function_ser_schema(
            _dump,
            info_arg=True,
            return_schema=core_schema.any_schema(metadata={"pydantic_js_updates": _dumped_schema(targets, many=many)}),
        ),
    )


# isinstance alone would leave the types of keys and elements unknown.


def _is_mapping(value: object) -> TypeGuard[dict[object, object]]:
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[Iterable[object]]:
    """Tell whether something has several objects in it, and is not one."""
    # A pydantic model is iterable too: over its fields.
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | dict | BaseModel)


_dumping: ContextVar[frozenset[int]] = ContextVar("weaviate_orm_dumping", default=frozenset())


@contextmanager
def _entered(value: BaseModel) -> Generator[bool, None, None]:
    """Mark an object as being dumped; give whether it is not being dumped already, which a cycle of references leads to."""
    seen = _dumping.get()
    if id(value) in seen:
        yield False
        return
    token = _dumping.set(seen | {id(value)})
    try:
        yield True
    finally:
        _dumping.reset(token)


def _dump(value: object, info: SerializationInfo) -> object:
    """Give a loaded object as a mapping, anything else as its id, and a reference that is not there as ``None``."""
    if isinstance(value, list):
        return [_dump(each, info) for each in cast("list[object]", value)]  # isinstance leaves the elements unknown
    if isinstance(value, LinkState) or value is None:
        return None
    if isinstance(value, BaseModel):
        with _entered(value) as first:
            if first:
                return value.model_dump(
                    mode=info.mode,
                    by_alias=info.by_alias,
                    exclude_none=info.exclude_none,
                    exclude_unset=info.exclude_unset,
                    exclude_defaults=info.exclude_defaults,
                )
        value = getattr(value, "id")  # noqa: B009  the field of a class that this module must not import
    return str(value) if info.mode == "json" else value


def _held(instance: WeaviateModel, field: str) -> object:
    return instance.__dict__.get(field, LinkState.UNSET)


def _refusal(instance: WeaviateModel, field: str, held: object, *, many: bool) -> ReferenceNotLoadedError:
    where = f"{type(instance).__name__}.{field}"
    if held is LinkState.NOT_INCLUDED:
        why = f"{where} was not loaded. Ask for it with .include({where})."
    elif isinstance(held, UUID | list):
        why = (
            f"{where} holds ids, not loaded objects. Read it with .include({where}), "
            f"or take the id{'s' if many else ''} with {where}.{'ids_of' if many else 'id_of'}(...)."
        )
    else:
        why = (
            f"{where} refers to nothing. Declare Reference[... | None] when it may be missing, "
            "or check with id_of(...) first."
        )
    return ReferenceNotLoadedError(why, field=where, object_id=instance.__dict__.get("id"))


def read_one(instance: WeaviateModel, field: str, *, optional: bool) -> object:
    """Give the referenced object.

    Raises:
        ReferenceNotLoadedError: the object was not loaded, or there is none and the field is not optional.
    """
    held = _held(instance, field)
    if isinstance(held, BaseModel):
        return held
    if optional and (held is None or held is LinkState.UNSET):
        return None
    raise _refusal(instance, field, held, many=False)


def read_many(instance: WeaviateModel, field: str) -> object:
    """Give the list of referenced objects.

    Raises:
        ReferenceNotLoadedError: some or all of the objects were not loaded.
    """
    held = _held(instance, field)  # a list of objects and ids, or a state
    if is_list(held) and not any(isinstance(each, UUID) for each in held):
        return held
    raise _refusal(instance, field, held, many=True)


def linked_ids(instance: WeaviateModel, link: Link) -> list[UUID]:
    """Give the ids that an instance refers to through a link.

    Raises:
        ReferenceNotLoadedError: the query did not include the reference.
    """
    held = _held(instance, link.field)
    if held is LinkState.NOT_INCLUDED:
        raise _refusal(instance, link.field, held, many=link.many)
    if held is None or held is LinkState.UNSET:
        return []
    several = cast("list[WeaviateModel | UUID]", held if isinstance(held, list) else [held])  # no state
    return [each if isinstance(each, UUID) else each.id for each in several]
