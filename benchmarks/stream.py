"""Reading a whole collection of a real server: objects a second, and what the client computes and holds for it.

Objects have seven properties and a vector of 384 numbers, all of which travel. The official client's ``iterator`` is asked for pages of our
size, and of the size that it has by itself, 100; ``ours-columns`` makes Arrow tables of the pages instead of objects. The second table
is what conditions cost, beside reading everything and filtering here.

    python -m benchmarks.stream --rounds 3 --json stream.json
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks import data
from benchmarks.harness import Address, Benchmark, Contender, Sample, main, peak_memory
from benchmarks.real_server import fresh_collection, real_server

OBJECTS = 20_000
PAGE = 1_000


@contextmanager
def _filled_server() -> Iterator[Address]:
    from benchmarks import ours

    with real_server() as address:
        fresh_collection(address)
        identifiers = (data.identifier(index) for index in range(OBJECTS))
        with ours.connect(address) as session:
            session.insert_many(ours.stream(zip(identifiers, data.rows(OBJECTS), data.vectors(OBJECTS), strict=True)))
        yield address


def _timed(read: Callable[[], int], wanted: int = OBJECTS) -> Sample:
    wall, cpu = time.perf_counter(), time.process_time()
    found = read()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    if found != wanted:
        raise RuntimeError(f"{found} of {wanted} objects came")
    return Sample(wanted, wall, cpu, peak_memory())


def _official(page: int) -> Contender:
    def run(server: Address) -> Sample:
        from benchmarks import official

        with official.connect(server) as client:
            collection = client.collections.use(data.COLLECTION)
            return _timed(
                lambda: sum(
                    len(each.vector[data.VECTOR]) == data.DIMENSIONS
                    for each in collection.iterator(include_vector=True, cache_size=page)
                )
            )

    return run


def ours(server: Address) -> Sample:
    from benchmarks import ours

    with ours.connect(server) as session:
        stream = session.query(ours.Article).with_vectors().stream(page_size=PAGE)
        return _timed(lambda: sum(len(hit.vectors[data.VECTOR]) == data.DIMENSIONS for hit in stream))


def ours_small_pages(server: Address) -> Sample:
    from benchmarks import ours

    with ours.connect(server) as session:
        stream = session.query(ours.Article).with_vectors().stream(page_size=100)
        return _timed(lambda: sum(len(hit.vectors[data.VECTOR]) == data.DIMENSIONS for hit in stream))


def ours_columns(server: Address) -> Sample:
    from benchmarks import ours

    with ours.connect(server) as session:
        stream = session.query(ours.Article).with_vectors().stream(page_size=PAGE)
        session.query(ours.Article).limit(1).page().to_arrow()  # imports pyarrow
        return _timed(lambda: sum(page.to_arrow().num_rows for page in stream.pages()))


def ours_filtered(server: Address) -> Sample:
    from benchmarks import ours

    with ours.connect(server) as session:
        stream = session.query(ours.Article).where(ours.Article.flag == True).stream(page_size=PAGE)  # noqa: E712 - an expression, not a truth value
        return _timed(lambda: sum(hit.object.flag for hit in stream), OBJECTS // 2)


def ours_kept(server: Address) -> Sample:
    from benchmarks import ours

    with ours.connect(server) as session:
        stream = session.query(ours.Article).stream(page_size=PAGE, keep=lambda article: article.flag)
        return _timed(lambda: sum(hit.object.flag for hit in stream), OBJECTS // 2)


def official_kept(server: Address) -> Sample:
    from benchmarks import official

    with official.connect(server) as client:
        collection = client.collections.use(data.COLLECTION)
        # It has no conditions here.
        return _timed(
            lambda: sum(each.properties["flag"] is True for each in collection.iterator(cache_size=PAGE)), OBJECTS // 2
        )


ALL = Benchmark(
    name="all",
    title=f"{OBJECTS:,} objects with a {data.DIMENSIONS}-d vector, from a real server",
    unit="object",
    contenders={
        "official": _official(PAGE),
        "official-100": _official(100),
        "ours": ours,
        "ours-100": ours_small_pages,
        "ours-columns": ours_columns,
    },
    server=_filled_server,
)
FILTERED = Benchmark(
    name="filtered",
    title=f"Every second of {OBJECTS:,} objects without vectors, from a real server",
    unit="object",
    contenders={"official": official_kept, "ours": ours_filtered, "ours-kept": ours_kept},
    server=_filled_server,
)

if __name__ == "__main__":
    main(ALL, FILTERED)
