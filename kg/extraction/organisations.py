"""Organisations named in a text: agencies, coordinating bodies, departments named by field, and groups named by class.

Names are recognised by structure, since no list can hold them: a level or place in front (`市`, `宁波市江北区`), a field of
government (`水利`, `应急管理`), an ending (`局`, `指挥部`, `部门`). What is no field is cut at words that no name contains.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kg.extraction.matching import Matcher
from kg.loaders.numbering import chinese_value
from kg.ontology import vocabulary
from kg.ontology.divisions import divisions
from kg.ontology.lexicon import alternation, beginning, compiled, pattern, words

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
def _words(*concepts: str) -> re.Pattern[str]:
    """A pattern of nothing but the words of concepts."""
    return re.compile(pattern(SCHEME, *concepts))


def _not_before(*concepts: str) -> str:
    found = vocabulary(SCHEME)
    return alternation([word for concept in concepts for word in found[concept].all("notBefore")])


PLACE = "\ue000"
"""Stands for every character of a place's name in `mask`, so that patterns need not try three thousand names."""


@cache
def _places(own: tuple[str, ...]) -> Matcher[None]:
    """Names of administrative divisions, those of provinces and cities also without their suffix, and a plan's own."""
    names = {*divisions(), *own, *(name + suffix for name in own for suffix in "市区县州")}
    for name, rows in divisions().items():
        if rows[0].level != "county" and len(name) > 2:
            short = re.sub(rf"{pattern(SCHEME, 'division-endings')}$", "", name)
            if len(short) >= 2:
                names.add(short)
    return Matcher((name, None) for name in sorted(names))


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
    for found in _places(own).longest(text):
        if (
            found.start > at
            and found.word.startswith(stops)
            and re.match(HAN, text[found.start - 1])
            and text[found.start - 1] not in words(SCHEME, "conjunctions")
        ):
            continue  # 市水利局会同县公安局 is not about 会同县
        if found.start != at and found.word.startswith(verbs) and not found.word.startswith(own):
            continue  # nor is 市水利局牵头，会同县公安局
        parts += text[at : found.start], PLACE * (found.end - found.start)
        at = found.end
    parts.append(text[at:])
    return _MASKED.sub(lambda hidden: PLACE * len(hidden.group()), "".join(parts))


@cache
def _prefix() -> str:
    """A place, a level, or both, in masked text: `宁波市江北区`, `市`, `湖北`."""
    level = pattern(SCHEME, "levels")
    return rf"(?:{PLACE}+{level}?|{level})"


@cache
def _front() -> re.Pattern[str]:
    return re.compile(_prefix())


@cache
def _field() -> str:
    return pattern(SCHEME, "fields")


@cache
def _unit() -> re.Pattern[str]:
    """An agency whose name is built of known parts."""
    field, prefix = _field(), _prefix()
    strong = rf"{pattern(SCHEME, 'strong-heads')}(?!{_not_before('strong-heads')})"
    named = rf"{pattern(SCHEME, 'named-organs')}(?!{_not_before('named-organs')})"
    weak = rf"{pattern(SCHEME, 'weak-heads')}(?!{_not_before('weak-heads')})"
    fields = rf"{field}(?:[和与]?{field}){{0,5}}"
    leveled = rf"{pattern(SCHEME, 'leveled-organs')}(?!{_not_before('leveled-organs')})"
    core = rf"(?:{fields}{strong}|{named})"
    tail = rf"(?:{fields}(?:{strong}|{weak})|(?:第[一二三四五六七八九十]+)?{pattern(SCHEME, 'office-tails')})"
    listed = rf"(?:{field}(?:[和与]?{field}){{0,3}}、){{1,12}}{fields}(?:[和及与]{fields})?{strong}"
    first = words(SCHEME, "levels", "fields", "named-organs", "system-fronts", "central-authorities")
    begins = beginning([PLACE, *first])
    return re.compile(
        rf"{begins}(?:(?P<list>(?=[^、，。；\n]{{0,60}}、){prefix}?{listed})"
        rf"|(?P<unit>{pattern(SCHEME, 'system-fronts')}?(?:{prefix}?{core}|{prefix}{leveled})(?:(?!(?<=部){fields}部){tail})?(?:[（(]{prefix}?{core}[)）])?)"
        rf"|(?P<section>{prefix}{fields}{weak})"
        rf"|(?P<centre>{pattern(SCHEME, 'central-authorities')}(?={pattern(SCHEME, 'after-central-authorities')})))"
    )


def _department_head() -> re.Pattern[str]:
    return compiled(SCHEME, "(?:{departments}|(?<=等){units}|{organs}(?!{organs:notBefore}))")


