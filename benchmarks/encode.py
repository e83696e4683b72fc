"""Building batch objects: 1,000 objects with seven properties and a 384-dimensional numpy vector.

``official`` and ``ours`` send them with ``insert_many`` to a server that does nothing; ``-from-rows`` includes making the
client's objects from plain rows; ``-encode`` stops at the bytes of the request. ``floor-serialize`` is protobuf writing a
request that was built before the clock started.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from benchmarks import data
from benchmarks.harness import Address, Benchmark, Sample, main, measure, null_server

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OBJECTS = 1_000
REPEAT = 10


def _items() -> list[tuple[UUID, data.Row, NDArray[np.float32]]]:
    ids = map(data.identifier, range(OBJECTS))
    return list(zip(ids, data.rows(OBJECTS), data.vectors(OBJECTS), strict=True))


def official(server: Address) -> Sample:
    from benchmarks import official

    objects = official.data_objects(_items())
    with official.connect(server) as client:
        insert_many = client.collections.use(data.COLLECTION).data.insert_many
        return measure(lambda: insert_many(objects), operations=OBJECTS, repeat=REPEAT)


def official_from_rows(server: Address) -> Sample:
    from benchmarks import official

    items = _items()
    with official.connect(server) as client:
        insert_many = client.collections.use(data.COLLECTION).data.insert_many
        return measure(lambda: insert_many(official.data_objects(items)), operations=OBJECTS, repeat=REPEAT)


def official_encode(server: Address) -> Sample:
    from benchmarks import official

    objects = official.data_objects(_items())
    return measure(lambda: official.encode(objects), operations=OBJECTS, repeat=REPEAT)


def ours(server: Address) -> Sample:
    from benchmarks import ours

    objects = ours.articles(_items())
    with ours.connect(server) as session:
        return measure(lambda: session.insert_many(objects), operations=OBJECTS, repeat=REPEAT)


def ours_from_rows(server: Address) -> Sample:
    from benchmarks import ours

    items = _items()
    with ours.connect(server) as session:
        return measure(lambda: session.insert_many(ours.articles(items)), operations=OBJECTS, repeat=REPEAT)


def ours_encode(server: Address) -> Sample:
    from benchmarks import ours

    objects = ours.articles(_items())
    return measure(lambda: ours.encode(objects), operations=OBJECTS, repeat=REPEAT)


def floor_serialize(server: Address) -> Sample:
    request = data.batch_request(_items())
    return measure(request.SerializeToString, operations=OBJECTS, repeat=REPEAT)


BENCHMARK = Benchmark(
    name="encode",
    title=f"Store {OBJECTS:,} objects: 7 properties, {data.DIMENSIONS}-d numpy vector, on a server that does nothing",
    unit="object",
    contenders={
        "official": official,
        "ours": ours,
        "official-from-rows": official_from_rows,
        "ours-from-rows": ours_from_rows,
        "official-encode": official_encode,
        "ours-encode": ours_encode,
        "floor-serialize": floor_serialize,
    },
    server=lambda: null_server(hits=1),
)

if __name__ == "__main__":
    main(BENCHMARK)
