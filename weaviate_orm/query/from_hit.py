"""``FromHit``: the mark of a projection's field that is filled from what the server says about a result, not from a property."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

from pydantic import GetCoreSchemaHandler, SerializationInfo
from pydantic_core import CoreSchema, core_schema

from weaviate_orm.errors import InvalidQueryError, ModelDefinitionError, near_names
from weaviate_orm.model.arrays import as_vector
from weaviate_orm.model.datatypes import resolve, union_members
from weaviate_orm.model.info import ModelInfo, VectorInfo

if TYPE_CHECKING:
    import numpy.typing as npt
    from pydantic.fields import FieldInfo

    from weaviate_orm.model.arrays import FloatArray

__all__ = ["HIT_ATTRIBUTES", "FromHit", "Measure", "hit_mark", "measured", "vector_of"]

HIT_ATTRIBUTES: Final[dict[str, tuple[str, str]]] = {
    "id": ("uuid", "UUID"),
    "distance": ("number", "float | None"),
    "certainty": ("number", "float | None"),
    "score": ("number", "float | None"),
    "explain_score": ("text", "str | None"),
    "rerank_score": ("number", "float | None"),
    "is_consistent": ("boolean", "bool | None"),
    "created_at": ("date", "datetime"),
    "updated_at": ("date", "datetime"),
}
"""What the attributes of a hit hold: the data type that the field's annotation must resolve to, and how users write it."""

_ALWAYS = frozenset({"id", "created_at", "updated_at"})
"""What every result has; also all that is known of the objects that references lead to."""


def _is_array(annotation: object) -> bool:
    # By name, because numpy may not be imported yet.
    kind = get_origin(annotation) or annotation
    return getattr(kind, "__module__", None) == "numpy" and getattr(kind, "__name__", None) == "ndarray"


def _schema(source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
    """Give pydantic's schema of a marked field: its own, except for arrays, which pydantic does not know."""
    optional, members = union_members(source)
    if len(members) != 1 or not _is_array(members[0]):
        return handler(source)
    where = handler.field_name or "a vector"

    def check(value: npt.ArrayLike | None) -> FloatArray | None:
        if value is None:
            if optional:
                return None
            raise ValueError(f"{where} takes an array of numbers, got None")  # pydantic adds the field's name
        import numpy as np

        return as_vector(value, multi=np.ndim(value) == 2, where=where)

    def dump(value: FloatArray | None, info: SerializationInfo) -> object:
        return value if value is None or info.mode != "json" else value.tolist()

    return core_schema.no_info_plain_validator_function(
        check,
        json_schema_input_schema=core_schema.nullable_schema(core_schema.list_schema(core_schema.float_schema())),
        serialization=core_schema.plain_serializer_function_ser_schema(
            dump,
            info_arg=True,
            return_schema=core_schema.any_schema(
                metadata={"pydantic_js_updates": {"type": "array", "items": {"type": "number"}}}
            ),
        ),
    )


@dataclass(frozen=True, slots=True)
class FromHit:
    """Marks a projection's field that holds what ``Hit`` says about the result: ``distance: Annotated[float | None, FromHit()]``.

    The field takes the hit's attribute of its own name, or the one named: ``Annotated[float | None, FromHit("score")]``. The name of
    one of the model's vectors gives that vector, as ``npt.NDArray[np.float32] | None``. In a nested class, of what a reference leads to,
    there are the id, the times and the vectors.

    Args:
        name: ``id``, ``distance``, ``certainty``, ``score``, ``explain_score``, ``rerank_score``, ``is_consistent``, ``created_at``,
            ``updated_at``, or the field of a vector; the field's own name when left out.
    """

    name: str | None = None

    # Static, so that the class alone is a mark too.
    __get_pydantic_core_schema__ = staticmethod(_schema)


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """A field of a projection that is filled from the hit.

    Attributes:
        key: the name under which pydantic takes the value.
        attribute: the attribute of ``Hit``.
        optional: whether a missing one is given as ``None``; otherwise it is left out, so that the default applies.
        required: whether there is no default either.
    """

    key: str
    attribute: str
    optional: bool
    required: bool


def hit_mark(field: FieldInfo, name: str) -> str | None:
    """Give what a field takes from the hit, or ``None`` when it is not marked."""
    for each in field.metadata:
        if each is FromHit:
            return name
        if isinstance(each, FromHit):
            return name if each.name is None else each.name
    return None


def measured(info: ModelInfo, field: FieldInfo, where: str, key: str, mark: str, *, linked: bool) -> Measure:
    """Give a field that takes an attribute of the hit.

    Args:
        info: the model of the object.
        field: the field.
        where: for messages: ``Card.distance``.
        key: the name under which pydantic takes the value.
        mark: what ``FromHit`` names.
        linked: whether the object is one that a reference leads to.

    Raises:
        InvalidQueryError: there is no such attribute, or the field's type does not fit it.
    """
    if mark not in HIT_ATTRIBUTES:
        known = [*HIT_ATTRIBUTES, *info.vectors]
        raise InvalidQueryError(
            f"{where}: FromHit({mark!r}) is neither an attribute of a hit nor a vector of {info.name}."
            f"{near_names(mark, known)} There are {', '.join(known)}.",
            field=where,
        )
    if linked and mark not in _ALWAYS:
        raise InvalidQueryError(
            f"{where}: only what a search found has a {mark}. Of the objects that references lead to, the id, created_at, "
            "updated_at and the vectors are known.",
            field=where,
        )
    base, shown = HIT_ATTRIBUTES[mark]
    try:
        data_type = resolve(field.annotation, where)
    except ModelDefinitionError:
        data_type = None
    # A date alone would be a date too, for resolve().
    wrong = data_type is None or data_type.name != base or (base == "date" and data_type.python is not datetime)
    if data_type is None or wrong:
        raise InvalidQueryError(f"{where} takes {mark} of the hit, which is {shown}; declare it so.", field=where)
    if mark not in _ALWAYS and not data_type.optional and field.is_required():
        raise InvalidQueryError(
            f"{where} must allow None (or have a default): not every search gives a {mark}. Declare it as {shown}.",
            field=where,
        )
    return Measure(key, mark, data_type.optional, field.is_required() and not data_type.optional)


def vector_of(info: ModelInfo, field: FieldInfo, where: str, mark: str) -> VectorInfo:
    """Give the vector that a field takes.

    Raises:
        InvalidQueryError: the field's type is no array of float32, or does not allow None.
    """
    optional, members = union_members(field.annotation)
    array = members[0]
    if len(members) != 1 or not _is_array(array) or not _holds_float32(array):
        raise InvalidQueryError(
            f"{where} takes the vector {info.name}.{mark}; declare it as npt.NDArray[np.float32] | None.", field=where
        )
    if not optional and field.is_required():
        raise InvalidQueryError(
            f"{where} must allow None (or have a default), because an object may have no {mark}.", field=where
        )
    return info.vectors[mark]


def _holds_float32(array: object) -> bool:
    import numpy as np

    arguments = get_args(array)
    held = get_args(arguments[1]) if len(arguments) == 2 else ()
    if not held or held[0] is Any or not isinstance(held[0], type):
        return True  # of no particular type
    return issubclass(np.float32, held[0])