@cache
def _department_parts() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands before the head: links (`等有关`), and whole fields at the end of a run."""
    return (
        re.compile(rf"(?P<etc>等)?(?P<link>{pattern(SCHEME, 'department-links')}{{0,3}})$"),
        re.compile(rf"{_field()}{{1,4}}$"),
    )


@cache
def _body() -> re.Pattern[str]:
    """Endings of coordinating bodies, with the office that may follow."""
    heads = rf"(?:{pattern(SCHEME, 'committees')}|{pattern(SCHEME, 'committee-short-forms')}|{pattern(SCHEME, 'office-forms')})"
    office = rf"(?:{pattern(SCHEME, 'offices-of-bodies')}|办(?!{_not_before('office-forms')}))?"
    barred = _not_before("committees", "committee-short-forms", "office-forms")
    group = rf"(?<={pattern(SCHEME, 'groups')})(?:{_not_before('groups')})"  # 工作组|成员, 小组|织
    begins = beginning(words(SCHEME, "committees", "committee-short-forms", "office-forms"))
    return re.compile(rf"{begins}{heads}{office}(?!{barred}|{group})")


@cache
def _set_up_body() -> re.Pattern[str]:
    """A body that a plan sets up under a name with a weak ending: 组建一个安责险协调组织, 成立燃气整治推进组."""
    verbs, heads = pattern(SCHEME, "setting-up"), pattern(SCHEME, "set-up-heads")
    inside = rf"(?:(?!{verbs}|[的与和及]){HAN})"
    group = rf"(?!{pattern(SCHEME, 'no-fronts-of-a-body', 'class-scopes')}){inside}{{3,16}}?组(?!{_not_before('groups')}|\d+个)"
    return re.compile(rf"{verbs}[了有]?(?:一个)?(?P<name>{inside}{{2,14}}?{heads}(?!{HAN}*的)|{group})")


def _class_scope() -> re.Pattern[str]:
    """What in front of a body makes it a class: 各级防指, 县级以上减灾委."""
    return compiled(SCHEME, r"(?:{class-scopes})+\Z")


def _ending() -> re.Pattern[str]:
    """Endings by which a name of unknown fields is found."""
    return compiled(SCHEME, "{plain-heads}(?!{strong-heads:notBefore})")


@cache
def _above() -> re.Pattern[str]:
    """Units from a level upwards: 县级以上人民政府."""
    scope = rf"{HAN}{{0,8}}?{pattern(SCHEME, 'above-levels')}级?{pattern(SCHEME, 'upwards')}(?:地方)?(?:各级)?"
    return re.compile(rf"{scope}{pattern(SCHEME, 'governments', 'generic-owners')}")


@cache
def _group() -> re.Pattern[str]:
    """Units named by class: 各有关部门, 乡镇（街道）."""
    classes = pattern(SCHEME, "generic-owners")
    levels = rf"(?:{pattern(SCHEME, 'class-scopes')}){{1,3}}"
    first = words(SCHEME, "class-scopes", "generic-owners", "pronouns", "class-fronts")
    return re.compile(
        rf"{beginning(['办公室', *first])}(?:{levels}{pattern(SCHEME, 'governing-bodies')}"
        rf"|{classes}{pattern(SCHEME, 'party-and-government')}?|办公室(?!主任)|{pattern(SCHEME, 'pronouns')}(?!的)"
        rf"|{pattern(SCHEME, 'class-fronts')}(?:(?!{pattern(SCHEME, 'generic-barriers')}){HAN}){{0,8}}?"
        rf"{pattern(SCHEME, 'class-heads')})"
    )


@cache
def _stops() -> re.Pattern[str]:
    found = vocabulary(SCHEME)["stop-words"]
    fields = alternation(set(words(SCHEME, "fields")) - set(words(SCHEME, "verb-fields")))
    return re.compile(rf"(?P<whole>{alternation(found.all('notIn'))}|{fields})|(?P<stop>{alternation(found.forms)})")


_ENUMERATOR = re.compile(r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]")
_ARTICLE = re.compile(r"第[\d一二三四五六七八九十百零〇]{1,5}条")
_NUMBER_INSIDE = re.compile("(?:\\d+|[一二两三四五六七八九十]{1,3})个(?!体|人)")
_COUNTED = re.compile("[0-9一二两三四五六七八九十百多几数]*个(?!体|人)")
_RUN = re.compile(rf"(?:{HAN}|[\d“”\"+·（）()*＊×○□X]){{1,{LONGEST_NAME}}}\Z")


_DATED = re.compile(r"[年月日](?!本)")
_OPENED = re.compile(r"[（(][^（）()]*$")
_NAME_FRONT = re.compile(rf"{HAN}|[“\"*＊×○□X]")
_SECOND_NAME = re.compile(r"\s*[（(].*$")


def left_boundary(text: str, start: int, head: int) -> int:
    """Where a name that ends with the ending at `head` begins: after the last word that no name contains.

    >>> text = "贯彻执行市防汛抗旱指挥部"
    >>> text[left_boundary(text, 0, text.index("指挥部")):]
    '市防汛抗旱指挥部'
    """
    run = _RUN.search(text, max(start, head - LONGEST_NAME), head)
    begin = run.start() if run else head
    for found in _stops().finditer(text, begin, head):
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
    if text.startswith("以", begin - 1) and re.match("[上下]", text[begin:head]):
        begin += 1  # 县级以上|减灾委
    while begin < head and not _NAME_FRONT.match(text[begin]):
        begin += 1
    return begin


def expand_list(form: str) -> tuple[str, ...]:
    """The units of an abbreviated list, each with what the text gives once.

    >>> expand_list("市公安、交通、水利局")
    ('市公安局', '市交通局', '市水利局')
    """
    prefix = _prefix_of_a_field().match(mask(form))
    front = form[: prefix.end()] if prefix else ""
    head = _whole_name().search(form)
    tail = head.group() if head else ""
    fields = words(SCHEME, "fields")
    short = next((one for one in sorted(words(SCHEME, "strong-heads"), key=len) if form.endswith(one)), tail)
    parts = [part for part in re.split("、", form[len(front) : len(form) - len(short)]) if part]
    if not all(part in fields for part in parts):  # 商品、药品监督管理局, unlike 教育、城市管理局
        parts = [part for part in re.split("、", form[len(front) : len(form) - len(tail)]) if part]
    else:
        tail = short
    last = _two_fields().match(parts[-1])
    if last and parts[-1] not in words(SCHEME, "fields"):
        parts[-1:] = [last.group(1), last.group(2)]
    return tuple(front + part + tail for part in parts)


@cache
def _prefix_of_a_field() -> re.Pattern[str]:
    return re.compile(rf"{_prefix()}(?={_field()})")


@cache
def _two_fields() -> re.Pattern[str]:
    return re.compile(rf"((?:{_field()})+)[和及与]((?:{_field()})+)$")


def _whole_name() -> re.Pattern[str]:
    return compiled(SCHEME, "{strong-heads}$")


def _organ_at_end() -> re.Pattern[str]:
    """The end of an organ's name: 市总工会 before 等部门 is no field."""
    return compiled(SCHEME, "{strong-heads+named-organs}$")


def _separator() -> re.Pattern[str]:
    return compiled(SCHEME, "[、，,]|{conjunctions}")


def _separator_before() -> re.Pattern[str]:
    return compiled(SCHEME, "(?:、|{conjunctions})$")


