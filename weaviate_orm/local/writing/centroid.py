"""``ref2vec-centroid``: an object's vector is the mean of the vectors of the objects that it refers to. Plain arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from weaviate_orm.local.objects import Beacon, StoredObject, Vector
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.schema.parsed import VectorSchema

__all__ = ["MODULE", "centroid", "mean"]

MODULE = "ref2vec-centroid"
"""The module's name, as in ``VectorSchema.module``."""


def centroid(
    target: VectorSchema, stored: StoredObject, find: Callable[[Beacon], StoredObject | None]
) -> Vector | None:
    """Give the vector that an object has at a target of this module; ``None`` for none.

    A server calculates it when a whole object is written (its own vector is then overruled), and for the unnamed vector also when single
    references are added or deleted over REST. It keeps the old vector when references are replaced, merged (PATCH) or added in a batch, and
    whenever the referenced objects change.

    Args:
        target: a target whose ``module`` is ``MODULE``.
        stored: the object as it will be stored.
        find: gives the object that a beacon leads to, in the same tenant.

    Raises:
        Refused: a referenced object is missing, or their vectors differ in length.
    """
    names: Sequence[str] = target.settings.get("referenceProperties") or ()
    vectors: list[Vector] = []
    for name in dict.fromkeys(names):
        for beacon in stored.references.get(name) or ():
            found = find(beacon)
            if found is None:
                raise Refused(f'find object with beacon "{beacon.text}"\': not found')
            # Only the unnamed vector counts, also for named targets.
            vector = found.vectors.get("")
            if vector is not None:
                vectors.append(vector)
    return mean(vectors)


def mean(vectors: Iterable[Vector]) -> Vector | None:
    """Give the mean in float32; ``None`` of nothing.

    Raises:
        Refused: the vectors differ in length.
    """
    found = list(vectors)
    if not found:
        return None
    length = len(found[0])
    for vector in found:
        if len(vector) != length:
            raise Refused(
                f"calculate vector: calculate mean: found vectors of different length: {length} and {len(vector)}"
            )
    total = np.zeros(length, dtype=np.float32)
    for vector in found:  # one after the other, so that rounding is the server's
        total += vector
    return total / np.float32(len(found))
