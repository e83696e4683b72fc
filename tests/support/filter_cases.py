"""Conditions with what each means: a table that judges whatever answers queries, and a strategy for what no table thinks of.

A case is a condition and a plain Python predicate over the objects that were written. The predicates know the rules of the server (missing
values, tokens, empty lists) and nothing of this library's expressions.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

from hypothesis import strategies as st
from specimens import CODES, HABITATS, MOMENTS, SPECIMENS, Habitat, Region, Specimen

from weaviate_orm import Condition, GeoCoordinate, Quantity, all_of, any_of

__all__ = ["CASES", "Case", "conditions"]

Predicate: TypeAlias = Callable[[Specimen], bool]


@dataclass(frozen=True, slots=True)
class Case:
    """A condition, and whether a written object fulfils it."""

    name: str
    condition: Condition | None
    holds: Predicate


# What the server's filters mean, in plain Python.

Tokens: TypeAlias = Callable[[str], list[str]]


def _word(text: str) -> list[str]:
    return [each.lower() for each in re.findall(r"[^\W_]+", text)]


def _trigram(text: str) -> list[str]:
    letters = "".join(_word(text))
    return [letters[start : start + 3] for start in range(len(letters) - 2)]


TOKENS: dict[str, Tokens] = {
    "words": _word,
    "notes": _word,
    "lower": lambda text: text.lower().split(),
    "spaced": str.split,
    "whole_text": lambda text: [text.strip()],
    "names": lambda text: [text.strip()],
    "grams": _trigram,
}


def _values(value: Any) -> list[Any]:  # of a property of any type
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _tokens(field: str, value: str | Sequence[str] | None) -> list[str]:
    return [token for each in _values(value) for token in TOKENS[field](each)]


def _equals(field: str, operand: Any, specimen: Specimen) -> bool:
    """One of the values equals the operand; of texts every token of the operand is among the value's."""
    value = getattr(specimen, field)
    if field in TOKENS:
        return set(TOKENS[field](operand)) <= set(_tokens(field, value)) and value is not None
    return operand in _values(value)


def _compares(field: str, compare: Callable[[Any, Any], Any], operand: Any, specimen: Specimen) -> bool:
    value = getattr(specimen, field)
    if field in TOKENS:
        return any(compare(token.encode(), operand.encode()) for token in _tokens(field, value))
    return any(compare(each, operand) for each in _values(value))


def _like(field: str, pattern: str, specimen: Specimen) -> bool:
    found = re.compile(pattern.replace("*", ".*").replace("?", "."), re.DOTALL)
    return any(found.fullmatch(token) for token in _tokens(field, getattr(specimen, field)))


def _null(field: str, specimen: Specimen) -> bool:
    return getattr(specimen, field) in (None, "", [])


def _has_length(field: str, compare: Callable[[Any, Any], Any], wanted: int, specimen: Specimen) -> bool:
    return bool(compare(len(getattr(specimen, field) or ()), wanted))


def _is_seen(compare: Callable[[Any, Any], Any], wanted: int, specimen: Specimen) -> bool:
    return bool(compare(len(specimen.seen), wanted))


def _metres(one: GeoCoordinate, other: GeoCoordinate) -> float:
    north, south = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    half = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    return 2 * 6_371_000 * math.asin(math.sqrt(half))


def _negated(holds: Predicate) -> Predicate:
    return lambda specimen: not holds(specimen)


def _homes(specimen: Specimen) -> list[Habitat]:
    return [] if specimen.home is None else [specimen.home]


# On values they give a truth value, on expressions a condition.
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

