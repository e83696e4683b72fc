"""What each endpoint answers: a function from the request's JSON object to the reply's, and a table of them by path."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inference_service.bodies import Body, bytes_of, text_in, texts_in
from inference_service.generators import anthropic, cohere, ollama, openai
from inference_service.models import KINDS, Kind, MediaEmbedder, rerank

__all__ = ["ENDPOINTS"]

_embedder = MediaEmbedder()


def vectors(body: Body) -> Body:
    """text2vec-transformers: one text, one vector."""
    text = text_in(body, "text")
    vector: list[float] = _embedder([text])[0].tolist()
    return {"text": text, "vector": vector, "dims": len(vector)}


def vectorize(body: Body) -> Body:
    """multi2vec-bind and multi2vec-clip: lists of texts and of media in base64, each with a list of vectors in the reply."""
    reply: dict[str, object] = {"textVectors": _embedder(texts_in(body, "texts")).tolist()}
    for kind in KINDS:
        media = [bytes_of(each) for each in texts_in(body, "images" if kind == "image" else kind)]
        reply[_VECTORS_OF[kind]] = _embedder.embed_media(kind, media).tolist()
    return reply


_VECTORS_OF: Mapping[Kind, str] = {
    **{kind: f"{kind}Vectors" for kind in KINDS},
    "imu": "IMUVectors",
}


def ranked(body: Body) -> Body:
    """reranker-transformers: a query and documents, each with its score in the reply, in order."""
    query, documents = text_in(body, "query"), texts_in(body, "documents")
    scores = rerank(query, documents)
    found = [{"document": document, "score": score} for document, score in zip(documents, scores, strict=True)]
    return {"query": query, "scores": found}


ENDPOINTS: Mapping[str, Callable[[Body], Body]] = {
    "/vectors": vectors,
    "/vectorize": vectorize,
    "/rerank": ranked,
    "/v1/chat/completions": openai,
    "/chat/completions": openai,  # of generative-deepseek
    "/v1/messages": anthropic,
    "/v2/chat": cohere,
    "/api/generate": ollama,
}
"""By path of a POST."""
