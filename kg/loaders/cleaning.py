"""Cleaning: a row of small named passes, and one engine that applies them and keeps the offset map.

A pass looks at a text and names edits: (start, end, replacement), in order, not overlapping. The engine applies the
passes in order, again and again until none finds anything to do, so that cleaning a clean text changes nothing.

A pass works in one of two ways. On a *whole* document it first asks whether the text calls for it at all (is it in
Traditional characters?) and takes what it needs to know from the whole text. On a *part* (a sentence of a document that
called for the pass) it does its work without asking. So the cleaned form of the source of any sentence is the sentence.

What is furniture of the page and not of the text (headers, tables of contents) is not cut out here: it stays, and
`Document.excluded` names it. Damaged characters stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from kg.loaders.broken_lines import joins
from kg.loaders.document import OffsetMap

Edit = tuple[int, int, str]
"""Start, end and what stands there instead."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A named pass; in `edits(text, part)`, `part` is true for a part of a document that called for it."""

    name: str
    edits: Callable[[str, bool], list[Edit]]
    asks: bool = False
    """Whether it first asks if the text calls for it; once it has worked on a text, it does not ask again."""


def _byte_order_mark(text: str, part: bool) -> list[Edit]:
    """The mark at the head of a file, and zero-width characters."""
    return [(m.start(), m.end(), "") for m in re.finditer("[\ufeff\u200b\u200e\u200f\u2060\u00ad]+", text)]


_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ"
_SYLLABLE = re.compile(rf"(?<=[\u3400-\u9fff)）])[(（]([a-zü{_TONED}]{{1,6}}(?: [a-zü{_TONED}]{{1,5}})?)[)）]")
_PINYIN = re.compile(
    "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:i?ang?|i?ong|i?ao|u?ang?|u?ai|[iu]e|üe|uo|u?ei|ui|iu|e[rn]|eng|i[n]g?|u[n]|ün|ou|ao|ai|ei|[aeiouü])"
)


def _injected_pinyin(text: str, part: bool) -> list[Edit]:
    """A reading that a font converter put after a character: `發(fā)展` -> `發展`; the end of a line may part it."""
    found: list[Edit] = []
    toned = 0
    for match in _SYLLABLE.finditer(text):
        syllable, before = match[1].replace(" ", ""), text[match.start() - 1]
        if before in ")）" and not (found and found[-1][1] == match.start()):
            continue
        plain = unicodedata.normalize("NFD", syllable.replace("ü", "v"))
        has_tone = any(unicodedata.combining(c) for c in plain)
        bare = "".join(c for c in plain if not unicodedata.combining(c)).replace("v", "ü")
        if _PINYIN.fullmatch(bare) and (has_tone or len(bare) > 1):
            found.append((match.start(), match.end(), ""))
            toned += has_tone
    return found if part or toned or len(found) >= 3 else []


# CJK Radicals Supplement to the unified ideograph (Unicode, EquivalentUnifiedIdeograph.txt); the Kangxi radicals
# U+2F00..2FD5 need no table, NFKC maps them.
_RADICALS = dict(
    zip(
        "⺁⺂⺃⺄⺅⺆⺈⺉⺊⺋⺌⺍⺎⺏⺐⺒⺓⺔⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿"
        "⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "厂乛乚乙亻冂刀刂卜㔾小小兀尣尢巳幺彑忄㣺扌攵旡日月歺母民氵氺灬爫爫丬牛犭王目示礻竹糹纟罓罒网网网羊羊羊耂肀聿肉臼艹艹"
        "艹虎衤覀西见角角讠贝足车辶辶辶阝钅長镸长门阝雨青韦页风飞食食飠饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龟亀龟",
        strict=True,
    )
)


def _cjk_radicals(text: str, part: bool) -> list[Edit]:
    """`⺠政` (a radical that looks like the character) -> `民政`."""
    return [
        (m.start(), m.end(), unicode)
        for m in re.finditer("[\u2e80-\u2fdf]", text)
        if (unicode := _RADICALS.get(m[0]) or unicodedata.normalize("NFKC", m[0])) != m[0]
    ]


_MISREAD = dict(zip("︐︑︒︓︔﹐﹑﹔﹕﹖﹗｡､｢｣", "，、。：；，、；：？！。、「」", strict=True))


