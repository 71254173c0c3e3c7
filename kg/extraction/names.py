"""Names of organisations: where one begins, the place or level in front of it, and the words that none contains."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from kg.extraction.matching import Matcher, leftmost
from kg.ontology import vocabulary
from kg.ontology.divisions import divisions
from kg.ontology.lexicon import alternation, compiled, pattern, words

SCHEME = "organisations"
HAN = r"[\u4e00-\u9fff]"
LONGEST_NAME = 30
"""Characters; longer runs before an ending are cut."""


@dataclass(slots=True)
class OrganisationMention:
    """An organisation, or several in an abbreviated list, at [start, end).

    `names` are the units named: one as written, or the members of a list (`财政、民政等部门` -> 财政部门, 民政部门).
    """

    start: int
    end: int
    form: str
    names: tuple[str, ...]
    label: str  # Agency | Committee | Group
    generic: bool


@cache
def any_of(*concepts: str) -> re.Pattern[str]:
    """A pattern of nothing but the words of concepts."""
    return re.compile(pattern(SCHEME, *concepts))


def not_before(*concepts: str) -> str:
    """A pattern of what may not follow the words of concepts."""
    found = vocabulary(SCHEME)
    return alternation([word for concept in concepts for word in found[concept].all("notBefore")])


PLACE = "\ue000"
"""Stands for every character of a place's name in `mask`, so that patterns need not try three thousand names."""


@cache
def _places() -> Matcher[None]:
    """Names of administrative divisions, those of provinces and cities also without their suffix."""
    names = set(divisions())
    for name, rows in divisions().items():
        if rows[0].level != "county" and len(name) > 2:
            short = re.sub(rf"{pattern(SCHEME, 'division-endings')}$", "", name)
            if len(short) >= 2:
                names.add(short)
    return Matcher((name, None) for name in sorted(names))


@lru_cache(maxsize=16)
def _own_places(own: tuple[str, ...]) -> Matcher[None]:
    """A plan's own places, which a table may not have, with and without suffix."""
    return Matcher((name + suffix, None) for name in own for suffix in ("", *"市区县州"))


