"""The id of a result, which servers write as text, as bytes, or both."""

from __future__ import annotations

from uuid import UUID

from weaviate_orm.errors import ProtocolError
from weaviate_orm.wire import _pb as pb

__all__ = ["id_from_bytes", "result_id", "result_id_text"]


def result_id(metadata: pb.MetadataResult) -> UUID:
    """Give a result's id.

    Raises:
        ProtocolError: the result has none.
    """
    return UUID(metadata.id) if metadata.id else id_from_bytes(metadata)


def result_id_text(metadata: pb.MetadataResult) -> str:
    """Give a result's id as text.

    Raises:
        ProtocolError: the result has none.
    """
    return metadata.id or str(id_from_bytes(metadata))


def id_from_bytes(metadata: pb.MetadataResult) -> UUID:
    """Give the id of a result that has it as bytes alone.

    Raises:
        ProtocolError: the result has none.
    """
    if not metadata.id_as_bytes:
        raise ProtocolError("The reply has a result without an id.")
    # Old servers passed ids through a number and lost leading zero bytes.
    return UUID(bytes=metadata.id_as_bytes.rjust(16, b"\0"))
