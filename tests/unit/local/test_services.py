"""What the user's callables may give, and what becomes of their errors."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from weaviate_orm.local.refusals import Refused, ServiceFailed, Unsupported
from weaviate_orm.local.services import Services
from weaviate_orm.local.word_llama import WordLlamaEmbedder
from weaviate_orm.types import MediaKind

OPENAI = "text2vec-openai"
LATE = "text2multivec-jinaai"


def lengths(texts: list[str], /) -> Any:  # whatever a user's callable may give
    return [[len(text), 1] for text in texts]


def test_an_embedder_answers_for_every_text_module() -> None:
    services = Services(embedder=lengths)
    assert [vector.tolist() for vector in services.embed(OPENAI, ["a", "bcd"])] == [[1, 1], [3, 1]]
    assert services.embed("text2vec-cohere", ["a"])[0].dtype == np.float32
    assert services.embed(OPENAI, []) == []


def test_embedders_by_module() -> None:
    services = Services(embedder={OPENAI: lengths})
    assert services.embed(OPENAI, ["abc"])[0].tolist() == [3, 1]
    assert services.accepts(OPENAI)
    assert not services.accepts("text2vec-cohere")
    assert not Services(embedder=lengths).accepts(OPENAI)
    with pytest.raises(Unsupported, match="embedder"):
        services.embed("text2vec-cohere", ["a"])


def test_multi_vectors_need_an_embedder_of_their_own() -> None:
    def late(texts: list[str], /) -> Any:  # the same
        return [np.full((len(text), 2), 7.0) for text in texts]

    with pytest.raises(Unsupported):
        Services(embedder=late).embed(LATE, ["ab"])
    services = Services(embedder={LATE: late})
    assert services.accepts(LATE)
    assert [matrix.shape for matrix in services.embed(LATE, ["ab", "c"])] == [(2, 2), (1, 2)]
    with pytest.raises(Refused, match=r"must give 1 arrays of shape \(rows, dimensions\)"):
        Services(embedder={LATE: lambda texts: [[1.0, 2.0]]}).embed(LATE, ["a"])

    def many(texts: list[str], /) -> Any:  # the same
        return [[[1.0]], [[2.0]]]

    with pytest.raises(Refused, match="it gave 2"):
        Services(embedder={LATE: many}).embed(LATE, ["a"])


class Counting:
    """An embedder of media: the length, and a number for the kind."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[bytes]]] = []

    def __call__(self, texts: list[str], /) -> Any:
        return [[len(text), 0] for text in texts]

    def embed_media(self, kind: MediaKind, media: list[bytes], /) -> Any:
        self.asked.append((kind, media))
        return [[len(each), len(kind)] for each in media]


def test_an_embedder_of_media_answers_for_every_module_of_media() -> None:
    embedder = Counting()
    services = Services(embedder=embedder)
    assert services.accepts("multi2vec-clip")
    assert services.accepts("img2vec-neural")
    assert "multi2vec-bind" in services.modules()
    assert [each.tolist() for each in services.embed_media("multi2vec-bind", "audio", [b"ab", b""])] == [[2, 5], [0, 5]]
    assert embedder.asked == [("audio", [b"ab", b""])]
    assert services.embed("multi2vec-clip", ["abc"])[0].tolist() == [3, 0]
    assert services.embed_media("multi2vec-bind", "image", []) == []


@pytest.mark.parametrize("embedder", ["automatic", None, lengths, {"multi2vec-clip": lengths}, {OPENAI: Counting()}])
def test_media_need_an_embedder_of_media(embedder: Any) -> None:
    services = Services(embedder=embedder)
    assert not services.accepts("multi2vec-clip")
    with pytest.raises(Unsupported, match="an embedder of images, sound or video"):
        services.embed_media("multi2vec-clip", "image", [b"a"])


def test_modules_that_make_several_vectors_of_a_medium_are_not_answered() -> None:
    assert not Services(embedder=Counting()).accepts("multi2multivec-jinaai")


def test_vectors_of_media_are_checked() -> None:
    class Wrong(Counting):
        def embed_media(self, kind: MediaKind, media: list[bytes], /) -> Any:
            return [[1.0]]

    with pytest.raises(
        ServiceFailed, match=r"an array of shape \(2, dimensions\) for 2 media; it gave one of shape \(1, 1\)"
    ):
        Services(embedder=Wrong()).embed_media("multi2vec-clip", "image", [b"a", b"b"])


def test_images_go_to_a_generator_that_takes_them() -> None:
    class Seeing:
        def __call__(self, prompt: str, /) -> str:
            return prompt

        def generate_with_images(self, prompt: str, images: list[bytes], /) -> str:
            return f"{prompt} {images}"

    assert Services(generator=Seeing()).generate("generative-openai", "say", [b"a"]) == "say [b'a']"
    assert Services(generator=Seeing()).generate("generative-openai", "say") == "say"
    with pytest.raises(Unsupported, match="a generator that takes images"):
        Services(generator=str.upper).generate("generative-openai", "say", [b"a"])
    assert "say" in Services().generate("generative-dummy", "say", [b"a"])  # which looks at nothing, as on a server


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ([[1.0, 2.0]], r"an array of shape \(2, dimensions\) for 2 texts; it gave one of shape \(1, 2\)"),
        ([1.0, 2.0], r"it gave one of shape \(2,\)"),
        ([[], []], r"it gave one of shape \(2, 0\)"),
        ([[1.0, float("nan")], [1.0, 2.0]], "finite numbers; it gave not-a-number or infinity"),
        ([["a"], ["b"]], "an array of numbers; it gave something else"),
        ([[1.0], [1.0, 2.0]], "an array of numbers; it gave something else"),
    ],
)
def test_vectors_that_are_none(result: Any, message: str) -> None:
    with pytest.raises(Refused, match=f"embedder for {OPENAI} must give .*{message}"):
        Services(embedder=lambda texts: result).embed(OPENAI, ["a", "b"])


