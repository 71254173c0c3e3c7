"""Responsibility annotations: `(责任单位:A、B)`, `(A牵头,B配合)`, `(A、B按职责分工负责)`, and lines such as `牵头单位:A`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from kg.extraction.bodies import label_of
from kg.extraction.departments import expand_list
from kg.extraction.names import SCHEME
from kg.extraction.organisations import find_organisations
from kg.ontology import vocabulary
from kg.ontology.lexicon import alternation, compiled, pattern, words

ROLES = ("lead", "responsible", "support")
_LABELS = (*ROLES, "person")
"""Roles, and the column of an annotation that names persons (责任领导:…), who are no owners here."""


@dataclass(slots=True)
class NamedOwner:
    """An owner as an annotation or a sentence names it; offsets are cleaned offsets."""

    start: int
    end: int
    name: str
    label: str
    generic: bool
    role: str


@cache
def titles(role: str) -> tuple[str, ...]:
    """What a line or a list of names with that role is headed by: 牵头单位, 责任科室, 配合部门."""
    roles = vocabulary("roles")
    units = roles["units-of-titles"].forms
    return (*roles[role].all("titleForm"), *(front + unit for front in roles[role].all("titleFront") for unit in units))


def closing_verbs(*roles: str) -> str:
    """A pattern of the verbs that close an annotation after the names: `A牵头`, `B按职责分工负责`."""
    found = vocabulary("roles")
    return alternation([verb for role in roles for verb in found[role].all("after")])


@cache
def _labels() -> str:
    return "|".join(rf"(?P<{role}>{alternation(titles(role))})" for role in _LABELS)


@cache
def _label() -> re.Pattern[str]:
    return re.compile(rf"(?:{_labels()})(?:\s*(?:[：:]|为(?=\S)|是(?=\S))\s*|\s+)")


@cache
def _verbs() -> re.Pattern[str]:
    groups = "|".join(rf"(?P<{role}>{closing_verbs(role)})" for role in ROLES)
    manner = pattern("roles", "manner")
    return re.compile(rf"(?:{manner})*(?:{groups})(?:{pattern('annotations', 'carrying-out')})*$")


@cache
def _note() -> re.Pattern[str]:
    return re.compile(
        rf"\s*(?:{_labels()})(?:\s*[：:]|\s+(?=\S))|(?P<verb>[^。；;]{{2,}}?{closing_verbs(*ROLES)}\s*[。.]?\s*$)"
    )


def _section() -> re.Pattern[str]:
    return compiled("annotations", "{ends-of-sections}(?:[、,，]|{after-a-section})")


def _unit() -> re.Pattern[str]:
    return compiled("annotations", "{marks-of-units}|{ends-of-units}$")


@cache
def _sections_alone() -> re.Pattern[str]:
    """Sections and offices alone: 县三防办，救灾和物资保障股."""
    ends = pattern("annotations", "ends-of-sections", "ends-of-units")
    one = rf"[\u4e00-\u9fff]{{1,14}}?{ends}"
    return re.compile(rf"{one}(?:[、，,；;]\s*{one})*")


def is_note(words: str, *, alone: bool = False, names_only: bool = False) -> bool:
    """Whether the words inside a bracket are an annotation: a label with names, or names closed by a verb of a role.

    Where the bracket stands `alone`, after a full stop, names of units are enough.

    With `names_only` nothing but names of units and the verbs of their roles may stand there.

    >>> is_note("责任单位:协调科"), is_note("市水利局牵头,各镇配合"), is_note("群众广泛参与")
    (True, True, False)
    >>> is_note("市水利局、市应急局", alone=True), is_note("县三防办，救灾和物资保障股", alone=True)
    (True, True)
    """
    words_ = _due_at_end().sub("", words)
    found = _note().match(words_)
    if names_only:
        owners = parse(words, 0, len(words)) if found else []
        return bool(owners) and all(owner.generic or _is_unit(owner.name) for owner in owners)
    if found is None and alone:
        mentions = find_organisations(words_)
        rest = "".join(words_[a.end : b.start] for a, b in pairwise(mentions))
        if _sections_alone().fullmatch(words_.strip("。 ")):
            return True
        whole = bool(mentions) and mentions[0].start == 0 and mentions[-1].end == len(words_.rstrip("。 "))
        units = sum(not mention.generic for mention in mentions)
        named = units > len(mentions) - units and not mentions[0].generic  # 市水利局、市应急局，各县区政府
        return whole and named and re.fullmatch(r"[、，,；;和及\s]*", rest) is not None
    if found is None:
        return False
    return (
        found.group("verb") is None
        or any(not m.generic or _unit().search(m.form) for m in find_organisations(words_))
        or _section().search(words_) is not None
    )


@cache
def line_pattern() -> re.Pattern[str]:
    """Matches a line that is an annotation without a bracket: `责任单位:A、B`."""
    return re.compile(rf"\s*[（(【]?\s*(?:[一二三四五六七八九十\d]+[.、]?\s*)?(?:{_labels()})\s*[：:]\s*\S")


def names(text: str, start: int, end: int, role: str) -> Iterator[NamedOwner]:
    """The owners in a list of names: split at 、 and at 和 between whole names; `等` and an unfinished comma are dropped."""
    at = start
    for piece in re.finditer(r"[^、,，;；/\n]+", text[start:end]):
        at = start + piece.start()
        yield from _piece(text, at, start + piece.end(), role)


def _is_unit(name: str) -> bool:
    """Whether a name is that of one unit or section and holds nothing else."""
    found = find_organisations(name)
    whole = len(found) == 1 and found[0].start == 0 and found[0].end == len(name)
    return whole or _sections_alone().fullmatch(name) is not None or _ends_like_a_unit().fullmatch(name) is not None


def _ends_like_a_unit() -> re.Pattern[str]:
    return compiled(SCHEME, r"[\u4e00-\u9fff]{2,20}{heads-in-a-list}")


def _before_a_name() -> re.Pattern[str]:
    return compiled("annotations", r"\s*(?:{before-a-name}|{roles/manner})?\s*")


def _after_names() -> re.Pattern[str]:
    return compiled(SCHEME, r"(?:{lists-end}|{annotations/how-shared}|[。.\s])+$")


def _between_names() -> re.Pattern[str]:
    return compiled("agents", "({and}|{annotations/and-others})")


@cache
def _short_form() -> re.Pattern[str]:
    """`（以下简称X）` at the end of a name."""
    return re.compile(rf"\s*[（(]{pattern('expressions', 'introducing-a-short-form')}[^（）()]*[)）]\s*$")


def _piece(text: str, start: int, end: int, role: str) -> Iterator[NamedOwner]:
    lead = _before_a_name().match(text, start, end)
    start = lead.end() if lead else start
    short = _short_form().search(text, start, end)
    end = short.start() if short else end
    trail = _after_names().search(text[start:end])
    stop = start + trail.start() if trail else end
    if stop <= start:
        return
    parts = _between_names().split(text[start:stop])
    if len(parts) > 1 and not _is_one(text[start:stop]) and not _one_section(parts):
        at = start
        for part in parts:
            if part and not _between_names().fullmatch(part):
                yield from _owner(text, at, at + len(part), role)
            at += len(part)
        return
    yield from _owner(text, start, stop, role)


def _section_end() -> re.Pattern[str]:
    return compiled("annotations", "{ends-of-sections}$")


def _one_section(parts: Sequence[str]) -> bool:
    """Whether 和 stands inside the name of a section (`救灾和物资保障股`): what stands before it is no unit."""
    return _section_end().search(parts[-1]) is not None and not any(
        _section_end().search(part) or _unit().search(part) or find_organisations(part) for part in parts[:-1:2]
    )


def _is_one(name: str) -> bool:
    """Whether a name that holds 和 is one unit (`发展和改革局`), or its field alone in an abbreviated list, not two."""
    if re.sub(rf"^{pattern(SCHEME, 'levels')}", "", name) in words(SCHEME, "fields"):
        return True
    found = find_organisations(name)
    return len(found) == 1 and found[0].start == 0 and found[0].end == len(name)


_CLASS_FRONTS = ("which-units", "each-and-other")


@cache
def _class_front() -> re.Pattern[str]:
    """各, 有关: what follows is a class."""
    return re.compile(pattern("agents", *_CLASS_FRONTS))


def _local_government() -> re.Pattern[str]:
    """事发地县级人民政府: whichever it is."""
    return compiled("agents", "{places-of-events}.{0,8}{governments}$")


def _one_government() -> re.Pattern[str]:
    """市政府, 国务院."""
    return compiled(
        "agents", r"(?!{government-levels})[\u4e00-\u9fff]{0,7}[省市县区镇乡州]{governments}|{the-government}"
    )


@cache
def _generic() -> re.Pattern[str]:
    classes = alternation([*words(SCHEME, "generic-owners"), *words(SCHEME, "pronouns"), *words(SCHEME, "persons")])
    return re.compile(
        rf"{pattern('agents', *_CLASS_FRONTS)}|{pattern('agents', 'all-units')}|全[市省县区]各?|{classes}"
        rf"|(?:[省市县区乡镇级（）()、以上]+)?{pattern('agents', 'governments')}"
        rf"|.*(?:{pattern(SCHEME, 'persons')}|{pattern('agents', 'classes-of-units')})"
    )


def is_generic(name: str) -> bool:
    """Whether a name is that of a class, a person or a pronoun, not of one unit.

    >>> is_generic("各乡镇（街道）"), is_generic("市政府"), is_generic("有关部门"), is_generic("协调科")
    (True, False, True, False)
    """
    if _local_government().search(name) or name in words(SCHEME, "grassroots-levels"):
        return True
    if _one_government().fullmatch(name) and not _class_front().match(name):
        return False
    return _generic().fullmatch(name) is not None or _class_front().match(name) is not None


def _owner(text: str, start: int, end: int, role: str) -> Iterator[NamedOwner]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    name = text[start:end]
    if len(name) < 2 or len(name) > 40:
        return
    generic = is_generic(name)
    yield NamedOwner(start, end, name, "Group" if generic else label_of(name), generic, role)


def _due_at_end() -> re.Pattern[str]:
    """`…，2026年6月底前完成` closes a list of names."""
    return compiled(
        "annotations",
        r"[，,；;]\s*(?P<words>(?:\d{4}\s*年)?[^，,；;。、]{1,12}?[前内底])(?:{how-completed})?(?:{due-qualifiers}|{due-verbs})?\s*。?\s*$",
    )


def _time_label() -> re.Pattern[str]:
    return compiled("annotations", r"[；;，,。]?\s*(?:{due-qualifiers})?{due-labels}\s*[：:]\s*(?P<words>[^；;]+)")


@cache
def _first_leads() -> re.Pattern[str]:
    """`…,列第一位的为牵头单位` closes a list of names."""
    ranked, first = pattern("annotations", "ranked"), pattern("annotations", "first-places")
    unit = pattern("agents", "units-in-general", "sections-in-general")
    return re.compile(
        rf"[，,；;。]?\s*(?:{pattern('annotations', 'among-them')})?(?:{ranked})?在?{first}的?(?:{unit})?[为是系]{alternation(titles('lead'))}\s*。?\s*$"
    )


def note_deadline(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The words of `完成时限:…` inside an annotation text[start:end]."""
    labelled = "：" in text[start:end] or ":" in text[start:end]
    found = (labelled and _time_label().search(text, start, end)) or _due_at_end().search(text, start, end)
    return found.span("words") if found else None


