"""Vectors on the wire: float32, little-endian, without a header; rows of a multi-vector behind a 16-bit count of dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from weaviate_orm.errors import InvalidValueError, ProtocolError
from weaviate_orm.wire import _pb as pb

if TYPE_CHECKING:
    from weaviate_orm.model.arrays import FloatArray

__all__ = ["decode", "decode_multi", "decode_named", "decode_vectors", "encode", "vector_type"]

_SINGLE = pb.Vectors.VECTOR_TYPE_SINGLE_FP32
_MULTI = pb.Vectors.VECTOR_TYPE_MULTI_FP32


def encode(array: FloatArray) -> bytes:
    """Give the bytes of a float32 array of shape ``(dimensions,)``, or ``(rows, dimensions)`` as a multi-vector.

    Raises:
        InvalidValueError: a multi-vector of more than 65,535 dimensions.
    """
    packed: bytes = array.tobytes()  # as_vector() made it little-endian float32
    if array.ndim == 1:
        return packed
    dimensions: int = array.shape[1]
    if dimensions > 0xFFFF:
        raise InvalidValueError(f"A multi-vector has at most 65,535 dimensions, got {dimensions}.")
    return dimensions.to_bytes(2, "little") + packed


def vector_type(array: FloatArray) -> pb.Vectors.VectorType:
    """Give the kind that a message states beside the bytes."""
    return _SINGLE if array.ndim == 1 else _MULTI


def decode(raw: bytes) -> FloatArray:
    """Give the read-only array of shape ``(dimensions,)`` over these bytes, without copying them.

    Raises:
        ProtocolError: the length is no multiple of four.
    """
    import numpy as np

    if len(raw) % 4:
        raise ProtocolError(f"A vector of {len(raw)} bytes came; float32 needs a multiple of four.")
    return np.frombuffer(raw, dtype="<f4")


def decode_multi(raw: bytes) -> FloatArray:
    """Give the read-only array of shape ``(rows, dimensions)`` over these bytes, without copying them.

    Raises:
        ProtocolError: the length does not fit the count of dimensions in front.
    """
    import numpy as np

    dimensions = int.from_bytes(raw[:2], "little")
    if not dimensions or (len(raw) - 2) % (4 * dimensions):
        raise ProtocolError(f"A multi-vector of {len(raw)} bytes came for {dimensions} dimensions.")
    return np.frombuffer(raw, dtype="<f4", offset=2).reshape(-1, dimensions)


def decode_named(metadata: pb.MetadataResult, name: str | None) -> FloatArray | None:
    """Give one vector of a result by the server's name, or the unnamed one; ``None`` when the object has none."""
    if name is None:
        return decode(metadata.vector_bytes) if metadata.vector_bytes else None
    for each in metadata.vectors:
        if each.name == name:
            return (decode_multi if each.type == _MULTI else decode)(each.vector_bytes)
    return None


def decode_vectors(metadata: pb.MetadataResult) -> dict[str | None, FloatArray]:
    """Give all vectors of a result by the server's name; the unnamed one is under ``None``."""
    found: dict[str | None, FloatArray] = {
        each.name: (decode_multi if each.type == _MULTI else decode)(each.vector_bytes) for each in metadata.vectors
    }
    if metadata.vector_bytes:
        found[None] = decode(metadata.vector_bytes)
    return found