_ITEM = re.compile(rf"{HAN}{{2,6}}$")


def _departments(text: str, head: re.Match[str]) -> OrganisationMention | None:
    """Departments named by field before a `部门` or `机关`: 民政部门; 气象、水利等部门; 教育行政部门; 公安机关.

    Read from right to left: links, then items as long as they are fields; an unknown word counts between two fields.
    """
    links, at_end = _department_parts()
    begin = max(0, head.start() - 120)
    newline = text.rfind("\n", begin, head.start())
    begin = newline + 1 if newline >= 0 else begin
    linked = links.search(text, begin, head.start())
    link = linked.group("link") if linked else ""
    stop = linked.start() if linked else head.start()
    ended = at_end.search(text, max(begin, head.start() - 16), head.start()) if link else None
    if ended and ended.group() in words(SCHEME, "fields"):
        link, stop = "", head.start()  # 水利、城市管理|部门
    items: list[tuple[int, int]] = []
    cursor = stop
    unknown = 0
    while True:
        found = at_end.search(text, max(begin, cursor - 16), cursor)
        if found:
            items.append((found.start(), cursor))
            unknown = 0
            cursor = found.start()
        else:
            item = _ITEM.search(text[max(begin, cursor - 6) : cursor])
            if not items or unknown or not item or _whole_name().search(item.group()):
                break
            unknown = 1
            split = max((sep.end() for sep in _separator().finditer(text, max(begin, cursor - 8), cursor)), default=-1)
            if split < 0 or cursor - split < 2:
                break
            items.append((split, cursor))
            cursor = split
        separator = _separator_before().search(text[max(begin, cursor - 2) : cursor])
        if not separator:
            break
        cursor -= len(separator.group())
    while items and unknown:
        items.pop()
        unknown -= 1
    if not items and linked and linked.group("etc"):
        left = left_boundary(text, begin, stop)
        if 2 <= stop - left <= 4 and not _organ_at_end().search(text[left:stop]):
            items = [(left, stop)]
    units = words(SCHEME, "units")
    if not items or (head.group() in units and len(items) < 2):
        return None
    items.reverse()
    scope = _scope().search(text, begin, items[0][0])
    only_verb = len(items) == 1 and text[items[0][0] : items[0][1]] in words(SCHEME, "verb-fields")
    if only_verb and _words("vague-links").search(link):
        return None
    organs, departments = words(SCHEME, "organs"), words(SCHEME, "departments")
    kind = organs[0] if head.group().startswith(organs) else departments[0]
    modifier = "" if len(items) > 1 or "等" in link or _words("vague-links").search(link) else link
    names = tuple(text[first:last] + modifier + kind for first, last in items)
    if len(items) > 1 and _words("supervision").search(link):
        names = (*names[:-1], text[slice(*items[-1])] + link + kind)
    start = scope.start() if scope else items[0][0]
    return OrganisationMention(start, head.end(), text[start : head.end()], names, "Agency", False)


def _scope() -> re.Pattern[str]:
    """What tells whose departments are meant, in front of the field: `县（市、区）级`, `受灾地方`, `各级`."""
    return compiled(SCHEME, "(?:{scopes})+$")


def _group_list() -> re.Pattern[str]:
    """`设综合协调、灾情评估等工作组`: the verb, the names, and the word they share."""
    return compiled(
        SCHEME,
        r"{setting-up-groups}(?P<items>[^。；;：:（(\n]{6,200}?)等?"
        r"(?:若干|\d+\s*个|[一二三四五六七八九十]{1,2}个)?(?:{groups-of-a-list}"
        r"|(?<=[\d一二三四五六七八九十]个)(?:{not-naming})??(?P<body>{bodies-of-a-list}))",
    )


def _counted_list() -> re.Pattern[str]:
    """`矿山、道路交通、建筑施工3个专业委员会`: the names, their number, and the word they share."""
    return compiled(
        SCHEME,
        rf"(?P<items>{HAN}{{2,24}}(?:、{HAN}{{2,12}}?){{1,12}}?(?:[和及与]{HAN}{{2,8}}?)?)等?"
        r"(?P<count>\d+|(?<![二两三四五六七八九十])[二两三四五六七八九十]{1,3})个"
        "(?:(?:{not-naming})??(?P<body>{bodies-of-a-list})|{groups-of-a-list})",
    )


def _group_lists(text: str) -> Iterator[OrganisationMention]:
    """The working groups that a list names together; each is 综合协调工作组, 灾情评估工作组, …"""
    taken: list[tuple[int, int]] = []
    for found in _group_list().finditer(text):
        items = [item for item in re.split(r"、|和(?=[^与和]{4,})", re.sub(r"等$", "", found.group("items"))) if item]
        if len(items) >= 3 and all(re.fullmatch(rf"{HAN}{{2,14}}", item) for item in items):
            yield from _shared_names(text, found.start("items"), items, found.group("body"))
            taken.append(found.span("items"))
    for found in _counted_list().finditer(text):
        begin = left_boundary(text, found.start(), text.index("、", found.start()))
        if any(start < found.end() and begin < end for start, end in taken):
            continue
        words_, count = text[begin : found.end("items")].removesuffix("等"), found.group("count")
        told = int(count) if count.isdigit() else 2 if count == "两" else chinese_value(count)
        some = text.startswith("等", found.end("items"))
        items = next(
            (
                items
                for items in (re.split("、", words_), re.split("[、和及与]", words_))
                if len(items) == told or (some and len(items) < told)
            ),
            [],
        )
        if all(len(item) >= 2 for item in items):
            yield from _shared_names(text, begin, items, found.group("body"))


def _shared_names(text: str, at: int, items: Sequence[str], body: str | None) -> Iterator[OrganisationMention]:
    """The bodies of a list, each with the word that the list gives once."""
    shared = body or vocabulary("bodies")["working-group"].label
    for item in items:
        at = text.index(item, at)
        name = item if item.endswith("组") else item + shared
        yield OrganisationMention(at, at + len(item), item, (name,), "Committee", False)
        at += len(item)


