"""Organisations named in a text: agencies, coordinating bodies, departments named by field, and groups named by class.

Names are recognised by structure, since no list can hold them: a level or place in front (`市`, `宁波市江北区`), a field of
government (`水利`, `应急管理`), an ending (`局`, `指挥部`, `部门`). What is no field is cut at words that no name contains.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from kg.extraction.bodies import bodies, is_bare, label_of
from kg.extraction.departments import departments, expand_list
from kg.extraction.names import (
    HAN,
    LEVELS,
    PLACE,
    SCHEME,
    OrganisationMention,
    any_of,
    field_pattern,
    front_pattern,
    inner_head,
    introduction,
    left_boundary,
    mask,
    may_begin,
    not_before,
    prefix_pattern,
)
from kg.extraction.units_in_place import units_in_place
from kg.ontology.lexicon import alternation, beginning, compiled, pattern, words


@cache
def _unit() -> re.Pattern[str]:
    """An agency whose name is built of known parts."""
    field, prefix = field_pattern(), prefix_pattern()
    strong = rf"{pattern(SCHEME, 'strong-heads')}(?!{not_before('strong-heads')})"
    named = rf"{pattern(SCHEME, 'named-organs')}(?!{not_before('named-organs')})"
    weak = rf"{pattern(SCHEME, 'weak-heads')}(?!{not_before('weak-heads')})"
    fields = rf"{field}(?:[和与]?{field}){{0,5}}"
    leveled = rf"{pattern(SCHEME, 'leveled-organs')}(?!{not_before('leveled-organs')})"
    core = rf"(?:{fields}{strong}|{named})"
    tail = rf"(?:{fields}(?:{strong}|{weak})|(?:第[一二三四五六七八九十]+)?{pattern(SCHEME, 'office-tails')})"
    below = rf"(?<!党[委组])(?!(?<=部){fields}部){tail}"  # 局党委 has no sections
    listed = rf"(?:{field}(?:[和与]?{field}){{0,3}}、){{1,12}}{fields}(?:[和及与]{fields})?{strong}"
    first = words(SCHEME, "levels", "fields", "named-organs", "system-fronts", "central-authorities")
    begins = beginning([PLACE, *first])
    return re.compile(
        rf"{begins}(?:(?P<list>(?=[^、，。；\n]{{0,60}}、){prefix}?{listed})"
        rf"|(?P<unit>{pattern(SCHEME, 'system-fronts')}?(?:{prefix}?{core}|{prefix}{leveled})(?:{below})?(?:[（(]{prefix}?{core}[)）])?)"
        rf"|(?P<section>{prefix}{fields}{weak})"
        rf"|(?P<centre>{pattern(SCHEME, 'central-authorities')}(?={pattern(SCHEME, 'after-central-authorities')})))"
    )


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


_SECOND_NAME = re.compile(r"\s*[（(].*$")


@cache
def _placed() -> re.Pattern[str]:
    """Names that a place makes with an ending alone, in masked text: `国网云渚供电公司`, `电信云渚分公司`."""
    front, heads = pattern(SCHEME, "place-fronts"), pattern(SCHEME, "place-heads")
    strong = rf"{pattern(SCHEME, 'strong-heads')}(?!{not_before('strong-heads')})"
    field = field_pattern()
    return re.compile(
        rf"{beginning([PLACE, *words(SCHEME, 'place-fronts')])}"
        rf"(?:(?:{front})?{PLACE}+[市区县州]?(?:(?:{field}){{1,4}}(?:{strong}|{heads})|{heads})|{front}{PLACE}+{strong})"
    )


def _stationed() -> re.Pattern[str]:
    """市纪委监委驻市应急管理局纪检监察组."""
    return compiled(SCHEME, r"{levels}?(?:{supervisors})(?:派)?驻[\u4e00-\u9fff]{1,12}?{stationed-groups}")


@cache
def _local_branch() -> re.Pattern[str]:
    """The end of the branch that a field has in a place, in masked text: `公安云渚分局`, `规划资源云渚分局`."""
    return re.compile(rf"{PLACE}+[市区县州]?分局")


@cache
def _fields_before() -> re.Pattern[str]:
    return re.compile(rf"(?:{field_pattern()}){{1,3}}\Z")


@cache
def _section_below() -> re.Pattern[str]:
    """The section of an agency behind its name: 市应急管理局|安全生产综合协调处."""
    inside = rf"(?:(?!{pattern(SCHEME, 'section-barriers')}){HAN})"
    return re.compile(
        rf"(?:(?<=[局厅委会队])|(?<=军分区))(?:{inside}{{2,14}}?{pattern(SCHEME, 'sections')}(?!{not_before('sections')})"
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
        rf"{beginning([PLACE, '中国', *first])}{prefix_pattern()}?{one}(?:(?:、|和|及|与){one})+(?:等(?:\d|[一二三四五])?家?)?"
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
            inner = form.endswith(words(SCHEME, "party-bodies"))
            section = _section_below().match(text, found.end()) if found.group("unit") and not inner else None
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
    for found in _stationed().finditer(text):
        form = found.group()
        yield OrganisationMention(found.start(), found.end(), form, (form,), "Agency", False)
    for found in _local_branch().finditer(masked):
        fields = _fields_before().search(masked, max(0, found.start() - 12), found.start())
        if fields:
            form = text[fields.start() : found.end()]
            yield OrganisationMention(fields.start(), found.end(), form, (form,), "Agency", False)
    for found in _operators().finditer(masked) if any_of("operators").search(text) else ():
        form = text[found.start() : found.end()]
        company = any_of("companies").search(found.group("kind") or "")
        ending = company.group() if company else ""
        if found.group("place"):
            ending = text[found.start("place") : found.end()]  # 中国移动、中国联通云溪分公司
        named = re.findall(rf"(?:中国)?{pattern(SCHEME, 'operators')}", form)
        names = tuple(name + ending for name in named)
        yield OrganisationMention(found.start(), found.end(), form, names, "Agency", False)
    yield from departments(text)
    yield from bodies(text, masked)
    for found in _ending().finditer(text):
        begin = left_boundary(text, 0, found.start())
        form = text[begin : found.end()]
        if (
            found.start() - begin >= 2
            and not LEVELS.match(form)
            and not form.startswith(words(SCHEME, "grassroots-levels"))
            and front_pattern().match(masked, begin, found.end())
            and not form.endswith(words(SCHEME, "no-organs"))
            and not _holds_two(form, masked[begin : found.end()], found.group())
        ):
            yield OrganisationMention(begin, found.end(), form, (form,), "Agency", False)
    for word in any_of("upwards").finditer(text):
        above = _above().search(text, max(0, word.start() - 16), word.end() + 40)
        if above:
            yield OrganisationMention(above.start(), above.end(), above.group(), (above.group(),), "Group", True)
    for found in _group().finditer(text):
        yield OrganisationMention(found.start(), found.end(), found.group(), (found.group(),), "Group", True)


def _holds_two(form: str, masked: str, head: str) -> bool:
    """Whether an ending inside a stretch makes two names of it; with a place after it, it is one (…规划局云渚分局)."""
    inner = inner_head().search(form, 2, len(form) - len(head))
    return inner is not None and head != "分局" and PLACE not in masked[inner.end() :]


_STARRED = re.compile(r"^[^\S\n]*[*□](?![*□])", re.MULTILINE)
"""A bullet: of a place that is hidden at the front of a line, two characters or more are marks."""


def find_organisations(
    text: str, known: Iterable[tuple[str, str]] = (), places: tuple[str, ...] = ()
) -> list[OrganisationMention]:
    """The organisations of a text in order, without overlaps: the longest at each place wins.

    Args:
        text: any stretch of cleaned text.
        known: names learned from the document's structure (duty lists, annotations) with their labels, found as they stand.
        places: the plan's own places without suffixes (`short_places`), which make names such as 云渚公安分局.
    """
    text = _STARRED.sub(lambda bullet: " " * len(bullet.group()), text)
    masked = mask(text, places)
    candidates = list(_candidates(text, masked))
    learned = dict(known)
    if learned:
        for found in re.finditer(alternation(learned), text):
            form = found.group()
            candidates.append(OrganisationMention(found.start(), found.end(), form, (form,), learned[form], False))
    candidates += units_in_place(text, masked, candidates)
    if short := list(_by_short_form(text, candidates)):
        candidates = [*short, *candidates]
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
            if not may_begin(text, named.start()):
                continue
            name = named.group() if short[named.group("body")] == "Committee" else named.group("body")
            end = named.start() + len(name)
            yield OrganisationMention(named.start(), end, name, (name,), short[named.group("body")], False)


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
    return re.compile(rf"{prefix_pattern()}(?=.)")


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
            elif level and re.search(r"(?<!分)[局厅委办]$", mention.form) and re.match(field_pattern(), mention.form):
                mention = replace(mention, names=(level + mention.form,))
        result.append(mention)
    return result


def join_classes(text: str, mentions: Sequence[OrganisationMention]) -> list[OrganisationMention]:
    """Mentions with a class of units that follows its body taken as one group: 市防指 + 成员单位, 市政府 + 有关部门."""
    result: list[OrganisationMention] = []
    for mention in mentions:
        last = result[-1] if result else None
        if last and mention.generic and last.end == mention.start and any_of("parts-of-a-body").search(mention.form):
            form = text[last.start : mention.end]
            result[-1] = OrganisationMention(last.start, mention.end, form, (form,), "Group", True)
        else:
            result.append(mention)
    return result