def _misread_punctuation(text: str, part: bool) -> list[Edit]:
    """`ꎬ`: two bytes of GBK (A3 AC, the comma) read as one code point; also small and half-width forms."""
    found = []
    for match in re.finditer("[\ua1a1-\ua1fe\ua3a1-\ua3fe\ufe10-\ufe14\ufe50-\ufe57\uff61-\uff64]", text):
        char, code = match[0], ord(match[0])
        right = _MISREAD.get(char)
        if right is None and code < 0xF000:
            right = bytes((code >> 8, code & 0xFF)).decode("gb2312", "ignore")
        if right and right != char:
            found.append((match.start(), match.end(), right))
    return found


# Frequent characters of plans that only one of the scripts has; what the script of a text is decided by.
_TRADITIONAL = re.compile(
    "["
    "應險災發總縣區個們來時會實產機關責與為國學業務處對點開動強體隊車軍東長門間問題員單衛電話環護論設計備調證認識議記"
    "許語說請負財貨質資賠賑賽輕輛運過達還進遠連遷選際陸陽隨難離雲預頭領風飛馬魚鳥齊龍據損擊擔構標樣樓權歷氣決況減測漲"
    "滅漢灣無熱營獎獨獲療盡監眾礦確礎稅種積穩競級組統經綜維網緊線練縮續義習職聯聲臨舉蓋蘭號裝視覺觀訂訓嚴導優擴邊遞辦"
    "協創執壓從該賬貫徹訊廣場慶廳圖團園塊報劃參雙變響嗎喚圍專屬層峽島崗帶幫廠廢懷態戰戶換揚撥擁擋攔擇舊晝暫曉樹橋檢櫃"
    "歸殺毀潔澇濕濟灘灑煙煉爾牆獸現畫異盤節範築簡糧紀約細終結給絕絡罰羅腦艦藝藥蘇虛蟲補親詳誤課誰談諸講讓豐購賓軌軟轄"
    "辭農釋鋼錄錯鎮鐵鑒閉閘閱闊陣陳階隱雜霧靜頂順須頓頒顧顯飯飲駐驗驟鬥鬧"
    "]"
)
_SIMPLIFIED = re.compile(
    "["
    "应险灾发总县区个们来时会实产机关责与为国学业务处对点开动强体队车军东长门间问题员单卫电话环护论设计备调证认识议记"
    "许语说请负财货质资赔赈赛轻辆运过达还进远连迁选际陆阳随难离云预头领风飞马鱼鸟齐龙据损击担构标样楼权历气决况减测涨"
    "灭汉湾无热营奖独获疗尽监众矿确础税种积稳竞级组统经综维网紧线练缩续义习职联声临举盖兰号装视觉观订训严导优扩边递办"
    "协创执压从该账贯彻讯广场庆厅图团园块报划参双变响吗唤围专属层峡岛岗带帮厂废怀态战户换扬拨拥挡拦择旧昼暂晓树桥检柜"
    "归杀毁洁涝湿济滩洒烟炼尔墙兽现画异盘节范筑简粮纪约细终结给绝络罚罗脑舰艺药苏虚虫补亲详误课谁谈诸讲让丰购宾轨软辖"
    "辞农释钢录错镇铁鉴闭闸阅阔阵陈阶隐杂雾静顶顺须顿颁顾显饭饮驻验骤斗闹"
    "]"
)
_HAN_RUN = re.compile("[\u3400-\u9fff\uf900-\ufaff]+")


@cache
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC

    converter = OpenCC("t2s")
    return lambda text: str(converter.convert(text))


def _traditional(text: str, part: bool) -> list[Edit]:
    """Traditional to Simplified (OpenCC `t2s`), where the document is in Traditional characters.

    Each run of ideographs is converted by itself, so that a sentence converts as it does within its document.
    """
    if not part and len(_TRADITIONAL.findall(text)) <= len(_SIMPLIFIED.findall(text)):
        return []
    runs = list(_HAN_RUN.finditer(text))
    if not runs:
        return []
    converted = _converter()("\n".join(run[0] for run in runs)).split("\n")
    found: list[Edit] = []
    for run, simple in zip(runs, converted, strict=True):
        found += _differences(run.start(), run[0], simple)
    return found


