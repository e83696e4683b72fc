"""What errors become: one table from the library's error classes to HTTP, and the handlers that apply it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from weaviate_orm import (
    InvalidQueryError,
    InvalidValueError,
    MessageTooLargeError,
    ObjectExistsError,
    ObjectNotFoundError,
    RequestTimeoutError,
    TenantError,
    TransportError,
    VectorDimensionError,
    WeaviateError,
)

__all__ = ["Problem", "answer_to", "described", "install"]

logger = logging.getLogger(__name__)


class Problem(BaseModel):
    """What the answer to a request that could not be served says."""

    error: str
    detail: str


@dataclass(frozen=True, slots=True)
class Answer:
    """How an error is answered. ``detail`` may name the error's attributes; without it, the error speaks for itself."""

    status: int
    detail: str | None = None


# The nearest class counts. Errors that speak for themselves are about values that the request gave; the texts of others are for those who
# run the service, and name servers and collections.
ANSWERS: Mapping[type[WeaviateError], Answer] = {
    InvalidValueError: Answer(422),
    InvalidQueryError: Answer(422),
    VectorDimensionError: Answer(422, "The embedding has another length than those stored."),
    ObjectNotFoundError: Answer(404, "Nothing is stored with the id {error.object_id}."),
    ObjectExistsError: Answer(409, "The id {error.object_id} is taken."),
    TenantError: Answer(404, "There is no such customer; POST /customers makes one."),
    MessageTooLargeError: Answer(413, "The request is too large for the database."),
    RequestTimeoutError: Answer(504, "The database did not answer in time. What was to be written may be stored."),
    TransportError: Answer(503, "The database cannot be reached. Try again later."),
    WeaviateError: Answer(500, "The service made a mistake, which is in its log."),
}

DANGLING = Answer(422, "The {error.field} given is not stored.")  # the URL is right, a reference in the request is not


def answer_to(error: WeaviateError) -> tuple[int, Problem]:
    """Give the status and the body for an error."""
    answer = next(ANSWERS[each] for each in type(error).__mro__ if each in ANSWERS)
    if isinstance(error, ObjectNotFoundError) and error.field:
        answer = DANGLING
    detail = error.message if answer.detail is None else answer.detail.format(error=error)
    return answer.status, Problem(error=type(error).__name__, detail=detail)


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:  # FastAPI's type
    """Give what the OpenAPI page says of these statuses."""
    return {each: {"model": Problem} for each in statuses}


def install(app: FastAPI) -> None:
    """Answer the library's errors, and FastAPI's own about requests, in one shape."""

    @app.exception_handler(WeaviateError)
    async def refuse(request: Request, error: WeaviateError) -> JSONResponse:
        status, problem = answer_to(error)
        if status >= 500:
            logger.error("%s %s", request.method, request.url.path, exc_info=error)
        return JSONResponse(problem.model_dump(), status)

    @app.exception_handler(RequestValidationError)
    async def refuse_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        said = (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        return JSONResponse(Problem(error="RequestValidationError", detail="; ".join(said)).model_dump(), 422)
