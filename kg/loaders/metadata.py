"""What a document says of itself: title, kind, issuer, place, document number, date, period."""

from __future__ import annotations

import re
from functools import cache

from kg.loaders.document import PlanMetadata
from kg.loaders.numbering import chinese_value, number_of
from kg.loaders.places import place_in, place_of
from kg.loaders.regions import _DATE, _YEAR, Layout, bare, organ_end
from kg.loaders.wording import spaced, wording, words
from kg.ontology import lexicon, vocabulary
from kg.ontology.lexicon import alternation, compiled, pattern

_REPORT, _WORK_PLAN, _OTHER = "report", "work-plan", "other"
_SELF_NAMING = ("emergency-plan", "programme", "scheme")
"""Kinds that a text without a title shows by naming itself: 制定本预案."""


def _kind_label(concept: str) -> str:
    return vocabulary("kinds")[concept].label


_NAME = r"\u4e00-\u9fff*＊×○□X"
"""Characters of an organ's name; published plans hide names of places (`××市应急管理局`)."""


@cache
def _title_words() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The kinds with the words of titles that name them."""
    return tuple(
        (concept.label, re.compile(alternation(concept.all("titleWord"))))
        for concept in vocabulary("kinds")
        if concept.id != _OTHER
    )


@cache
def _other_end() -> re.Pattern[str]:
    """What a title may end with that is of no kind: “…预案管理办法”."""
    return re.compile(f"{alternation(vocabulary('kinds')[_OTHER].all('titleWord'))}$")


def metadata_of(text: str, layout: Layout) -> PlanMetadata:
    """The metadata of a cleaned text.

    Args:
        text: the cleaned text.
        layout: its regions, by `kg.loaders.regions`.
    """
    title = _plan_title(layout)
    opening = _opening(text, layout)
    headings = _top_headings(text, layout)
    kind = _kind(title, opening, headings)
    issuer, signed = _issuer(text, layout, title)
    place = _place(text, layout, title, issuer)
    start, end = _period(title, kind, opening, headings)
    return PlanMetadata(
        title=title,
        kind=kind,
        issuer=issuer,
        place=place,
        doc_number=_doc_number(text, layout),
        issued=signed or _header_date(text, layout) or _late_date(text, layout),
        period_start=start,
        period_end=end,
        index_number=_labelled(text, layout, r"索\s*引\s*号", r"[A-Za-z0-9][\w/\-.〔〕\[\]]{3,40}"),
        validity=_labelled(text, layout, r"(?:文件)?有\s*效\s*性", r"[\u4e00-\u9fff]{2,6}"),
    )


def _labelled(text: str, layout: Layout, label: str, value: str) -> str | None:
    """What a label of the page's header says (`索引号：YZ0215/2024-00317`)."""
    match = re.search(rf"{label}\s*[:：]?\s*({value})", text[slice(*layout.header)])
    return match[1] if match else None


def _plan_title(layout: Layout) -> str | None:
    title = layout.title
    if title is None and layout.notice_title:
        match = _handed_on().search(layout.notice_title)
        title = match[1] if match else None
    if title is None:
        return None
    title = re.sub(rf"[（(]\s*{_DATE.pattern}\s*[）)]$", "", title)
    return _draft_notes().sub("", title) or None


def _handed_on() -> re.Pattern[str]:
    """The title inside that of a notice: 关于印发《…》的通知."""
    return compiled("documents", "{handing-on}[《<]?(.+?)[》>]?的{notices}$")


def _draft_notes() -> re.Pattern[str]:
    """What a title says of being a draft: `（征求意见稿）`."""
    return compiled(
        "documents",
        "[（(](?:{drafts}|[^（）()]{0,6}{consultation-drafts})[）)](?:{consultation}){0,2}$|{consultation}$",
    )


def _opening(text: str, layout: Layout) -> str:
    """The first paragraph of the plan's own text."""
    at = layout.front_end
    inside = layout.excluded
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end]
        if len(line) > 20 and not any(a <= at < b for a, b, _ in inside) and number_of(line) is None:
            return line
        at = end + 1
    return ""


