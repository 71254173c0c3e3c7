"""Parts of a document that are no content of the plan: what stands before its title, tables of contents, signatures.

They stay in the text; extraction takes nothing from them. Reasons:

    page_furniture     breadcrumbs, font and print buttons, view counts, recommended links
    page_number        a line that is a page number
    image              a picture, whose words are not read
    page_header        the block of a web page: 索引号, 发布机构, 生成日期, …
    transmitting_notice   the notice that hands the plan on (`现将…印发给你们`), up to the plan's own title
    title              the plan's title, wherever it stands as a line
    cover              what stands under the title: version, issuer, date, document number, whom it is for
    table_of_contents  a list of headings that are repeated below
    signature          issuer and date at the end, `此件公开发布`
    distribution       `抄送：…`
    annex_list         `附件：1.…` with titles only
    repeated_opening   an opening paragraph that stands twice
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from kg.loaders.broken_lines import page_number
from kg.loaders.numbering import number_of
from kg.loaders.wording import spaced, wording, words
from kg.ontology.lexicon import compiled

Line = tuple[int, str]

_YEAR = "(?:(?:19|20)\\d{2}|[一二][〇○零OＯ〇九0][〇○零一二三四五六七八九OＯ0]{2})"
_DATE = re.compile(
    rf"{_YEAR}\s*年\s*(?:[\d一二三四五六七八九十]{{1,2}}\s*月\s*(?:[\d一二三四五六七八九十]{{1,3}}\s*日)?)?"
)
_FRONT = 60
"""The title stands among so many lines, the table of contents apart."""


@cache
def _furniture() -> re.Pattern[str]:
    return re.compile(
        rf"^\s*(?:{words('page-furniture')}|{words('home-pages')}\s*[>»]|[【\[]?\s*{words('page-buttons')}"
        rf"|{spaced('page-labels')}\s*[:：]|{words('page-dates')}\s*[:：]\s*\d{{4}})"
        rf"|{words('page-words')}|{words('view-counts')}\s*[:：]"
    )


@cache
def _header_label() -> re.Pattern[str]:
    return re.compile(rf"(?:^|\s){spaced('header-labels')}\s*(?:[:：]|\s|$)")


def _title_end() -> re.Pattern[str]:
    """How a title ends: its last word, then years and notes in brackets."""
    return compiled(
        "documents",
        r"{title-ends}\s*(?:[（(〔【][^（）()]{1,24}[）)〕】]\s*)*"
        r"(?:[（(]?\s*(?:19|20)\d\d\s*年?\s*[-—–~～至]+\s*(?:19|20)\d\d\s*年?\s*[）)]?)?\s*"
        r"(?:[（(][^（）()]{1,20}[）)]\s*)*{consultation}?$",
    )


def _transmits() -> re.Pattern[str]:
    """The sentence that hands a plan on: 现将…印发给你们."""
    return compiled(
        "documents",
        "{issuing}{handed-to}|{hereby}.{0,80}{issuing+consulting}"
        "|{approving}.{0,20}{issuing}|{consulting}.{0,12}{opinions}",
    )


def organ_end() -> re.Pattern[str]:
    """How the name of a document's issuer ends."""
    return compiled("organisations", "{issuer-ends}$")


@cache
def _date_line() -> re.Pattern[str]:
    return re.compile(rf"\s*[（(]?\s*{_DATE.pattern}\s*{words('issuing')}?\s*[）)]?\s*")


@dataclass(frozen=True, slots=True)
class Layout:
    """What `regions` found: the excluded parts, and the lines of the front that metadata is read from. Spans are (0, 0)
    where there is no such part."""

    excluded: tuple[tuple[int, int, str], ...]
    title: str | None
    notice_title: str | None
    header: tuple[int, int]
    notice: tuple[int, int]
    front_end: int


def bare(line: str) -> str:
    """A line without Markdown's marks and white space."""
    return re.sub(r"^#+|\s+", "", line)


