"""What a session knows of the stored object that an instance stands for, so that it can tell what changed since.

It lies in two slots beside the fields. One holds what was stored; when the object was read, that is the raw row it was made of, which
costs nothing: validation made new lists and nested objects of it, so nobody changes it. The other holds the names of the fields that
were assigned since (``WeaviateModel.__setattr__``). A copy, or what comes out of a pickle, has neither.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.model.links import LinkState, is_list

__all__ = [
    "StoredForms",
    "assigned",
    "change_links",
    "keep_links",
    "keep_row",
    "linked_texts",
    "remember",
    "stored",
    "storing",
]

_STORED = "__weaviate_stored__"
_ASSIGNED = "__weaviate_assigned__"

_read = object.__getattribute__  # a model's own __getattr__ would look for near names


class StoredForms(dict[str, object]):
    """What can be changed in place, in plain form by field: properties as JSON has them, references as texts of ids."""


keep_row: Callable[[WeaviateModel, dict[str, Any]], None] = WeaviateModel.__dict__[_STORED].__set__
"""Remember the raw row that an instance was made of, by input key. Runs once a row."""


def keep_links(instance: WeaviateModel, field: str, linked: Sequence[object]) -> None:
    """Remember what references were read with a row."""
    _read(instance, _STORED)[field] = list(linked)


def remember(instance: WeaviateModel, forms: StoredForms) -> None:
    """Remember that an instance is stored as it is."""
    object.__setattr__(instance, _STORED, forms)
    object.__setattr__(instance, _ASSIGNED, set())


def stored(instance: WeaviateModel) -> dict[str, Any] | None:
    """Give what is known of the stored object: ``StoredForms`` or a raw row; ``None`` when nothing is."""
    try:
        found: dict[str, Any] = _read(instance, _STORED)
    except AttributeError:
        return None
    return found


def assigned(instance: WeaviateModel) -> set[str]:
    """Give the fields that were assigned since."""
    try:
        found: set[str] = _read(instance, _ASSIGNED)
    except AttributeError:
        return set()
    return found


@contextmanager
def storing(instance: WeaviateModel, forms: StoredForms, still: set[str] | None = None) -> Generator[None, None, None]:
    """Count an instance as stored while the call is under way, so that what changes meanwhile is noticed; not if the call fails.

    Args:
        instance: what is stored.
        forms: what it holds while that is sent.
        still: assigned fields that are not part of the call.
    """
    before, changed = stored(instance), assigned(instance)
    remember(instance, forms)
    if still:
        assigned(instance).update(still)
    try:
        yield
    except BaseException:
        if before is None:
            _forget(instance)
        else:
            object.__setattr__(instance, _STORED, before)
            assigned(instance).update(changed)
        raise


def _forget(instance: WeaviateModel) -> None:
    for slot in (_STORED, _ASSIGNED):
        with suppress(AttributeError):
            object.__delattr__(instance, slot)


def linked_texts(linked: Sequence[Any]) -> list[str]:
    """Give the ids of objects, ids or texts of ids, as texts."""
    return [str(each.id if isinstance(each, WeaviateModel) else each) for each in linked]


def change_links(
    instance: WeaviateModel,
    field: str,
    *,
    many: bool,
    change: Callable[[list[Any]], list[WeaviateModel | UUID]],
    whatever: bool = False,
) -> None:
    """Let an instance follow a change of its stored references. What was not loaded stays so.

    Args:
        instance: the object that refers.
        field: its reference.
        many: whether that is a list.
        change: from the objects and ids before to those after.
        whatever: the references after do not depend on those before, so that they need not be loaded.
    """
    values = vars(instance)
    held: object = values.get(field)
    if held is LinkState.NOT_INCLUDED and not whatever:
        return
    if not many:
        after = change([] if held is None or isinstance(held, LinkState) else [held])
        values[field] = after[0] if after else None
        return
    values[field] = change([*held] if is_list(held) else [])
    known = stored(instance)
    if known is not None and (whatever or field in known):
        after = change(known.get(field, []))
        known[field] = linked_texts(after) if isinstance(known, StoredForms) else after
