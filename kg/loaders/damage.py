"""Warnings about damaged text: characters that a wrong decoding or a font has lost. The text stays as it is."""

from __future__ import annotations

import re

from kg.loaders.document import OffsetMap, Section, Warning_

_HAN = "\u3400-\u9fff"
_KINDS = (
    ("replacement_character", re.compile("\ufffd+"), "characters that could not be decoded"),
    (
        # A multi-byte character read byte by byte leaves ?; ?? or a backslash between ideographs.
        "lost_characters",
        re.compile(
            rf"(?<=[{_HAN}+\d”])[?？][;；?？](?=[{_HAN}])|(?<=[{_HAN}])\?(?=[{_HAN}])|(?<=[{_HAN}])\\+(?=[、，。{_HAN}])"
        ),
        "characters lost to a wrong decoding",
    ),
    ("private_use", re.compile("[\ue000-\uf8ff]+"), "characters without a meaning outside their font"),
    ("unreadable_markup", re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)"), "an image, whose words are not read"),
)
_CONTEXT = 6


def warnings_of(source: str) -> tuple[Warning_, ...]:
    """The damaged places of a source text, in order."""
    found = []
    for code, pattern, what in _KINDS:
        for match in pattern.finditer(source):
            words = source[max(0, match.start() - _CONTEXT) : match.end() + _CONTEXT].replace("\n", " ")
            found.append(Warning_(code, match.start(), match.end(), f"{what}: {words}"))
    return tuple(sorted(found, key=lambda warning: (warning.start, warning.end, warning.code)))


def cut_off(text: str, found: tuple[Section, ...], offsets: OffsetMap) -> tuple[Warning_, ...]:
    """A warning where a text ends with a numbered heading under which nothing stands."""
    if not found or not found[-1].number or found[-1].run_in or text[found[-1].body :].strip():
        return ()
    last = found[-1]
    start, end = offsets.to_source(last.start, max(last.body, last.start + 1))
    return (Warning_("cut_off", start, end, f"the text ends with a heading: {last.heading}"),)
