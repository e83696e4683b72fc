"""What is computed over the values of one property: counts, sums, middles, modes, top texts, as the server computes them.

Values come from columns, for the rows of one group or of everything; the result is the part of the reply about the property.
The kind of a part follows the data type in the schema, whatever kind the request named.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from weaviate_orm.local.aggregation.values import AggregatedValues, DateValues, text_of_instant
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import CollectionSchema, PropertySchema
from weaviate_orm.local.storage.arrays import PackedTexts
from weaviate_orm.wire import _pb as pb

__all__ = ["Asked", "asked_metrics", "declared_type", "kind_of", "measure", "no_such_property"]

Part: TypeAlias = pb.AggregateReply.Aggregations.Aggregation

_DEFAULT_TOP: Final = 5
_KINDS: Final[Mapping[str, str]] = {
    "int": "number",
    "number": "number",
    "boolean": "boolean",
    "text": "text",
    "date": "date",
    "reference": "reference",
}
_NEVER: Final = ("geoCoordinates", "phoneNumber")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request wants to know of one property.

    Attributes:
        property: its name.
        metrics: names as in the messages: ``"count"``, ``"mean"``, ``"pointing_to"``, ...; ``"type"`` among them.
        top: how many of the most frequent texts.
    """

    property: str
    metrics: frozenset[str]
    top: int = _DEFAULT_TOP


def asked_metrics(aggregation: pb.AggregateRequest.Aggregation) -> Asked:
    """Read one part of a request. Without a kind it asks for nothing, but what text and boolean always give."""
    kind = aggregation.WhichOneof("aggregation")
    if kind is None:
        return Asked(aggregation.property, frozenset())
    if kind == "text" and aggregation.text.top_occurences and aggregation.text.HasField("top_occurences_limit"):
        top = aggregation.text.top_occurences_limit
    else:
        top = _DEFAULT_TOP
    flags = {
        "int": aggregation.int,
        "number": aggregation.number,
        "text": aggregation.text,
        "boolean": aggregation.boolean,
        "date": aggregation.date,
        "reference": aggregation.reference,
    }[kind]
    return Asked(aggregation.property, frozenset(field.name for field, _ in flags.ListFields()), top)


def no_such_property(schema: CollectionSchema, name: str) -> Refused:
    """Give what the server says to a name that the collection does not have."""
    return Refused(
        f"no such prop with name '{name}' found in class '{schema.name}' in the schema. "
        "Check your schema files for which properties in this class are available"
    )


def kind_of(schema: CollectionSchema, name: str) -> str:
    """Give how a property is aggregated: ``"number"``, ``"boolean"``, ``"text"``, ``"date"`` or ``"reference"``.

    Raises:
        Refused: there is no such property, or its type has no aggregation.
    """
    found = schema.properties.get(name)
    if found is None:
        raise no_such_property(schema, name).prefixed(f"property {name}: ")
    kind = _KINDS.get(found.element)
    if kind is not None:
        return kind
    if found.data_type in _NEVER:
        raise Refused(f"dataType {found.data_type} can't be aggregated")
    raise Refused(f"unrecoginzed dataType {found.data_type}")  # the server's spelling


def declared_type(found: PropertySchema) -> str:
    """Give the name of a property's type in replies."""
    return "cref" if found.is_reference else found.data_type


def measure(found: PropertySchema, values: AggregatedValues, asked: Asked, data_type: str) -> Part:
    """Compute what was asked over values.

    Args:
        found: the property.
        values: of the kind that fits it.
        asked: which metrics.
        data_type: name of the type if it was asked for, else ``""``.
    """
    part = Part(property=found.name)
    match _KINDS[found.element]:
        case "number" if found.element == "int":
            _measure_integers(part, values.numbers(), asked, data_type)
        case "number":
            _measure_numbers(part, values.numbers(), asked, data_type)
        case "boolean":
            _measure_booleans(part, values.numbers(), data_type)
        case "text":
            _measure_texts(part, values.texts(), asked.top, data_type)
        case "date":
            _measure_dates(part, values.dates(), asked, data_type)
        case _:
            _measure_references(part, found, values, data_type)
    return part


def _statistics(values: npt.NDArray[np.float64], wanted: frozenset[str]) -> dict[str, float]:
    """Compute the wanted metrics of numbers; of none there is only the count."""
    if not len(values):
        return {"count": 0.0} if "count" in wanted else {}
    found: dict[str, float] = {
        "count": float(len(values)),
        "minimum": float(values.min()),
        "maximum": float(values.max()),
    }
    if wanted & {"sum", "mean"}:
        # one after the other as the server adds them: numpy's own sum rounds differently
        found["sum"] = float(np.cumsum(values)[-1]) + 0.0  # from 0, so that -0 cannot come out
        found["mean"] = found["sum"] / len(values)
    if "median" in wanted:
        found["median"] = _middle(values)
    if "mode" in wanted:
        distinct, counts = np.unique(values, return_counts=True)
        found["mode"] = float(distinct[np.argmax(counts)])  # the smallest of the most frequent
    return {name: value for name, value in found.items() if name in wanted}


