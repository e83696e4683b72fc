"""Value types that users write for the data types Python has no type for, and the callables that stand in for a server's modules.

Text, numbers, dates, UUIDs and ``bytes`` (a blob) are Python's own. Every value type here is immutable, and pydantic validates it as a
field, from an instance or from a mapping with the same names.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, runtime_checkable

from weaviate_orm.errors import InvalidValueError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = [
    "BlobHash",
    "Embedder",
    "Generator",
    "GeoCoordinate",
    "MediaEmbedder",
    "MediaKind",
    "MultimodalGenerator",
    "PhoneNumber",
    "Reranker",
]

MediaKind: TypeAlias = Literal["image", "audio", "video", "depth", "thermal", "imu"]
"""What media are; ``"imu"`` is motion data of inertial sensors."""

if TYPE_CHECKING:
    VectorArray = npt.NDArray[np.float32]
    Vectors: TypeAlias = (
        VectorArray
        | npt.NDArray[np.float64]
        | Sequence[Sequence[float]]
        | Sequence[VectorArray]
        | Sequence[npt.NDArray[np.float64]]
    )


@dataclass(frozen=True, slots=True)
class GeoCoordinate:
    """A place on Earth, in degrees.

    The server stores both numbers as float32, so a read value may differ from the written one after the seventh digit.

    Raises:
        InvalidValueError: latitude outside -90..90 or longitude outside -180..180; the server would store it and never find it.
    """

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        for name, value, bound in (("latitude", self.latitude, 90.0), ("longitude", self.longitude, 180.0)):
            if not -bound <= value <= bound:
                raise InvalidValueError(
                    f"GeoCoordinate.{name} takes degrees between -{bound:g} and {bound:g}, got {value!r}"
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneNumber:
    """A phone number as it was typed, and what the server made of it.

    Write ``input`` and, for a number without a leading ``+``, ``default_country``. The other attributes are filled when the number is
    read back; what you put there yourself is not sent.

    Attributes:
        input: the number as a person wrote it: ``"020 1234567"`` or ``"+31 20 1234567"``.
        default_country: ISO 3166-1 alpha-2 code, read back in upper case: ``"NL"``.
        country_code: the numeric prefix: ``31``.
        national: the number without the prefix: ``201234567``.
        national_formatted: ``"020 123 4567"``.
        international_formatted: ``"+31 20 123 4567"``.
        valid: whether such a number can exist in its country.
    """

    input: str
    default_country: str | None = None
    country_code: int | None = None
    national: int | None = None
    national_formatted: str | None = None
    international_formatted: str | None = None
    valid: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobHash:
    """Bytes of which the server keeps only a hash (needs server 1.37).

    Write ``BlobHash.of(data)``; what is read back has ``digest`` alone.

    Attributes:
        digest: SHA-256 of the bytes' base64 text, which is what the server hashes, in lower-case hexadecimal.
        data: the bytes to send, ``None`` on a read value.
    """

    digest: str
    data: bytes | None = None

    @classmethod
    def of(cls, data: bytes) -> BlobHash:
        """Give the value for these bytes, ready to be stored."""

        return cls(digest=hashlib.sha256(b64encode(data)).hexdigest(), data=data)

    def __eq__(self, other: object) -> bool:
        return self.digest == other.digest if isinstance(other, BlobHash) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)


class Embedder(Protocol):
    """Makes vectors of texts: what ``InProcess(embedder=...)`` takes."""

    def __call__(self, texts: list[str], /) -> Vectors:
        """Give an array of shape ``(len(texts), dimensions)``: one row a text, in order; finite numbers.

        For a module of multi-vectors (``text2multivec-...``): one array of shape ``(rows, dimensions)`` a text.
        """
        ...


@runtime_checkable
class MediaEmbedder(Embedder, Protocol):
    """Makes vectors of media as well, in the same space: what ``InProcess(embedder=...)`` takes for ``multi2vec-...``."""

    def embed_media(self, kind: MediaKind, media: list[bytes], /) -> Vectors:
        """Give an array of shape ``(len(media), dimensions)``: one row a medium, in order; as many dimensions as a text has."""
        ...


class Reranker(Protocol):
    """Ranks texts for a query: what ``InProcess(reranker=...)`` takes."""

    def __call__(self, query: str, texts: list[str], /) -> Sequence[float]:
        """Give one number a text, in order; the highest is best. A text is ``""`` where an object lacks the property."""
        ...


class Generator(Protocol):
    """Answers a prompt with a text: what ``InProcess(generator=...)`` takes."""

    def __call__(self, prompt: str, /) -> str:
        """Give the answer. The values of the objects stand in the prompt already."""
        ...


@runtime_checkable
class MultimodalGenerator(Generator, Protocol):
    """Answers prompts about images as well: what ``InProcess(generator=...)`` takes for queries that send images along."""

    def generate_with_images(self, prompt: str, images: list[bytes], /) -> str:
        """Give the answer to a prompt with at least one image."""
        ...