def parse(text: str, start: int, end: int) -> list[NamedOwner]:
    """The owners of an annotation's inside text[start:end] (cleaned offsets), each with its role.

    >>> [(o.name, o.role) for o in parse("市水利局牵头,市财政局、各镇配合", 0, 16)]
    [('市水利局', 'lead'), ('市财政局', 'support'), ('各镇', 'support')]
    """
    closing = _due_at_end().search(text, start, end)
    end = closing.start() if closing else end
    timed = _time_label().search(text, start, end)
    if timed:
        return [*parse(text, start, timed.start()), *(parse(text, timed.end(), end) if timed.end() + 2 < end else ())]
    first_leads = _first_leads().search(text, start, end)
    if first_leads:
        owners = parse(text, start, first_leads.start())
        return [replace(owner, role="lead") if owner is owners[0] else owner for owner in owners]
    labelled = list(_label().finditer(text, start, end))
    found: list[NamedOwner] = []
    if labelled:
        for mark, following in zip(labelled, [*labelled[1:], None], strict=True):
            stop = following.start() if following else end
            role = mark.lastgroup or "responsible"
            if role == "person":
                continue
            rest = text[mark.end() : stop]
            if role == "responsible" and _says_roles().search(rest.strip("。；; ")):
                found += _by_verbs(text, mark.end(), stop)
            else:
                found += _joined(text, mark.end(), stop, role)
    else:
        found = _by_verbs(text, start, end)
    return _distribute(found)


