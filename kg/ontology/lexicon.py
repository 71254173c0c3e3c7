"""Regular expressions out of vocabularies: long word lists as one fast pattern.

Python tries the branches of an alternation one after the other; with the words arranged as a trie it decides character
by character, so that a list of a thousand words costs about as much as one of ten. Where many branches begin, they stand in
rows, and the set of their first characters stands in front of all and of each row: a place where none begins costs one look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from kg.ontology.vocabulary import vocabulary

_Trie = dict[str, "_Trie"]

_ROW = 48
"""Branches that are tried one after the other at most; a set takes longer to compile than it saves on fewer."""


def alternation(words: Iterable[str]) -> str:
    """The source of a pattern that matches the longest of `words` at a place.

    >>> alternation(["公安", "公安局", "教育"])
    '(?:公安(?:局)?|教育)'
    """
    trie: _Trie = {}
    for word in sorted(set(words)):
        node = trie
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}
    return _source(trie)


def beginning(words: Iterable[str], also: str = "") -> str:
    """The source of a look at the next two characters: whether one of `words` can begin with them, or the first of them is
    of the class `also`.

    >>> beginning(["公安", "公安局", "教育", "县"], also="0-9")
    '(?=[0-9县]|[公教][安育])'
    """
    known = set(words)
    single = {word for word in known if len(word) == 1}
    longer = [word for word in known if word[0] not in single]
    looks = [f"[{also}{_class(single)}]"] if also or single else []
    if longer:
        looks.append(f"[{_class({word[0] for word in longer})}][{_class({word[1] for word in longer})}]")
    return f"(?={'|'.join(looks)})"


def _class(chars: Iterable[str]) -> str:
    return "".join(re.escape(char) for char in sorted(chars))


def _source(node: _Trie) -> str:
    branches: dict[str, str] = {}
    for char, below in node.items():
        if not char:
            continue
        text = re.escape(char)
        while len(below) == 1 and "" not in below:
            ((following, below),) = below.items()
            text += re.escape(following)
        branches[char] = text + (_source(below) if len(below) > 1 or "" not in below else "")
    if not branches:
        return ""
    joined = "|".join(branches.values())
    if len(branches) > _ROW:
        chars = list(branches)
        rows = [chars[at : at + _ROW] for at in range(0, len(chars), _ROW)]
        joined = "|".join(f"(?=[{_class(row)}])(?:{'|'.join(branches[char] for char in row)})" for row in rows)
        joined = f"(?=[{_class(chars)}])(?:{joined})"
    return f"(?:{joined})?" if "" in node else f"(?:{joined})"


@cache
def words(scheme: str, *concepts: str) -> tuple[str, ...]:
    """All forms of the named concepts of a scheme (of the whole scheme when none is named)."""
    found = vocabulary(scheme)
    chosen = [found[concept] for concept in concepts] if concepts else list(found)
    return tuple(dict.fromkeys(form for concept in chosen for form in concept.forms))


@cache
def pattern(scheme: str, *concepts: str) -> str:
    """`alternation` of `words`."""
    return alternation(words(scheme, *concepts))


NAMED = re.compile(r"\{(?:([a-z][a-z-]*)/)?([a-z][a-z+-]*)(?::([A-Za-z]+))?\}")
"""What stands for words in a template: scheme (or none), concepts, property (or none)."""


@cache
def compiled(scheme: str, template: str) -> re.Pattern[str]:
    """A regular expression in which `{concept}` stands for the words of a concept of `scheme`.

    `{one+other}` joins the words of two concepts, `{other-scheme/concept}` takes them from another scheme,
    `{concept:property}` from a `kg:` property. Compiled once; a quantifier (`{2,20}`) stays what it is. KeyError for a
    concept that does not exist or has no such words.

    >>> compiled("passages", "{a-adverbs}*{a-verbs}").match("要及时报告").group()
    '要及时报告'
    """

    def named(found: re.Match[str]) -> str:
        own, concepts, name = found.groups()
        chosen = [vocabulary(own or scheme)[concept] for concept in concepts.split("+")]
        words_ = [word for concept in chosen for word in concept.all(name or "form")]
        if not words_:
            raise KeyError(found.group())
        return alternation(words_)

    return re.compile(NAMED.sub(named, template))