# Field: operands that are near the edges of the data.
OPERANDS: dict[str, tuple[Any, ...]] = {
    "whole": (0, 7, -1, 2**53, 5),
    "ranged": (0, 7, -1, 5),
    "number": (0.0, 0.5, 5e-324, -2.25, 2.0),
    "truth": (True, False),
    "moment": (MOMENTS[0], MOMENTS[2], MOMENTS[3], datetime(2000, 1, 1, tzinfo=timezone(timedelta(hours=-5)))),
    "code": (CODES[0], CODES[2], CODES[7]),
    "words": ("fox", "Fox RED", "fox-glove", "42", "straße"),
    "lower": ("red fox-glove", "RED", "a.b", "fox"),
    "spaced": ("Red", "fox red", "c_d", "red"),
    "whole_text": ("red fox", "RED", "padded", "  padded  ", "red"),
    "grams": ("red fox", "glove", "日本語"),
}
LIST_OPERANDS: dict[str, tuple[list[Any], ...]] = {
    "wholes": ([1], [1, 2], [3, 9], [0]),
    "numbers": ([0.5], [0.5, -1.0], [7.0, 1e300]),
    "truths": ([True], [True, False]),
    "moments": ([MOMENTS[0]], [MOMENTS[0], MOMENTS[4]], [MOMENTS[5], MOMENTS[3]]),
    "codes": ([CODES[0]], [CODES[0], CODES[1]], [CODES[7], CODES[2]]),
    "names": (["Ada"], ["Ada", "Bob"], ["bob", "Cyd"], ["Ada Bob"]),
    "notes": (["red"], ["red fox"], ["fox", "blue"]),
}
IN_OPERANDS: dict[str, list[Any]] = {
    "whole": [0, 42, 5],
    "ranged": [0, 42, 5],
    "number": [0.5, 1e300],
    "truth": [False],
    "moment": [MOMENTS[0], MOMENTS[5]],
    "code": [CODES[1], CODES[7]],
    "words": ["glove", "unicode", "42"],
    "whole_text": ["red fox", "RED"],
    "lower": ["red fox-glove", "42"],
    "spaced": ["RED", "fox"],
    "grams": ["glove", "text"],
}


def _expression(field: str) -> Any:  # an expression of any type; the table is not about types
    return getattr(Specimen, field)


def _comparisons() -> Iterable[Case]:
    for field, operands in OPERANDS.items():
        expression = _expression(field)
        for operand in operands:
            for sign, compare in COMPARISONS.items():
                # Text is ordered by its tokens, of which a query for an order is one.
                if field in TOKENS and sign not in ("==", "!=") and len(TOKENS[field](operand)) != 1:
                    continue
                if sign == "==":
                    holds: Predicate = partial(_equals, field, operand)
                elif sign == "!=":
                    holds = _negated(partial(_equals, field, operand))
                    if field in TOKENS:  # without any of the tokens
                        tokens = TOKENS[field](operand)
                        holds = _negated(_any_of([partial(_has_token, field, token) for token in tokens]))
                    elif field == "ranged":  # the index for ranges, unlike the other, knows nothing of missing values
                        holds = partial(_compares, field, compare, operand)
                else:
                    token = TOKENS[field](operand)[0] if field in TOKENS else operand
                    holds = partial(_compares, field, compare, token)
                yield Case(f"{field} {sign} {operand!r}", compare(expression, operand), holds)


def _has_token(field: str, token: str, specimen: Specimen) -> bool:
    return token in _tokens(field, getattr(specimen, field))


def _any_of(holds: Sequence[Predicate]) -> Predicate:
    return lambda specimen: any(each(specimen) for each in holds)


def _all_of(holds: Sequence[Predicate]) -> Predicate:
    return lambda specimen: all(each(specimen) for each in holds)


def _lists() -> Iterable[Case]:
    for field, wanted in LIST_OPERANDS.items():
        for values in wanted:
            each = [partial(_equals, field, value) for value in values]
            expression = _expression(field)
            yield Case(f"{field} contains_any {values!r}", expression.contains_any(values), _any_of(each))
            yield Case(f"{field} contains_all {values!r}", expression.contains_all(values), _all_of(each))
            yield Case(f"{field} contains_none {values!r}", expression.contains_none(values), _negated(_any_of(each)))
    for field, values in IN_OPERANDS.items():
        each = [partial(_equals, field, value) for value in values]
        yield Case(f"{field} in {values!r}", _expression(field).in_(values), _any_of(each))
        yield Case(f"{field} not in {values!r}", _expression(field).not_in(values), _negated(_any_of(each)))
    for field, operand in (("wholes", 1), ("numbers", 0.5), ("moments", MOMENTS[0]), ("truths", True)):
        for sign in ("<", "<=", ">", ">="):
            compare = COMPARISONS[sign]
            condition = compare(_expression(field), operand)
            yield Case(f"any of {field} {sign} {operand!r}", condition, partial(_compares, field, compare, operand))


