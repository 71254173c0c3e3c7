"""Question forms as the vocabulary `questions` has them, and their patterns as regular expressions.

In a pattern `{slot}` stands for what is asked about, `(a|b)` for one of several words, `[a|b]` for words that may be
left out. Everything else stands for itself.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

__all__ = ["Form", "compiled", "forms", "language", "noise", "normalise", "words"]

_NOT_ROMAN = re.compile(r"[^\u2160-\u216b]+")
_SPECIAL = {"(": "(?:", ")": ")", "[": "(?:", "]": ")?", "|": "|"}
_SLOT = re.compile(r"\{(\w+)\}")
_OPTION_BEFORE = re.compile(r"(?<![^\s(])\[([^\[\]]+)\] ")
_OPTION_AFTER = re.compile(r" \[([^\[\]]+)\](?=$|\))")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SPACE_AT_HAN = re.compile(r"(?<=[\u3400-\u9fff\u2160-\u216b])\s+|\s+(?=[\u3400-\u9fff\u2160-\u216b])")
_STOPS = " \t\n?!.,;:。、"


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of question.

    `call` is the name of a Graph method, `arguments` and `options` its arguments: names of slots or plain values.
    `keep` is a condition on the rows (`DataFrame.query`), in which `{slot}` stands for a value.
    """

    id: str
    zh: str
    en: str
    patterns: tuple[str, ...]
    examples: tuple[str, ...]
    call: str
    arguments: tuple[Any, ...]
    options: Mapping[str, Any]
    keep: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of a call: its value is found in the question."""

    name: str


def language(text: str) -> str:
    """`zh` or `en`: whether a question is put in Chinese; names in Chinese do not make it so.

    >>> language("谁负责防汛物资?"), language("Who is responsible for 防汛物资?")
    ('zh', 'en')
    """
    latin = sum(len(word) > 1 for word in re.findall(r"[A-Za-z]+", text))
    return "en" if latin >= 2 and re.match(r"\s*[A-Za-z]", text) or not _HAN.search(text) else "zh"


def normalise(text: str) -> str:
    """A question as patterns see it: NFKC (Ⅰ to Ⅳ stay), small letters, single spaces, none beside Chinese characters,
    no stop at the end.

    >>> normalise(" 谁负责 防汛物资？"), normalise("Who  leads 防汛?")
    ('谁负责防汛物资', 'who leads 防汛')
    """
    plain = _NOT_ROMAN.sub(lambda found: unicodedata.normalize("NFKC", found[0]).casefold(), text)
    if language(text) == "zh":
        plain = _SPACE_AT_HAN.sub("", plain)
    return " ".join(plain.strip(_STOPS).split())


@cache
def forms() -> tuple[Form, ...]:
    """The question forms, in the order of the file."""
    from kg.ontology import vocabulary

    found = []
    for concept in vocabulary("questions"):
        if not concept.all("pattern"):
            continue
        (call,) = concept.all("call")
        tree = ast.parse(call, mode="eval").body
        assert isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name), call
        found.append(
            Form(
                concept.id,
                concept.label,
                concept.english,
                concept.all("pattern"),
                concept.all("example"),
                tree.func.id,
                tuple(_value(one) for one in tree.args),
                {one.arg or "": _value(one.value) for one in tree.keywords},
                "".join(concept.all("keep")),
            )
        )
    return tuple(found)


def _value(node: ast.expr) -> Any:
    if isinstance(node, ast.Name):
        return Slot(node.id)
    if isinstance(node, ast.List):
        return [_value(one) for one in node.elts]
    return ast.literal_eval(node)


def compiled(pattern: str, slots: Mapping[str, str]) -> re.Pattern[str]:
    """A pattern as a regular expression of the whole question; `slots` gives what each slot looks like.

    Kept, since a graph that is asked twice has the same slots.

    >>> bool(compiled("谁[来](负责|管){topic}", {"topic": ".+"}).fullmatch("谁来管防汛"))
    True
    >>> bool(compiled("share [the] most [tasks]", {}).fullmatch("share most"))
    True
    """
    used = tuple((name, slots[name]) for name in _SLOT.findall(pattern))
    return _compiled(pattern, used)


@lru_cache(maxsize=4096)
def _compiled(pattern: str, used: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    slots = dict(used)
    pattern = _OPTION_BEFORE.sub(r"[(\1) ]", pattern)
    pattern = _OPTION_AFTER.sub(r"[ (\1)]", pattern)
    parts, at = [], 0
    for found in _SLOT.finditer(pattern):
        parts.append(_plain(pattern[at : found.start()]))
        parts.append(f"(?P<{found[1]}>{slots[found[1]]})")
        at = found.end()
    return re.compile("".join((*parts, _plain(pattern[at:]))))


def _plain(text: str) -> str:
    return "".join(_SPECIAL.get(character) or re.escape(character) for character in text)


@cache
def words(name: str) -> dict[str, str]:
    """Words of the vocabulary `questions` listed by a property, each with what it means, longest first."""
    from kg.ontology import vocabulary

    return {word: "".join(concept.all("means")) for word, concept in vocabulary("questions").forms(name)}


def noise(text: str) -> str:
    """A normalised question without words of courtesy at either end."""
    while True:
        before = text
        for word in words("courtesy"):
            text = text.removeprefix(word).removesuffix(word).strip(_STOPS) or text
        if text == before:
            return text