def _together() -> re.Pattern[str]:
    return compiled("annotations", "{joined-by}|商(?=[省市县区])")


@cache
def _says_roles() -> re.Pattern[str]:
    """Names below 责任单位 that say for themselves who leads."""
    return re.compile(rf"{closing_verbs('lead')}(?:[，,；;、]|$)|{closing_verbs('responsible', 'support')}$")


def _by_verbs(text: str, start: int, end: int) -> list[NamedOwner]:
    """Owners by the verb that closes each group: `A、B牵头,C配合,D负责`."""
    found: list[NamedOwner] = []
    pending: list[tuple[int, int]] = []
    for group in re.finditer(r"[^,，;；。]+", text[start:end]):
        first, last = start + group.start(), start + group.end()
        verb = _verbs().search(text[first:last].rstrip())
        pending.append((first, first + verb.start() if verb else last))
        if verb:
            role = verb.lastgroup or "responsible"
            for begin, stop in pending:
                found += _joined(text, begin, stop, role)
            pending = []
    last_role = found[-1].role if found and found[-1].role != "lead" else "responsible"  # A牵头，B、C
    for begin, stop in pending:
        found += _joined(text, begin, stop, last_role)
    return found


def _joined(text: str, start: int, end: int, role: str) -> Iterator[NamedOwner]:
    """Names in one role; those after 会同 support."""
    second = _together().search(text, start + 2, end)
    yield from names(text, start, second.start() if second else end, role)
    if second:
        yield from names(text, second.end(), end, "support")


