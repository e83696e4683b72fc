"""The byte layout of vectors, both ways."""

from __future__ import annotations

import numpy as np
import pytest

from weaviate_orm import InvalidValueError, ProtocolError
from weaviate_orm.model.arrays import as_vector
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.vectors import decode, decode_multi, decode_named, decode_vectors, encode, vector_type

ONE_TWO = b"\x00\x00\x80\x3f\x00\x00\x00\x40"
ROWS = b"\x02\x00" + ONE_TWO + b"\x00\x00\x40\x40\x00\x00\x80\xc0"  # [[1, 2], [3, -4]]


def test_a_vector_is_little_endian_float32_without_a_header() -> None:
    assert encode(as_vector([1, 2], multi=False, where="w")) == ONE_TWO


def test_a_multi_vector_has_its_dimensions_in_two_bytes_in_front() -> None:
    assert encode(as_vector([[1, 2], [3, -4]], multi=True, where="w")) == ROWS
    wide = np.zeros((1, 0x0102), "<f4")
    assert encode(wide)[:2] == b"\x02\x01"


def test_arrays_of_other_layouts_become_the_same_bytes() -> None:
    big_endian = np.array([1, 2], ">f8")
    transposed = np.array([[1, 3], [2, -4]], np.float32).T
    strided = np.array([1, 9, 2, 9], np.float32)[::2]
    assert encode(as_vector(big_endian, multi=False, where="w")) == ONE_TWO
    assert encode(as_vector(strided, multi=False, where="w")) == ONE_TWO
    assert encode(as_vector(transposed, multi=True, where="w")) == ROWS


def test_the_kind_follows_the_shape() -> None:
    assert vector_type(np.zeros(3, "<f4")) == pb.Vectors.VECTOR_TYPE_SINGLE_FP32
    assert vector_type(np.zeros((3, 2), "<f4")) == pb.Vectors.VECTOR_TYPE_MULTI_FP32


def test_a_multi_vector_has_at_most_65535_dimensions() -> None:
    assert len(encode(np.zeros((1, 0xFFFF), "<f4"))) == 2 + 4 * 0xFFFF
    with pytest.raises(InvalidValueError, match="at most 65,535 dimensions, got 65536"):
        encode(np.zeros((1, 0x10000), "<f4"))


def test_decoding_gives_read_only_views() -> None:
    found = decode(ONE_TWO)
    assert (found.tolist(), found.dtype, found.shape) == ([1, 2], np.dtype("<f4"), (2,))
    assert not found.flags.writeable
    rows = decode_multi(ROWS)
    assert (rows.tolist(), rows.dtype, rows.shape) == ([[1, 2], [3, -4]], np.dtype("<f4"), (2, 2))
    assert not rows.flags.writeable


@pytest.mark.parametrize("length", [1, 2, 3, 5, 7])
def test_a_vector_of_odd_length_is_refused(length: int) -> None:
    with pytest.raises(ProtocolError, match=rf"{length} bytes came; float32 needs a multiple of four"):
        decode(b"x" * length)


@pytest.mark.parametrize(
    "raw", [b"", b"\x02", b"\x00\x00", b"\x00\x00" + ONE_TWO, b"\x03\x00" + ONE_TWO, b"\x02\x00" + ONE_TWO[:-1]]
)
def test_a_multi_vector_that_does_not_fit_its_dimensions_is_refused(raw: bytes) -> None:
    with pytest.raises(ProtocolError, match=rf"A multi-vector of {len(raw)} bytes came for \d dimensions"):
        decode_multi(raw)


METADATA = pb.MetadataResult(
    vectors=[
        pb.Vectors(name="a", vector_bytes=ONE_TWO, type=pb.Vectors.VECTOR_TYPE_SINGLE_FP32),
        pb.Vectors(name="b", vector_bytes=ROWS, type=pb.Vectors.VECTOR_TYPE_MULTI_FP32),
        pb.Vectors(name="c", vector_bytes=ONE_TWO),  # servers before multi-vectors state no kind
    ]
)


def test_one_vector_is_found_by_name() -> None:
    found = {name: decode_named(METADATA, name) for name in ("a", "b", "c", "d", None)}
    shown = {name: None if array is None else array.tolist() for name, array in found.items()}
    assert shown == {"a": [1, 2], "b": [[1, 2], [3, -4]], "c": [1, 2], "d": None, None: None}


def test_all_vectors_come_by_name() -> None:
    assert {name: array.shape for name, array in decode_vectors(METADATA).items()} == {
        "a": (2,),
        "b": (2, 2),
        "c": (2,),
    }


def test_the_unnamed_vector_is_under_none() -> None:
    metadata = pb.MetadataResult(vector_bytes=ONE_TWO)
    unnamed = decode_named(metadata, None)
    assert unnamed is not None
    assert unnamed.tolist() == [1, 2]
    assert {name: array.tolist() for name, array in decode_vectors(metadata).items()} == {None: [1, 2]}
    assert decode_vectors(pb.MetadataResult()) == {}