def is_title(line: str) -> bool:
    """Whether a line reads as the title of a document."""
    words = bare(line)
    if not 4 <= len(words) <= 70 or re.search("[。；;！!]|[：:]$", words) or number_of(line) is not None:
        return False
    return _title_end().search(words) is not None and not wording(
        "annexes", "annex-captions", "contents-headings"
    ).match(words)


def regions(text: str) -> Layout:
    """The parts of a cleaned text that are no content of the plan, and its title."""
    rows: list[Line] = []
    at = 0
    for line in text.split("\n"):
        if line:
            rows.append((at, line))
        at += len(line) + 1
    found: list[tuple[int, int, str]] = []
    furniture = set()
    for i, (start, line) in enumerate(rows):
        if len(line) > 160:
            continue
        reason = ""
        if page_number(line):
            reason = "page_number"
        elif line.startswith("![") and line.endswith(")"):
            reason = "image"
        elif _furniture().search(line) and len(line) < 100 and "。" not in line:
            reason = "page_furniture"
        if reason:
            found.append((start, start + len(line), reason))
            furniture.add(i)

    header = _header(rows)
    contents = _contents(rows)
    skipped = {i for a, b in contents for i in range(a, b)} | furniture
    if header:
        found.append((rows[header[0]][0], _end(rows, header[1] - 1), "page_header"))
        skipped |= set(range(*header))
    front = [i for i in range(len(rows)) if i not in skipped][:_FRONT]
    title_rows, transmits = _title(rows, front)
    title = "".join(bare(rows[i][1]) for i in title_rows) if title_rows else None
    notice = (0, 0)
    notice_title = _notice_title(rows, header, front, transmits)
    if transmits is not None:
        begin = next((i for i in front), 0)
        end = title_rows[0] if title_rows and title_rows[0] > transmits else _notice_end(rows, transmits)
        notice = (rows[begin][0], rows[end][0] if end < len(rows) else len(text))
        if notice[1] > notice[0]:
            found.append((*notice, "transmitting_notice"))
    front_end = notice[1]
    if title_rows:
        for i in title_rows:
            found.append((rows[i][0], rows[i][0] + len(rows[i][1]), "title"))
        cover = _cover(rows, title_rows[-1] + 1, skipped)
        for i in cover:
            found.append((rows[i][0], rows[i][0] + len(rows[i][1]), "cover"))
        front_end = _end(rows, cover[-1] if cover else title_rows[-1])
        for i, (start, line) in enumerate(rows):
            if i not in title_rows and len(line) < 90 and _same_title(bare(line), title or ""):
                found.append((start, start + len(line), "title"))
    for a, b in contents:
        found.append((rows[a][0], _end(rows, b - 1), "table_of_contents"))
    found += _repeated_opening(rows)
    found += _back(rows, notice[1])
    excluded = _tidy(found)
    return Layout(
        excluded,
        title,
        notice_title,
        (rows[header[0]][0], _end(rows, header[1] - 1)) if header else (0, 0),
        notice,
        front_end,
    )


def _end(rows: list[Line], i: int) -> int:
    return rows[i][0] + len(rows[i][1])


def _tidy(found: list[tuple[int, int, str]]) -> tuple[tuple[int, int, str], ...]:
    """Sorted, without parts that lie in another."""
    result: list[tuple[int, int, str]] = []
    for start, end, reason in sorted(found, key=lambda part: (part[0], -part[1], part[2])):
        if result and end <= result[-1][1]:
            continue
        result.append((start, end, reason))
    return tuple(result)


def _header(rows: list[Line]) -> tuple[int, int] | None:
    labels = [i for i, (_, line) in enumerate(rows[:40]) if len(line) < 200 and _header_label().search(line)]
    if len(labels) < 2:
        return None
    last = labels[0]
    for i in labels[1:]:
        if i - last > 3:
            break
        last = i
    first = labels[0]
    if rows[last][1].rstrip().endswith((":", "：")) and last + 1 < len(rows) and len(rows[last + 1][1]) <= 40:
        last += 1  # the label's value stands on the next line
    return (first, last + 1) if last > first else None


