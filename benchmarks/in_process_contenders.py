"""The contenders of ``in_process``: each loads the same objects and answers the same questions, one process each.

Messages go to the engine and to a real server as they are, so what is compared there is the engines and not the layers above.
"""

from __future__ import annotations

import gc
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from benchmarks.harness import Address
from benchmarks.in_process_data import CATEGORIES, DIMENSIONS, LIMIT, chunks, query_texts, query_vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from weaviate_orm.transport.base import Exchange
    from weaviate_orm.wire import _pb as pb

__all__ = ["CONTENDERS", "IMPORT", "START", "Figures"]

Figures = dict[str, float]
"""Seconds by task; ``"memory"`` is bytes."""

COLLECTION = "InProcess"
IMPORT = "import"
"""Of the engine and all that it needs; numpy is there before, as it is in most programs."""
START = "start-up"
"""From nothing to the first answer, after the import."""

T = TypeVar("T")

_PATIENCE = 0.5
_TIMES = 200


def _cost(ask: Callable[[T], object], questions: Sequence[T]) -> float:
    """Give the seconds of one question: the median of many, the first few left out."""
    taken: list[float] = []
    began = time.perf_counter()
    for number, question in enumerate(itertools.cycle(questions)):
        start = time.perf_counter()
        ask(question)
        end = time.perf_counter()
        if number >= 3:
            taken.append(end - start)
        if len(taken) >= _TIMES or (len(taken) >= 5 and end - began > _PATIENCE):
            return float(np.median(taken))
    raise AssertionError("cycle() does not end")


def _resident() -> int:
    """Give the resident bytes of this process; 0 where the system does not tell."""
    gc.collect()
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


def engine(objects: int, server: Address) -> Figures:
    """The in-process engine, in memory."""
    start = time.perf_counter()
    from weaviate_orm.local.engine import Engine

    imported = time.perf_counter()
    exchange = Engine()
    started = time.perf_counter()
    try:
        return {IMPORT: imported - start, START: started - imported, **_exchange_figures(exchange, objects)}
    finally:
        exchange.close()


def engine_on_file(objects: int, server: Address) -> Figures:
    """The in-process engine with a file: what durability costs."""
    import tempfile

    from weaviate_orm.local.engine import Engine

    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        exchange = Engine(Path(folder) / "objects.db")
        started = time.perf_counter() - start
        try:
            return {START: started, **_exchange_figures(exchange, objects)}
        finally:
            exchange.close()


def real(objects: int, server: Address) -> Figures:
    """A real server on loopback, asked with the same messages."""
    with _over_ports(server) as exchange:
        figures = _exchange_figures(exchange, objects)
        del figures["memory"]  # the server's is in another process
        return figures


@contextmanager
def _over_ports(server: Address) -> Iterator[Exchange]:
    from weaviate_orm.transport.grpc import GrpcExchange
    from weaviate_orm.transport.http import HttpExchange
    from weaviate_orm.transport.settings import ConnectionSettings
    from weaviate_orm.transport.target import resolve_target
    from weaviate_orm.wire.server import DEFAULT_MESSAGE_SIZE

    settings = resolve_target(server.url, grpc_port=server.grpc, environment={})
    assert isinstance(settings, ConnectionSettings)
    http, grpc = HttpExchange(settings), GrpcExchange(settings, DEFAULT_MESSAGE_SIZE)

    class _Both:
        unary = staticmethod(grpc.unary)
        rest = staticmethod(http.rest)

        def close(self) -> None:
            grpc.close()
            http.close()

    both = _Both()
    try:
        yield both
    finally:
        both.close()


def _exchange_figures(exchange: Exchange, objects: int) -> Figures:
    from weaviate_orm.wire import _pb as pb
    from weaviate_orm.wire import rpcs
    from weaviate_orm.wire.call import Patience

    schema = {
        "class": COLLECTION,
        "vectorizer": "none",
        "properties": [
            {"name": "text", "dataType": ["text"]},
            {"name": "category", "dataType": ["text"], "tokenization": "field"},
            {"name": "year", "dataType": ["int"]},
        ],
    }
    exchange.rest("DELETE", f"/schema/{COLLECTION}", query={}, body=None, patience=Patience.INSERT)
    made = exchange.rest("POST", "/schema", query={}, body=schema, patience=Patience.INSERT)
    assert made.status == 200, made
    before, taken = _resident(), 0.0
    for request in _batches(objects):
        start = time.perf_counter()
        reply = exchange.unary(rpcs.BATCH_OBJECTS, request)
        taken += time.perf_counter() - start
        assert isinstance(reply, pb.BatchObjectsReply)
        assert not reply.errors, reply.errors[0]
    figures = {"load": taken, "memory": float(_resident() - before)}

    some = pb.Filters(
        operator=pb.Filters.OPERATOR_EQUAL, value_text=CATEGORIES[3], target=pb.FilterTarget(property="category")
    )
    wanted = {
        "limit": LIMIT,
        "uses_127_api": True,
        "metadata": pb.MetadataRequest(uuid=True, distance=True, score=True),
        "properties": pb.PropertiesRequest(non_ref_properties=["text", "category", "year"]),
    }
    vectors, texts = query_vectors(), query_texts()

    def search(**clause: object) -> pb.SearchRequest:
        return pb.SearchRequest(collection=COLLECTION, **clause, **wanted)  # type: ignore[arg-type]  # fields by name

    near = [pb.NearVector(vector_bytes=vector.tobytes()) for vector in vectors]
    questions: dict[str, list[pb.SearchRequest]] = {
        "near_vector": [search(near_vector=one) for one in near],
        "near_vector, filtered": [search(near_vector=one, filters=some) for one in near],
        "bm25": [search(bm25_search=pb.BM25(query=text)) for text in texts],
        "hybrid": [
            search(hybrid_search=pb.Hybrid(query=text, alpha=0.5, vector_bytes=vector.tobytes()))
            for text, vector in zip(texts, vectors, strict=True)
        ],
    }
    for task, requests in questions.items():
        figures[task] = _cost(lambda request: exchange.unary(rpcs.SEARCH, request), requests)
    integer = pb.AggregateRequest.Aggregation.Integer(count=True, mean=True, maximum=True)
    grouped = pb.AggregateRequest(
        collection=COLLECTION,
        objects_count=True,
        group_by=pb.AggregateRequest.GroupBy(collection=COLLECTION, property="category"),
        aggregations=[pb.AggregateRequest.Aggregation(property="year", int=integer)],
    )
    figures["aggregate by group"] = _cost(lambda request: exchange.unary(rpcs.AGGREGATE, request), [grouped])
    return figures


