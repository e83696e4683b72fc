"""The contender of ``in_process`` that uses the library as its documentation shows. Only its process imports this."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import weaviate_orm.local.engine  # noqa: F401 - a session imports it when it is first needed, and start-up is measured after that
from benchmarks.in_process_data import CATEGORIES, LIMIT, chunks, query_texts, query_vectors
from weaviate_orm import Property, Session, Vector, WeaviateModel, prop, vector

__all__ = ["Note", "figures_of_session"]


class Note(WeaviateModel):
    """What all contenders store."""

    text: Property[str]
    category: Property[str] = prop(tokenization="field")
    year: Property[int]
    embedding: Vector = vector()


def figures_of_session(
    objects: int, cost: Callable[[Callable[[Any], object], Sequence[Any]], float], resident: Callable[[], int]
) -> dict[str, float]:
    """Load and ask through a session on the in-process engine.

    Args:
        objects: how many.
        cost: gives the seconds of one question.
        resident: gives the bytes of this process.
    """
    start = time.perf_counter()
    with Session() as session:
        session.server.ready()  # the engine is made when it is needed
        figures = {"start-up": time.perf_counter() - start}
        session.schema.create(Note)
        before, taken = resident(), 0.0
        for chunk in chunks(objects):
            start = time.perf_counter()
            columns = zip(chunk.texts, chunk.categories, chunk.years, chunk.vectors, strict=True)
            notes = [
                Note(id=chunk.id(index), text=text, category=category, year=year, embedding=embedding)
                for index, (text, category, year, embedding) in enumerate(columns)
            ]
            session.insert_many(notes)
            taken += time.perf_counter() - start
            del notes
        figures |= {"load": taken, "memory": float(resident() - before)}
        query = session.query(Note)
        some = query.where(Note.category == CATEGORIES[3])
        vectors, texts = list(query_vectors()), query_texts()
        near = Note.embedding
        figures["near_vector"] = cost(lambda one: query.near_vector(one, target=near).limit(LIMIT).all(), vectors)
        figures["near_vector, filtered"] = cost(
            lambda one: some.near_vector(one, target=near).limit(LIMIT).all(), vectors
        )
        figures["bm25"] = cost(lambda words: query.bm25(words).limit(LIMIT).all(), texts)
        pairs = list(zip(texts, vectors, strict=True))
        figures["hybrid"] = cost(
            lambda pair: query.hybrid(pair[0], vector=pair[1], alpha=0.5, target=near).limit(LIMIT).all(), pairs
        )
    return figures
