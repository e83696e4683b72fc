"""Deterministic ids: equal keys give equal ids for ever, and different keys different ones."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum, IntEnum
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaviate_orm import InvalidValueError, Property, WeaviateModel, prop
from weaviate_orm.model.keys import key_id


class Colour(Enum):
    RED = "red"


class Level(IntEnum):
    LOW = 1


class Page(WeaviateModel, key="url"):
    url: Property[str]
    title: Property[str] = prop(default="")


class Row(WeaviateModel, key=("table", "number")):
    table: Property[str]
    number: Property[int]


# Ids are stored in databases: none of these may ever change.
GOLDEN = [
    (("https://example.org/",), "cffe8e7a-3e63-5154-a1dd-e027cf5e6514"),
    (("a", 1), "b86b9b5f-4002-57a3-af37-80436e704745"),
    ((True, 1.5, None), "09ee50c2-44c4-50e1-9a40-5e8f410b9f08"),
    ((datetime(2024, 5, 1, 12, 30, tzinfo=UTC), date(2024, 5, 1)), "fecf8a3d-297a-5e2f-834c-e7aef9e7061e"),
    ((UUID(int=1), Colour.RED), "7fa1a13e-415e-5922-9fdd-97dd0153f302"),
    (("é\U0001f600",), "3d62be96-125f-53d0-9a99-73ff1c9b983f"),
]


@pytest.mark.parametrize(("key", "expected"), GOLDEN, ids=[str(key) for key, _ in GOLDEN])
def test_ids_that_are_stored_somewhere(key: tuple[object, ...], expected: str) -> None:
    assert str(key_id(key)) == expected
    assert key_id(key).version == 5


def test_ids_do_not_depend_on_the_process() -> None:
    program = "from weaviate_orm.model.keys import key_id; print(key_id(('a', 1)))"
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == str(key_id(("a", 1)))


plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(),
    st.floats(allow_nan=False),
    st.uuids(),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
)


def identity(value: object) -> tuple[object, ...]:
    """Equal for values that are one key: 1, True, 1.0 and "1" are four."""
    return (type(value), repr(value))


@given(st.lists(plain, max_size=3), st.lists(plain, max_size=3))
def test_ids_are_equal_exactly_when_keys_are(one: list[object], other: list[object]) -> None:
    equal = list(map(identity, one)) == list(map(identity, other))
    assert (key_id(one) == key_id(other)) is equal


@given(st.lists(plain, max_size=4))
def test_ids_are_stable(key: list[object]) -> None:
    assert key_id(key) == key_id(tuple(key))


@given(st.lists(st.text(alphabet="ab1:s", max_size=4), min_size=1, max_size=3), st.data())
def test_values_do_not_run_into_each_other(parts: list[str], data: st.DataObject) -> None:
    joined = "".join(parts)
    cut = data.draw(st.integers(0, len(joined)))
    other = [joined[:cut], joined[cut:]]
    assert (key_id(parts) == key_id(other)) is (parts == other)


def test_order_counts() -> None:
    assert key_id(("a", "b")) != key_id(("b", "a"))


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)))
def test_one_instant_is_one_key_in_every_zone(instant: datetime) -> None:
    assert key_id([instant]) == key_id([instant.astimezone(timezone(timedelta(hours=-7)))])


def test_an_enum_is_its_value() -> None:
    assert key_id([Colour.RED]) == key_id(["red"])
    assert key_id([Level.LOW]) == key_id([1])


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="needs a datetime with a time zone"):
        key_id([datetime(2024, 5, 1)])


@pytest.mark.parametrize("value", [b"x", ["a"], object(), 1j])
def test_what_is_no_plain_value_is_refused(value: object) -> None:
    with pytest.raises(InvalidValueError, match="A key is made of plain values, got"):
        key_id([value])


class TestOnModels:
    def test_the_key_determines_the_id(self) -> None:
        assert Page(url="x").id == Page(url="x", title="other").id == key_id(["x"])
        assert Page(url="x").id != Page(url="y").id
        assert Row(table="a", number=1).id == key_id(["a", 1])
        assert Row(number=1, table="a").id == Row(table="a", number=1).id

    def test_without_a_key_ids_are_random(self) -> None:
        class Plain(WeaviateModel):
            name: Property[str]

        assert Plain(name="x").id != Plain(name="x").id
        assert Plain(name="x").id.version == 4

    def test_an_id_that_is_given_stays(self) -> None:
        given_id = uuid4()
        assert Page(id=given_id, url="x").id == given_id

    def test_the_key_is_taken_after_validation(self) -> None:
        class Trimmed(WeaviateModel, key="url", str_strip_whitespace=True):
            url: Property[str]

        assert Trimmed(url=" x ").id == Trimmed(url="x").id

    def test_a_stored_object_that_changes_stays_the_same_object(self) -> None:
        page = Page(url="x")
        before = page.id
        page.url = "y"
        assert page.id == before

    def test_json_round_trip(self) -> None:
        page = Page(url="x")
        assert Page.model_validate_json(page.model_dump_json()) == page
        assert Page.model_validate({"url": "x"}).id == page.id

    def test_key_validators_and_the_user_s_own_go_together(self) -> None:
        from pydantic import model_validator

        class Checked(WeaviateModel, key="url"):
            url: Property[str]

            @model_validator(mode="after")
            def _check(self) -> Checked:
                assert self.url != "bad"
                return self

        assert Checked(url="x").id == key_id(["x"])
        with pytest.raises(ValueError, match="bad"):
            Checked(url="bad")
