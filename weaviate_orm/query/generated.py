"""What a generative model made of results: hits with texts, and the text about all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from weaviate_orm.query.grouping import Group
from weaviate_orm.query.results import Hit, HitMetadata

if TYPE_CHECKING:
    from weaviate_orm.generative.metadata import ProviderMetadata
    from weaviate_orm.model.arrays import FloatArray

__all__ = ["AnswerReader", "Generated", "GeneratedGroups", "GenerationDetails", "GenerativeGroup", "GenerativeHit"]

K_co = TypeVar("K_co", covariant=True)
R_co = TypeVar("R_co", covariant=True)

_LONGEST_SHOWN = 60
"""Characters of a text that ``repr`` shows."""


@dataclass(frozen=True, slots=True)
class GenerationDetails:
    """How a text came about, as far as ``generate()`` asked for it.

    Attributes:
        prompt: what the model was asked, with all values filled in (``debug=True``).
        metadata: what the provider reports, of the provider's own class (``metadata=True``); ``None`` where it reports nothing, which are
            Anyscale, AWS, Ollama, and every generator of the in-process engine.
    """

    prompt: str | None = None
    metadata: ProviderMetadata | None = None


_NO_DETAILS = GenerationDetails()


@dataclass(frozen=True, slots=True, eq=False)
class AnswerReader:
    """How what a model wrote is read from a result of a reply, once for all hits of a query.

    Attributes:
        text: gives the answer to the ``single`` prompt.
        details: gives how it came about.
    """

    text: Callable[[Any], str | None]  # of the wire's result, which this room does not know
    details: Callable[[Any], GenerationDetails]


class GenerativeHit(Hit[R_co]):
    """A hit with what the model wrote about it, which is decoded when it is read, as metadata is."""

    __slots__ = ("_answers", "_result")

    def __init__(
        self,
        object: R_co,
        metadata: HitMetadata,
        vectors: Callable[[HitMetadata], Mapping[str, FloatArray]],
        result: Any,  # what ``answers`` reads
        answers: AnswerReader,
    ) -> None:
        # What super() would do, at twice the price for every hit.
        self.object = object
        self._metadata = metadata
        self._vectors = vectors
        self._result = result
        self._answers = answers

    @property
    def generated(self) -> str | None:
        """The answer to the ``single`` prompt; ``None`` where there was none."""
        return self._answers.text(self._result)

    @property
    def generation(self) -> GenerationDetails:
        """How the answer came about."""
        return self._answers.details(self._result)

    def __repr__(self) -> str:
        return f"Generative{super().__repr__()[:-1]}{shown_text(self.generated)})"


class Generated(Sequence[GenerativeHit[R_co]], Generic[R_co]):
    """The hits of a generative query, best (or first) first, and what the model wrote about all of them together.

    Attributes:
        generated: the answer to the ``grouped`` task; ``None`` where there was none, or nothing was found.
        generation: how it came about. Nothing is known where there was a ``single`` prompt too: the server then gives the details of that.
    """

    __slots__ = ("_hits", "generated", "generation")

    generated: str | None
    generation: GenerationDetails

    def __init__(
        self,
        hits: Sequence[GenerativeHit[R_co]],
        generated: str | None = None,
        generation: GenerationDetails = _NO_DETAILS,
    ) -> None:
        self._hits = hits
        self.generated = generated
        self.generation = generation

    @overload
    def __getitem__(self, index: int) -> GenerativeHit[R_co]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[GenerativeHit[R_co]]: ...
    def __getitem__(self, index: int | slice) -> GenerativeHit[R_co] | Sequence[GenerativeHit[R_co]]:
        return self._hits[index]

    def __len__(self) -> int:
        return len(self._hits)

    def __iter__(self) -> Iterator[GenerativeHit[R_co]]:
        return iter(self._hits)

    def __repr__(self) -> str:
        return f"Generated({self._hits!r}{shown_text(self.generated)})"


@dataclass(frozen=True, eq=False)
class GenerativeGroup(Group[K_co, R_co]):
    """A group with what the model wrote about it.

    Attributes:
        generated: the answer to the ``single`` prompt, for which the server takes the values of the group's best hit; ``None`` where there
            was no such prompt.
    """

    generated: str | None = None

    @classmethod
    def of(cls, group: Group[K_co, R_co], generated: str | None) -> GenerativeGroup[K_co, R_co]:
        """Give a group with a text."""
        numbers = (group.count, group.min_distance, group.max_distance, group.rerank_score)
        return cls(group.key, group.hits, *numbers, generated)


class GeneratedGroups(Sequence[GenerativeGroup[K_co, R_co]], Generic[K_co, R_co]):
    """The groups of a generative query, in the order of their best hits, and what the model wrote about all of them together.

    Attributes:
        generated: the answer to the ``grouped`` task, which the server gives the best hit of each group; ``None`` where there was none,
            or nothing was found.
    """

    __slots__ = ("_groups", "generated")

    generated: str | None

    def __init__(self, groups: Sequence[GenerativeGroup[K_co, R_co]], generated: str | None = None) -> None:
        self._groups = groups
        self.generated = generated

    @overload
    def __getitem__(self, index: int) -> GenerativeGroup[K_co, R_co]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[GenerativeGroup[K_co, R_co]]: ...
    def __getitem__(self, index: int | slice) -> GenerativeGroup[K_co, R_co] | Sequence[GenerativeGroup[K_co, R_co]]:
        return self._groups[index]

    def __len__(self) -> int:
        return len(self._groups)

    def __iter__(self) -> Iterator[GenerativeGroup[K_co, R_co]]:
        return iter(self._groups)

    def __repr__(self) -> str:
        return f"GeneratedGroups({self._groups!r}{shown_text(self.generated)})"


def shown_text(text: str | None) -> str:
    """Give a text as one more argument of a ``repr``, shortened."""
    if text is None:
        return ""
    return f", generated={text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + '...'!r}"
