"""What the engine refuses, in the server's own words, so that one table of meanings (``wire/status.py``) serves both."""

from __future__ import annotations

from enum import Enum

from weaviate_orm.wire.status import ENGINE

__all__ = ["Refused", "RestShape", "ServiceFailed", "Unsupported"]


class RestShape(Enum):
    """How the body of a REST refusal is built; the server has four ways."""

    ERRORS = "errors"
    """``{"error": [{"message": text}]}``, of most domain errors."""

    SCHEMA = "schema"
    """``{"allowed": null, "error": [...]}``, of writes to the schema."""

    CODE = "code"
    """``{"code": code, "message": text}``, of request validation."""

    EMPTY = "empty"
    """No body, of most 404."""


class Refused(Exception):  # noqa: N818 - never reaches users; the engine turns it into a status
    """The engine does not do what was asked, for a reason that the server would give too.

    Attributes:
        text: the server's words.
        http: status of a REST reply.
        grpc: name of the gRPC status; nearly all of the server's are UNKNOWN.
        shape: how the REST body is built.
        code: the number in a body of shape ``CODE``; the HTTP status when left out.
    """

    def __init__(
        self,
        text: str = "",
        *,
        http: int = 422,
        grpc: str = "UNKNOWN",
        shape: RestShape = RestShape.ERRORS,
        code: int | None = None,
    ) -> None:
        super().__init__(text)
        self.text = text
        self.http = http
        self.grpc = grpc
        self.shape = shape
        self.code = http if code is None else code

    def prefixed(self, prefix: str) -> Refused:
        """Give the same refusal with words in front, as the server adds them on the way up."""
        return Refused(prefix + self.text, http=self.http, grpc=self.grpc, shape=self.shape, code=self.code)

    def body(self) -> object:
        """Give the JSON body of a REST reply, ``None`` for none."""
        match self.shape:
            case RestShape.EMPTY:
                return None
            case RestShape.CODE:
                return {"code": self.code, "message": self.text}
            case RestShape.SCHEMA:
                return {"allowed": None, "error": [{"message": self.text}]}
            case RestShape.ERRORS:
                return {"error": [{"message": self.text}]}


class Unsupported(Refused):
    """The engine lacks something that a server has. Made by ``capabilities.py`` only, so that the list of them is whole."""

    def __init__(self, text: str) -> None:
        super().__init__(text, http=501, grpc="UNIMPLEMENTED")

    def prefixed(self, prefix: str) -> Refused:
        """Give the same refusal: no server has words to put in front of what it never says."""
        return self


class ServiceFailed(Refused):
    """What the user handed in, an embedder for example, raised or gave something that cannot be used. The cause is chained."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{ENGINE}'s {text}", http=500)

    def prefixed(self, prefix: str) -> Refused:
        """Give the same refusal: no server has words to put in front of what it never says."""
        return self
