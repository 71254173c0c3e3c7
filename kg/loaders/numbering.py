"""The numbers that open headings and items: `第三条`, `一、`, `(一)`, `1.`, `1.1`, `(1)`, `①`, `a.`, `一是`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from kg.loaders.wording import words

_CHINESE = "一二三四五六七八九十百零〇"
# A dot of a decimal number: full stop, full-width stop, or the private-use code that some PDF fonts leave in its place.
_DOT = r"[.．\ue000-\uf8ff]"
# After a number these make it a quantity or a date, not the number of a heading; 人 does in `3人`, not in `3人员转移`.
_UNIT = (
    r"(?:[\d℃%％‰万亿千百元吨倍岁余辆座厘毫旬秒周\-－—~～/:：,，、。；;)）]|年(?!度)|月|日(?!常)|天(?![然气])|时(?!间)|分(?![级部类工析布])|小时|"
    r"个(?!人)|名(?![词称])|位(?!置)|次(?!生)|处(?![置理罚])|支(?![持撑援])|条(?!件)|项(?!目)|级(?!别)|度|公[里斤顷分]|[平立]方|米|户(?!外)|"
    r"间(?!接)|家(?!庭)|所(?!属)|台(?![风账])|套|件|类(?!别)|种(?!植)|层|人(?![员力民才工事为身])|以[上下内外]|至|到(?!位)|多(?=[个名家人万])|来)"
)

_NUMBER = re.compile(
    rf"""(?:\#{{1,6}}\s*)?(?P<number>
      (?P<chapter>第\s*[{_CHINESE}\d]{{1,4}}\s*(?:编|篇|章|部分)(?!{_UNIT}))
    | (?P<clause>第\s*[{_CHINESE}\d]{{1,4}}\s*节(?!假|点|约|日))
    | (?P<article>第\s*[{_CHINESE}\d]{{1,4}}\s*条(?!第|款|的|规))
    | (?P<chinese>[{_CHINESE}]{{1,3}}\s*[、.．])
    | (?P<chinese_bracket>[（(]\s*[{_CHINESE}]{{1,3}}\s*[）)]、?|[\u3220-\u3229])
    | (?P<circled>[\u2460-\u2473\u24eb-\u24f4\u3251-\u325f\u2776-\u277f]
        |\$\s*\\textcircled\s*\{{\s*\d{{1,2}}\s*\}}\s*\$)
    | (?P<bracket>[（(]\s*\d{{1,2}}\s*[）)]、?|\d{{1,2}}[）)]|[\u2474-\u2487])
    | (?P<decimal>\d{{1,2}}(?:\s*{_DOT}\s*(?:\d{{1,2}}|[lI](?=\s))){{1,4}}(?!{_UNIT})(?:\s*[.．、](?!\d))?)
    | (?P<spaced>[1-9]\d?(?:\s+[1-9]\d?){{1,3}}\s+(?=[\u4e00-\u9fff“《])(?!{_UNIT}))
    | (?P<arabic>[\u2488-\u249b]|\d{{1,2}}\s*(?:[、．\ue000-\uf8ff]|\.(?!\d))(?!\d{{3}}))
    | (?P<letter>[a-zA-Z]\s*[.．、)）](?![a-zA-Z]))
    | (?P<dotless>\d{{1,2}}(?:\s+|(?=[\u4e00-\u9fff“《]))(?!{_UNIT}))
    )[\s\u3000]*""",
    re.VERBOSE,
)
_VALUES = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"〇": 0}


@dataclass(frozen=True, slots=True)
class Number:
    """A number at the head of a line: its style, the words, its values (`1.2.3` is (1, 2, 3)), and where the text after
    it begins (in the line). The styles are chapter, clause, article, chinese, chinese_bracket, arabic, dotless,
    decimal2, decimal3, …, bracket, circled, letter."""

    style: str
    text: str
    values: tuple[int, ...]
    end: int


def number_of(line: str, start: int = 0) -> Number | None:
    """The number that opens a line (after Markdown's `#`), or None.

    >>> number_of("# 2\ue010 1\ue010 3 信息共享").values
    (2, 1, 3)
    >>> number_of("12月底前完成") is None
    True
    """
    match = _NUMBER.match(line, start)
    if match is None:
        return None
    style = match.lastgroup or ""
    if style == "number":  # lastgroup is the outer group, as it closes last
        style = next(name for name, value in match.groupdict().items() if value is not None and name != "number")
    text = match["number"].strip()
    plain = unicodedata.normalize("NFKC", text) if style != "circled" else text
    digits = tuple(
        int(part) for part in re.findall(r"\d+", re.sub("[lI]", "1", plain) if style == "decimal" else plain)
    )
    if style in ("decimal", "spaced"):
        style = f"decimal{len(digits)}"
    elif style == "circled" and not digits:
        digits = (_circled(text),)
    elif style == "letter":
        digits = (ord(text[0].lower()) - ord("a") + 1,)
    elif not digits:
        digits = (chinese_value("".join(c for c in plain if c in _CHINESE)),)
    return Number(style, text, digits, match.end())


@cache
def _enumerator() -> re.Pattern[str]:
    numbered = rf"第?[{_CHINESE}]{{1,2}}是|[{_CHINESE}]要(?=[^求点素领])"
    return re.compile(rf"(?:{numbered}|{words('enumerators')})[,，:：]?")


def enumerator_of(text: str, start: int = 0) -> re.Match[str] | None:
    """`一是`, `二要`, `首先` at a position: it numbers a clause inside a paragraph and makes no section of its own."""
    return _enumerator().match(text, start)


def chinese_value(text: str) -> int:
    """The value of a Chinese numeral below 1000.

    >>> chinese_value("二十三")
    23
    """
    total, digit = 0, 0
    for char in text:
        if char == "十":
            total, digit = total + (digit or 1) * 10, 0
        elif char == "百":
            total, digit = total + (digit or 1) * 100, 0
        else:
            digit = digit * 10 + _VALUES.get(char, 0) if digit and total == 0 else _VALUES.get(char, 0)
    return total + digit


def _circled(char: str) -> int:
    code = ord(char)
    for first, value in ((0x2460, 1), (0x24EB, 11), (0x3251, 21), (0x2776, 1)):
        if first <= code < first + 20:
            return code - first + value
    return 0