def test_errors_say_where_they_come_from() -> None:
    def broken(*arguments: object) -> Any:  # it gives nothing
        raise KeyError("no model")

    def silent(prompt: str, /) -> str:
        raise TimeoutError

    services = Services(embedder=broken, reranker=broken, generator=silent)
    with pytest.raises(Refused, match=f"embedder for {OPENAI} raised KeyError: 'no model'") as refused:
        services.embed(OPENAI, ["a"])
    assert isinstance(refused.value.__cause__, KeyError)
    with pytest.raises(Refused, match="reranker for reranker-cohere raised KeyError"):
        services.rerank("reranker-cohere", "q", ["a"])
    with pytest.raises(Refused, match="generator for generative-openai raised TimeoutError"):
        services.generate("generative-openai", "p")


def test_rerankers() -> None:
    def counting(query: str, documents: list[str], /) -> Sequence[float]:
        return [document.count(query) for document in documents]

    services = Services(reranker=counting)
    assert services.rerank("reranker-cohere", "a", ["aa", "b"]) == [2.0, 0.0]
    assert Services().rerank("reranker-dummy", "a", ["äb", ""]) == [3.0, 0.0]
    with pytest.raises(Unsupported, match="reranker"):
        Services().rerank("reranker-cohere", "a", ["b"])
    with pytest.raises(Refused, match="one score for each of 2 documents"):
        Services(reranker=lambda query, documents: [1.0]).rerank("reranker-cohere", "a", ["b", "c"])


def test_generators() -> None:
    services = Services(generator={"generative-openai": lambda prompt: prompt.upper()})
    assert services.generate("generative-openai", "say") == "SAY"
    with pytest.raises(Unsupported, match="generator"):
        services.generate("generative-cohere", "say")
    assert "prompt: say. With settings: ." in Services().generate("generative-dummy", "say")


def test_modules_that_answer() -> None:
    none = Services(embedder=None).modules()
    assert {"ref2vec-centroid", "reranker-dummy", "generative-dummy"} == set(none)
    some = Services(embedder={OPENAI: lengths}, generator=str.upper).modules()
    assert {OPENAI, "generative-openai"} <= set(some)
    assert "text2vec-cohere" not in some
    assert "multi2vec-clip" not in Services(embedder=lengths).modules()


def test_no_embedder_says_what_to_do() -> None:
    with pytest.raises(Unsupported, match=r"pip install .*embedder="):
        Services(embedder=None).embed(OPENAI, ["a"])


def test_word_llama_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Services().embedder == "automatic"
    (vector,) = Services().embed("text2vec-transformers", ["run another program"])
    assert vector.shape == (256,)
    monkeypatch.setattr("weaviate_orm.local.services.word_llama_installed", lambda: False)
    with pytest.raises(Unsupported, match="pip install"):
        Services().embed("text2vec-transformers", ["run another program"])


def test_word_llama_embeds_each_text_as_if_alone() -> None:
    embedder = WordLlamaEmbedder()
    texts = ["", "one", "two words", "\ud800 half", "longer " * 3000, "three more words", ""]
    together = embedder(texts)
    assert together.dtype == np.float32
    assert not together[[0, 6]].any()
    for text, vector in zip(texts, together, strict=True):
        assert embedder([text])[0].tolist() == vector.tolist()
    assert embedder([]).shape == (0, 256)


def test_word_llama_in_threads() -> None:
    embedder = WordLlamaEmbedder()
    texts = [f"text number {number}" for number in range(20)]
    expected = WordLlamaEmbedder()(texts)
    wrong: list[int] = []

    def work(number: int) -> None:
        for _ in range(5):
            if (embedder(texts[number : number + 3]) != expected[number : number + 3]).any():
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


async def _later(texts: list[str], /) -> Any:  # what somebody may hand in
    return [[1.0] for _ in texts]


@pytest.mark.parametrize(("embedder", "said"), [(_later, "it gave a coroutine"), (lambda texts: None, "it gave None")])
def test_what_no_embedder_gives(embedder: Any, said: str) -> None:
    with pytest.raises(ServiceFailed, match=said):
        Services(embedder=embedder).embed(OPENAI, ["a"])


def test_a_misspelt_module_is_named() -> None:
    with pytest.raises(Unsupported, match=r"\(for text2vec-openai; InProcess\(embedder=\.\.\.\) has text2vec_openai\)"):
        Services(embedder={"text2vec_openai": lengths}).embed(OPENAI, ["a"])


def test_loading_the_default_leaves_logging_alone() -> None:
    program = (
        "import logging; from weaviate_orm.local.word_llama import WordLlamaEmbedder; WordLlamaEmbedder()(['a'])\n"
        "root = logging.getLogger(); assert (root.handlers, root.level) == ([], logging.WARNING), (root.handlers, root.level)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