def _key(line: str) -> str:
    """The words of a heading line, for comparing it with its entry in a table of contents."""
    number = number_of(line)
    words = bare(line[number.end :] if number else line)
    return re.sub(r"[.．…·。\s\d]+$", "", words)


def _first_words(key: str) -> str:
    match = re.match(r"[\u4e00-\u9fff“”]+", key)
    return match[0] if match else key


@cache
def _contents_heading() -> re.Pattern[str]:
    return re.compile(rf"#*\s*{spaced('contents-headings')}\s*")


def _contents(rows: list[Line]) -> list[tuple[int, int]]:
    """Tables of contents, as ranges of rows."""
    result: list[tuple[int, int]] = []
    at = 0
    while at < min(len(rows), 400):
        if _contents_heading().fullmatch(rows[at][1]):
            end = _contents_end(rows, at + 1)
            if end > at + 1:
                result.append((at, end))
                at = end
                continue
        at += 1
    if result:
        return result
    return _repeated_run(rows)


def _contents_end(rows: list[Line], first: int) -> int:
    """The row where the heading of one of the first entries stands again."""
    for entry in range(first, min(first + 4, len(rows))):
        words = _first_words(_key(rows[entry][1]))
        if len(words) < 2:
            continue
        for i in range(entry + 1, min(len(rows), entry + 400)):
            line = rows[i][1]
            if len(line) <= 45 and _first_words(_key(line)) == words and not re.search(r"[.．…·]\s*\d*$|\d$", line):
                return i
    end = first
    while end < len(rows) and _listed(rows[end][1]):
        end += 1
    return end


def _listed(line: str) -> bool:
    return len(line) <= 60 and not re.search("[。；;：:]", line) or page_number(line)


def _repeated_run(rows: list[Line]) -> list[tuple[int, int]]:
    """A run of at least six headings nearly all of which stand again below."""
    keys = [_key(line) if _listed(line) else "" for _, line in rows]
    counts = Counter(key for key in keys if key)
    start = 0
    while start < min(len(rows), 120):
        if not keys[start] or counts[keys[start]] < 2:
            start += 1
            continue
        end = start
        while end < len(rows) and _listed(rows[end][1]):
            end += 1
        # The run ends before its first heading stands again.
        again = next((i for i in range(start + 1, end) if keys[i] == keys[start]), end)
        run = [i for i in range(start, again) if keys[i] and not page_number(rows[i][1])]
        below = set(keys[again:])
        if len(run) >= 6 and sum(keys[i] in below for i in run) >= 0.7 * len(run):
            return [(start, again)]
        start = end if end > start else start + 1
    return []


def _no_plan() -> re.Pattern[str]:
    """How the title of a notice ends, or a note on a draft."""
    return compiled("documents", "(?:{notices}|{consultation-drafts}[）)]?)$")


def _title(rows: list[Line], front: list[int]) -> tuple[list[int], int | None]:
    """The rows of the plan's own title, and the row of the sentence that transmits the plan, if there is one."""
    transmits = None
    for place, i in enumerate(front[:25]):
        line = rows[i][1]
        if _opens_text(line):
            break
        if _transmits().search(line) and re.search("[。,，]", line) and not is_title(line):
            later = [k for k in front[place + 1 :] if is_title(rows[k][1])]
            titled = any(is_title(rows[k][1]) or wording("about").search(rows[k][1]) for k in front[:place])
            if wording("addressed").search(line) or (later and titled):
                transmits = i
                break
    if transmits is not None:
        for k in (k for k in front if k > transmits):
            line = rows[k][1]
            if _opens_text(line):
                break
            words = bare(line)
            if is_title(line) and not _no_plan().search(words) and not words.startswith(("（", "(")):
                return _whole_title(rows, k, transmits), transmits
        return [], transmits
    for place, i in enumerate(front[:12]):
        line = rows[i][1]
        if is_title(line) and not re.search("[，,].*[，,]", line):
            found = _whole_title(rows, i, front[0] - 1)
            # A web page repeats its title: take the one next to the text.
            for k in front[place + 1 : place + 6]:
                if _same_title(bare(rows[k][1]), "".join(bare(rows[n][1]) for n in found)):
                    found = [k]
            return found, None
        if number_of(line) is not None or "。" in line:
            break
    return [], None