_CLAUSE_MARK = re.compile(r"[，,。；;：:（(\n]")


@cache
def _item_group() -> re.Pattern[str]:
    """An item of a list of groups: its name, and what may close the list."""
    return re.compile(rf"(?P<name>{HAN}{{2,18}}?组)(?!{_not_before('groups')}|、)")


def _set_up_groups() -> re.Pattern[str]:
    """The verb in front of a list of groups, with their number: 下设10个."""
    return compiled(
        SCHEME, r"{setting-up-groups}(?!{setting-up-groups:notBefore})(?:了|有)?(?:\d+|[一二三四五六七八九十]+)?个?"
    )


def listed_groups(text: str) -> Iterator[tuple[str, int]]:
    """The working groups that a list names, each with where it begins; bare ones and groups of experts are left out.

    >>> [name for name, _ in listed_groups("指挥部下设综合协调组、抢险救援组、专家组和善后与安抚组。")]
    ['综合协调组', '抢险救援组', '善后与安抚组']
    """
    anchor = text.find("组、")
    while anchor >= 0:
        start = max(0, anchor - 80)
        start = max((mark.end() for mark in _CLAUSE_MARK.finditer(text, start, anchor)), default=start)
        closing = _CLAUSE_MARK.search(text, anchor)
        end = closing.start() if closing else len(text)
        verb = None
        for verb in _set_up_groups().finditer(text, start, anchor):
            start = verb.end()
        if verb is None:
            start = left_boundary(text, start, anchor)
        items = []
        for piece in re.finditer(
            rf"[^、]+?(?:(?<=组){pattern(SCHEME, 'conjunctions')}(?={HAN})|(?=、)|$)", text[start:end]
        ):
            item = _item_group().match(text, start + piece.start(), start + piece.end())
            if item is None:
                break
            items.append((item.group("name"), item.start()))
        if len(items) >= (2 if verb else 3):
            for name, at in items:
                if not is_bare(name) and not name.endswith(words(SCHEME, "no-committees")):
                    yield name, at
        anchor = text.find("组、", end)


@cache
def _committee_name() -> re.Pattern[str]:
    return re.compile(rf"(?:{_body().pattern})(?:[（(].*[)）])?$")


def label_of(name: str) -> str:
    """Agency or Committee, by the ending of a name.

    >>> label_of("省减灾委"), label_of("市安委办"), label_of("省发展改革委")
    ('Committee', 'Committee', 'Agency')
    """
    if name.endswith("组") and len(name) >= 4 and not name.endswith(words(SCHEME, "no-committees")):
        return "Committee"
    if not _committee_name().search(name):
        return "Agency"
    masked = mask(name)
    return "Agency" if _commission().fullmatch(masked) or _named_organ().fullmatch(masked) else "Committee"


@cache
def _named_organ() -> re.Pattern[str]:
    """Organs with names of their own that end like the office of a body: 县人防办."""
    offices = words(SCHEME, "office-forms", "committee-short-forms", "committees")
    return re.compile(rf"(?:{_prefix()})?{alternation(set(words(SCHEME, 'named-organs')) - set(offices))}")


@cache
def _commission() -> re.Pattern[str]:
    """Commissions that are agencies (发展和改革委员会), and offices of a government or an agency (省政府应急办)."""
    return re.compile(
        rf"(?:{_prefix()})?(?:{pattern(SCHEME, 'commissions')})+{pattern(SCHEME, 'commission-ends')}"
        rf"|.*{pattern(SCHEME, 'organs-with-offices')}{pattern(SCHEME, 'offices-of-organs')}"
    )


def starts_like_a_name(name: str) -> bool:
    """Whether a name begins with a place, a level, a field of government or the word of a system (国网, 武警)."""
    return _name_start().match(mask(name)) is not None


@cache
def _name_start() -> re.Pattern[str]:
    return re.compile(rf"{_prefix()}|{pattern(SCHEME, 'fields', 'place-fronts', 'named-organs')}")


def is_bare(name: str) -> bool:
    """Whether nothing but the ending of a coordinating body stands there: 工作组, 领导小组."""
    return _not_naming().sub("", name) in words(SCHEME, "bare-bodies")


def _not_naming() -> re.Pattern[str]:
    return compiled(SCHEME, r"^(?:\d|{not-naming})+")


@cache
def _placed() -> re.Pattern[str]:
    """Names that a place makes with an ending alone, in masked text: `国网云渚供电公司`, `云渚公安分局`, `电信云渚分公司`."""
    front, heads = pattern(SCHEME, "place-fronts"), pattern(SCHEME, "place-heads")
    strong = rf"{pattern(SCHEME, 'strong-heads')}(?!{_not_before('strong-heads')})"
    field = _field()
    return re.compile(
        rf"{beginning([PLACE, '公安', *words(SCHEME, 'place-fronts')])}"
        rf"(?:公安{PLACE}+[市区县州]?分局|(?:{front})?{PLACE}+[市区县州]?(?:(?:{field}){{1,4}}(?:{strong}|{heads})|{heads})|{front}{PLACE}+{strong})"
    )


@cache
def _section_below() -> re.Pattern[str]:
    """The section of an agency behind its name: 市应急管理局|安全生产综合协调处."""
    inside = rf"(?:(?!{pattern(SCHEME, 'section-barriers')}){HAN})"
    return re.compile(
        rf"(?<=[局厅委会])(?:{inside}{{2,14}}?{pattern(SCHEME, 'sections')}(?!{_not_before('sections')})"
        rf"(?={pattern(SCHEME, 'after-sections')}|{pattern('passages', 'a-verbs')}|(?!{HAN}))"
        rf"|{inside}{{2,6}}?{pattern(SCHEME, 'law-enforcers')})"
    )


@cache
def _town() -> re.Pattern[str]:
    """The end of the government of a town, whose name no table holds: 云溪镇人民政府."""
    government = pattern(SCHEME, "governments")
    return re.compile(rf"(?:[镇乡]{government}|街道{pattern(SCHEME, 'street-offices')})")


