"""What the engine has others do: turn texts into vectors, rank again, write texts. On a server these are modules; here, callables.

The user hands them in; their results are checked, and what they raise becomes a refusal that says where it came from.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

from weaviate_orm.local.capabilities import unsupported
from weaviate_orm.local.objects import Floats
from weaviate_orm.local.refusals import ServiceFailed
from weaviate_orm.local.schema.media import MEDIA_KINDS
from weaviate_orm.local.schema.modules import MODULES, Family
from weaviate_orm.local.word_llama import WordLlamaEmbedder, word_llama_installed
from weaviate_orm.types import (
    Embedder,
    Generator,
    MediaEmbedder,
    MediaKind,
    MultimodalGenerator,
    Reranker,
)

__all__ = ["Services"]


Service = TypeVar("Service", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Services:
    """Callables by kind: one for every module of the kind, or a mapping from names of modules.

    Attributes:
        embedder: for ``text2vec-...``; for ``multi2vec-...`` and ``img2vec-...`` when it is a ``MediaEmbedder``; modules of multi-vectors
            need one under their name. ``"automatic"`` is WordLlama where the package ``wordllama`` is installed, else nothing.
        reranker: for ``reranker-...``. ``reranker-dummy`` needs none: it takes the length of documents, in bytes, as on a server.
        generator: for ``generative-...``. ``generative-dummy`` needs none: it repeats the prompt, as on a server.
    """

    embedder: Embedder | Mapping[str, Embedder] | Literal["automatic"] | None = "automatic"
    reranker: Reranker | Mapping[str, Reranker] | None = None
    generator: Generator | Mapping[str, Generator] | None = None

    def accepts(self, module: str) -> bool:
        """Tell whether an embedder was given that does what a module of media or of multi-vectors needs."""
        if _family(module) is Family.MEDIA:
            return self._media_embedder(module) is not None
        return isinstance(self.embedder, Mapping) and module in self.embedder

    def modules(self) -> list[str]:
        """Give the names of the modules that answer, as a server lists those that are enabled."""
        return sorted(
            name
            for name, module in MODULES.items()
            if module.family is Family.REFERENCES or self._service(name, module.family) is not None
        )

    def embed(self, module: str, texts: Sequence[str]) -> list[Floats]:
        """Give the vector of each text, float32, all of one length; multi-vectors for a module that makes such.

        Raises:
            Unsupported: no embedder answers for the module.
            ServiceFailed: the embedder failed, or gave something else.
        """
        service = self._embedder(module)
        if service is None:
            raise unsupported("embedding", self._offered(module))
        if not texts:
            return []
        where = f"embedder for {module}"
        found = _call(where, lambda: service(list(texts)))
        if _family(module) is Family.MULTI_VECTOR:
            return _checked_matrices(where, found, len(texts))
        return list(_checked_matrix(where, found, len(texts)))

    def embed_media(self, module: str, kind: MediaKind, media: Sequence[bytes]) -> list[Floats]:
        """Give the vector of each medium of one kind, float32, all of one length.

        Raises:
            Unsupported: no embedder of media answers for the module.
            ServiceFailed: the embedder failed, or gave something else.
        """
        service = self._media_embedder(module)
        if service is None:
            raise unsupported("media_vectorizers")
        if not media:
            return []
        where = f"embedder for {module}"
        found = _call(where, lambda: service.embed_media(kind, list(media)))
        return list(_checked_matrix(where, found, len(media), "media"))

    def rerank(self, module: str, query: str, documents: Sequence[str]) -> list[float]:
        """Give the score of each document.

        Raises:
            Unsupported: no reranker answers for the module.
            ServiceFailed: the reranker failed, or gave something else.
        """
        service = _chosen(self.reranker, module) or (_length if module == "reranker-dummy" else None)
        if service is None:
            raise unsupported("reranking")
        where = f"reranker for {module}"
        scores = _call(where, lambda: service(query, list(documents)))
        array = _as_array(where, scores, np.float64)
        if array.shape != (len(documents),):
            raise _wrong(where, f"one score for each of {len(documents)} documents", f"an array of shape {array.shape}")
        return [float(score) for score in array]

    def generate(self, module: str, prompt: str, images: Sequence[bytes] = ()) -> str:
        """Give the answer to a prompt, with images where there are any.

        Raises:
            Unsupported: no generator answers for the module, or the one that does takes no images.
            ServiceFailed: the generator failed, or gave something else.
        """
        service = _chosen(self.generator, module) or (_repeat if module == "generative-dummy" else None)
        if service is None:
            raise unsupported("generating")
        where = f"generator for {module}"
        if not images or service is _repeat:
            text = _call(where, lambda: service(prompt))
        elif isinstance(service, MultimodalGenerator):
            text = _call(where, lambda: service.generate_with_images(prompt, list(images)))
        else:
            raise unsupported("generating_from_images")
        if not isinstance(text, str):
            raise _wrong(where, "a text", type(text).__name__)
        return text

    def _offered(self, module: str) -> str:
        """Say what was asked for, and what is there in its place: a misspelt name is not noticed otherwise."""
        given = (
            f"; InProcess(embedder=...) has {', '.join(sorted(self.embedder))}"
            if isinstance(self.embedder, Mapping)
            else ""
        )
        return f" (for {module}{given})"

    def _media_embedder(self, module: str) -> MediaEmbedder | None:
        if module not in MEDIA_KINDS or self.embedder == "automatic":
            return None
        chosen = _chosen(self.embedder, module)
        return chosen if isinstance(chosen, MediaEmbedder) else None

    def _embedder(self, module: str) -> Embedder | None:
        if _family(module) is not Family.TEXT and not self.accepts(module):
            return None
        if self.embedder == "automatic":
            return _word_llama() if word_llama_installed() else None
        return _chosen(self.embedder, module)

    def _service(self, module: str, family: Family) -> Callable[..., object] | None:
        match family:
            case Family.RERANKER:
                return _length if module == "reranker-dummy" else _chosen(self.reranker, module)
            case Family.GENERATIVE:
                return _repeat if module == "generative-dummy" else _chosen(self.generator, module)
            case _:
                return self._embedder(module)


@cache
def _word_llama() -> WordLlamaEmbedder:
    """Give the one embedder of this process: its weights are 16 megabytes."""
    return WordLlamaEmbedder()


def _family(module: str) -> Family:
    known = MODULES.get(module)
    return Family.TEXT if known is None else known.family


def _chosen(given: Service | Mapping[str, Service] | None, module: str) -> Service | None:
    if not isinstance(given, Mapping):
        return given
    # A callable that is a mapping too would count as one.
    by_module: Mapping[str, Service] = given  # pyright: ignore[reportUnknownVariableType]  # of what it thinks of it then
    return by_module.get(module)


def _length(query: str, documents: list[str], /) -> list[float]:
    return [float(len(document.encode())) for document in documents]


def _repeat(prompt: str, /) -> str:
    return (
        f"You want me to generate something based on the following prompt: {prompt}. "
        "With settings: . I'm sorry, I'm just a dummy and can't generate anything."
    )


Result = TypeVar("Result")


def _call(where: str, service: Callable[[], Result]) -> Result:
    """Call what the user gave; whatever it raises, the search or the write fails and the engine goes on."""
    try:
        result = service()
    except Exception as error:
        raise ServiceFailed(f"{where} raised {type(error).__name__}: {error}") from error
    if inspect.iscoroutine(result):
        result.close()
        raise _wrong(where, "an ordinary function's result", "a coroutine; a session calls it without await")
    if result is None:
        raise _wrong(where, "something", "None")
    return result


def _as_array(where: str, found: npt.ArrayLike, kind: type[np.floating]) -> npt.NDArray[np.floating]:
    try:
        array = np.asarray(found, dtype=kind)
    except (TypeError, ValueError) as error:
        raise _wrong(where, "an array of numbers", f"something else: {error}") from error
    if not np.isfinite(array).all():
        raise _wrong(where, "finite numbers", "not-a-number or infinity")
    return array


def _checked_matrix(where: str, found: npt.ArrayLike, count: int, things: str = "texts") -> Floats:
    array = _as_array(where, found, np.float32)
    if array.ndim != 2 or len(array) != count or (count and not array.shape[1]):
        raise _wrong(
            where, f"an array of shape ({count}, dimensions) for {count} {things}", f"one of shape {array.shape}"
        )
    return array.astype(np.float32, copy=False)


def _checked_matrices(where: str, found: npt.ArrayLike, count: int) -> list[Floats]:
    wanted = f"{count} arrays of shape (rows, dimensions), one for each text"
    if not isinstance(found, Sequence | np.ndarray) or isinstance(found, str | bytes):
        raise _wrong(where, wanted, type(found).__name__)
    given: list[npt.ArrayLike] = [*found]
    if len(given) != count:
        raise _wrong(where, wanted, str(len(given)))
    matrices: list[Floats] = []
    for one in given:
        array = _as_array(where, one, np.float32)
        if array.ndim != 2 or not array.size:
            raise _wrong(where, wanted, f"an array of shape {array.shape}")
        matrices.append(array.astype(np.float32, copy=False))
    return matrices


def _wrong(where: str, wanted: str, got: str) -> ServiceFailed:
    return ServiceFailed(f"{where} must give {wanted}; it gave {got}")