def _opens_text(line: str) -> bool:
    """Whether a line is the first heading of the plan's text."""
    number = number_of(line)
    return number is not None and number.style in ("chinese", "chinese_bracket", "chapter", "article", "decimal2")


def _title_after_issuer() -> re.Pattern[str]:
    return compiled("documents", r"(?:19|20)\d\d|{about}")


def _whole_title(rows: list[Line], i: int, after: int) -> list[int]:
    """With the line before, where the title was set in two (`…关于深入开展消费扶贫` / `助力…的指导意见`)."""
    result = [i]
    before = i - 1
    if before > after:
        line = bare(rows[before][1])
        if _organ_line(rows[before][1]) and not _DATE.search(line) and _title_after_issuer().match(bare(rows[i][1])):
            return [before, i]  # the issuer heads its title
        short = 4 <= len(line) <= 30 and not re.search("[。；;：:，,、]$", line) and number_of(rows[before][1]) is None
        if (
            short
            and not is_title(rows[before][1])
            and not _date_line().fullmatch(rows[before][1])
            and not organ_end().search(line)
            and not _letterhead().search(line)
            and (
                (not _DATE.search(line) and (wording("about").search(line) or len(bare(rows[i][1])) <= 8))
                or (re.search(_YEAR, line) and not re.search(_YEAR, rows[i][1]))  # 云溪县2024年度森林火灾 / 排查方案
            )
        ):
            result.insert(0, before)
    if i + 1 < len(rows):
        line = bare(rows[i + 1][1])
        if _goes_on().match(line) and is_title(line) and len(line) <= 30 and not re.search("[。；;：:，,]", line):
            result.append(i + 1)  # …2024年上半年工作总结 / 及下半年工作打算
    return result


def _goes_on() -> re.Pattern[str]:
    return compiled("documents", "{joining}")


def _letterhead() -> re.Pattern[str]:
    return compiled("documents", "号$|^第.期$|{letterheads}$")


def _not_compared() -> re.Pattern[str]:
    """What one of two lines with the same title may have more."""
    return compiled("documents", r"[《》“”\"'（）()\s]|{drafts+consultation}|20\d\d年?[-—–~～至]+20\d\d年?")


def _same_title(one: str, other: str) -> bool:
    def strip(words: str) -> str:
        return _not_compared().sub("", words)

    a, b = strip(one), strip(other)
    return bool(a) and a == b


def _notice() -> re.Pattern[str]:
    return compiled("documents", "{notices}$")


def _transmitting_notice() -> re.Pattern[str]:
    return compiled("documents", "{about}.*{handing-on}.*{notices}$")


def _opened_notice() -> re.Pattern[str]:
    return compiled("documents", "{about}{handing-on}$")


def _notice_title(
    rows: list[Line], header: tuple[int, int] | None, front: list[int], transmits: int | None
) -> str | None:
    """`关于印发…的通知`: the title of the notice, in the header or before the sentence that transmits."""
    before = [*range(*header)] if header else []
    before += [i for i in front if transmits is not None and i < transmits]
    for i in before:
        words = bare(rows[i][1])
        if _notice().search(words) and is_title(rows[i][1]) or _transmitting_notice().search(words):
            previous = bare(rows[i - 1][1]) if i else ""
            return previous + words if _opened_notice().search(previous) else words
    return None


def _notice_end(rows: list[Line], transmits: int) -> int:
    """Where the notice ends if no title follows: after signature and date."""
    end = transmits + 1
    while end < min(len(rows), transmits + 6) and (_date_line().fullmatch(rows[end][1]) or _organ_line(rows[end][1])):
        end += 1
    return end


