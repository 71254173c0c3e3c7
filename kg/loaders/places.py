"""The place that a plan is for: administrative divisions named in its issuer, its title or its text."""

from __future__ import annotations

import re
from collections import Counter

from kg.ontology.divisions import divisions
from kg.ontology.lexicon import compiled


def _unit() -> re.Pattern[str]:
    return compiled("organisations", r"[\u4e00-\u9fff]{1,12}?{division-suffixes}")


def _zone_end() -> re.Pattern[str]:
    return compiled("organisations", "{zones}$")


def _form() -> re.Pattern[str]:
    """A division that the table does not know (renamed, abolished, invented): by its form alone."""
    return compiled(
        "organisations",
        r"((?:[\u4e00-\u9fff]{2,3}?省)?(?:[\u4e00-\u9fff]{2,3}?[市州盟])?(?:[\u4e00-\u9fff]{1,4}?[区县旗])?)"
        r"(?={after-a-place}|[\u4e00-\u9fff]{2,14}{organ-ends}$"
        r"|“|[\"”]|(?:19|20)\d\d)",
    )


def _no_name() -> re.Pattern[str]:
    return compiled("organisations", "{no-places}")


def _nameless() -> re.Pattern[str]:
    return compiled("organisations", "{nameless-places}")


def _own() -> re.Pattern[str]:
    """A place that opens the title of a rule of its own."""
    return compiled(
        "documents",
        r"(?:[《“]|{regulating})((?:[\u4e00-\u9fff]{2,7}?(?:省|自治区))?[\u4e00-\u9fff]{2,10}?[市州县区])"
        r"(?=[\u4e00-\u9fff])",
    )


def _title_front() -> re.Pattern[str]:
    return compiled("documents", r"^(?:{title-fronts}|《|“|\d{4}年|\s)+")


def place_of(name: str, *, organ: bool = False) -> str | None:
    """The place at the head of a name or title, as written.

    Args:
        name: the name of an organisation or the title of a plan.
        organ: whether it is the name of an organisation.

    >>> place_of("宁波市江北区应急管理局")
    '宁波市江北区'
    >>> place_of("市应急管理局2020上半年工作总结") is None
    True
    """
    name = _title_front().sub("", name)
    known = divisions()
    found = ""
    at = 0
    while True:
        match = _unit().match(name, at)
        # The longest division that starts here: 南京市江北新区 is one name, 市南区 is no 市.
        best = 0
        for end in range(min(len(name), at + 15), at + 1, -1):
            if name[at:end] in known:
                best = end
                break
        if not best and match and not _nameless().match(match[0]) and _zone_end().search(match[0]):
            best = match.end()
        if not best:
            break
        found += name[at:best]
        at = best
    if found:
        return found
    match = _form().match(name)
    if (
        match
        and match[1]
        and not _no_name().search(match[1])
        and (organ or re.match('[“"]|(?:19|20)', name[match.end() :]))
    ):
        return match[1]
    return None


def place_in(text: str) -> str | None:
    """The division that the text is about, where its issuer and title name none: it opens the titles of its own
    regulations (`《绍兴市…办法》`, `制定绍兴市…方案`) or that it names far more often than any other of its level."""
    known = divisions()
    own: Counter[str] = Counter()
    for match in _own().finditer(text):
        name = match[1]
        if name in known and known[name][0].level != "province":
            own[name] += 1
    if not own:
        return None
    # A plan that says 我市 is that of a city, 我县 of a county.
    level = Counter(re.findall("[我全](省|市|县|区|州)", text)).most_common(1)
    ranked = [(n, name) for name, n in own.items() if not level or name.endswith(level[0][0])]
    ranked.sort(key=lambda pair: (-pair[0], pair[1]))
    if not ranked or (len(ranked) > 1 and ranked[0][0] < 2 * ranked[1][0]):
        return None
    return ranked[0][1]
