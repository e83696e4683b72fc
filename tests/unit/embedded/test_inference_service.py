"""The models of the examples behind HTTP: the protocols of the server's modules, over one connection and over many."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from inference_service.models import GenerationError, MediaEmbedder, TextGenerator, rerank

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


@pytest.fixture
def connection(inference_url: str) -> Iterator[HTTPConnection]:
    client = HTTPConnection(urlsplit(inference_url).netloc, timeout=30)
    yield client
    client.close()


def ask(connection: HTTPConnection, method: str, path: str, body: bytes | None = None) -> tuple[int, object]:
    connection.request(method, path, body)
    reply = connection.getresponse()
    content = reply.read()
    return reply.status, json.loads(content) if content else None


def embed(connection: HTTPConnection, text: str) -> list[float]:
    body = {
        "text": text,
        "dims": 0,
        "vector": None,
        "error": "",
        "config": {"pooling_strategy": "masked_mean", "task_type": "query"},
    }
    status, reply = ask(connection, "POST", "/vectors", json.dumps(body).encode())
    assert status == 200
    assert isinstance(reply, dict)
    assert reply["text"] == text
    assert reply["dims"] == len(reply["vector"]) == 256
    vector: list[float] = reply["vector"]
    return vector


def test_health_and_meta(connection: HTTPConnection) -> None:
    assert ask(connection, "GET", "/.well-known/ready") == (204, None)
    assert ask(connection, "GET", "/.well-known/live") == (204, None)
    assert ask(connection, "GET", "/meta") == (200, {"model": "wordllama l2_supercat_256"})


def test_vectors_are_wordllamas_to_the_bit(connection: HTTPConnection) -> None:
    import wordllama

    model = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)
    for text in ("run another program and read its output", "Zoë 🦆 naïve", "x" * 20_000):
        assert np.array_equal(np.array(embed(connection, text), dtype=np.float32), model.embed(text)[0])


def test_near_meanings_have_near_vectors(connection: HTTPConnection) -> None:
    def cosine(left: str, right: str) -> float:
        a, b = np.array(embed(connection, left)), np.array(embed(connection, right))
        return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    assert cosine("a king and his crown", "royalty") > cosine("a king and his crown", "a diesel engine")


def test_empty_text_and_half_a_character_do_not_hurt(connection: HTTPConnection) -> None:
    assert embed(connection, "") == [0.0] * 256
    status, reply = ask(connection, "POST", "/vectors", b'{"text": "\\ud83e"}')
    assert (status, isinstance(reply, dict)) == (200, True)


@pytest.mark.parametrize("body", [b"{", b"", b"\xff", b"[]", b'"text"', b"{}", b'{"text": null}', b'{"text": 1}'])
def test_a_bad_request_says_why_and_keeps_the_connection(connection: HTTPConnection, body: bytes) -> None:
    status, reply = ask(connection, "POST", "/vectors", body)
    assert status == 400
    assert isinstance(reply, dict)
    assert list(reply) == ["error"]
    assert "the body" in reply["error"]
    assert len(embed(connection, "still here")) == 256


def post(connection: HTTPConnection, path: str, body: object) -> tuple[int, Any]:
    return ask(connection, "POST", path, json.dumps(body).encode())


def coded(data: bytes) -> str:
    return b64encode(data).decode()


def test_documents_are_ranked_as_in_process(connection: HTTPConnection) -> None:
    documents = ["a diesel engine", "royalty", "", "royalty and more words"]
    status, reply = post(connection, "/rerank", {"query": "a king", "documents": documents, "property": ""})
    assert status == 200
    assert [each["document"] for each in reply["scores"]] == documents
    scores = [each["score"] for each in reply["scores"]]
    assert scores == rerank("a king", documents)
    assert scores.index(max(scores)) == 1
    assert rerank("", ["aa", "a"]) == [-2e-6, -1e-6]


def test_media_and_texts_have_vectors_in_one_space(connection: HTTPConnection) -> None:
    fox, noise = b"a red fox", bytes([0xFF, 1, 1])
    body = {"texts": ["a red fox"], "images": [coded(fox), coded(noise)], "imu": [coded(noise)], "audio": None}
    status, reply = post(connection, "/vectorize", body)
    assert status == 200
    embedder = MediaEmbedder()
    assert reply["textVectors"] == embedder(["a red fox"]).tolist()
    assert reply["imageVectors"] == embedder.embed_media("image", [fox, noise]).tolist()
    assert reply["IMUVectors"] == embedder.embed_media("imu", [noise]).tolist()
    assert [reply[f"{kind}Vectors"] for kind in ("audio", "video", "depth", "thermal")] == [[]] * 4
    assert sorted(set(reply["imageVectors"][1])) == [0, 1, 2]  # how often each byte occurs
    assert reply["imageVectors"][1] != reply["IMUVectors"][0]
    for wrong in ({"images": ["no!"]}, {"images": "x"}, {"texts": [1]}):
        status, reply = post(connection, "/vectorize", wrong)
        assert (status, list(reply)) == (400, ["error"])


def chat(content: object) -> dict[str, object]:
    return {"model": "echo", "messages": [{"role": "user", "content": content}]}


def test_providers_answer_alike_each_in_its_form(connection: HTTPConnection) -> None:
    prompt = "one two three four five six seven eight nine"
    text = TextGenerator()(prompt)
    assert text.startswith("one two three four five six seven eight [")
    assert TextGenerator()(prompt + "!") != text
    usage = {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}
    for path in ("/v1/chat/completions", "/chat/completions"):
        status, reply = post(connection, path, chat(prompt))
        assert (status, reply["choices"][0]["message"]["content"], reply["usage"]) == (200, text, usage)
    status, reply = post(connection, "/v1/messages", chat(prompt))
    assert (status, reply["content"][0]["text"]) == (200, text)
    assert reply["usage"] == {"input_tokens": 9, "output_tokens": 9}
    status, reply = post(connection, "/v2/chat", chat([{"type": "text", "text": prompt}]))
    assert (status, reply["message"]["content"][0]["text"]) == (200, text)
    status, reply = post(connection, "/api/generate", {"model": "echo", "prompt": prompt, "stream": False})
    assert (status, reply["response"]) == (200, text)


def test_images_of_every_provider_reach_the_model(connection: HTTPConnection) -> None:
    text = TextGenerator().generate_with_images("see", [b"a", b"b"])
    assert " of 2 images [" in text
    assert text != TextGenerator().generate_with_images("see", [b"b", b"a"])
    urls = [f"data:image/png;base64,{coded(each)}" for each in (b"a", b"b")]
    parts = [{"type": "text", "text": "see"}, *({"type": "image_url", "image_url": {"url": each}} for each in urls)]
    assert post(connection, "/v1/chat/completions", chat(parts))[1]["choices"][0]["message"]["content"] == text
    assert post(connection, "/v2/chat", chat(parts))[1]["message"]["content"][0]["text"] == text
    parts = []
    for each in (b"a", b"b"):
        parts += [{"type": "text", "text": "Image:"}, {"type": "image", "source": {"data": coded(each)}}]
    parts.append({"type": "text", "text": "see"})
    assert post(connection, "/v1/messages", chat(parts))[1]["content"][0]["text"] == text
    body = {"prompt": "see", "images": [coded(b"a"), coded(b"b")]}
    assert post(connection, "/api/generate", body)[1]["response"] == text


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat/completions", chat("please fail with status 503")),
        ("/v1/messages", chat("please fail with status 503")),
        ("/v2/chat", chat("please fail with status 503")),
        ("/api/generate", {"prompt": "please fail with status 503"}),
    ],
)
def test_a_failure_on_demand(connection: HTTPConnection, path: str, body: object) -> None:
    status, reply = post(connection, path, body)
    assert status == 503
    assert "the prompt asked for status 503" in json.dumps(reply)
    with pytest.raises(GenerationError) as caught:
        TextGenerator()("please fail with status 503")
    assert caught.value.status == 503


@pytest.mark.parametrize("body", [{}, {"messages": []}, chat(None), chat([]), chat([{"type": "audio"}])])
def test_a_chat_without_a_prompt(connection: HTTPConnection, body: object) -> None:
    status, reply = post(connection, "/v1/chat/completions", body)
    assert status == 400
    assert "messages" in reply["error"]["message"]


def test_unknown_paths(connection: HTTPConnection) -> None:
    assert ask(connection, "GET", "/nope") == (404, {"error": "there is no GET /nope"})
    assert ask(connection, "POST", "/nope", b"{}") == (404, {"error": "there is no POST /nope"})
    assert len(embed(connection, "still here")) == 256


def test_a_reply_comes_in_one_piece(inference_url: str) -> None:
    # One packet a reply: with two, each text would wait for a delayed acknowledgement.
    url = urlsplit(inference_url)
    with socket.create_connection((url.hostname, url.port), timeout=30) as client:
        body = b'{"text": "short"}'
        client.sendall(b"POST /vectors HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        reply = client.recv(1 << 20)
    head, _, content = reply.partition(b"\r\n\r\n")
    assert b"Content-Length: %d" % len(content) in head
    assert json.loads(content)["dims"] == 256


def test_many_at_once(inference_url: str) -> None:
    def one(number: int) -> list[float]:
        client = HTTPConnection(urlsplit(inference_url).netloc, timeout=30)
        try:
            return embed(client, f"text number {number % 10}")
        finally:
            client.close()

    with ThreadPoolExecutor(32) as pool:
        vectors = list(pool.map(one, range(200)))
    assert all(vectors[number] == vectors[number % 10] for number in range(200))


def test_the_service_ends_with_a_killed_parent(vanishes: Callable[[int], bool]) -> None:
    program = (
        "import inference_service, subprocess, sys\n"
        "made = []\n"
        "class Noted(subprocess.Popen):\n"
        "    def __init__(self, *a, **k): super().__init__(*a, **k); made.append(self)\n"
        "subprocess.Popen = Noted\n"
        "with inference_service.start_inference_service() as url:\n"
        "    print(made[0].pid, flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", program]
    environment = {**os.environ, "PYTHONPATH": str(EXAMPLES)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        owner.kill()
        assert vanishes(pid)