@cache
def _prefix_of_a_town() -> re.Pattern[str]:
    """What stands before 镇 without being its name: 市区乡, 各乡."""
    return re.compile(rf"[省市县区州乡镇]|{pattern(SCHEME, 'class-fronts', 'class-scopes')}")


@cache
def _operators() -> re.Pattern[str]:
    one = rf"(?:中国)?{pattern(SCHEME, 'operators')}"
    first = words(SCHEME, "levels", "operators")
    return re.compile(
        rf"{beginning([PLACE, '中国', *first])}{_prefix()}?{one}(?:(?:、|和|及|与){one})+(?:等(?:\d|[一二三四五])?家?)?"
        rf"(?P<kind>(?P<place>{PLACE}+[市区县州]?)?{pattern(SCHEME, 'operators-business')}?{pattern(SCHEME, 'operators-ends')})?"
    )


def _candidates(text: str, masked: str) -> Iterator[OrganisationMention]:
    """Everything that may be an organisation, with overlaps; `masked` is the text with its places masked."""
    for found in _unit().finditer(masked):
        form = text[found.start() : found.end()]
        if text[found.start() - 1 : found.start() + 1] in words(SCHEME, "grassroots-levels"):
            continue  # 乡镇畜牧兽医站
        if found.group("list"):
            yield OrganisationMention(found.start(), found.end(), form, expand_list(form), "Agency", False)
        else:
            name = _SECOND_NAME.sub("", form)  # 省外侨办(省港澳办)
            yield OrganisationMention(found.start(), found.end(), form, (name,), label_of(name), False)
            section = _section_below().match(text, found.end()) if found.group("unit") else None
            if section:
                form = text[found.start() : section.end()]
                yield OrganisationMention(found.start(), section.end(), form, (form,), "Agency", False)
    for found in _town().finditer(text):
        begin = left_boundary(text, 0, found.start())
        form = text[begin : found.end()]
        if 2 <= found.start() - begin <= 4 and not _prefix_of_a_town().match(form):
            yield OrganisationMention(begin, found.end(), form, (form,), "Agency", False)
    for found in _placed().finditer(masked):
        form = text[found.start() : found.end()]
        yield OrganisationMention(found.start(), found.end(), form, (form,), label_of(form), False)
    for found in _operators().finditer(masked) if _words("operators").search(text) else ():
        form = text[found.start() : found.end()]
        company = _words("companies").search(found.group("kind") or "")
        ending = company.group() if company else ""
        if found.group("place"):
            ending = text[found.start("place") : found.end()]  # 中国移动、中国联通云溪分公司
        named = re.findall(rf"(?:中国)?{pattern(SCHEME, 'operators')}", form)
        names = tuple(name + ending for name in named)
        yield OrganisationMention(found.start(), found.end(), form, names, "Agency", False)
    for found in _department_head().finditer(text):
        departments = _departments(text, found)
        if departments:
            yield departments
    for found in _body().finditer(text):
        yield _coordinating_body(text, masked, found)
    for found in _OFFICE.finditer(text):
        begin = left_boundary(text, 0, found.start())
        form = text[begin : found.end()]
        if 4 <= len(form) <= 9 and _front().match(masked, begin, found.end()) and not _inner_head().search(form):
            yield OrganisationMention(begin, found.end(), form, (form,), "Committee", False)
    for found in _set_up_body().finditer(text):
        start, end = found.span("name")
        name = found.group("name")
        if not is_bare(name) and not name.endswith(words(SCHEME, "no-committees")):
            yield OrganisationMention(start, end, name, (name,), "Committee", False)
    yield from _group_lists(text)
    for name, at in listed_groups(text):
        yield OrganisationMention(at, at + len(name), name, (name,), "Committee", False)
    for head in _group_with_head().finditer(text):
        group = _GROUP_NAME.search(text, max(0, head.start() - 13), head.end())
        if group:
            begin, end = group.span()
            front = next((word for word in words("annotations", "among-them") if text.startswith(word, begin)), "")
            begin += len(front)  # 其中|抢险救援组组长单位为…
            setting = _words("setting-up").search(text, begin, end)
            begin = setting.end() if setting and end - setting.end() > 2 else begin
            yield OrganisationMention(begin, end, text[begin:end], (text[begin:end],), "Committee", False)
    for found in _ending().finditer(text):
        begin = left_boundary(text, 0, found.start())
        form = text[begin : found.end()]
        if (
            found.start() - begin >= 2
            and not _LEVELS.match(form)
            and not form.startswith(words(SCHEME, "grassroots-levels"))
            and _front().match(masked, begin, found.end())
            and not form.endswith(words(SCHEME, "no-organs"))
            and not _holds_two(form, masked[begin : found.end()], found.group())
        ):
            yield OrganisationMention(begin, found.end(), form, (form,), "Agency", False)
    for word in _words("upwards").finditer(text):
        above = _above().search(text, max(0, word.start() - 16), word.end() + 40)
        if above:
            yield OrganisationMention(above.start(), above.end(), above.group(), (above.group(),), "Group", True)
    for found in _group().finditer(text):
        yield OrganisationMention(found.start(), found.end(), found.group(), (found.group(),), "Group", True)


def _group_with_head() -> re.Pattern[str]:
    return compiled(
        SCHEME,
        r"组(?=[（(]?{leading-posts}[由为是：:]|由[^，,。；;：:\n]{2,40}{agents/leading-a-group}[，,]|[（(][^（）()\n]{2,30}{agents/leading-a-group}(?:[，,；;][^（）()\n]{2,80})?[)）])",
    )


_GROUP_NAME = re.compile(rf"(?<!{HAN}){HAN}{{2,12}}组$")


def _inner_head() -> re.Pattern[str]:
    return compiled(SCHEME, "{organs-inside}(?!{organs-inside:notBefore})")


def _holds_two(form: str, masked: str, head: str) -> bool:
    """Whether an ending inside a stretch makes two names of it; with a place after it, it is one (…规划局云渚分局)."""
    inner = _inner_head().search(form, 2, len(form) - len(head))
    return inner is not None and head != "分局" and PLACE not in masked[inner.end() :]


