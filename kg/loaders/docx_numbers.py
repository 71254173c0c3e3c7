"""The numbers that Word makes: `一、`, `（一）`, `1.`, `第一章` stand in no paragraph, they are counted from its list.

A number belongs to a paragraph by its own list (`w:numPr`) or that of its style; lists share the counts of the definition
they are made from unless they start anew.
"""

from __future__ import annotations

import re
from typing import Any

from docx.oxml.ns import qn

_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_DIGITS = "〇一二三四五六七八九"


class Numbers:
    """Counts the numbered paragraphs of a document, asked in their order."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        """Of each abstract list: level to (format, text, start)."""
        self._abstract: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        self._styles: dict[str, tuple[str, int]] = {}
        self._based: dict[str, str] = {}
        self._read(document)

    def _read(self, document: Any) -> None:
        numbering = _part(document, "numbering")
        if numbering is None:
            return
        for abstract in numbering.iterchildren(qn("w:abstractNum")):
            levels = {}
            for level in abstract.iterchildren(qn("w:lvl")):
                form = _value(level, "w:numFmt") or "decimal"
                start = _value(level, "w:start") or "1"
                levels[int(level.get(qn("w:ilvl"), "0"))] = (
                    form,
                    _value(level, "w:lvlText") or "",
                    int(start) if start.isdigit() else 1,
                )
            self._levels[abstract.get(qn("w:abstractNumId"))] = levels
        for number in numbering.iterchildren(qn("w:num")):
            identifier = number.get(qn("w:numId"))
            self._abstract[identifier] = _value(number, "w:abstractNumId") or ""
            for change in number.iterchildren(qn("w:lvlOverride")):
                anew = _value(change, "w:startOverride")
                if anew and anew.isdigit():
                    self._starts[identifier, int(change.get(qn("w:ilvl"), "0"))] = int(anew)
        styles = _part(document, "styles")
        for one in styles.iter(qn("w:style")) if styles is not None else ():
            identifier = one.get(qn("w:styleId"))
            parent = _value(one, "w:basedOn")
            if parent:
                self._based[identifier] = parent
            properties = one.find(qn("w:pPr"))
            found = properties.find(qn("w:numPr")) if properties is not None else None
            if found is not None:
                self._styles[identifier] = (_value(found, "w:numId") or "", int(_value(found, "w:ilvl") or 0))

    def _of(self, paragraph: Any) -> tuple[str, int] | None:
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return None
        own = properties.find(qn("w:numPr"))
        style: str | None = _value(properties, "w:pStyle")
        seen = 0
        while style is not None and style not in self._styles and seen < 20:
            above = self._based.get(style)
            style, seen = above, seen + 1
        of_style = self._styles.get(style) if style is not None else None
        if own is None:
            return of_style
        identifier = _value(own, "w:numId") or (of_style[0] if of_style else "")
        level = _value(own, "w:ilvl")
        return identifier, int(level) if level else (of_style[1] if of_style else 0)

    def label(self, paragraph: Any) -> str:
        """The number of a paragraph with the signs around it, empty where it has none; counts it."""
        found = self._of(paragraph)
        if found is None or found[0] in ("", "0"):
            return ""
        identifier, level = found
        abstract = self._abstract.get(identifier, "")
        levels = self._levels.get(abstract, {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(abstract, {})
        restart = self._starts.get((identifier, level))
        if restart is not None and (identifier, level) not in self._begun:
            counts[level] = restart
        else:
            counts[level] = counts.get(level, levels[level][2] - 1) + 1
        self._begun.add((identifier, level))
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        form, text, _ = levels[level]
        if form in ("bullet", "none"):
            return ""

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            if at not in levels:
                return ""
            value = counts.get(at, levels[at][2])
            return number_words(value, levels[at][0] if at == level else _plain(levels[at][0], form))

        label = re.sub(r"%(\d)", shown, text)
        if label and form.startswith("decimal") and label[-1].isdigit():
            label += " "
        return label


def _plain(form: str, of_label: str) -> str:
    """`1.1` below `一、` counts in digits."""
    return "decimal" if of_label == "decimal" and "hinese" in form else form


def number_words(value: int, form: str) -> str:
    """A number in a format of Word.

    >>> [number_words(n, "chineseCounting") for n in (1, 10, 12, 20, 105)]
    ['一', '十', '十二', '二十', '一百〇五']
    >>> number_words(3, "decimalEnclosedCircle"), number_words(4, "lowerRoman"), number_words(2, "upperLetter")
    ('③', 'iv', 'B')
    """
    if "hinese" in form or form.startswith(("ideograph", "japaneseCounting", "taiwanese")):
        return _chinese(value)
    if form.startswith("decimalEnclosedCircle") and 1 <= value <= 20:
        return chr(0x2460 + value - 1)
    if form == "decimalEnclosedParen" and 1 <= value <= 20:
        return f"（{value}）"
    if form == "decimalZero":
        return f"{value:02d}"
    if form in ("upperLetter", "lowerLetter") and value >= 1:
        letter = chr(65 + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter if form == "upperLetter" else letter.lower()
    if form in ("upperRoman", "lowerRoman"):
        return _roman(value) if form == "upperRoman" else _roman(value).lower()
    if form == "decimalFullWidth":
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(value))
    return str(value)


def _chinese(value: int) -> str:
    if value < 0 or value > 999:
        return str(value)
    if value < 10:
        return _DIGITS[value]
    if value < 20:
        return "十" + (_DIGITS[value % 10] if value % 10 else "")
    if value < 100:
        return _DIGITS[value // 10] + "十" + (_DIGITS[value % 10] if value % 10 else "")
    rest = value % 100
    end = (
        ""
        if not rest
        else f"〇{_DIGITS[rest]}"
        if rest < 10
        else _DIGITS[rest // 10] + "十" + (_DIGITS[rest % 10] if rest % 10 else "")
    )
    return _DIGITS[value // 100] + "百" + end


def _roman(value: int) -> str:
    words = ""
    for number, sign in (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        while value >= number:
            words += sign
            value -= number
    return words


def _part(document: Any, name: str) -> Any:
    try:
        return document.part.part_related_by(_RELATION + name).element
    except KeyError:
        return None


def _value(element: Any, name: str) -> str | None:
    found = element.find(qn(name)) if element is not None else None
    return found.get(qn("w:val")) if found is not None else None