def _patterns() -> Iterable[Case]:
    patterns = {
        "words": ("f*", "?ed", "*o*", "gl?ve", "4?"),
        "lower": ("fox*", "*glove", "a.?"),
        "spaced": ("R*", "r*", "*-glove"),
        "whole_text": ("red*", "*fox*", "R?D", "?", "* *"),
        "names": ("A*", "?ob", "*Bob"),
        "notes": ("f?x", "b*"),
    }
    for field, each in patterns.items():
        for pattern in each:
            yield Case(f"{field} like {pattern!r}", _expression(field).like(pattern), partial(_like, field, pattern))


def _missing() -> Iterable[Case]:
    fields = (*OPERANDS, *LIST_OPERANDS)
    for field in fields:
        expression, null = _expression(field), partial(_null, field)
        if field != "ranged":  # null states are kept in the filter index, which it has not
            yield Case(f"{field} is null", expression.is_null(), null)
            yield Case(f"{field} is not null", expression.is_null(False), _negated(null))
    yield Case("whole == None", Specimen.whole == None, partial(_null, "whole"))  # noqa: E711 - the expression's own operator
    yield Case("whole != None", Specimen.whole != None, _negated(partial(_null, "whole")))  # noqa: E711 - the same


def _lengths() -> Iterable[Case]:
    for field in (*TOKENS, *LIST_OPERANDS):
        length: Quantity[int] = _expression(field).length()
        for sign, compare in COMPARISONS.items():
            for wanted in (0, 1, 2, 13):
                holds = partial(_has_length, field, compare, wanted)
                yield Case(f"length of {field} {sign} {wanted}", compare(length, wanted), holds)


def _places() -> Iterable[Case]:
    for center, metres in (
        (GeoCoordinate(0.0, 0.0), 0.0),
        (GeoCoordinate(0.0, 0.0), 111_000.0),
        (GeoCoordinate(0.0, 0.0), 111_300.0),
        (GeoCoordinate(0.0, 180.0), 60_000.0),
        (GeoCoordinate(52.1, 5.1), 20_000.0),
        (GeoCoordinate(-89.0, 0.0), 20_100_000.0),
    ):

        def near(specimen: Specimen, center: GeoCoordinate = center, metres: float = metres) -> bool:
            return specimen.place is not None and _metres(specimen.place, center) <= metres

        yield Case(f"within {metres:g} m of {center}", Specimen.place.within(center, metres=metres), near)


def _ids() -> Iterable[Case]:
    some = [each.id for each in SPECIMENS[3:6]]
    middle = sorted(each.id for each in SPECIMENS)[20]
    yield Case("id ==", Specimen.id == some[0], lambda each: each.id == some[0])
    yield Case("id !=", Specimen.id != some[0], lambda each: each.id != some[0])
    yield Case("id in", Specimen.id.in_([*some, UUID(int=5)]), lambda each: each.id in some)
    yield Case("id not in", Specimen.id.not_in(some), lambda each: each.id not in some)
    yield Case("id <", Specimen.id < middle, lambda each: each.id < middle)
    yield Case("id >=", Specimen.id >= middle, lambda each: each.id >= middle)