_INNER_GROUP = re.compile(rf"(?P<name>{HAN}{{4,10}}?)组(?![织长成员建])")


def _inner_group(text: str, end: int) -> int:
    """Where a body's name ends with the group of it that follows: 市疫情防控指挥部|物资保障组."""
    inner = _INNER_GROUP.match(text, end)
    if inner is None or text[end - 1] not in "部组" or _body().search(inner.group()):
        return end
    return end if any(found.group("stop") for found in _stops().finditer(inner.group("name"))) else inner.end()


_SEVERAL = re.compile(r"(?:\d*[02-9]|1\d+|[二两三四五六七八九十百多几数])\s*[个支家]$")
_LEVELS = re.compile("[省市县乡镇村]?[二两三四五]级")

_OFFICE = re.compile(r"(?<![主承协督经开举交查侦催补筹官民专批转停兴操会分代委府政道乡镇局])办(?=[、，,；;。（）()])")
"""The end of an office named for its business (市治超办,), not a verb (由市水利局主办,)."""

_OWN = re.compile("[我本][省市县区州]$")
"""Before a bare ending: 我市指挥部 is one body, not any."""


def _coordinating_body(text: str, masked: str, found: re.Match[str]) -> OrganisationMention:
    """The body that ends with the ending found; a class of bodies (各级防指) and a bare ending are groups."""
    begin = _after_setting_up(text, left_boundary(text, 0, found.start()), found.start())
    scope = _class_scope().search(text, max(0, begin - 16), begin)
    if _SEVERAL.search(text, max(0, begin - 6), begin) or _LEVELS.match(text, begin, found.start()):
        pass  # 12个专业安全生产委员会, 市、县、乡三级减灾委
    elif scope and not _front().match(masked, begin, found.end()):
        begin = scope.start()
    elif _government_group().fullmatch(text, begin, found.end()):
        pass  # 市政府工作组, whichever it is
    elif not is_bare(text[begin : found.end()]) or _OWN.search(text, max(0, begin - 2), begin):
        end = _inner_group(text, found.end())
        form = text[begin:end]
        return OrganisationMention(begin, end, form, (form,), label_of(form), False)
    form = text[begin : found.end()]
    return OrganisationMention(begin, found.end(), form, (form,), "Group", True)


def _founded() -> re.Pattern[str]:
    return compiled(
        SCHEME,
        r"{setting-up}(?:了|一个)?专?门?的?(?![后时]|{class-scopes+no-fronts-of-a-body}|\d|[一二三四五六七八九十多]+个)",
    )


def _after_setting_up(text: str, begin: int, head: int) -> int:
    """Where the name of a body begins that is set up: at the verb, whatever it is for (成立|救援能力提升项目专班)."""
    first = max(0, head - LONGEST_NAME)
    start = max((mark.end() for mark in _NAME_BREAK.finditer(text, first, begin)), default=first)
    founded = next(_founded().finditer(text, start, begin), None)
    if founded is None or begin == founded.end():
        return begin
    return begin if _founded().search(text, founded.end(), head) else founded.end()


_NAME_BREAK = re.compile(r"[^\u4e00-\u9fff“”\d]|[的由将对在向和及与并或]")


@cache
def _government_group() -> re.Pattern[str]:
    group = vocabulary("bodies")["working-group"].label
    return re.compile(
        rf"{HAN}{{0,4}}{pattern(SCHEME, 'governments', 'party-and-government')}(?:{pattern(SCHEME, 'not-naming')})?{group}"
    )


@cache
def _hosted() -> re.Pattern[str]:
    begins = beginning([*words("relations", "bodies-with-offices"), *words("agents", "office", "secretariat")])
    hosted = compiled(
        "agents",
        r"(?:{relations/bodies-with-offices})?(?P<office>{office+secretariat})(?=\s*(?:（[^）\n]*）)?\s*[，,（]?\s*{hosting})",
    )
    return re.compile(begins + hosted.pattern)


FAR = 1000
"""Characters between an office named by its word alone and the body before, at most."""


def at_the_scene() -> re.Pattern[str]:
    """What names a body at the scene of an event: 现场指挥部."""
    return compiled(SCHEME, "{at-the-scene}")


def _part_of_body() -> re.Pattern[str]:
    """The end of an office's or a group's name, 领导小组 apart."""
    return compiled("agents", "(?:{office+secretariat+short-for-office}|(?<!小)组)$")


def hosted_offices(text: str, mentions: Sequence[OrganisationMention]) -> list[OrganisationMention]:
    """The mentions with each office that is named by its word alone where its host is told as that of the body before.

    >>> text = "成立市防汛指挥部，办公室设在市水利局"
    >>> [mention.names for mention in hosted_offices(text, find_organisations(text))]
    [('市防汛指挥部',), ('市防汛指挥部办公室',), ('市水利局',)]
    """
    result = list(mentions)
    ends = {mention.end: number for number, mention in enumerate(mentions)}
    settled: dict[str, str] = {}
    for office in _hosted().finditer(text):
        number = ends.get(office.end())
        line = text.rfind("\n", 0, office.start()) + 1
        if number is None or mentions[number].start != office.start() or not mentions[number].generic:
            continue
        bodies = [mention for mention in mentions[:number] if mention.label == "Committee" and not mention.generic]
        before = next((mention for mention in reversed(bodies) if mention.start >= line), None)
        if before is None:
            body = text[office.start() : office.start("office")]
            before = next(
                (
                    mention
                    for mention in reversed(bodies)
                    if mention.form.endswith(body)
                    and mention.end > office.start() - FAR
                    and not _part_of_body().search(mention.form)
                    and not at_the_scene().search(mention.form)
                ),
                None,
            )
        if before and not _part_of_body().search(before.form):
            name = before.names[0] + office.group("office")
            if office.start("office") > office.start():
                settled[mentions[number].form] = name  # 专班办公室, wherever the plan names it
            result[number] = replace(mentions[number], names=(name,), label="Committee", generic=False)
    for number, mention in enumerate(result):
        if mention.generic and mention.form in settled:
            result[number] = replace(mention, names=(settled[mention.form],), label="Committee", generic=False)
    return result


