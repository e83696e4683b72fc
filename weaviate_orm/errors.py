"""Every error that weaviate_orm raises, as one tree.

    WeaviateError
    ├── UsageError                      you asked for something impossible; nothing was sent
    │   ├── ModelDefinitionError        a model class that no collection can represent
    │   ├── InvalidValueError           a value that its property, vector or option cannot hold
    │   ├── InvalidQueryError           a query that its model or the server's rules refuse
    │   ├── ConfigurationError          a target, credential, header or timeout that cannot work
    │   ├── SessionClosedError          a call on a closed session
    │   ├── ReferenceNotLoadedError     a reference that was not included was read (also an AttributeError)
    │   ├── NoResultError               one() found nothing
    │   ├── MultipleResultsError        one() found more than one
    │   └── StaleObjectError            the stored object was updated meanwhile, and the caller said not to write then
    ├── ServerError                     the server answered, and refused
    │   ├── AuthenticationError         no or wrong credentials
    │   ├── PermissionDeniedError       right credentials, missing permission
    │   ├── CollectionNotFoundError     no such collection
    │   ├── CollectionExistsError       the collection is there already
    │   ├── SchemaMismatchError         the collection differs from the model
    │   ├── ObjectNotFoundError         no such object
    │   ├── ObjectExistsError           the id is taken
    │   ├── VectorDimensionError        a vector of another length than the collection's
    │   ├── TenantError                 tenant missing, unknown, inactive or unexpected
    │   ├── UnsupportedFeatureError     the server is too old, or lacks the module
    │   ├── UsageLimitError             a quota or rate limit of the server
    │   └── ServerTooOldError           below the least version that this library speaks to
    ├── TransportError                  the server could not be reached or did not answer in time
    │   ├── ServerUnreachableError      nobody listens on the named port, or the connection broke
    │   ├── ServerUnavailableError      the server says that it cannot serve now
    │   ├── RequestTimeoutError         the deadline passed
    │   └── MessageTooLargeError        a message over the server's limit
    ├── ProtocolError                   the reply makes no sense
    │   └── HydrationError              a stored object does not fit its model
    ├── EmbeddedError                   a server binary that could not be had or started
    └── LoadError                       some objects of a bulk operation were not stored; carries the report

The message of each names what was expected, what came, where, and the next step. What a program needs is in attributes:
``collection``, ``field``, ``object_id``, ``operation``, ``status`` (each ``None`` where it does not apply).
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Generic
from uuid import UUID

from typing_extensions import TypeVar

if TYPE_CHECKING:
    from weaviate_orm.model.base import WeaviateModel
    from weaviate_orm.query.results import LoadReport

__all__ = [
    "AuthenticationError",
    "CollectionExistsError",
    "CollectionNotFoundError",
    "ConfigurationError",
    "EmbeddedError",
    "HydrationError",
    "InvalidQueryError",
    "InvalidValueError",
    "LoadError",
    "MessageTooLargeError",
    "ModelDefinitionError",
    "MultipleResultsError",
    "NoResultError",
    "ObjectExistsError",
    "ObjectNotFoundError",
    "PermissionDeniedError",
    "ProtocolError",
    "ReferenceNotLoadedError",
    "RequestTimeoutError",
    "SchemaMismatchError",
    "ServerError",
    "ServerTooOldError",
    "ServerUnavailableError",
    "ServerUnreachableError",
    "SessionClosedError",
    "StaleObjectError",
    "TenantError",
    "TransportError",
    "UnsupportedFeatureError",
    "UsageError",
    "UsageLimitError",
    "VectorDimensionError",
    "WeaviateError",
]

# `except LoadError` cannot say of which model; the default keeps its report typed then.
M = TypeVar("M", default="WeaviateModel")


class WeaviateError(Exception):
    """Base of every error of this library.

    Attributes:
        message: the text, without the data below.
        collection: name of the collection concerned.
        field: name of the model's field or the server's property concerned.
        object_id: id of the object concerned.
        operation: what was attempted: an RPC name such as ``"Search"`` or ``"GET /v1/schema"``.
        status: the server's status: an HTTP number or a gRPC status name.
    """

    def __init__(
        self,
        message: str,
        *,
        collection: str | None = None,
        field: str | None = None,
        object_id: UUID | None = None,
        operation: str | None = None,
        status: int | str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.collection = collection
        self.field = field
        self.object_id = object_id
        self.operation = operation
        self.status = status

    def _reword(self, message: str) -> None:
        """Say more than where the error was made could know; class, data and cause stay."""
        self.message = message
        self.args = (message,)

    def __str__(self) -> str:
        where = ", ".join(str(part) for part in (self.operation, self.status) if part is not None)
        return f"{self.message} [{where}]" if where else self.message


class UsageError(WeaviateError):
    """Something impossible was asked for; nothing was sent."""


class ModelDefinitionError(UsageError, TypeError):
    """A model class that no collection can represent. Raised when the class is defined or first used."""


class InvalidValueError(UsageError, ValueError):
    """A value that its property, vector or option cannot hold."""


class InvalidQueryError(UsageError, ValueError):
    """A query that its model or the server's rules refuse."""


