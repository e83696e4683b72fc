"""A filter as the engine keeps it while it answers one request, and how it is read from the message.

``read_filters`` finds the data type that each operand is compared as and turns operands into it; ``rules.py`` then says what
may be asked of a property, and ``filtering.py`` answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from weaviate_orm.local.filters.operands import GeoRange, Operand, Several, read_number, whole
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import CollectionSchema, PropertySchema
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.local.storage.database import Database

__all__ = [
    "CONTAINS",
    "ID_NAMES",
    "JOINING",
    "NESTED",
    "TIME_NAMES",
    "Clause",
    "Operator",
    "Step",
    "length_subject",
    "property_named",
    "read_filters",
    "schema_named",
]


class Operator(IntEnum):
    """What a filter does; numbers and ``label`` are those of the server's error texts."""

    EQUAL = 1
    NOT_EQUAL = 2
    GREATER_THAN = 3
    GREATER_THAN_EQUAL = 4
    LESS_THAN = 5
    LESS_THAN_EQUAL = 6
    AND = 7
    OR = 8
    WITHIN_GEO_RANGE = 9
    LIKE = 10
    IS_NULL = 11
    CONTAINS_ANY = 12
    CONTAINS_ALL = 13
    CONTAINS_NONE = 14
    NOT = 15

    @property
    def label(self) -> str:
        """The name in JSON: ``"GreaterThanEqual"``."""
        return "".join(part.capitalize() for part in self.name.split("_"))


JOINING: Final = frozenset({Operator.AND, Operator.OR, Operator.NOT})
CONTAINS: Final = frozenset({Operator.CONTAINS_ANY, Operator.CONTAINS_ALL, Operator.CONTAINS_NONE})

ID_NAMES: Final = ("_id", "id")
TIME_NAMES: Final = ("_creationTimeUnix", "_lastUpdateTimeUnix")
NESTED: Final = ("object", "object[]")


