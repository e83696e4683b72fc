"""Our requests against the official client's for the same intents, field by field.

The client runs in a process of its own against a server that records what it is sent. What legitimately differs is in one table, each
difference with its reason; anything else fails.
"""

from __future__ import annotations

from struct import pack

import pytest

from weaviate_orm.wire import _pb as pb

from .answering import REQUESTS
from .comparison import Difference, compare, fields_of, fields_set
from .conftest import Recorded
from .differences import DIFFERENCES, NOT_SENT
from .ours.areas import BEYOND


def test_we_know_all_fields_that_the_client_sends(recorded: Recorded) -> None:
    """A field without a name here would be left out of the comparison."""
    for intent, message in recorded.items():
        known = type(message).FromString(message.SerializeToString())
        known.DiscardUnknownFields()
        assert known.ByteSize() == message.ByteSize(), intent


def test_both_have_the_same_intents(recorded: Recorded, said: Recorded) -> None:
    assert recorded.keys() - said.keys() == set(), "the client says what we do not"
    assert said.keys() - recorded.keys() == set(), "we say what the client does not"
    assert len(said) >= 150


def test_both_say_the_same(recorded: Recorded, said: Recorded) -> None:
    unexplained: dict[str, list[str]] = {}
    used: set[Difference] = set()
    for intent in sorted(recorded.keys() & said.keys()):
        found, needed = compare(intent, said[intent], recorded[intent], DIFFERENCES)
        used |= needed
        if found:
            unexplained[intent] = found
    assert unexplained == {}
    assert [each for each in DIFFERENCES if each not in used] == [], "differences that are none any more"


def test_every_field_of_every_request_is_set_by_an_intent(recorded: Recorded, said: Recorded) -> None:
    """An option that comes with a new server is noticed here."""
    intents, request = BEYOND
    beyond = [request(intent) for intent in intents]
    used = {name for each in (*recorded.values(), *said.values(), *beyond) for name in fields_set(each)}
    known = {name for kind, _ in REQUESTS.values() for name in fields_of(kind)}
    assert known - used == NOT_SENT.keys()


def test_the_vector_of_a_hybrid_search_is_the_same_in_both_fields(recorded: Recorded, said: Recorded) -> None:
    ours, theirs = said["searches: hybrid with everything"], recorded["searches: hybrid with everything"]
    assert isinstance(ours, pb.SearchRequest)
    assert isinstance(theirs, pb.SearchRequest)
    assert [each.vector_bytes for each in ours.hybrid_search.vectors] == [theirs.hybrid_search.vector_bytes]


@pytest.mark.parametrize("intent", ["several vectors for one", "several vectors for one, manual weights"])
def test_several_vectors_for_one_target_have_the_same_numbers_in_both_forms(
    recorded: Recorded, said: Recorded, intent: str
) -> None:
    ours, theirs = said[f"targets: {intent}"], recorded[f"targets: {intent}"]
    assert isinstance(ours, pb.SearchRequest)
    assert isinstance(theirs, pb.SearchRequest)
    mine, other = (each.near_vector.vector_for_targets[0] for each in (ours, theirs))
    assert mine.name == other.name
    dimensions = pack("<H", 2)
    assert [dimensions + b"".join(each.vector_bytes for each in mine.vectors)] == [
        each.vector_bytes for each in other.vectors
    ]


def test_the_comparison_notices_a_single_field() -> None:
    """Otherwise a mistake in it would make everything equal."""
    ours, theirs = pb.SearchRequest(collection="A", limit=1), pb.SearchRequest(collection="A", limit=2)
    assert compare("limit", ours, theirs, ()) == (["limit: ours 1, theirs 2"], set())
    ours = pb.SearchRequest(near_text=pb.NearTextSearch(distance=0.0))
    assert compare("limit", ours, pb.SearchRequest(), ()) == (
        ["near_text: ours 'a message', theirs None", "near_text.distance: ours 0.0, theirs None"],
        set(),
    )


def test_a_difference_covers_only_what_it_names() -> None:
    ours, theirs = pb.SearchRequest(limit=1), pb.SearchRequest(limit=2)
    for line, covered in {
        Difference("limit", "why"): True,
        Difference("limit", "why", ours=1, theirs=2): True,
        Difference("limit", "why", ours=2): False,
        Difference("offset", "why"): False,
        Difference("limit", "why", intents="searches: .*"): False,
    }.items():
        unexplained, used = compare("filters: one", ours, theirs, [line])
        assert (unexplained == []) == (used == {line}) == covered