def _batches(objects: int) -> Iterator[pb.BatchObjectsRequest]:
    from weaviate_orm.wire import _pb as pb

    for chunk in chunks(objects):
        request = pb.BatchObjectsRequest()
        for index, (text, category, year) in enumerate(zip(chunk.texts, chunk.categories, chunk.years, strict=True)):
            item = request.objects.add(
                uuid=str(chunk.id(index)), collection=COLLECTION, vector_bytes=chunk.vectors[index].tobytes()
            )
            fields = item.properties.non_ref_properties.fields
            fields["text"].string_value = text
            fields["category"].string_value = category
            fields["year"].number_value = year
        yield request


def session(objects: int, server: Address) -> Figures:
    """The library as users have it, on the in-process engine: models in, models out."""
    from benchmarks.in_process_session import figures_of_session

    return figures_of_session(objects, _cost, _resident)


def qdrant(objects: int, server: Address) -> Figures:
    """qdrant-client's local mode, for what it has: vectors and filters."""
    # pip install qdrant-client: nothing else here needs it, so it is no dependency of this repository
    from qdrant_client import QdrantClient, models  # type: ignore[import-not-found]

    start = time.perf_counter()
    client = QdrantClient(":memory:")
    figures = {START: time.perf_counter() - start}
    with ExitStack() as stack:
        stack.callback(client.close)
        parameters = models.VectorParams(size=DIMENSIONS, distance=models.Distance.COSINE)
        client.create_collection(COLLECTION, vectors_config=parameters)
        before, taken = _resident(), 0.0
        for chunk in chunks(objects):
            columns = zip(chunk.texts, chunk.categories, chunk.years, strict=True)
            payloads = [{"text": text, "category": category, "year": year} for text, category, year in columns]
            ids = [str(chunk.id(index)) for index in range(len(payloads))]
            points = models.Batch(ids=ids, vectors=chunk.vectors.tolist(), payloads=payloads)
            start = time.perf_counter()
            client.upsert(COLLECTION, points)
            taken += time.perf_counter() - start
        figures |= {"load": taken, "memory": float(_resident() - before)}
        some = models.Filter(must=[models.FieldCondition(key="category", match=models.MatchValue(value=CATEGORIES[3]))])
        vectors = list(query_vectors())

        def near(vector: NDArray[np.float32]) -> object:
            return client.query_points(COLLECTION, query=vector, limit=LIMIT)

        def near_some(vector: NDArray[np.float32]) -> object:
            return client.query_points(COLLECTION, query=vector, limit=LIMIT, query_filter=some)

        figures["near_vector"] = _cost(near, vectors)
        figures["near_vector, filtered"] = _cost(near_some, vectors)
    return figures


def floor(objects: int, server: Address) -> Figures:
    """Bare numpy: one matrix, one product, one partition; no objects come back."""
    before = _resident()
    matrix = np.concatenate([chunk.vectors for chunk in chunks(objects)])
    memory = float(_resident() - before)
    category = np.concatenate([[CATEGORIES.index(one) for one in chunk.categories] for chunk in chunks(objects)])
    some = category == 3

    def best(products: NDArray[np.float32]) -> NDArray[np.int64]:
        nearest = np.argpartition(-products, LIMIT)[:LIMIT]
        return nearest[np.argsort(-products[nearest])]

    vectors = list(query_vectors())
    return {
        "memory": memory,
        "near_vector": _cost(lambda vector: best(matrix @ vector), vectors),
        "near_vector, filtered": _cost(lambda vector: best(matrix[some] @ vector), vectors),
    }


CONTENDERS: dict[str, Callable[[int, Address], Figures]] = {
    "engine": engine,
    "engine on file": engine_on_file,
    "session": session,
    "server": real,
    "qdrant": qdrant,
    "floor": floor,
}
"""By name; ratios are against the first."""