def short_places(place: str | None) -> tuple[str, ...]:
    """The places of a full name without their suffixes: 霁江市云渚区 -> (霁江, 云渚)."""
    parts = re.findall(rf"({HAN}{{2,4}}?){pattern(SCHEME, 'named-divisions')}", place or "")
    return tuple(dict.fromkeys(part for part in parts if len(part) >= 2))


def find_organisations(
    text: str, known: Iterable[tuple[str, str]] = (), places: tuple[str, ...] = ()
) -> list[OrganisationMention]:
    """The organisations of a text in order, without overlaps: the longest at each place wins.

    Args:
        text: any stretch of cleaned text.
        known: names learned from the document's structure (duty lists, annotations) with their labels, found as they stand.
        places: the plan's own places without suffixes (`short_places`), which make names such as 云渚公安分局.
    """
    masked = mask(text, places)
    candidates = list(_candidates(text, masked))
    learned = dict(known)
    if learned:
        for found in re.finditer(alternation(learned), text):
            form = found.group()
            candidates.append(OrganisationMention(found.start(), found.end(), form, (form,), learned[form], False))
    candidates += _by_its_place(text, masked, candidates)
    candidates = [*_by_short_form(text, candidates), *candidates]
    # Once more: the office of a body in short may have a short form of its own, 县城指办公室（以下简称县城指办）.
    candidates = [*_by_short_form(text, candidates), *candidates]
    candidates = [
        mention
        for mention in candidates
        if not (_names_a_work(text, mention) or _is_built(text, mention) or _is_a_team(mention))
    ]
    candidates.sort(key=lambda mention: (mention.start - mention.end, mention.generic, mention.start))
    taken: list[OrganisationMention] = []
    covered = bytearray(len(text))
    for mention in candidates:
        if mention.start < mention.end and 1 not in covered[mention.start : mention.end]:
            covered[mention.start : mention.end] = b"\x01" * (mention.end - mention.start)
            taken.append(mention)
    return _with_shared_level(text, masked, sorted(taken, key=lambda mention: mention.start))


_UNIT = rf"(?P<unit>(?:{HAN}|[（）()]){{2,24}}?(?P<head>{{heads-in-a-list}}))"
"""A name by its ending alone, whatever it is made of."""


def introduction() -> re.Pattern[str]:
    """`（以下简称市减灾委）` behind a name, other words of the bracket before or after it."""
    return compiled(
        "expressions",
        r"[（(](?:[^（）()，,。\n]{2,20}[，,])?\s*{introducing-a-short-form}(?:为)?\s*[:：]?\s*[“\"]?"
        r"(?P<short>[^“”\"）)，,。]{2,20})[”\"]?\s*(?:[，,][^）)]*)?[)）]",
    )


def introduced_names(text: str, mentions: Iterable[OrganisationMention]) -> dict[str, str]:
    """Short forms that the text introduces: {short: full} for `市减灾委员会(以下简称市减灾委)`."""
    ends = {mention.end: mention.form for mention in sorted(mentions, key=lambda mention: -mention.start)}
    return {
        found.group("short").strip(): ends[found.start()]
        for found in introduction().finditer(text)
        if found.start() in ends
    }


def _by_short_form(text: str, found: Sequence[OrganisationMention]) -> Iterator[OrganisationMention]:
    """The short forms that the text introduces for units, and their offices, wherever the text has them."""
    labels = {mention.form: mention.label for mention in reversed(found) if not mention.generic}
    short = {form: labels[full] for form, full in introduced_names(text, found).items() if full in labels}
    short = {form: label for form, label in short.items() if not is_bare(form)}
    if short:
        for named in re.finditer(
            rf"(?P<body>{alternation(short)})(?![面部势限长员]){pattern(SCHEME, 'offices-of-bodies')}?", text
        ):
            if not _may_begin(text, named.start()):
                continue
            name = named.group() if short[named.group("body")] == "Committee" else named.group("body")
            end = named.start() + len(name)
            yield OrganisationMention(named.start(), end, name, (name,), short[named.group("body")], False)


def _item() -> re.Pattern[str]:
    """An item of a list that ends like a unit, up to what closes it."""
    return compiled(SCHEME, rf"{_UNIT}(?=[、，,。；;\n（(]|{{stop-words}}|$)")


def _in_place_of_a_unit() -> re.Pattern[str]:
    """What stands where only a unit can: after 由 or 会同 or at the front of a sentence, and then an action."""
    return compiled(
        SCHEME,
        r"(?:由|{agents/together-with+helping}|(?:^|(?<=[。；;\n]))(?:\s*[（(]?[\d一二三四五六七八九十]{1,3}[)）.．、])?\s*由?)"
        rf"(?:{{class-scopes}}|{_UNIT}(?={{passages/a-verbs}}|{{stop-words}}))",
    )


_SECTION = rf"(?:[局厅委]机关|[局厅])?{HAN}{{0,12}}?(?:{{section-stems}}{{section-heads}}|(?<=[局厅]){HAN}{{2,10}}中心)"
_INSIDE_SECTIONS = ("和", "与", "及")


def _section_in_place() -> re.Pattern[str]:
    """A section of the issuer that acts: `由防汛抗旱科为…`, `救援协调和预案管理科修订…`."""
    return compiled(
        SCHEME,
        rf"(?:由|{{agents/together-with}}|(?:^|(?<=[，。；;\n]))(?:\s*[（(]?[\d一二三四五六七八九十]{{1,3}}[)）.．、])?\s*由?)"
        rf"(?P<unit>{_SECTION})(?=[、，]|{{agents/leading-a-group}}|{{passages/a-verbs}}|{{stop-words}})",
    )


def _section() -> re.Pattern[str]:
    return compiled(SCHEME, _SECTION)


