"""The endpoints that write texts: one model, behind the form that each kind of provider gives its requests and replies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus

from inference_service.bodies import Body, RefusedError, bytes_of, text_in, texts_in
from inference_service.models import GenerationError, TextGenerator, count_tokens

__all__ = ["anthropic", "cohere", "ollama", "openai"]

_generate = TextGenerator()


def openai(body: Body) -> Body:
    """generative-openai, and the modules of the many providers that speak like it."""
    prompt, images = _last_message(body)
    text = _answer(prompt, images, lambda message: {"error": {"message": message}})
    asked, answered = count_tokens(prompt), count_tokens(text)
    return {
        "object": "chat.completion",
        "model": body.get("model"),
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered},
    }


def anthropic(body: Body) -> Body:
    """generative-anthropic."""
    prompt, images = _last_message(body)
    text = _answer(
        prompt, images, lambda message: {"type": "error", "error": {"type": "api_error", "message": message}}
    )
    return {
        "type": "message",
        "role": "assistant",
        "model": body.get("model"),
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": count_tokens(prompt), "output_tokens": count_tokens(text)},
    }


def cohere(body: Body) -> Body:
    """generative-cohere."""
    prompt, images = _last_message(body)
    text = _answer(prompt, images, lambda message: {"message": message})
    tokens = {"input_tokens": count_tokens(prompt), "output_tokens": count_tokens(text)}
    return {
        "finish_reason": "COMPLETE",
        "message": {"role": "assistant", "content": [{"type": "text", "text": text}]},
        "usage": {"billed_units": tokens, "tokens": tokens},
    }


def ollama(body: Body) -> Body:
    """generative-ollama."""
    images = [bytes_of(each) for each in texts_in(body, "images")]
    text = _answer(text_in(body, "prompt"), images, lambda message: {"error": message})
    return {"model": body.get("model"), "response": text, "done": True}


def _answer(prompt: str, images: list[bytes], refusal: Callable[[str], Body]) -> str:
    try:
        return _generate.generate_with_images(prompt, images)
    except GenerationError as error:
        raise RefusedError(error.status, refusal(str(error))) from error


def _last_message(body: Body) -> tuple[str, list[bytes]]:
    """Give the prompt and its images: the content of the last message is a text, or parts of which the last text is the prompt."""
    messages = body.get("messages")
    last = messages[-1] if isinstance(messages, list) and messages else None
    content: object = last.get("content") if isinstance(last, dict) else None
    if isinstance(content, str):
        return content, []
    prompt = ""
    images: list[bytes] = []
    for part in _parts(content):
        match part:
            case {"type": "text", "text": str(text)}:
                prompt = text
            case {"type": "image_url", "image_url": {"url": str(url)}}:
                images.append(bytes_of(url.partition(",")[2]))
            case {"type": "image", "source": {"data": str(data)}}:
                images.append(bytes_of(data))
            case _:
                raise _wrong_message()
    return prompt, images


def _parts(content: object) -> Iterator[object]:
    if not isinstance(content, list) or not content:
        raise _wrong_message()
    yield from content


def _wrong_message() -> RefusedError:
    return RefusedError(
        HTTPStatus.BAD_REQUEST, {"error": {"message": 'the last of "messages" must have texts and images in "content"'}}
    )