def _organ() -> re.Pattern[str]:
    return compiled(SCHEME, "{strong-heads}$")


def _distribute(owners: list[NamedOwner]) -> list[NamedOwner]:
    """Abbreviated lists made whole: 市公安、交通、水利局 names three bureaux, with the level and ending that the text gives once."""
    result: list[NamedOwner] = []
    fields = set(words(SCHEME, "fields"))
    index = 0
    while index < len(owners):
        stop = index
        bare = re.sub(r"^[省市县区]", "", owners[index].name)
        if bare in fields and not owners[index].generic:
            while stop + 1 < len(owners) and owners[stop + 1].name in fields:
                stop += 1
            closing = owners[stop + 1].name if stop + 1 < len(owners) else ""
            full = "、".join(owner.name for owner in owners[index : stop + 1]) + "、" + closing
            ending = _organ().search(closing)
            if ending and closing[: ending.start()] in fields:
                members = expand_list(full)
                if len(members) == stop + 2 - index:
                    for owner, name in zip(owners[index : stop + 2], members, strict=True):
                        result.append(NamedOwner(owner.start, owner.end, name, label_of(name), False, owner.role))
                    index = stop + 2
                    continue
        result.append(owners[index])
        index += 1
    return list({(owner.name, owner.role): owner for owner in reversed(result)}.values())[::-1]