def _references() -> Iterable[Case]:
    yield Case(
        "home is Lake",
        Specimen.home.has(Habitat.name == "Lake"),
        lambda each: any(home.name == "Lake" for home in _homes(each)),
    )
    yield Case(
        "home is not Lake",
        Specimen.home.has(Habitat.name != "Lake"),
        lambda each: any(home.name != "Lake" for home in _homes(each)),
    )
    yield Case(
        "home is not a Lake, or there is none",
        ~Specimen.home.has(Habitat.name == "Lake"),
        lambda each: not any(home.name == "Lake" for home in _homes(each)),
    )
    yield Case(
        "home is neither Lake nor Moor",
        Specimen.home.has(Habitat.name.not_in(["Lake", "Moor"])),
        lambda each: any(home.name not in ("Lake", "Moor") for home in _homes(each)),
    )
    yield Case(
        "seen elsewhere than in the Lake",
        Specimen.seen.has(~Habitat.name.in_(["Lake"])),
        lambda each: any(place.name != "Lake" for place in each.seen),
    )
    yield Case(
        "home without a known depth",
        Specimen.home.has(Habitat.depth.is_null()),
        lambda each: any(home.depth is None for home in _homes(each)),
    )
    yield Case(
        "home wet and deep",
        Specimen.home.has((Habitat.wet == True) & (Habitat.depth > 10)),  # noqa: E712 - the expression's own operator
        lambda each: any(home.wet and (home.depth or 0) > 10 for home in _homes(each)),
    )
    yield Case(
        "home by id",
        Specimen.home.has(Habitat.id == HABITATS[1].id),
        lambda each: any(home.id == HABITATS[1].id for home in _homes(each)),
    )
    yield Case(
        "home in the North",
        Specimen.home.has(Habitat.region.has(Region.name == "North")),
        lambda each: any(home.region is not None and home.region.name == "North" for home in _homes(each)),
    )
    yield Case(
        "seen somewhere in a small region",
        Specimen.seen.has(Habitat.region.has(Region.area < 50)),
        lambda each: any(place.region is not None and place.region.area < 50 for place in each.seen),
    )
    yield Case(
        "seen in a Dune or a Lake",
        Specimen.seen.has((Habitat.name == "Dune") | (Habitat.name == "Lake")),
        lambda each: any(place.name in ("Dune", "Lake") for place in each.seen),
    )
    yield Case(
        "seen in both",
        Specimen.seen.has(Habitat.name == "Moor") & Specimen.seen.has(Habitat.name == "Dune"),
        lambda each: {"Moor", "Dune"} <= {place.name for place in each.seen},
    )
    yield Case(
        "never seen in the wet",
        ~Specimen.seen.has(Habitat.wet == True),  # noqa: E712 - the expression's own operator
        lambda each: not any(place.wet for place in each.seen),
    )
    for sign, compare in COMPARISONS.items():
        for wanted in (0, 1, 2):
            holds = partial(_is_seen, compare, wanted)
            yield Case(f"seen {sign} {wanted} times", compare(Specimen.seen.count(), wanted), holds)
    yield Case("no home", Specimen.home.count() == 0, lambda each: each.home is None)


def _combinations() -> Iterable[Case]:
    small, true = Specimen.whole < 10, Specimen.truth == True  # noqa: E712 - the expression's own operator

    def is_small(each: Specimen) -> bool:
        return each.whole is not None and each.whole < 10

    def is_true(each: Specimen) -> bool:
        return each.truth is True

    yield Case("everything", None, lambda each: True)
    yield Case("and", small & true, lambda each: is_small(each) and is_true(each))
    yield Case("or", small | true, lambda each: is_small(each) or is_true(each))
    yield Case("not", ~small, lambda each: not is_small(each))
    yield Case("not not", ~~small, is_small)
    yield Case("not (and)", ~(small & true), lambda each: not (is_small(each) and is_true(each)))
    yield Case("not (or)", ~(small | true), lambda each: not (is_small(each) or is_true(each)))
    yield Case("and None", small & None, is_small)
    yield Case("None or", None | true, is_true)
    yield Case("all_of", all_of(small, None, true), lambda each: is_small(each) and is_true(each))
    yield Case("any_of", any_of(small, None, true), lambda each: is_small(each) or is_true(each))
    yield Case("all_of nothing", all_of(None), lambda each: True)
    yield Case(
        "three levels",
        ~((small | ~true) & (Specimen.number >= 0.5)) | (Specimen.whole_text == "RED"),
        lambda each: (
            not ((is_small(each) or not is_true(each)) and each.number is not None and each.number >= 0.5)
            or each.whole_text == "RED"
        ),
    )
    yield Case("nobody", (Specimen.whole < 0) & (Specimen.whole > 0), lambda each: False)


