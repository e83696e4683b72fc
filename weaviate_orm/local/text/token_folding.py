"""Taking accents off, as the server's ``asciiFold`` does it: ``Zürich`` -> ``Zurich``, ``Łódź`` -> ``Lodz``, ``ﬁ`` -> ``fi``."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from unicodedata import category, normalize

__all__ = ["fold"]

# Letters that Unicode does not take apart into a base and marks, each with its plain form; the server's list.
_PAIRS: Final = """
ł=l Ł=L ø=o Ø=O đ=d Đ=D ħ=h Ħ=H ŧ=t Ŧ=T ɨ=i Ɨ=I ƀ=b Ƀ=B ɇ=e Ɇ=E ɉ=j Ɉ=J ɍ=r Ɍ=R ɏ=y Ɏ=Y ⱥ=a Ⱥ=A
æ=ae Æ=AE œ=oe Œ=OE ĳ=ij Ĳ=IJ ß=ss ẞ=SS ð=d Ð=D þ=th Þ=TH ı=i İ=I ĸ=k ŉ=n ſ=s
ﬀ=ff ﬁ=fi ﬂ=fl ﬃ=ffi ﬄ=ffl ﬅ=st ﬆ=st
ɓ=b ƈ=c ɗ=d ƒ=f ɠ=g ɦ=h ƙ=k ɱ=m ɲ=n ƞ=n ƥ=p ʠ=q ɽ=r ʂ=s ƭ=t ʋ=v ⱳ=w ƴ=y ʐ=z
Ɓ=B Ƈ=C Ɗ=D Ƒ=F Ɠ=G Ƙ=K Ɲ=N Ƥ=P Ƭ=T Ʋ=V Ƴ=Y Ȥ=Z
"""  # noqa: RUF001 - letters that look like others are the point
_PLAIN: Final = {pair[0]: pair[2:] for pair in _PAIRS.split()}


def fold(text: str, ignore: frozenset[str] = frozenset()) -> str:
    """Give the text without accents.

    Args:
        text: any text; ASCII comes back as it is.
        ignore: letters that keep theirs, in both cases.
    """
    if text.isascii():
        return text
    kept, kept_marks = _exceptions(ignore)
    plain = "".join(each if each in kept else _PLAIN.get(each, each) for each in text)
    if plain.isascii():
        return plain
    parts: list[str] = []
    keeps = False  # whether the marks that follow belong to a letter of ``ignore``
    decomposed = normalize("NFD", plain)
    for place, each in enumerate(decomposed):
        if category(each) == "Mn":
            if keeps:
                parts.append(each)
            continue
        keeps = each in kept_marks and _marks_after(decomposed, place) in kept_marks[each]
        parts.append(each if keeps or each in kept else _PLAIN.get(each, each))
    return normalize("NFC", "".join(parts))


def _marks_after(text: str, place: int) -> str:
    end = place + 1
    while end < len(text) and category(text[end]) == "Mn":
        end += 1
    return text[place + 1 : end]


@lru_cache(maxsize=64)
def _exceptions(ignore: frozenset[str]) -> tuple[frozenset[str], dict[str, frozenset[str]]]:
    """Give the letters to keep in both cases, and by base letter the marks that stay on it."""
    kept: set[str] = set()
    marks: dict[str, set[str]] = {}
    for letter in normalize("NFC", "".join(sorted(ignore))):
        for form in (letter, _single(letter.lower(), letter), _single(letter.upper(), letter)):
            kept.add(form)
            decomposed = normalize("NFD", form)
            if len(decomposed) > 1:
                marks.setdefault(decomposed[0], set()).add(decomposed[1:])
    return frozenset(kept), {base: frozenset(found) for base, found in marks.items()}


def _single(changed: str, letter: str) -> str:
    # Go's case mappings give one letter for one letter.
    return changed if len(changed) == 1 else letter
