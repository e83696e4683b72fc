"""A bulk import: 20,000 objects with seven properties and a 384-dimensional vector, 1,000 in a request.

Once into a real server, where most of the time is the server's, and once into one that does nothing. ``floor`` sends
requests that were encoded before the clock started; the distance to it is what a client adds.

    python -m benchmarks.insert_many --benchmark real --rounds 3
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from benchmarks import data
from benchmarks.harness import Address, Benchmark, Contender, Sample, main, null_server, peak_memory
from benchmarks.real_server import fresh_collection, real_server, stored

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OBJECTS = 20_000
CHUNK = 1_000

Items = list[tuple[UUID, data.Row, "NDArray[np.float32]"]]


def _items() -> Items:
    ids = map(data.identifier, range(OBJECTS))
    return list(zip(ids, data.rows(OBJECTS), data.vectors(OBJECTS), strict=True))


def _timed(load: Callable[[], object]) -> Sample:
    wall, cpu = time.perf_counter(), time.process_time()
    load()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return Sample(OBJECTS, wall, cpu, peak_memory())


def official(server: Address) -> Sample:
    from benchmarks import official

    items = _items()
    with official.connect(server) as client:
        insert_many = client.collections.use(data.COLLECTION).data.insert_many

        def load() -> None:
            for start in range(0, OBJECTS, CHUNK):
                insert_many(official.data_objects(items[start : start + CHUNK]))

        return _timed(load)


def official_batch(server: Address) -> Sample:
    from benchmarks import official

    items = _items()
    with official.connect(server) as client:
        collection = client.collections.use(data.COLLECTION)

        def load() -> None:
            with collection.batch.fixed_size(batch_size=CHUNK) as batch:
                for id_, row, vector in items:
                    batch.add_object({**row}, uuid=id_, vector={data.VECTOR: vector})  # type: ignore[dict-item]  # takes numpy at run time
            if collection.batch.failed_objects:
                raise RuntimeError(collection.batch.failed_objects[0].message)

        return _timed(load)


def ours(server: Address) -> Sample:
    from benchmarks import ours

    items = _items()
    with ours.connect(server) as session:
        return _timed(lambda: session.insert_many(ours.stream(items)))


def floor(server: Address) -> Sample:
    from benchmarks import stub

    items = _items()
    requests = [
        data.batch_request(items[start : start + CHUNK]).SerializeToString() for start in range(0, OBJECTS, CHUNK)
    ]
    with stub.batch_objects(server) as send:
        return _timed(lambda: [send(request) for request in requests])


def _into_an_empty_collection(contender: Contender) -> Contender:
    def run(server: Address) -> Sample:
        fresh_collection(server)
        sample = contender(server)
        if (found := stored(server)) != OBJECTS:
            raise RuntimeError(f"{found} of {OBJECTS} objects were stored")
        return sample

    return run


_CONTENDERS: dict[str, Contender] = {
    "official": official,
    "official-batch": official_batch,
    "ours": ours,
    "floor": floor,
}
_WHAT = f"{OBJECTS:,} objects with a {data.DIMENSIONS}-d vector, {CHUNK:,} in a request"

NULL = Benchmark(
    name="null",
    title=f"{_WHAT}, into a server that does nothing",
    unit="object",
    # The batch of the official client waits for the server's word on its size, which a server that does nothing has not.
    contenders={name: contender for name, contender in _CONTENDERS.items() if name != "official-batch"},
    server=lambda: null_server(hits=1),
)
REAL = Benchmark(
    name="real",
    title=f"{_WHAT}, into a real server",
    unit="object",
    contenders={name: _into_an_empty_collection(contender) for name, contender in _CONTENDERS.items()},
    server=real_server,
)

if __name__ == "__main__":
    main(NULL, REAL)