CASES: tuple[Case, ...] = (
    *_comparisons(),
    *_lists(),
    *_patterns(),
    *_missing(),
    *_lengths(),
    *_places(),
    *_ids(),
    *_references(),
    *_combinations(),
)


# Conditions at random, over what needs no tokens.


def _leaf(field: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Case]:
    expression = _expression(field)

    def compared(sign: str, value: Any) -> Case:
        compare = COMPARISONS[sign]
        holds: Predicate = partial(_compares, field, compare, value)
        if sign in ("==", "!="):
            equals = partial(_equals, field, value)
            holds = equals if sign == "==" else _negated(equals)
        return Case(f"({field} {sign} {value!r})", compare(expression, value), holds)

    def among(wanted: list[Any], negative: bool) -> Case:
        found = _any_of([partial(_equals, field, value) for value in wanted])
        if negative:
            return Case(f"({field} not in {wanted!r})", expression.not_in(wanted), _negated(found))
        return Case(f"({field} in {wanted!r})", expression.in_(wanted), found)

    def null(wanted: bool) -> Case:
        holds = partial(_null, field)
        return Case(f"({field} null {wanted})", expression.is_null(wanted), holds if wanted else _negated(holds))

    signs = [each for each in COMPARISONS if field not in LIST_OPERANDS or each not in ("==", "!=")]
    return st.one_of(
        st.builds(compared, st.sampled_from(signs), values),
        st.builds(among, st.lists(values, min_size=1, max_size=3), st.booleans()),
        st.builds(null, st.booleans()),
    )


def _joined(parts: st.SearchStrategy[Case]) -> st.SearchStrategy[Case]:
    def both(one: Case, other: Case) -> Case:
        assert one.condition is not None
        assert other.condition is not None
        return Case(f"({one.name} & {other.name})", one.condition & other.condition, _all_of([one.holds, other.holds]))

    def either(one: Case, other: Case) -> Case:
        assert one.condition is not None
        assert other.condition is not None
        return Case(f"({one.name} | {other.name})", one.condition | other.condition, _any_of([one.holds, other.holds]))

    def neither(one: Case) -> Case:
        assert one.condition is not None
        return Case(f"~{one.name}", ~one.condition, _negated(one.holds))

    return st.one_of(st.builds(both, parts, parts), st.builds(either, parts, parts), st.builds(neither, parts))


def conditions() -> st.SearchStrategy[Case]:
    """Conditions over every data type but text, nested with ``&``, ``|`` and ``~``, whose operands mostly occur in the data."""
    wholes = st.sampled_from([0, 1, -1, 7, 42, 100, 2**53, -(2**53)]) | st.integers(-(2**53), 2**53)
    numbers = st.sampled_from([0.0, -0.0, 0.5, -2.25, 1e300, 5e-324, 3.0, -1.0]) | st.floats(
        allow_nan=False, allow_infinity=False
    )
    moments = st.sampled_from(MOMENTS)
    codes = st.sampled_from(CODES)
    leaves = st.one_of(
        _leaf("whole", wholes),
        _leaf("number", numbers),
        _leaf("truth", st.booleans()),
        _leaf("moment", moments),
        _leaf("code", codes),
        _leaf("wholes", wholes),
        _leaf("numbers", numbers),
        _leaf("truths", st.booleans()),
        _leaf("moments", moments),
        _leaf("codes", codes),
    )
    return st.recursive(leaves, _joined, max_leaves=6)