def _top_headings(text: str, layout: Layout) -> list[str]:
    found = []
    for match in re.finditer(r"^(?:#+\s*)?[一二三四五六七八九十]{1,2}、([^\n。]{2,40})$", text, re.MULTILINE):
        if not any(a <= match.start() < b for a, b, _ in layout.excluded):
            found.append(match[1])
    return found


def _kind(title: str | None, opening: str, headings: list[str]) -> str | None:
    if title:
        named = re.sub(r"[（(〔][^（）()]*[）)〕]", "", title)
        if wording("summaries").search(named):
            return _kind_label(_REPORT)
        if _other_end().search(named):
            return _kind_label(_OTHER)
        # The last word of a title counts most: “…规划实施方案” is a 方案.
        found = [(match.start(), kind) for kind, word in _title_words() for match in word.finditer(named)]
        return max(found)[1] if found else _kind_label(_OTHER)
    if any(wording("report-headings").search(heading) for heading in headings[:2]):
        return _kind_label(_REPORT)
    if re.match(r"\s*(?:19|20)\d\d年.{0,12}工作", opening) or any(
        wording("work-plan-headings").search(heading) for heading in headings[:2]
    ):
        return _kind_label(_WORK_PLAN)
    for kind in _SELF_NAMING:
        label = _kind_label(kind)
        if f"本{label}" in opening or (kind == "programme" and re.search("“十[二三四五六]五”", opening)):
            return label
    return None


@cache
def _organ_of_a_title() -> re.Pattern[str]:
    """The organ that opens a title before the year that it is of."""
    end, year = pattern("organisations", "organ-ends"), words("parts-of-a-year")
    return re.compile(rf"([{_NAME}]{{1,20}}?{end})(?=(?:19|20)\d\d|{year})")


@cache
def _issuer_of_a_title() -> re.Pattern[str]:
    return re.compile(rf"([{_NAME}]{{2,30}}?){words('about')}")


@cache
def _letterhead() -> re.Pattern[str]:
    return re.compile(rf"^#*\s*([{_NAME}]{{4,30}}?){words('letterheads')}$", re.MULTILINE)


@cache
def _issuer_of_a_page() -> re.Pattern[str]:
    return re.compile(rf"{words('issuer-labels')}\s*[:：]?\s*([{_NAME}]{{3,30}})")