class ConfigurationError(UsageError, ValueError):
    """A target, credential, header or timeout that cannot work."""


class SessionClosedError(UsageError):
    """A call on a session that was closed."""


class ReferenceNotLoadedError(UsageError, AttributeError):
    """A reference that the query did not include, or that was never set, was read."""


class NoResultError(UsageError, LookupError):
    """``one()`` found nothing."""


class MultipleResultsError(UsageError, LookupError):
    """``one()`` found more than one."""


class StaleObjectError(UsageError):
    """The stored object was updated after the moment given as ``unchanged_since``; nothing was written."""


class ServerError(WeaviateError):
    """The server answered and refused."""


class AuthenticationError(ServerError):
    """No credentials, or credentials that the server does not know."""


class PermissionDeniedError(ServerError):
    """The credentials are right but lack a permission."""


class CollectionNotFoundError(ServerError, LookupError):
    """The server has no such collection."""


class CollectionExistsError(ServerError):
    """A collection or alias with this name exists."""


class SchemaMismatchError(ServerError):
    """The collection on the server differs from the model."""


class ObjectNotFoundError(ServerError, LookupError):
    """The collection has no such object."""


class ObjectExistsError(ServerError):
    """An object with this id exists."""


class VectorDimensionError(ServerError, ValueError):
    """A vector of another length than the vectors the collection holds, or than the model declares."""


class TenantError(ServerError):
    """A tenant is missing, unknown, inactive, or was given to a collection that has none."""


class UnsupportedFeatureError(ServerError):
    """The connected server lacks a feature: too old, or without the module.

    Attributes:
        feature: what was asked for.
        required: the least server version that has it, where one is known.
        connected: the connected server's version.
    """

    def __init__(
        self,
        message: str,
        *,
        feature: str | None = None,
        required: str | None = None,
        connected: str | None = None,
        collection: str | None = None,
        operation: str | None = None,
        status: int | str | None = None,
    ) -> None:
        super().__init__(message, collection=collection, operation=operation, status=status)
        self.feature = feature
        self.required = required
        self.connected = connected


class UsageLimitError(ServerError):
    """A quota or rate limit of the server is used up."""


class ServerTooOldError(ServerError):
    """The server's version is below the least that this library speaks to."""


class TransportError(WeaviateError):
    """The server could not be reached, or did not answer in time."""


class ServerUnreachableError(TransportError, ConnectionError):
    """Nobody listens on the named port, or the connection broke."""


class ServerUnavailableError(TransportError):
    """The server says that it cannot serve now: starting, stopping, read-only or overloaded."""


class RequestTimeoutError(TransportError, TimeoutError):
    """The deadline passed before the reply came. A write may or may not have happened."""


class MessageTooLargeError(TransportError, ValueError):
    """A message is over the size that the server accepts."""


class ProtocolError(WeaviateError):
    """The server's reply makes no sense."""


class HydrationError(ProtocolError):
    """A stored object does not fit its model: a value is missing or fails the model's validation."""


class EmbeddedError(WeaviateError, RuntimeError):
    """A server binary could not be found, built, verified or started.

    Attributes:
        log: path of the server's log file, where one was written.
    """

    def __init__(self, message: str, *, log: str | None = None) -> None:
        super().__init__(message)
        self.log = log


class LoadError(WeaviateError, Generic[M]):
    """Some objects of a bulk operation were not stored.

    Attributes:
        report: how many were stored, and every failed object with its index and error.
    """

    def __init__(self, message: str, *, report: LoadReport[M], collection: str | None = None) -> None:
        super().__init__(message, collection=collection)
        self.report = report


def near_names(name: str, known: Iterable[str]) -> str:
    """Give ``" Did you mean 'title'?"`` for a misspelt name, or an empty string when nothing is near."""
    matches = get_close_matches(name, list(known), n=3, cutoff=0.6)
    if not matches:
        return ""
    return " Did you mean " + " or ".join(repr(match) for match in matches) + "?"
