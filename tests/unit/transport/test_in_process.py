"""The engine behind a transport: made once, and not again after the end."""

from __future__ import annotations

import pytest

from weaviate_orm.errors import SessionClosedError
from weaviate_orm.transport.in_process import InProcessTransport
from weaviate_orm.transport.settings import InProcess


def test_the_engine_is_the_one_that_answers() -> None:
    transport = InProcessTransport(InProcess())
    before = transport.server
    engine = transport.engine()
    assert before is None
    assert transport.connect() == transport.server
    assert transport.engine() is engine
    transport.close()


def test_a_closed_transport_makes_no_engine() -> None:
    transport = InProcessTransport(InProcess())
    transport.close()
    with pytest.raises(SessionClosedError):
        transport.engine()