def _differences(start: int, old: str, new: str) -> list[Edit]:
    """The edits that turn `old` (at `start`) into `new`: one a character where the lengths agree, else one for the
    stretch in which they differ."""
    if old == new:
        return []
    if len(old) == len(new):
        return [(start + i, start + i + 1, b) for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    if head + tail == len(new):  # nothing would stand there: keep a neighbour in the edit
        head, tail = (head - 1, tail) if head else (head, tail - 1)
    return [(start + head, start + len(old) - tail, new[head : len(new) - tail])]


_LINE_END = re.compile(r"[^\S\n]*\n\s*|\A\s+|[^\S\n]+\Z")


def _white_space(text: str, part: bool) -> list[Edit]:
    """One newline between two lines, no space at either end of a line."""
    found = []
    for match in _LINE_END.finditer(text):
        right = "" if match.start() == 0 or match.end() == len(text) else "\n"
        if match[0] != right:
            found.append((match.start(), match.end(), right))
    return found


def _broken_lines(text: str, part: bool) -> list[Edit]:
    """A line that the page broke goes on; a page number or `#` that came between is dropped."""
    return joins(text, part)


PASSES: tuple[Pass, ...] = (
    Pass("byte_order_mark", _byte_order_mark),
    Pass("cjk_radicals", _cjk_radicals),
    Pass("injected_pinyin", _injected_pinyin, asks=True),
    Pass("misread_punctuation", _misread_punctuation),
    Pass("traditional", _traditional, asks=True),
    Pass("white_space", _white_space),
    Pass("broken_lines", _broken_lines),
)
_ROUNDS = 200
"""A bound that no text reaches: every pass removes what it looks for."""


def clean(text: str, passes: Sequence[str] | None = None) -> str:
    """The cleaned form of a text.

    Args:
        text: a whole document or, with `passes`, a part of one.
        passes: None for a whole document: each pass decides by the text whether it is called for. For a part of a
            document (the source of a quote), the document's `passes`: these do their work without asking, no others do.

    >>> clean("牢固樹立安全發(fā)展理念")
    '牢固树立安全发展理念'
    """
    return clean_with_map(text, passes)[0]


def clean_with_map(source: str, passes: Sequence[str] | None = None) -> tuple[str, OffsetMap, tuple[str, ...]]:
    """Clean a text as `clean` does.

    Returns:
        The cleaned text, the map from its offsets to those of `source`, and the names of the passes that did something.
    """
    part = passes is not None
    chosen = [p for p in PASSES if passes is None or p.name in passes]
    text = source
    pieces = _Pieces.identity(len(source))
    used: set[str] = set()
    for _ in range(_ROUNDS):
        changed = False
        for step in chosen:
            edits = step.edits(text, part or (step.asks and step.name in used))
            if edits:
                text = _apply(text, edits)
                pieces = pieces.edited(edits)
                used.add(step.name)
                changed = True
        if not changed:
            break
    return text, pieces.as_map(), tuple(p.name for p in PASSES if p.name in used)


def _apply(text: str, edits: list[Edit]) -> str:
    parts: list[str] = []
    at = 0
    for start, end, right in edits:
        parts += (text[at:start], right)
        at = end
    parts.append(text[at:])
    return "".join(parts)


class _Pieces:
    """The offset map while it is made: rows of (length, source start, source end, copied)."""

    def __init__(self, rows: list[tuple[int, int, int, bool]]) -> None:
        self.rows = rows

    @classmethod
    def identity(cls, length: int) -> _Pieces:
        return cls([(length, 0, length, True)] if length else [])

    def edited(self, edits: list[Edit]) -> _Pieces:
        starts: list[int] = []
        at = 0
        for length, *_ in self.rows:
            starts.append(at)
            at += length
        total = at
        rows: list[tuple[int, int, int, bool]] = []

        def copy(start: int, end: int) -> None:
            if start >= end:
                return
            i = bisect_right(starts, start) - 1
            while start < end:
                length, begin, finish, copied = self.rows[i]
                stop = min(end, starts[i] + length)
                if copied:
                    begin += start - starts[i]
                    finish = begin + stop - start
                    if rows and rows[-1][3] and rows[-1][2] == begin:
                        last = rows.pop()
                        rows.append((last[0] + stop - start, last[1], finish, True))
                    else:
                        rows.append((stop - start, begin, finish, True))
                else:
                    rows.append((stop - start, begin, finish, False))
                start = stop
                i += 1

        def source(start: int, end: int) -> tuple[int, int]:
            i, j = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
            _, begin, _, copied = self.rows[i]
            _, last, finish, last_copied = self.rows[j]
            return (
                begin + start - starts[i] if copied else begin,
                last + end - starts[j] if last_copied else finish,
            )

        at = 0
        for start, end, right in edits:
            copy(at, start)
            if right:
                rows.append((len(right), *source(start, end), False))
            at = end
        copy(at, total)
        return _Pieces(rows)

    def as_map(self) -> OffsetMap:
        cleaned, at = [], 0
        for length, *_ in self.rows:
            cleaned.append(at)
            at += length
        return OffsetMap(
            tuple(cleaned),
            tuple(r[1] for r in self.rows),
            tuple(r[2] for r in self.rows),
            tuple(r[3] for r in self.rows),
        )
