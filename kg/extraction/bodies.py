"""Coordinating bodies: committees, headquarters, leading groups, their offices, and the working groups that a plan names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from kg.extraction.names import (
    HAN,
    LEVELS,
    LONGEST_NAME,
    SCHEME,
    OrganisationMention,
    any_of,
    front_pattern,
    inner_head,
    introduction,
    left_boundary,
    mask,
    not_before,
    prefix_pattern,
    stop_words_pattern,
)
from kg.loaders.numbering import chinese_value
from kg.ontology import vocabulary
from kg.ontology.lexicon import alternation, beginning, compiled, pattern, words


def bodies(text: str, masked: str) -> Iterator[OrganisationMention]:
    """Everything that may be a coordinating body, with overlaps; `masked` is the text with its places masked."""
    for found in _body().finditer(text):
        yield _coordinating_body(text, masked, found)
    for found in _OFFICE.finditer(text):
        begin = left_boundary(text, 0, found.start())
        form = text[begin : found.end()]
        if 4 <= len(form) <= 9 and front_pattern().match(masked, begin, found.end()) and not inner_head().search(form):
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
            setting = any_of("setting-up").search(text, begin, end)
            begin = setting.end() if setting and end - setting.end() > 2 else begin
            yield OrganisationMention(begin, end, text[begin:end], (text[begin:end],), "Committee", False)


@cache
def _body() -> re.Pattern[str]:
    """Endings of coordinating bodies, with the office that may follow."""
    heads = rf"(?:{pattern(SCHEME, 'committees')}|{pattern(SCHEME, 'committee-short-forms')}|{pattern(SCHEME, 'office-forms')})"
    office = rf"(?:{pattern(SCHEME, 'offices-of-bodies')}|办(?!{not_before('office-forms')}))?"
    barred = not_before("committees", "committee-short-forms", "office-forms")
    group = rf"(?<={pattern(SCHEME, 'groups')})(?:{not_before('groups')})"  # 工作组|成员, 小组|织
    begins = beginning(words(SCHEME, "committees", "committee-short-forms", "office-forms"))
    return re.compile(rf"{begins}{heads}{office}(?!{barred}|{group})")


@cache
def _set_up_body() -> re.Pattern[str]:
    """A body that a plan sets up under a name with a weak ending: 组建一个安责险协调组织, 成立燃气整治推进组."""
    verbs, heads = pattern(SCHEME, "setting-up"), pattern(SCHEME, "set-up-heads")
    inside = rf"(?:(?!{verbs}|[的与和及]){HAN})"
    group = rf"(?!{pattern(SCHEME, 'no-fronts-of-a-body', 'class-scopes')}){inside}{{3,16}}?组(?!{not_before('groups')}|[长员]|\d+个)"
    return re.compile(rf"{verbs}[了有]?(?:一个)?(?P<name>{inside}{{2,14}}?{heads}(?!{HAN}*的)|{group})")


def _class_scope() -> re.Pattern[str]:
    """What in front of a body makes it a class: 各级防指, 县级以上减灾委."""
    return compiled(SCHEME, r"(?:{class-scopes})+\Z")


def _group_list() -> re.Pattern[str]:
    """`设综合协调、灾情评估等工作组`: the verb, the names, and the word they share."""
    return compiled(
        SCHEME,
        r"{setting-up-groups}(?P<items>[^，,。；;：:（(\n]{6,200}?)等?"
        r"(?:若干|\d+\s*个|[一二三四五六七八九十]{1,2}个)?(?:{groups-of-a-list}"
        r"|(?<=[\d一二三四五六七八九十]个)(?:{not-naming})??(?P<body>{bodies-of-a-list}))",
    )


def _counted() -> re.Pattern[str]:
    """`个专业委员会` behind the number of a list: the word that its names share."""
    return compiled(SCHEME, "个(?:(?:{not-naming})??(?P<body>{bodies-of-a-list})|{groups-of-a-list})")


_COUNTED_NAMES = re.compile(
    rf"(?P<items>{HAN}{{2,24}}(?:、{HAN}{{2,12}}?){{1,12}}?(?:[和及与]{HAN}{{2,8}}?)?)(?P<some>等?)"
    r"(?P<count>\d+|(?<![二两三四五六七八九十])[二两三四五六七八九十]{1,3})\Z"
)
"""`矿山、道路交通、建筑施工3`: the names and how many they are, 200 characters at most."""


def _group_lists(text: str) -> Iterator[OrganisationMention]:
    """The working groups that a list names together; each is 综合协调工作组, 灾情评估工作组, …"""
    taken: list[tuple[int, int]] = []
    for found in _group_list().finditer(text):
        stretch = re.sub(r"等$", "", found.group("items")).removeprefix(_office_and())  # 下设|办公室和|医疗救治、…
        items = [item for item in re.split(r"、|和(?=[^与和]{4,})", stretch) if item]
        if len(items) >= 3 and all(re.fullmatch(rf"{HAN}{{2,14}}", item) for item in items):
            yield from _shared_names(text, found.start("items"), items, found.group("body"))
            taken.append(found.span("items"))
    free = 0
    for shared in _counted().finditer(text):
        listed = _COUNTED_NAMES.search(text, max(free, shared.start() - 200), shared.start())
        if listed is None:
            continue
        free = shared.end()
        begin = left_boundary(text, listed.start(), text.index("、", listed.start()))
        if any(start < free and begin < end for start, end in taken):
            continue
        words_, count = text[begin : listed.end("items")].removesuffix("等"), listed.group("count")
        told = int(count) if count.isdigit() else 2 if count == "两" else chinese_value(count)
        items = next(
            (
                items
                for items in (re.split("、", words_), re.split("[、和及与]", words_))
                if len(items) == told or (listed.group("some") and len(items) < told)
            ),
            [],
        )
        if all(len(item) >= 2 for item in items):
            yield from _shared_names(text, begin, items, shared.group("body"))


def _office_and() -> str:
    return vocabulary("agents")["office"].label + "和"


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
    return re.compile(rf"(?P<name>{HAN}{{2,18}}?组)(?!{not_before('groups')}|、)")


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
    if _named_organ().fullmatch(name) or _administration().search(name):
        return "Agency"  # 驻局纪检监察组, 开发区管理委员会
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
    return re.compile(rf"(?:{prefix_pattern()})?{alternation(set(words(SCHEME, 'named-organs')) - set(offices))}")


def _administration() -> re.Pattern[str]:
    return compiled(SCHEME, "{managed-areas}管理委员会$")


@cache
def _commission() -> re.Pattern[str]:
    """Commissions that are agencies (发展和改革委员会), and offices of a government or an agency (省政府应急办)."""
    return re.compile(
        rf"(?:{prefix_pattern()})?(?:{pattern(SCHEME, 'commissions')})+{pattern(SCHEME, 'commission-ends')}"
        rf"|.*{pattern(SCHEME, 'organs-with-offices')}{pattern(SCHEME, 'offices-of-organs')}"
    )


def is_bare(name: str) -> bool:
    """Whether nothing but the ending of a coordinating body stands there: 工作组, 领导小组."""
    return _not_naming().sub("", name) in words(SCHEME, "bare-bodies")


def _not_naming() -> re.Pattern[str]:
    return compiled(SCHEME, r"^(?:\d|{not-naming})+")


def _group_with_head() -> re.Pattern[str]:
    return compiled(
        SCHEME,
        r"组(?=[（(]?{leading-posts}[由为是：:]|由[^，,。；;：:\n]{2,40}{agents/leading-a-group}[，,]|[（(][^（）()\n]{2,30}{agents/leading-a-group}(?:[，,；;][^（）()\n]{2,80})?[)）])",
    )


_GROUP_NAME = re.compile(rf"(?<!{HAN}){HAN}{{2,12}}组$")
_INNER_GROUP = re.compile(rf"(?P<name>{HAN}{{4,10}}?)组(?![织长成员建])")


def _inner_group(text: str, end: int) -> int:
    """Where a body's name ends with the group of it that follows: 市疫情防控指挥部|物资保障组."""
    inner = _INNER_GROUP.match(text, end)
    if inner is None or text[end - 1] not in "部组" or _body().search(inner.group()):
        return end
    return (
        end if any(found.group("stop") for found in stop_words_pattern().finditer(inner.group("name"))) else inner.end()
    )