@dataclass(frozen=True, slots=True)
class Step:
    """A property of a collection, on the way along references."""

    collection: str
    property: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One node of a filter.

    Attributes:
        operator: what is asked.
        path: references to follow, then the property; empty of a node that joins others.
        type: the data type that the operand is compared as.
        operand: what the property is compared with; ``None`` of a node that joins others.
        operands: what a node joins; ``None`` of all others.
    """

    operator: Operator
    path: tuple[Step, ...] = ()
    type: str = ""
    operand: Operand | None = None
    operands: tuple[Clause, ...] | None = None


def schema_named(database: Database, name: str) -> CollectionSchema:
    """Give the schema of a collection that a path names.

    Raises:
        Refused: there is none of exactly this name.
    """
    found = database.collections.get(name)
    if found is None:
        raise Refused(f"could not find class {name} in schema")
    return found.schema


def property_named(schema: CollectionSchema, name: str) -> PropertySchema:
    """Give the property that a path names; of a nested one the property it is in.

    Raises:
        Refused: there is none.
    """
    found = schema.properties.get(name.partition(".")[0])
    if found is None:
        raise Refused(
            f"no such prop with name '{name}' found in class '{schema.name}' in the schema. "
            "Check your schema files for which properties in this class are available"
        )
    return found


def length_subject(name: str) -> str | None:
    """Give what stands in ``len(...)``; ``None`` for a plain name."""
    return name[4:-1] if len(name) > 4 and name.startswith("len(") and name.endswith(")") else None


def read_filters(database: Database, collection: str, filters: pb.Filters) -> Clause:
    """Read a filter message about a collection.

    Raises:
        Refused: an operator, target or value that is none; an unknown name; a number that does not fit the property.
    """
    try:
        name = pb.Filters.Operator.Name(filters.operator)
    except ValueError:  # of a newer client
        name = str(filters.operator)
    operator = Operator.__members__.get(name.removeprefix("OPERATOR_"))
    if operator is not None and operator in JOINING:
        return Clause(operator, operands=tuple(read_filters(database, collection, each) for each in filters.filters))
    target = filters.target if filters.HasField("target") else None
    if target is None and len(filters.on) % 2 != 1:
        raise Refused(
            "paths needs to have a uneven number of components: property, class, property, ...., "
            f"got [{' '.join(filters.on)}]"
        )
    if operator is None:
        raise Refused(f"unknown filter operator {name}")
    if target is None:
        path = _old_path(collection, filters.on)
        kind = _old_type(database, collection, filters.on, operator)
    else:
        path, kind = _follow(database, collection, target, operator)
    if kind == "uuid":
        kind = "text"
    return Clause(operator, path, kind, _converted(kind, operator, _operand(filters)))


def _old_path(collection: str, on: Sequence[str]) -> tuple[Step, ...]:
    collections = (collection, *on[1::2])
    return tuple(Step(*pair) for pair in zip(collections, on[::2], strict=True))


def _old_type(database: Database, collection: str, on: Sequence[str], operator: Operator) -> str:
    if len(on) == 1:
        return _type_of(database, collection, on[0], operator)
    name = on[-1]
    if name == "_id" or name in TIME_NAMES or operator is Operator.IS_NULL or length_subject(name) is not None:
        return _type_of(database, on[-2], name, operator)
    property = property_named(schema_named(database, on[-2]), name)
    return property.targets[0] if property.is_reference else property.element  # references cannot be counted there


def _type_of(database: Database, collection: str, name: str, operator: Operator) -> str:
    """Give the data type of an operand for a property."""
    if name == "_id":
        return "text"
    if name in TIME_NAMES:
        return "date"
    if operator is Operator.IS_NULL:
        return "boolean"
    if length_subject(name) is not None:
        return "int"
    property = property_named(schema_named(database, collection), name)
    return "int" if property.is_reference else property.element  # references are counted


def _follow(
    database: Database, collection: str, target: pb.FilterTarget, operator: Operator
) -> tuple[tuple[Step, ...], str]:
    schema = schema_named(database, collection)
    match target.WhichOneof("target"):
        case "property":
            return (Step(collection, target.property),), _type_of(database, collection, target.property, operator)
        case "count":
            return (Step(collection, _lower_first(target.count.on)),), "int"
        case "single_target":
            name = _lower_first(target.single_target.on)
            property = property_named(schema, name)
            types = property.targets or (property.data_type,)
            if len(types) != 1:
                raise Refused(f"expected reference property with a single target, got [{' '.join(types)}] for {name} ")
            path, kind = _follow(database, types[0], target.single_target.target, operator)
            return (Step(collection, name), *path), kind
        case "multi_target":
            several = target.multi_target
            path, kind = _follow(database, several.target_collection, several.target, operator)
            return (Step(collection, _lower_first(several.on)), *path), kind
        case _:
            raise Refused("unknown target type ")


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]


_VALUES: Final[dict[str, Callable[[pb.Filters], Operand]]] = {
    "value_text": lambda filters: filters.value_text,
    "value_int": lambda filters: filters.value_int,
    "value_boolean": lambda filters: filters.value_boolean,
    "value_number": lambda filters: filters.value_number,
    "value_text_array": lambda filters: Several("string", tuple(filters.value_text_array.values)),
    "value_int_array": lambda filters: Several("int", tuple(filters.value_int_array.values)),
    "value_boolean_array": lambda filters: Several("bool", tuple(filters.value_boolean_array.values)),
    "value_number_array": lambda filters: Several("float64", tuple(filters.value_number_array.values)),
    "value_geo": lambda filters: GeoRange(
        filters.value_geo.latitude, filters.value_geo.longitude, filters.value_geo.distance
    ),
}


def _operand(filters: pb.Filters) -> Operand:
    field = filters.WhichOneof("test_value")
    if field is None:
        raise Refused("unknown value type <nil>")
    return _VALUES[field](filters)


def _converted(kind: str, operator: Operator, operand: Operand) -> Operand:
    """Turn numbers of one kind, and texts of numbers, into the kind of the property; all else is judged later."""
    if kind not in ("int", "number") or isinstance(operand, bool | GeoRange):
        return operand
    if isinstance(operand, Several):
        if operator in CONTAINS:
            return _converted_list(kind, operand)
        return operand
    if kind == "number":
        wanted = "a number value, but could not parse string '{}' as float"
        return read_number(operand, wanted) if isinstance(operand, str) else float(operand)
    if isinstance(operand, str):
        operand = read_number(operand, "an integer value, but could not parse string '{}' as int")
    return whole(operand) if isinstance(operand, float) else operand


def _converted_list(kind: str, operand: Several) -> Several:
    values: tuple[Any, ...] = operand.values  # of the one kind that is checked
    if kind == "number" and operand.kind == "int":
        return Several("float64", tuple(float(each) for each in values))
    if kind == "int" and operand.kind == "float64":
        return Several("int", tuple(whole(each) for each in values))
    return operand
