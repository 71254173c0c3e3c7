"""Response levels Ⅰ to Ⅳ: of a sentence that names one, or of the section it stands in."""

from __future__ import annotations

import re

from kg.loaders.document import Document
from kg.ontology.lexicon import compiled

LEVELS = ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ")
_FORMS = {
    "Ⅰ": "Ⅰ", "I": "Ⅰ", "l": "Ⅰ", "1": "Ⅰ", "一": "Ⅰ", "Ⅱ": "Ⅱ", "II": "Ⅱ", "2": "Ⅱ", "二": "Ⅱ", "Ⅲ": "Ⅲ", "III": "Ⅲ",
    "3": "Ⅲ", "三": "Ⅲ", "Ⅳ": "Ⅳ", "IV": "Ⅳ", "4": "Ⅳ", "四": "Ⅳ",
}  # fmt: skip
_NAMED = r"(Ⅰ|Ⅱ|Ⅲ|Ⅳ|IV|I{1,3}|[一二三四1-4])\s*级\s*{response+relief}"
_ANY = r"[ⅠⅡⅢⅣIVNlⅤ一二三四1-4\s]{1,6}级\s*{response}"


def _pattern(template: str) -> re.Pattern[str]:
    """A pattern with words of `kg/ontology/expressions.ttl`."""
    return compiled("expressions", template)


def level_in(text: str) -> str | None:
    """The response level that a text names, None where it names none or several.

    >>> level_in("启动Ⅲ级应急响应"), level_in("二级响应措施"), level_in("启动Ⅰ级、Ⅱ级响应")
    ('Ⅲ', 'Ⅱ', 'Ⅱ')
    """
    if "级" not in text:
        return None
    found = {_FORMS[match.group(1)] for match in _pattern(_NAMED).finditer(text)}
    return next(iter(found)) if len(found) == 1 else None


def section_levels(document: Document) -> list[str | None]:
    """The response level of each section, by its heading or the section around it.

    A heading whose numeral was misread (`N级响应`) takes the level that is missing among its siblings, in their order.
    """
    result: list[str | None] = []
    for index, section in enumerate(document.sections):
        heading = "".join(section.heading.split())
        own = level_in(heading)
        if own is None and _pattern(_ANY).search(heading):
            own = _by_siblings(document, index)
        result.append(own if own else result[section.parent] if section.parent >= 0 else None)
    return result


def _by_siblings(document: Document, index: int) -> str | None:
    """The level of a misread heading from its place among the headings of response levels beside it."""
    parent = document.sections[index].parent
    rows = [
        i
        for i, s in enumerate(document.sections)
        if s.parent == parent and _pattern(_ANY).search(re.sub(r"\s", "", s.heading))
    ]
    named = [level_in(re.sub(r"\s", "", document.sections[i].heading)) for i in rows]
    place = rows.index(index)
    known = [(i, LEVELS.index(level)) for i, level in enumerate(named) if level]
    down = not known or len(known) < 2 or known[0][1] < known[-1][1]
    if known:
        at, rank = known[0]
        rank += (place - at) if down else (at - place)
    else:
        rank = place
    return LEVELS[rank] if 0 <= rank < 4 and LEVELS[rank] not in named else None