_SEVERAL = re.compile(r"(?:\d*[02-9]|1\d+|[二两三四五六七八九十百多几数])\s*[个支家]$")
_OFFICE = re.compile(r"(?<![主承协督经开举交查侦催补筹官民专批转停兴操会分代委府政道乡镇局])办(?=[、，,；;。（）()])")
"""The end of an office named for its business (市治超办,), not a verb (由市水利局主办,)."""


_OWN = re.compile("[我本][省市县区州]$")
"""Before a bare ending: 我市指挥部 is one body, not any."""


def _coordinating_body(text: str, masked: str, found: re.Match[str]) -> OrganisationMention:
    """The body that ends with the ending found; a class of bodies (各级防指) and a bare ending are groups."""
    begin = _after_setting_up(text, left_boundary(text, 0, found.start()), found.start())
    scope = _class_scope().search(text, max(0, begin - 16), begin)
    if _SEVERAL.search(text, max(0, begin - 6), begin) or LEVELS.match(text, begin, found.start()):
        pass  # 12个专业安全生产委员会, 市、县、乡三级减灾委
    elif scope and not front_pattern().match(masked, begin, found.end()):
        begin = scope.start()
    elif _government_group().fullmatch(text, begin, found.end()):
        pass  # 市政府工作组, whichever it is
    elif text.startswith(words(SCHEME, "grassroots-levels"), begin) and not is_bare(text[begin : found.end()]):
        pass  # 乡镇（街道）应急办
    elif text[begin : found.end()].count("“") != text[begin : found.end()].count("”"):
        pass  # 推行“总指挥+专班”机制
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


_NAME_BREAK = re.compile(r"[^\u4e00-\u9fff“”\d]|(?<!成立)(?<!组建)(?<!设立)的|[由将对在向和及与并或]")


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
        r"(?:{relations/bodies-with-offices})?(?P<office>{office+secretariat})(?=\s*(?:（[^）\n]*）)?\s*[，,（]?\s*(?:由[^，,。；;]{2,12}{moving}[至到为]?)?{hosting})",
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

    >>> from kg.extraction.organisations import find_organisations
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
            short = introduction().match(text, office.end())
            if short:
                settled[short.group("short").strip()] = name  # 办公室（以下简称市化治办）设在市经信委
            result[number] = replace(mentions[number], names=(name,), label="Committee", generic=False)
    for number, mention in enumerate(result):
        if mention.form in settled:
            result[number] = replace(mention, names=(settled[mention.form],), label="Committee", generic=False)
    return result