def _organ_line(line: str) -> bool:
    words = bare(line)
    without_date = _DATE.sub("", words)
    return (
        2 <= len(without_date) <= 30
        and not re.search("[。；;：:，,、]", words)
        and organ_end().search(without_date) is not None
    )


def _cover(rows: list[Line], first: int, skipped: set[int]) -> list[int]:
    """The short lines under a title: `（征求意见稿）`, issuer, date, document number, addressees."""
    result = []
    i = first
    while i < min(len(rows), first + 12):
        line = rows[i][1]
        words = bare(line)
        if i in skipped:
            i += 1
            continue
        addressed = (
            re.search(r"[：:]$", words)
            and wording("addressees").match(words)
            and "。" not in words
            and not number_of(line)
        )
        if not (
            addressed
            or _date_line().fullmatch(line)
            or (re.fullmatch(r"[（(][^（）()]{1,30}[）)]", words))
            or _organ_line(line)
            or re.fullmatch(r".{0,16}[〔\[［(（]\s*(?:19|20)\d\d\s*[〕\]］)）]\s*第?\s*\d+\s*号", words)
        ):
            break
        result.append(i)
        i += 1
    # Lines cut short (`益阳市赫山区应急管理`) on a title page that ends with its date.
    for k in range(i, min(len(rows), i + 6)):
        if (
            k in skipped
            or len(rows[k][1]) > 30
            or re.search("[。；;：:，,]", rows[k][1])
            or number_of(rows[k][1]) is not None
        ):
            break
        if _date_line().fullmatch(rows[k][1]):
            return result + list(range(i, k + 1))
    return result


def _repeated_opening(rows: list[Line]) -> list[tuple[int, int, str]]:
    found = []
    for (start, line), (_, after) in zip(rows[:12], rows[1:13], strict=False):
        stem = re.sub(r"[。；;，,…]+$", "", line)
        if len(stem) >= 30 and after.startswith(stem):
            found.append((start, start + len(line), "repeated_opening"))
    return found


@cache
def _distribution() -> re.Pattern[str]:
    return re.compile(rf"{spaced('distribution')}\s*[:：]")


def _imprint() -> re.Pattern[str]:
    return compiled("documents", r"[\u4e00-\u9fff]\d{0,4}年\d{1,2}月\d{1,2}日{issuing}$")


def _release() -> re.Pattern[str]:
    return compiled("documents", "[（(]{release-notes}.{2,12}[）)]")


@cache
def _annexed() -> re.Pattern[str]:
    return re.compile(rf"{spaced('annexes')}\s*[:：]\s*\S")


def _back(rows: list[Line], begin: int) -> list[tuple[int, int, str]]:
    """Signatures, distribution and lists of annexes."""
    found = []
    for i, (start, line) in enumerate(rows):
        if start < begin or len(line) > 400:
            continue
        words = bare(line)
        end = start + len(line)
        if _distribution().match(words):
            found.append((start, end, "distribution"))
        elif len(words) <= 60 and _imprint().search(words) or _release().fullmatch(words):
            found.append((start, end, "signature"))
        elif len(words) <= 45 and _organ_line(line) and _DATE.search(words) and words.endswith("日") and i:
            found.append((start, end, "signature"))
        elif len(words) <= 14 and _date_line().fullmatch(line) and i and _organ_line(rows[i - 1][1]):
            found.append((rows[i - 1][0], end, "signature"))
        elif _annexed().match(words) and "。" not in words:
            stop = i + 1
            while stop < len(rows) and stop < i + 12 and _annex_entry(rows[stop][1]):
                stop += 1
            found.append((start, _end(rows, stop - 1), "annex_list"))
    return found


def _annex_entry(line: str) -> bool:
    number = number_of(line)
    return (
        number is not None
        and number.style in ("arabic", "dotless", "bracket")
        and len(line) <= 50
        and not re.search("[。；;，：:]", line)
    )
