"""Phone numbers as the server keeps them: understood and formatted by the rules of libphonenumber."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from weaviate_orm.local.capabilities import unsupported
from weaviate_orm.local.refusals import Refused

if TYPE_CHECKING:
    from weaviate_orm.local.objects import Value

__all__ = ["normalized_phone"]

_NO_COUNTRY = (
    "invalid or missing defaultCountry - this field is optional if the specified number is in the international format, but required "
    "if the number is in national format, use ISO 3166-1 alpha-2"
)


class _Number(Protocol):
    country_code: int | None
    national_number: int | None


class _Library(Protocol):
    """What is used of ``phonenumbers``, which has no types."""

    NumberParseException: type[Exception]

    class PhoneNumberFormat:
        """Ways to write a number."""

        NATIONAL: int
        INTERNATIONAL: int

    def parse(self, number: str, region: str | None) -> _Number:
        """Understand a number."""
        ...

    def format_number(self, number: _Number, style: int) -> str:
        """Write a number."""
        ...

    def is_valid_number(self, number: _Number) -> bool:
        """Tell whether such a number can be assigned."""
        ...


def normalized_phone(given: str, country: str) -> dict[str, Value]:
    """Give the mapping that the server returns for a number and its default country, ``""`` for none.

    What is zero, empty or false is left out, as in the server's JSON.

    Raises:
        Refused: this is no phone number.
        Unsupported: the library is not installed.
    """
    library = _library()
    region = country.upper()
    try:
        number = library.parse(given, region or None)
    except library.NumberParseException as error:
        raise Refused("invalid phone number: " + _reason(getattr(error, "error_type", 1))) from error
    found: dict[str, Value] = {
        "countryCode": number.country_code or 0,
        "defaultCountry": region,
        "input": given,
        "internationalFormatted": library.format_number(number, library.PhoneNumberFormat.INTERNATIONAL),
        "national": number.national_number or 0,
        "nationalFormatted": library.format_number(number, library.PhoneNumberFormat.NATIONAL),
        "valid": library.is_valid_number(number),
    }
    return {name: value for name, value in found.items() if value}


def _library() -> _Library:
    try:
        import phonenumbers  # type: ignore[import-not-found, import-untyped, unused-ignore]  # pyright: ignore[reportMissingImports, reportMissingTypeStubs] - optional, part of the extra "local"
    except ImportError:
        raise unsupported("phone_numbers") from None
    return cast(_Library, phonenumbers)  # it has no types


def _reason(kind: int) -> str:
    """Give the server's words for a ``NumberParseException.error_type``."""
    match kind:
        case 0:
            return _NO_COUNTRY
        case 2:
            return "phone number had an IDD, but after this was not long enough to be a viable phone number"
        case 3:
            return "the string supplied is too short to be a phone number"
        case 4:
            return "the string supplied is too long to be a phone number"
        case _:
            return "the phone number supplied is not a number"