def _issuer(text: str, layout: Layout, title: str | None) -> tuple[str | None, str | None]:
    """The issuer's full name, and the date of its signature."""
    signed = date = None
    parts = [text[slice(*layout.notice)]]
    parts += [text[a:b] for a, b, reason in reversed(layout.excluded) if reason == "signature" and a > len(text) // 2]
    for part in parts:
        found = _signature(part)
        if found:
            signed, date = found
            break
    cover = _signature(text[layout.notice[1] : layout.front_end])
    named = None
    for heading in (layout.notice_title, title, layout.title):
        match = _issuer_of_a_title().match(heading or "")
        if match and (organ_end().search(match[1]) or re.search("[区县市]$", match[1])):
            named = match[1]
            break
    if named is None and title:
        match = _organ_of_a_title().match(title)
        named = match[1] if match else None
    if named is None:
        match = _letterhead().search(text[: layout.front_end])
        named = match[1] if match and organ_end().search(match[1]) else None
    published = None
    if layout.header[1]:
        match = _issuer_of_a_page().search(text[slice(*layout.header)])
        published = match[1] if match else None
    issuer = signed or named or (_full_name(published, text) if published else None)
    if cover:
        issuer, date = issuer or cover[0], date or cover[1]
    return issuer or _front_issuer(text), date


_FRONT_LINES = 12


def _front_lines(text: str) -> list[str]:
    """The short lines at the head of a text, before its first sentence: title, issuer, number, date."""
    lines: list[str] = []
    for line in text[:2000].split("\n"):
        if "。" in line or len(line) > 80 or len(lines) >= _FRONT_LINES:
            break
        if line.strip():
            lines.append(line.strip())
    return lines


@cache
def _labelled_issuer() -> re.Pattern[str]:
    return re.compile(rf"{words('issuer-labels')}\s*[:：]\s*([{_NAME}]{{3,30}})")


def _front_issuer(text: str) -> str | None:
    """An organ that a label of the front names, or that stands on a line of its own there."""
    for line in _front_lines(text):
        labelled = _labelled_issuer().search(line)
        if labelled:
            return labelled[1]
        if _is_organ(bare(line)) and not re.search("[，、：:]", line):
            return bare(line)
    return None


def _full_name(name: str, text: str) -> str:
    """The full form of a header's short name (`赫山区应急管理局`), where the text's front gives one."""
    match = re.search(rf"[{_NAME}]{{2,6}}?[省市州]{re.escape(name)}", text[:3000])
    return match[0] if match else name


def _signature(part: str) -> tuple[str, str | None] | None:
    """An organ on a line of its own, its date after it or on the next line."""
    rows = [bare(line) for line in part.split("\n") if line.strip()]
    for i, line in enumerate(rows):
        date = _DATE.search(line)
        name = line[: date.start()] if date else line
        if date and not name and i and _is_organ(rows[i - 1]):
            return rows[i - 1], _iso(date[0])
        if date and _is_organ(name) and date.end() >= len(line) - 2:
            return name, _iso(date[0])
    return None


def _is_organ(words: str) -> bool:
    return (
        3 <= len(words) <= 30
        and organ_end().search(words) is not None
        and re.fullmatch(f"[{_NAME}（）()、]+", words) is not None
    )


_DIGITS = str.maketrans("〇○零OＯ一二三四五六七八九", "00000123456789")


def _iso(words: str) -> str | None:
    """`二〇〇五年六月十一日` -> 2005-06-11; None where the day is not said."""
    match = re.match(
        rf"({_YEAR})\s*年\s*([\d一二三四五六七八九十]{{1,2}})\s*月\s*([\d一二三四五六七八九十]{{1,3}})\s*日", words
    )
    if not match:
        return None
    year, month, day = int(match[1].translate(_DIGITS)), _small(match[2]), _small(match[3])
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def _small(words: str) -> int:
    return int(words) if words.isdigit() else chinese_value(words)


def _header_date(text: str, layout: Layout) -> str | None:
    part = text[slice(*layout.header)]
    for label in lexicon.words("documents", "date-labels"):
        match = re.search(rf"{label}\s*[:：]?\s*((?:19|20)\d\d)\s*[-年/.]\s*(\d{{1,2}})\s*[-月/.]\s*(\d{{1,2}})", part)
        if match:
            return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"
    return None


@cache
def _imprint() -> re.Pattern[str]:
    return re.compile(rf"({_YEAR}\s*年\s*\d{{1,2}}\s*月\s*\d{{1,2}}\s*日)\s*{words('issuing')}")


def _late_date(text: str, layout: Layout) -> str | None:
    """A date in brackets after the title, or the imprint `…2023年12月13日印发`."""
    head = bare(layout.title or "")
    match = re.search(rf"[（(]\s*({_DATE.pattern})\s*[）)]$", head)
    if match:
        return _iso(match[1])
    for start, end, reason in layout.excluded:
        if reason == "cover":
            match = _DATE.search(text[start:end])
            if match and _iso(bare(match[0])):
                return _iso(bare(match[0]))
    for line in _front_lines(text):
        match = _DATE.search(line)
        if match and _iso(bare(match[0])) and (_DOC_NUMBER.search(line) or wording("dates").search(line)):
            return _iso(bare(match[0]))
    for line in text[: layout.front_end].split("\n"):
        match = _DATE.fullmatch(bare(line))
        if match and _iso(match[0]):
            return _iso(match[0])  # the date below a notice whose organ stands at its head
    for start, end, reason in reversed(layout.excluded):
        if reason == "signature":
            match = _imprint().search(text[start:end])
            if match:
                return _iso(match[1].replace(" ", ""))
    return None


_DOC_NUMBER = re.compile(
    r"((?:[X×＊]{1,4}|\*{1,4}(?![^*\n]*号\*))?[\u4e00-\u9fff]{1,12})\s*[〔\[［(（【]\s*((?:19|20)\d\d)\s*[〕\]］)）】]\s*第?\s*(\d{1,4})\s*号"
)


@cache
def _labelled_number() -> re.Pattern[str]:
    return re.compile(rf"{spaced('number-labels')}\s*[:：]?\s*([^\s]{{0,20}}号)")


@cache
def _number_label() -> re.Pattern[str]:
    return re.compile(spaced("number-labels"))


def _doc_number(text: str, layout: Layout) -> str | None:
    part = text[slice(*layout.header)]
    labelled = _labelled_number().search(part)
    if labelled and _DOC_NUMBER.search(labelled[1]):
        return labelled[1]
    for line in text[: max(layout.front_end, layout.header[1], 0)].split("\n"):
        match = _DOC_NUMBER.search(line)
        if match and len(bare(line)) <= len(bare(match[0])) + 4:
            return bare(match[0])
    for line in _front_lines(text):
        match = _DOC_NUMBER.search(line)
        rest = bare(_DATE.sub("", line.replace(match[0], ""))) if match else line
        if match and (len(rest) <= 4 or _number_label().search(line)):
            return bare(match[0])
    return None


def _years() -> re.Pattern[str]:
    return compiled("documents", r"(?:19|20)\d\d(?=\s*年|{parts-of-a-year})")


def _period(title: str | None, kind: str | None, opening: str, headings: list[str]) -> tuple[int | None, int | None]:
    named = title or ""
    span = re.search(r"((?:19|20)\d\d)\s*年?\s*[-—–－~～至到]+\s*((?:19|20)\d\d)", named)
    if span:
        return int(span[1]), int(span[2])
    named = re.sub(r"[（(〔][^（）()]*[）)〕]", "", named)  # (2023年修订), (2020年3月15日)
    years = [int(y) for y in _years().findall(named)]
    if kind == _kind_label("emergency-plan"):
        return (min(years), max(years)) if years else (None, None)
    plan = re.search(r"[“\"]?(十[一二三四五六])五[”\"]?", named)
    if plan is None and kind == _kind_label("programme") and not named:
        plan = re.search(rf"[“\"](十[一二三四五六])五[”\"](?={kind}|[（(]20|时期是|是我)", opening)
    if plan and plan[1] in _FIVE_YEARS:
        first = _FIVE_YEARS[plan[1]]
        return first, first + 4
    if kind not in (_kind_label(_WORK_PLAN), _kind_label(_REPORT)):
        return (min(years), max(years)) if years else (None, None)
    stated = [int(y) for heading in headings for y in re.findall(r"(?:19|20)\d\d(?=\s*年)", heading)]
    if not years:
        match = re.match(r"\s*((?:19|20)\d\d)年(?!\s*\d{1,2}\s*月)", opening)
        years = stated or ([int(match[1])] if match else [])
    elif kind == _kind_label(_REPORT):
        years += [year for year in stated if abs(year - years[0]) <= 1]
        if len(set(years)) == 1 and _next_year().search(named + "".join(headings)):
            years.append(years[0] + 1)
    return (min(years), max(years)) if years else (None, None)


def _next_year() -> re.Pattern[str]:
    return compiled("documents", "{next-year}.{0,6}{intentions}")


_FIVE_YEARS = {"十一": 2006, "十二": 2011, "十三": 2016, "十四": 2021, "十五": 2026, "十六": 2031}


def _national() -> re.Pattern[str]:
    return compiled("organisations", "{national-fronts}")


def _place(text: str, layout: Layout, title: str | None, issuer: str | None) -> str | None:
    for name in (issuer, layout.title, title, layout.notice_title):
        if name and _national().match(name):
            return None
        found = place_of(name, organ=name == issuer) if name else None
        if found:
            town = _town().match(issuer, len(found)) if issuer and issuer.startswith(found) else None
            return found + town[1] if town else found
    return place_in(text)


@cache
def _town() -> re.Pattern[str]:
    """The town whose government issues a plan, behind its county."""
    return re.compile(
        rf"([\u4e00-\u9fff]{{2,4}}(?:[镇乡]|街道)){pattern('organisations', 'governments', 'street-offices')}"
    )