@cache
def _stop_words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that no name contains, and those of them that are longer than a character."""
    stops = vocabulary(SCHEME)["stop-words"].forms
    return stops, tuple(word for word in stops if len(word) > 1)


_MASKED = re.compile(rf"(?=[*＊×○□Xx])(?:[*＊×○□Xx]{{1,4}}[省市县区州盟旗镇乡]|[*＊×○□X]{{2,4}}(?={HAN}))")
"""The name of a place that was hidden before publishing: `××市`, `武警**总队`."""


def mask(text: str, own: tuple[str, ...] = ()) -> str:
    """The text, as long as before, with the names of places replaced by `PLACE`.

    >>> mask("宁波市江北区应急局").count(PLACE)
    6
    """
    parts: list[str] = []
    at = 0
    stops, verbs = _stop_words()
    places = _places().all(text)
    if own:
        places += _own_places(own).all(text)
    for found in leftmost(places):
        if (
            found.start > at
            and found.word.startswith(stops)
            and re.match(HAN, text[found.start - 1])
            and text[found.start - 1] not in words(SCHEME, "conjunctions")
        ):
            continue  # 市水利局会同县公安局 is not about 会同县
        if found.start > at and text[found.start - 1] + found.word[0] in words("passages", "a-verbs"):
            continue  # 建成县级储备中心 is not about 成县
        if found.start != at and found.word.startswith(verbs) and not found.word.startswith(own):
            continue  # nor is 市水利局牵头，会同县公安局
        parts += text[at : found.start], PLACE * (found.end - found.start)
        at = found.end
    parts.append(text[at:])
    return _MASKED.sub(lambda hidden: PLACE * len(hidden.group()), "".join(parts))


@cache
def prefix_pattern() -> str:
    """A place, a level, or both, in masked text: `宁波市江北区`, `市`, `湖北`."""
    level = pattern(SCHEME, "levels")
    return rf"(?:{PLACE}+{level}?|{level})"


@cache
def front_pattern() -> re.Pattern[str]:
    """`prefix_pattern`, compiled."""
    return re.compile(prefix_pattern())


@cache
def field_pattern() -> str:
    """A field of government: `水利`, `应急管理`."""
    return pattern(SCHEME, "fields")


@cache
def stop_words_pattern() -> re.Pattern[str]:
    """Words that no name contains, in the group `stop`; names and fields that hold one stand whole, in the group `whole`."""
    found = vocabulary(SCHEME)["stop-words"]
    fields = alternation(set(words(SCHEME, "fields")) - set(words(SCHEME, "verb-fields")))
    return re.compile(rf"(?P<whole>{alternation(found.all('notIn'))}|{fields})|(?P<stop>{alternation(found.forms)})")


_ENUMERATOR = re.compile(r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]")
_ARTICLE = re.compile(r"第[\d一二三四五六七八九十百零〇]{1,5}条")
_NUMBER_INSIDE = re.compile("(?:\\d+|[一二两三四五六七八九十]{1,3})个(?!体|人)")
_COUNTED = re.compile("[0-9一二两三四五六七八九十百多几数]*个(?!体|人)")
_RUN = re.compile(rf"[\u4e00-\u9fff\d“”\"+·（）()*＊×○□X]{{1,{LONGEST_NAME}}}\Z")
_DATED = re.compile(r"[年月日](?!本)")
_OPENED = re.compile(r"[（(][^（）()]*$")
_CLOSED = re.compile(r"[^（()）]*[)）](?=.)")
_NAME_FRONT = re.compile(rf"{HAN}|[“\"*＊×○□X]")


def left_boundary(text: str, start: int, head: int) -> int:
    """Where a name that ends with the ending at `head` begins: after the last word that no name contains.

    >>> text = "贯彻执行市防汛抗旱指挥部"
    >>> text[left_boundary(text, 0, text.index("指挥部")):]
    '市防汛抗旱指挥部'
    """
    run = _RUN.search(text, max(start, head - LONGEST_NAME), head)
    begin = run.start() if run else head
    for found in stop_words_pattern().finditer(text, begin, head):
        if found.group("stop"):
            begin = found.end()
    if text[begin : begin + 1] in '“"' and not re.search('[”"]', text[begin + 1 : head]):
        begin += 1
    numbered = _ENUMERATOR.match(text, begin, head) or _ARTICLE.match(text, begin, head)
    if numbered:
        begin = numbered.end()  # （二）|防汛专班, 第七条|区应急委
    if "个" in text[begin:head]:
        counted = _COUNTED.match(text, begin, head)
        if counted:
            begin = counted.end()  # 11个|专业委员会
        for number in _NUMBER_INSIDE.finditer(text, begin, head):
            begin = number.end()  # 地质灾害4个|指挥部
    if _DATED.match(text[begin:head]) and re.search(r"\d\s*$", text[start:begin]):
        begin += 1
    opened = _OPENED.search(text[begin:head])
    if opened:
        begin += opened.start() + 1  # 市应急局(市防办
    closed = _CLOSED.match(text, begin, head)
    if closed:
        begin = closed.end()  # （救灾和物资保障股）|县安委办
    if begin and text[begin - 1] == "以" and re.match("[上下]", text[begin:head]):
        begin += 1  # 县级以上|减灾委
    while begin < head and not _NAME_FRONT.match(text[begin]):
        begin += 1
    return begin


def starts_like_a_name(name: str) -> bool:
    """Whether a name begins with a place, a level, a field of government or the word of a system (国网, 武警)."""
    return _name_start().match(mask(name)) is not None


@cache
def _name_start() -> re.Pattern[str]:
    return re.compile(rf"{prefix_pattern()}|{pattern(SCHEME, 'fields', 'place-fronts', 'named-organs')}")


_PEOPLE = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:[\u4e00-\u9fff]{1,3}族)+$")


def short_places(place: str | None) -> tuple[str, ...]:
    """The places of a full name without their suffixes and peoples: 霁江市云渚彝族自治县 -> (霁江, 云渚)."""
    parts = re.findall(rf"({HAN}{{2,8}}?){pattern(SCHEME, 'named-divisions')}", place or "")
    parts = [_PEOPLE.sub("", part) for part in parts]
    return tuple(dict.fromkeys(part for part in parts if 2 <= len(part) <= 4 and "族" not in part))


def may_begin(text: str, start: int) -> bool:
    """Whether a name that begins with a level may do so there: 市局, not in 城市局部."""
    return not (text[start - 1 : start] in tuple("城都大本全各我该") and text[start] in "市县区省镇乡")


LEVELS = re.compile("[省市县乡镇村]?[二两三四五]级")
"""Levels taken together, whose units are a class: `市、县两级`."""


def inner_head() -> re.Pattern[str]:
    """The ending of an organ inside a longer stretch: 规划局 in 规划局云渚分局."""
    return compiled(SCHEME, "{organs-inside}(?!{organs-inside:notBefore})")


def introduction() -> re.Pattern[str]:
    """`（以下简称市减灾委）` behind a name, other words of the bracket before or after it."""
    return compiled(
        "expressions",
        r"[（(](?:[^（）()，,。\n]{2,20}[，,])?\s*{introducing-a-short-form}(?:为)?\s*[:：]?\s*[“\"]?"
        r"(?P<short>[^“”\"）)，,。]{2,20})[”\"]?\s*(?:[，,][^）)]*)?[)）]",
    )
