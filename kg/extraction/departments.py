"""Departments named by their field, alone or in a list that gives `部门` once: `气象、水利等部门`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kg.extraction.names import (
    HAN,
    SCHEME,
    OrganisationMention,
    any_of,
    field_pattern,
    left_boundary,
    mask,
    prefix_pattern,
)
from kg.ontology.lexicon import compiled, pattern, words


def departments(text: str) -> Iterator[OrganisationMention]:
    """Departments named by their field, alone or in a list."""
    for found in _department_head().finditer(text):
        departments = _department_list(text, found)
        if departments:
            yield departments


def _department_head() -> re.Pattern[str]:
    return compiled(SCHEME, "(?:{departments}|(?<=等){units}|{organs}(?!{organs:notBefore}))")


@cache
def _department_parts() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands before the head: links (`等有关`), and whole fields at the end of a run."""
    return (
        re.compile(rf"(?P<etc>等)?(?P<link>{pattern(SCHEME, 'department-links')}{{0,3}})$"),
        re.compile(rf"{field_pattern()}{{1,4}}$"),
    )


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
    return re.compile(rf"{prefix_pattern()}(?={field_pattern()})")


@cache
def _two_fields() -> re.Pattern[str]:
    return re.compile(rf"((?:{field_pattern()})+)[和及与]((?:{field_pattern()})+)$")


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


def _department_list(text: str, head: re.Match[str]) -> OrganisationMention | None:
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
    if only_verb and any_of("vague-links").search(link):
        return None
    organs, departments = words(SCHEME, "organs"), words(SCHEME, "departments")
    kind = organs[0] if head.group().startswith(organs) else departments[0]
    modifier = "" if len(items) > 1 or "等" in link or any_of("vague-links").search(link) else link
    names = tuple(text[first:last] + modifier + kind for first, last in items)
    if len(items) > 1 and any_of("supervision").search(link):
        names = (*names[:-1], text[slice(*items[-1])] + link + kind)
    start = scope.start() if scope else items[0][0]
    return OrganisationMention(start, head.end(), text[start : head.end()], names, "Agency", False)


def _scope() -> re.Pattern[str]:
    """What tells whose departments are meant, in front of the field: `县（市、区）级`, `受灾地方`, `各级`."""
    return compiled(SCHEME, "(?:{scopes})+$")
