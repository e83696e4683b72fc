"""Phone numbers: what a server made of the same inputs."""

from __future__ import annotations

import sys

import pytest

from weaviate_orm.local.refusals import Refused, Unsupported
from weaviate_orm.local.writing.phones import normalized_phone


@pytest.mark.parametrize(
    ("given", "country", "code", "national", "formatted", "international"),
    [
        ("+49 171 1234567", "", 49, 1711234567, "0171 1234567", "+49 171 1234567"),
        ("0171 1234567", "de", 49, 1711234567, "0171 1234567", "+49 171 1234567"),
        ("+1 650 253 0000", "", 1, 6502530000, "(650) 253-0000", "+1 650-253-0000"),
        ("020 7946 0958", "gb", 44, 2079460958, "020 7946 0958", "+44 20 7946 0958"),
        ("+39 06 698 1234", "", 39, 66981234, "06 698 1234", "+39 06 698 1234"),
        ("+49 (0) 30 901820 ext. 5", "", 49, 30901820, "030 901820 ext. 5", "+49 30 901820 ext. 5"),
    ],
)
def test_numbers_are_understood(
    given: str, country: str, code: int, national: int, formatted: str, international: str
) -> None:
    expected = {
        "countryCode": code,
        "input": given,
        "internationalFormatted": international,
        "national": national,
        "nationalFormatted": formatted,
        "valid": True,
    }
    assert normalized_phone(given, country) == expected | ({"defaultCountry": country.upper()} if country else {})


def test_a_number_that_nobody_can_have_is_kept() -> None:
    found = normalized_phone("12", "DE")
    assert "valid" not in found
    assert found["national"] == 12


@pytest.mark.parametrize(
    ("given", "country", "text"),
    [
        ("0171 1234567", "", "invalid or missing defaultCountry"),
        ("0171 1234567", "XX", "invalid or missing defaultCountry"),
        ("+999 123", "", "invalid or missing defaultCountry"),
        ("abc", "DE", "the phone number supplied is not a number"),
        ("", "", "the phone number supplied is not a number"),
        ("+4917112345671712345671234567", "", "the string supplied is too long to be a phone number"),
    ],
)
def test_texts_that_are_no_numbers(given: str, country: str, text: str) -> None:
    with pytest.raises(Refused) as refused:
        normalized_phone(given, country)
    assert refused.value.text.startswith(f"invalid phone number: {text}")


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    with pytest.raises(Unsupported, match="phone numbers"):
        normalized_phone("+49 171 1234567", "")
