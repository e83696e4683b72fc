"""Every operator on every data type that has it, against what plain Python says of the same objects."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from filter_cases import CASES, Case, conditions
from hypothesis import given, settings
from specimens import HABITATS, REGIONS, SPECIMENS, Habitat, Region, Specimen
from strategies import ON_A_SERVER
from zoo import created

from weaviate_orm import GeoCoordinate, InvalidQueryError, ServerError, Session, created_at, updated_at


@pytest.fixture(scope="module", autouse=True)
def _data(session: Session) -> Iterator[None]:
    with created(session, Region, Habitat, Specimen):
        for part in (REGIONS, HABITATS, SPECIMENS):
            session.insert_many(part)
        yield


def expected(case: Case) -> list[int]:
    return [index for index, each in enumerate(SPECIMENS) if case.holds(each)]


def found(session: Session, case: Case) -> list[int]:
    positions = {each.id: index for index, each in enumerate(SPECIMENS)}
    return sorted(positions[hit.id] for hit in session.query(Specimen).where(case.condition))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_condition_means_what_python_says(session: Session, case: Case) -> None:
    assert found(session, case) == expected(case)


def test_the_table_tells_conditions_apart() -> None:
    """A case that all or none of the objects fulfil proves little: few of them do."""
    dull = [case.name for case in CASES if len(expected(case)) in (0, len(SPECIMENS))]
    assert len(dull) < len(CASES) / 5


@settings(parent=ON_A_SERVER, max_examples=300)
@given(case=conditions())
def test_conditions_at_random(session: Session, case: Case) -> None:
    assert found(session, case) == expected(case)


@settings(parent=ON_A_SERVER, max_examples=20)
@given(case=conditions())
def test_a_count_is_the_number_of_hits(session: Session, case: Case) -> None:
    assert session.query(Specimen).where(case.condition).count() == len(expected(case))


def test_several_conditions_and_calls_are_joined_with_and(session: Session) -> None:
    query = session.query(Specimen).where(Specimen.whole > 0, None, Specimen.whole < 50).where().where(None)
    hits = query.where(Specimen.truth == True).all()  # noqa: E712 - the expression's own operator
    assert {hit.id for hit in hits} == {
        each.id for each in SPECIMENS if each.whole is not None and 0 < each.whole < 50 and each.truth
    }


def test_times_of_writing(session: Session) -> None:
    now = datetime.now(UTC)
    hour = timedelta(hours=1)
    query = session.query(Specimen)
    assert query.where(created_at > now - hour, updated_at < now + hour).count() == len(SPECIMENS)
    assert query.where(created_at > now + hour).count() == 0
    hit = query.where(Specimen.id == SPECIMENS[0].id).one()
    assert hit.created_at is not None
    assert hit.created_at == hit.updated_at
    assert hit.id in {each.id for each in query.where(created_at == hit.created_at)}
    assert hit.id not in {each.id for each in query.where(created_at != hit.created_at)}


def test_replacing_moves_both_times(session: Session) -> None:
    """A batch replaces an object as a whole, its time of creation too."""
    before = session.query(Region).where(Region.id == REGIONS[0].id).one()
    time.sleep(0.005)
    session.insert_many([REGIONS[0]])
    after = session.query(Region).where(Region.id == REGIONS[0].id).one()
    assert before.created_at is not None
    assert after.created_at is not None
    assert before.created_at < after.created_at == after.updated_at


@pytest.mark.parametrize("stopword", ["the", "a", "The"])
def test_a_text_of_stopwords_is_refused_by_name(session: Session, stopword: str) -> None:
    with pytest.raises(ServerError, match="stopwords"):
        session.query(Specimen).where(Specimen.words == stopword).all()
    assert session.query(Specimen).where(Specimen.whole_text == stopword).all() == []


def test_stopwords_beside_other_words_are_left_out(session: Session) -> None:
    with_article = session.query(Specimen).where(Specimen.words == "the fox").count()
    assert with_article == session.query(Specimen).where(Specimen.words == "fox").count() > 0


def test_an_empty_text(session: Session) -> None:
    """Where the whole text is the token, the empty text is one; elsewhere it has no token to look for."""
    hits = session.query(Specimen).where(Specimen.whole_text == "").all()
    assert {hit.id for hit in hits} == {each.id for each in SPECIMENS if each.whole_text == ""}
    with pytest.raises(ServerError, match="stopwords"):
        session.query(Specimen).where(Specimen.words == "").all()


def test_a_negative_distance_is_refused_before_the_server_finds_nothing() -> None:
    with pytest.raises(InvalidQueryError, match="at least 0 metres"):
        Specimen.place.within(GeoCoordinate(0, 0), metres=-1)


def test_moments_that_the_server_cannot_order_by(session: Session) -> None:
    """It keeps every date, and finds it by equality, but orders by 64 bits of nanoseconds."""
    for moment in (
        datetime(1677, 9, 21, tzinfo=UTC),
        datetime(2262, 4, 12, tzinfo=UTC),
        datetime(9999, 1, 1, tzinfo=UTC),
    ):
        assert session.query(Specimen).where(Specimen.moment == moment).all() == []
        for refused in (Specimen.moment.__lt__, Specimen.moment.__ge__, created_at.__gt__):
            with pytest.raises(InvalidQueryError, match="from 1677-09-21 to 2262-04-11 only"):
                refused(moment)
    dated = sum(each.moment is not None for each in SPECIMENS)
    for condition in (
        Specimen.moment > datetime(1677, 9, 22, tzinfo=UTC),
        Specimen.moment < datetime(2262, 4, 11, tzinfo=UTC),
    ):
        assert session.query(Specimen).where(condition).count() == dated
