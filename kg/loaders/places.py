"""The place that a plan is for: administrative divisions named in its issuer, its title or its text."""

from __future__ import annotations

import re
from collections import Counter

from kg.ontology.divisions import divisions

_UNIT = re.compile(
    r"[\u4e00-\u9fff]{1,12}?(?:特别行政区|自治区|自治州|自治县|自治旗|地区|开发区|新区|省|市|州|盟|县|区|旗)"
)
# A division that the table does not know (renamed, abolished, invented): by its form alone.
_FORM = re.compile(
    r"((?:[\u4e00-\u9fff]{2,3}?省)?(?:[\u4e00-\u9fff]{2,3}?[市州盟])?(?:[\u4e00-\u9fff]{1,4}?[区县旗])?)"
    r"(?=人民|应急|水|气象|自然|[\u4e00-\u9fff]{2,14}(?:局|委员会|委|厅|办公室|政府|指挥部|部)$|“|[\"”]|(?:19|20)\d\d)"
)
_NO_NAME = re.compile("加强|关于|推进|做好|实施|建设|全[省市县区]|各|我|城市|城区|本")
_NAMELESS = re.compile(r"^(?:[全我本各该市省县区]|地市|城市|县市|辖区|市区|城区|地区|灾区)")


_OWN = re.compile(
    r"(?:[《“]|制定|出台|修订|编制|印发)((?:[\u4e00-\u9fff]{2,7}?(?:省|自治区))?[\u4e00-\u9fff]{2,10}?(?:市|州|县|区))(?=[\u4e00-\u9fff])"
)


def place_of(words: str, *, organ: bool = False) -> str | None:
    """The place at the head of a name or title, as written.

    Args:
        words: the name of an organisation or the title of a plan.
        organ: whether it is the name of an organisation.

    >>> place_of("宁波市江北区应急管理局")
    '宁波市江北区'
    >>> place_of("市应急管理局2020上半年工作总结") is None
    True
    """
    words = re.sub(r"^(?:中共|关于(?:印发|转发)?|《|“|\d{4}年|\s)+", "", words)
    known = divisions()
    found = ""
    at = 0
    while True:
        match = _UNIT.match(words, at)
        # The longest division that starts here: 南京市江北新区 is one name, 市南区 is no 市.
        best = 0
        for end in range(min(len(words), at + 15), at + 1, -1):
            if words[at:end] in known:
                best = end
                break
        if not best and match and not _NAMELESS.match(match[0]) and re.search("(?:新区|开发区|园区)$", match[0]):
            best = match.end()
        if not best:
            break
        found += words[at:best]
        at = best
    if found:
        return found
    match = _FORM.match(words)
    if (
        match
        and match[1]
        and not _NO_NAME.search(match[1])
        and (organ or re.match('[“"]|(?:19|20)', words[match.end() :]))
    ):
        return match[1]
    return None


def place_in(text: str) -> str | None:
    """The division that the text is about, where its issuer and title name none: it opens the titles of its own
    regulations (`《绍兴市…办法》`, `制定绍兴市…方案`) or that it names far more often than any other of its level."""
    known = divisions()
    own: Counter[str] = Counter()
    for match in _OWN.finditer(text):
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