def _middle(values: npt.NDArray[np.float64]) -> float:
    half = len(values) // 2
    if len(values) % 2:
        return float(np.partition(values, half)[half])
    ordered = np.partition(values, [half - 1, half])
    low, high = float(ordered[half - 1]), float(ordered[half])
    return low if low == high else (low + high) / 2


def _measure_integers(part: Part, values: npt.NDArray[np.float64], asked: Asked, data_type: str) -> None:
    part.int.SetInParent()
    found = _statistics(values, asked.metrics)
    if not found:
        return  # the server leaves even the type out
    part.int.type = data_type
    for name, value in found.items():
        setattr(part.int, name, value if name in ("mean", "median") else _as_int64(value))


def _measure_numbers(part: Part, values: npt.NDArray[np.float64], asked: Asked, data_type: str) -> None:
    part.number.SetInParent()
    found = _statistics(values, asked.metrics)
    if not found:
        return
    part.number.type = data_type
    for name, value in found.items():
        setattr(part.number, name, int(value) if name == "count" else value)


def _as_int64(value: float) -> int:
    """Cut off the fraction as the server's processor does: what does not fit becomes the smallest number."""
    return int(value) if -(2.0**63) <= value < 2.0**63 else -(2**63)


def _measure_booleans(part: Part, values: npt.NDArray[np.float64], data_type: str) -> None:
    """Everything about booleans is always given; shares of nothing are NaN."""
    count = len(values)
    true = int(np.count_nonzero(values))
    nothing = float("nan")
    part.boolean.count = count
    part.boolean.type = data_type
    part.boolean.total_true = true
    part.boolean.total_false = count - true
    part.boolean.percentage_true = true / count if count else nothing
    part.boolean.percentage_false = (count - true) / count if count else nothing


def _measure_texts(part: Part, values: Iterable[bytes], top: int, data_type: str) -> None:
    """Count and most frequent texts are always given."""
    counts = Counter(values)
    part.text.count = counts.total()
    part.text.type = data_type
    for value, occurs in most_frequent(counts, top):
        part.text.top_occurences.items.add(value=PackedTexts.decoded(value), occurs=occurs)


def most_frequent(counts: Mapping[bytes, int], top: int) -> list[tuple[bytes, int]]:
    """Give the most frequent texts, as UTF-8, with their counts; of equally frequent ones the smaller first.

    A limit of 0 gives none. (The server gives none or one then, as its map happens to be ordered.)
    """
    if not top or not counts:
        return []
    least = heapq.nlargest(top, counts.values())[-1]
    above = sorted(
        ((value, count) for value, count in counts.items() if count > least), key=lambda entry: (-entry[1], entry[0])
    )
    ties = heapq.nsmallest(top - len(above), (value for value, count in counts.items() if count == least))
    return above + [(value, least) for value in ties]


def _measure_dates(part: Part, values: DateValues, asked: Asked, data_type: str) -> None:
    part.date.SetInParent()
    wanted = asked.metrics & {"count", "minimum", "maximum", "mode", "median"}
    count = len(values)
    if not wanted or (not count and "count" not in wanted):
        return
    part.date.type = data_type
    if "count" in wanted:
        part.date.count = count
    if not count:
        return
    if "minimum" in wanted:
        part.date.minimum = values.text(int(np.argmin(values.instants)))
    if "maximum" in wanted:
        part.date.maximum = values.text(int(np.argmax(values.instants)))
    if "median" in wanted:
        part.date.median = _middle_date(values)
    if "mode" in wanted:
        part.date.mode = _most_frequent_date(values)


def _middle_date(values: DateValues) -> str:
    order = np.argsort(values.instants, kind="stable")
    half = len(order) // 2
    upper = int(order[half])
    if len(order) % 2:
        return values.text(upper)
    lower = int(order[half - 1])
    low, high = int(values.instants[lower]), int(values.instants[upper])
    if low == high and values.text(lower) == values.text(upper):
        return values.text(lower)
    return text_of_instant(low + (high - low) // 2)


def _most_frequent_date(values: DateValues) -> str:
    """Give the most frequent text: the same instant in two time zones counts as two values.

    Texts are looked at instant by instant, the most frequent first, until no other instant can have more of one text.
    """
    _, inverse, counts = np.unique(values.instants, return_inverse=True, return_counts=True)
    by_instant = np.argsort(inverse, kind="stable")
    ends = np.cumsum(counts)
    best, most = "", 0
    for instant in np.argsort(-counts, kind="stable").tolist():
        if counts[instant] <= most:
            break
        members = by_instant[ends[instant] - counts[instant] : ends[instant]]
        ((text, count),) = Counter(map(values.text, members.tolist())).most_common(1)
        if count > most:
            best, most = text, count
    return best


def _measure_references(part: Part, found: PropertySchema, values: AggregatedValues, data_type: str) -> None:
    """Give the collections if the type is asked for, else the beacons, each once."""
    beacons = values.beacons()
    part.reference.type = data_type
    part.reference.pointing_to.extend(found.targets if data_type else dict.fromkeys(beacons))