def _is_section(text: str, start: int, end: int, known: Collection[tuple[int, int]]) -> bool:
    """Whether a stretch that ends like a section holds no word that no name contains, 和 inside it apart."""
    return (
        (start, end) not in known
        and all(
            found.group() in _INSIDE_SECTIONS for found in _stops().finditer(text, start, end) if found.group("stop")
        )
        and not text.startswith((*words(SCHEME, "levels"), *_INSIDE_SECTIONS), start)
    )


def _by_its_place(text: str, masked: str, found: Sequence[OrganisationMention]) -> Iterator[OrganisationMention]:
    """Units that are known by where they stand, whatever they are named after, wherever the text has them.

    `县水利局、沁河河务局、县气象局`, `由沁河河务局牵头`: a river, a scenic spot or a railway is in no table of places.
    """
    agencies = {mention.start: mention.end for mention in found if mention.label == "Agency" and not mention.generic}
    known = {(mention.start, mention.end) for mention in found}
    placed = {mention.end for mention in found if not _unplaced().match(masked, mention.start)}
    ends = set(agencies.values())
    names: set[str] = set()

    def is_unit(item: re.Match[str]) -> bool:
        start, end = item.span("unit")
        return (
            (start, end) not in known
            and left_boundary(text, start, item.start("head")) == start
            and not text.endswith(words(SCHEME, "no-organs"), start, end)
            and not (
                _unplaced().match(masked, start) and text.endswith(words(SCHEME, "heads-after-a-place"), start, end)
            )
            and not _words("common-fronts").fullmatch(text, start, item.start("head"))
            and not _action().match(text, start, end)
        )

    for acting in _section_in_place().finditer(text):
        if _is_section(text, *acting.span("unit"), known):
            names.add(acting.group("unit"))
            ends.add(acting.end("unit"))
    for mark in re.finditer("、", text):
        item = _item().match(text, mark.end())
        beside = mark.start() in ends
        if item and (beside or (text.startswith("、", item.end()) and item.end() + 1 in agencies)) and is_unit(item):
            ends.add(item.end())
            names.add(item.group())
        section = _section().match(text, mark.end()) if beside and not item else None
        if section and _is_section(text, *section.span(), known):
            ends.add(section.end())
            names.add(section.group())
    for place in _in_place_of_a_unit().finditer(text):
        common = place.group("unit") and place.group("head") in words(SCHEME, "common-heads")
        if common and _unplaced().match(masked, place.start("unit")):
            continue  # 保险公司, 受灾学校: any
        if place.group("unit") and place.end("unit") not in placed and is_unit(place):
            names.add(place.group("unit"))
    if names:
        for named in re.finditer(rf"{alternation(names)}(?![面部势限长员])", text):
            if _may_begin(text, named.start()):
                yield OrganisationMention(
                    *named.span(), named.group(), (named.group(),), label_of(named.group()), False
                )


def _may_begin(text: str, start: int) -> bool:
    """Whether a name that begins with a level may do so there: 市局, not in 城市局部."""
    return not (text[start - 1 : start] in tuple("城都大本全各我该") and text[start] in "市县区省镇乡")


def _action() -> re.Pattern[str]:
    return compiled("passages", "{a-verbs}")


@cache
def _unplaced() -> re.Pattern[str]:
    return re.compile(rf"(?!{_prefix()})")


@cache
def _work() -> re.Pattern[str]:
    return re.compile(rf"”(?:[、和及]?“[^”\n]{{2,20}}”)*{HAN}{{0,4}}?{pattern(SCHEME, 'works')}")


def _built() -> re.Pattern[str]:
    return compiled(SCHEME, r"{building}\Z")


def _is_built(text: str, mention: OrganisationMention) -> bool:
    """Whether a name that may be a place's is one that is built: 建设县应急物资储备中心."""
    return mention.form.endswith(words(SCHEME, "places-or-units")) and bool(
        _built().search(text, max(0, mention.start - 6), mention.start)
    )


def _is_a_team(mention: OrganisationMention) -> bool:
    """Whether a name that ends like an organ's is a team's: 县综合应急救援大队."""
    return mention.label == "Agency" and mention.form.endswith((*words("teams", "field-team"), *words(SCHEME, "teams")))


def _names_a_work(text: str, mention: OrganisationMention) -> bool:
    """Whether the words are the name of something else in quotation marks: “浙江安全学院”学习平台."""
    return text[mention.start - 1 : mention.start] == "“" and _work().match(text, mention.end) is not None


@cache
def _leveled() -> re.Pattern[str]:
    return re.compile(rf"{_prefix()}(?=.)")


def _with_shared_level(text: str, masked: str, mentions: Sequence[OrganisationMention]) -> list[OrganisationMention]:
    """Names in a list with the level that the text gives once: 市发展改革委、财政局 are 市发展改革委 and 市财政局."""
    result: list[OrganisationMention] = []
    level = ""
    for mention in mentions:
        last = result[-1] if result else None
        if last is None or text[last.end : mention.start] not in ("、", "和", "及", "与"):
            level = ""
        if mention.label == "Agency" and len(mention.names) == 1 and mention.names[0] == mention.form:
            front = _leveled().match(masked, mention.start, mention.end)
            if front:
                level = text[mention.start : front.end()]
            elif level and re.search(r"[局厅委办]$", mention.form) and re.match(_field(), mention.form):
                mention = replace(mention, names=(level + mention.form,))
        result.append(mention)
    return result


def join_classes(text: str, mentions: Sequence[OrganisationMention]) -> list[OrganisationMention]:
    """Mentions with a class of units that follows its body taken as one group: 市防指 + 成员单位, 市政府 + 有关部门."""
    result: list[OrganisationMention] = []
    for mention in mentions:
        last = result[-1] if result else None
        if last and mention.generic and last.end == mention.start and _words("parts-of-a-body").search(mention.form):
            form = text[last.start : mention.end]
            result[-1] = OrganisationMention(last.start, mention.end, form, (form,), "Group", True)
        else:
            result.append(mention)
    return result
