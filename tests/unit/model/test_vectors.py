"""Vectors on instances: what may be assigned, in which form it is held, and what is refused."""

from __future__ import annotations

import array
import copy
import decimal
import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pydantic import ValidationError

from weaviate_orm import InvalidValueError, MultiVector, Property, Vector, WeaviateModel, prop, vector
from weaviate_orm.model.arrays import NOT_LOADED, LazyVector, as_vector, is_sound


class Thing(WeaviateModel):
    name: Property[str] = prop(default="x")
    embedding: Vector = vector()
    short: Vector = vector(dimensions=3)
    tokens: MultiVector = vector()
    narrow: MultiVector = vector(dimensions=2)


FORMS: list[Any] = [
    [1, 2, 3],
    (1.0, 2.0, 3.0),
    [np.float32(1), np.int8(2), 3],
    np.array([1, 2, 3]),
    np.array([1, 2, 3], np.float64),
    np.array([1, 2, 3], np.float16),
    np.array([1, 2, 3], np.uint8),
    np.array([1, 2, 3], ">f4"),
    np.array([1, 9, 2, 9, 3, 9], np.float32)[::2],
    array.array("f", [1, 2, 3]),
    array.array("d", [1, 2, 3]),
    array.array("b", [1, 2, 3]),
    memoryview(array.array("d", [1, 2, 3])),
    memoryview(bytes([1, 2, 3])),
    range(1, 4),
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{type(form).__name__}-{getattr(form, 'dtype', '')}")
def test_every_form_becomes_a_contiguous_float32_array(form: Any) -> None:
    thing = Thing(embedding=form, short=form)
    for held in (thing.embedding, thing.short):
        assert isinstance(held, np.ndarray)
        assert held.dtype == np.dtype("<f4")
        assert held.shape == (3,)
        assert held.flags.c_contiguous
        assert held.tolist() == [1, 2, 3]


def test_a_float32_array_is_not_copied() -> None:
    given_array = np.array([1, 2, 3], np.float32)
    held = Thing(embedding=given_array).embedding
    assert held is not None
    assert np.shares_memory(held, given_array)


def test_rows() -> None:
    forms: list[Any] = [[[1, 2], [3, 4]], np.array([[1, 2], [3, 4]]), [np.array([1, 2]), (3, 4)]]
    for form in forms:
        held = Thing(tokens=form, narrow=form).tokens
        assert held is not None
        assert (held.dtype, held.shape) == (np.dtype("<f4"), (2, 2))


def test_none_is_no_vector() -> None:
    assert Thing().embedding is None
    assert Thing(embedding=None, tokens=None).tokens is None
    thing = Thing(embedding=[1.0])
    thing.embedding = None
    assert thing.embedding is None


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("embedding", [], "got an empty vector. Leave the vector out (None) when there is none."),
        ("embedding", 1.0, "takes an array of shape (dimensions,), got shape ()."),
        ("embedding", [[1.0]], "got shape (1, 1). Declare it as MultiVector for rows of vectors."),
        ("embedding", np.zeros((1, 1, 1)), "got shape (1, 1, 1)."),
        ("embedding", [1.0, math.nan], "takes finite numbers, got nan at position [1]."),
        ("embedding", [math.inf], "takes finite numbers, got inf at position [0]."),
        ("embedding", np.array([-math.inf]), "takes finite numbers, got -inf at position [0]."),
        ("embedding", [1.0, None], "takes"),
        ("embedding", "text", "takes an array of numbers, got str"),
        ("embedding", ["1", "b"], "takes an array of numbers, got list"),
        ("embedding", {"a": 1}, "takes an array of numbers, got dict"),
        ("embedding", object(), "takes an array of numbers, got object"),
        ("embedding", [1j], "takes"),
        ("tokens", [1.0, 2.0], "takes an array of shape (rows, dimensions), got shape (2,)."),
        ("tokens", [[1.0], [1.0, 2.0]], "takes an array of numbers, got list"),
        ("tokens", [[]], "got an empty vector"),
        ("tokens", [], "takes an array of shape (rows, dimensions), got shape (0,)."),
        ("tokens", [[1.0, 2.0], [3.0, math.nan]], "takes finite numbers, got nan at position [1, 1]."),
        ("short", [1.0], "the vector is declared with 3 dimensions, got 1"),
        ("narrow", [[1.0, 2.0, 3.0]], "the vector is declared with 2 dimensions, got 3"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_vector_is_refused(field: str, value: Any, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Thing.model_validate({field: value})
    (error,) = caught.value.errors()
    assert error["loc"] == (field,)
    assert message in error["msg"]
    thing = Thing()
    with pytest.raises(ValidationError):
        setattr(thing, field, value)
    assert getattr(thing, field) is None


def test_a_number_too_large_for_float32_is_not_finite() -> None:
    with pytest.raises(InvalidValueError, match="takes finite numbers, got inf"):
        as_vector([1e39], multi=False, where="x")


@pytest.mark.parametrize(
    "value",
    [np.array(["1", "2"]), ["1", "2"], np.array([b"1"]), np.array([1j]), np.array(["2024"], "datetime64[Y]")],
    ids=lambda value: str(value),
)
def test_what_numpy_would_make_a_number_of_is_none(value: Any) -> None:
    with pytest.raises(InvalidValueError, match="x takes an array of numbers, got"):
        as_vector(value, multi=False, where="x")


def test_decimals_are_numbers() -> None:
    value: Any = [decimal.Decimal("0.5")]
    assert as_vector(value, multi=False, where="x").tolist() == [0.5]


@given(
    hnp.arrays(
        st.sampled_from([np.float32, np.float64, np.int16, np.uint8]),
        hnp.array_shapes(min_dims=1, max_dims=2, max_side=5),
        elements=st.integers(0, 100),
    )
)
def test_arrays_keep_their_values(given_array: np.ndarray[Any, np.dtype[Any]]) -> None:  # whatever dtype and shape
    held = as_vector(given_array, multi=given_array.ndim == 2, where="x")
    assert held.shape == given_array.shape
    assert held.tolist() == given_array.tolist()


def test_a_lazy_vector_is_decoded_once_when_it_is_read() -> None:
    loads: list[int] = []

    def decode(source: Any, name: str | None) -> np.ndarray[Any, np.dtype[np.float32]]:
        loads.append(1)
        assert (source, name) == ("reply", "embedding")
        return np.array([1, 2, 3], np.float32)

    thing = Thing()
    vars(thing)["embedding"] = LazyVector(decode, "reply", "embedding")
    assert "embedding" not in repr(thing)
    assert loads == []
    first = thing.embedding
    assert first is thing.embedding
    assert loads == [1]
    assert "embedding=<vector of shape (3,)>" in repr(thing)


def test_the_class_attribute_names_the_vector() -> None:
    assert repr(Thing.embedding) == "<Vector Thing.embedding>"
    assert repr(Thing.tokens) == "<MultiVector Thing.tokens>"


def test_a_vector_that_was_not_loaded_is_still_that_in_copies() -> None:
    # Otherwise storing the copy would drop the vector that the stored object has.
    thing = Thing()
    vars(thing)["embedding"] = NOT_LOADED
    for made in (
        copy.copy(thing),
        copy.deepcopy(thing),
        thing.model_copy(deep=True),
        Thing.model_validate(thing),
        pickle.loads(pickle.dumps(thing)),
    ):
        assert vars(made)["embedding"] is NOT_LOADED
        assert made.embedding is None


def test_a_vector_that_is_not_decoded_yet_is_there_in_copies_and_dumps() -> None:
    given = np.array([1, 2], np.float32)
    thing = Thing()
    vars(thing)["embedding"] = LazyVector(lambda source, name: given, None, "embedding")
    for made in (copy.deepcopy(thing), pickle.loads(pickle.dumps(thing))):
        assert made.embedding is not None
        assert made.embedding.tolist() == [1, 2]
    assert thing.model_dump()["embedding"] is given
    assert thing.model_dump(mode="json")["embedding"] == [1.0, 2.0]
    vars(thing)["embedding"] = NOT_LOADED
    assert thing.model_dump()["embedding"] is None


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_the_json_schema_is_a_list_of_numbers(mode: Any) -> None:
    properties = Thing.model_json_schema(mode=mode)["properties"]
    numbers = {"items": {"type": "number"}, "type": "array"}
    assert properties["short"]["anyOf"] == [numbers, {"type": "null"}]
    assert properties["tokens"]["anyOf"] == [{"items": numbers, "type": "array"}, {"type": "null"}]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_sound_is_what_as_vector_makes(form: Any) -> None:
    made = as_vector(form, multi=False, where="x")
    assert is_sound(made, multi=False)
    assert not is_sound(made, multi=True)
    assert is_sound(made.reshape(1, -1), multi=True)
    if is_sound(form, multi=False):
        assert form.tobytes() == made.tobytes()


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_not_sound(bad: float) -> None:
    assert is_sound(np.array([3e38, 3e38, -3e38], np.float32), multi=False)
    assert not is_sound(np.array([1, bad, -bad], np.float32), multi=False)
    assert not is_sound(np.array([[1, 2], [bad, 3]], np.float32), multi=True)
    assert not is_sound(np.array([], np.float32), multi=False)
