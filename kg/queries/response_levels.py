"""Response levels as people write them, and questions about what happens when one is started."""

from __future__ import annotations

import re
import unicodedata

from kg.errors import UsageError

__all__ = ["LEVELS", "find_level", "read_level"]

LEVELS = ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ")
_FORMS = {"Ⅰ": ("1", "I", "一"), "Ⅱ": ("2", "II", "二"), "Ⅲ": ("3", "III", "三"), "Ⅳ": ("4", "IV", "四")}
_IN_TEXT = re.compile(
    r"(?P<zh>Ⅰ|Ⅱ|Ⅲ|Ⅳ|IV|I{1,3}|[一二三四1-4])\s*级|\blevel[ -]?(?P<en>Ⅰ|Ⅱ|Ⅲ|Ⅳ|IV|I{1,3}|[1-4])\b", re.I
)


def read_level(text: str) -> str:
    """The level that a text names: `Ⅰ` to `Ⅳ`.

    Raises:
        UsageError: it names none.

    >>> [read_level(text) for text in ("Ⅲ", "iii级", "3", "三级", "Ⅲ级响应")]
    ['Ⅲ', 'Ⅲ', 'Ⅲ', 'Ⅲ', 'Ⅲ']
    """
    wanted = unicodedata.normalize("NFKC", text).strip().upper().removesuffix("响应").removesuffix("级")
    for name, others in _FORMS.items():
        if wanted in others:
            return name
    raise UsageError(f"no response level {text!r}; there are: Ⅰ, Ⅱ, Ⅲ, Ⅳ (or 1 to 4)")


def find_level(topic: str, level: str | None = None) -> tuple[str | None, str]:
    """The one level that a topic about a response names, and what else the topic is about.

    `level` is one that is given beside the topic. Words that only say that a response is started (`kg:startsResponse` of
    the vocabulary `questions`) are left out.

    >>> find_level("启动Ⅲ级响应"), find_level("三级响应 物资调拨"), find_level("启动响应", "Ⅲ")
    (('Ⅲ', ''), ('Ⅲ', '物资调拨'), ('Ⅲ', ''))
    >>> find_level("二级医院"), find_level("启动响应")
    ((None, '二级医院'), (None, '启动响应'))
    """
    from kg.ontology import vocabulary

    found = {read_level("".join(one)) for one in _IN_TEXT.findall(topic)}
    words = vocabulary("questions").words("startsResponse")
    levels = found or ({level} if level else set())
    if len(levels) != 1 or not any(word in topic.casefold() for word in words):
        return None, topic
    rest = _IN_TEXT.sub(" ", topic)
    for word in words:
        rest = re.sub(re.escape(word), " ", rest, flags=re.I)
    return levels.pop(), " ".join(rest.strip(" ,，。:：?？").split())
