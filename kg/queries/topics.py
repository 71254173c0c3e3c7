"""What a topic means: its words looked up in the vocabularies, with synonyms and narrower concepts, never broader ones.

A topic has one or two readings. A reading is a list of terms that must all be met by a task (in its sentence, what the
sentence names, or its section's heading). `防汛物资` reads as that very word, or as the hazard 防汛 and any of 物资.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from kg.errors import UsageError
from kg.queries import query

if TYPE_CHECKING:
    from kg.ontology import Concept
    from kg.store.base import Store

__all__ = ["Term", "Topic", "nearest_topics", "read_topic"]

_SCHEMES = ("topics", "hazards", "teams", "supplies", "facilities", "systems")
_NOT_ROMAN = re.compile(r"[^\u2160-\u216b]+")
_SEPARATORS = re.compile(r"[\s、,,;;。·/?!?!“”\"'《》()()]+")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a task must be about.

    `word` is the user's; `synonyms` other words for the same; `hazards` the labels meant by the word itself, `narrower`
    those below them; `names` words that stand in names of resources; `labels` node labels any of which will do;
    `headings` words looked for in the section's heading.
    """

    word: str
    synonyms: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()

    @property
    def weight(self) -> int:
        """How little a term finds: plain words least, a whole label of resources most."""
        return 2 * bool(self.labels) + bool(self.hazards)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as read; `text` as given, `readings` in the order of preference."""

    text: str
    readings: tuple[tuple[Term, ...], ...]

    @property
    def loose(self) -> tuple[tuple[Term, ...], ...]:
        """Readings for when nothing is found: words that no vocabulary knows cut in two, so that they may stand apart.

        >>> [[term.word for term in reading] for reading in read_topic("规划评估").loose]
        [['规划', '评估']]
        """
        found = []
        for reading in self.readings:
            cut = [half for term in reading for half in _halves(term)]
            if len(cut) > len(reading):
                found.append(tuple(dict.fromkeys(cut)))
        return tuple(dict.fromkeys(found))


def read_topic(text: str) -> Topic:
    """Read a topic.

    Raises:
        UsageError: it holds no word.

    >>> [[term.word for term in reading] for reading in read_topic("防汛物资").readings][-1]
    ['防汛', '物资']
    >>> read_topic("防汛").readings[0][0].hazards, "山洪灾害" in read_topic("防汛").readings[0][0].narrower
    (('洪涝灾害',), True)
    >>> read_topic("安责险").readings
    ((Term(word='安责险', synonyms=(), hazards=(), narrower=(), names=('安责险',), labels=(), headings=('安责险',)),),)
    """
    parts = [part for part in _SEPARATORS.split(_normalise(text)) if part]
    if not parts:
        raise UsageError("no topic given; name a hazard, a supply, a team, a facility, or words of a task")
    readings: dict[tuple[Term, ...], None] = {}
    for hazards_first in (False, True):
        terms = tuple(term for part in parts for term in _terms(part, hazards_first))
        readings[tuple(dict.fromkeys(terms))] = None
    return Topic(text, tuple(readings))


def _normalise(text: str) -> str:
    """NFKC, but Ⅰ to Ⅳ stay as plans write them."""
    return _NOT_ROMAN.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def _terms(part: str, hazards_first: bool) -> list[Term]:
    """Cut a word into terms: the longest forms of the vocabularies, what lies between them as plain words."""
    terms: list[Term] = []
    start = 0
    plain = ""
    while start < len(part):
        found = _longest(part, start, hazards_first)
        if found is None:
            plain += part[start]
            start += 1
            continue
        if plain:
            terms.append(_plain(plain))
            plain = ""
        terms.append(found)
        start += len(found.word)
    if plain:
        terms.append(_plain(plain))
    return terms


def _halves(term: Term) -> tuple[Term, ...]:
    """A plain word of four characters or more in two; any other term as it is."""
    if term != _plain(term.word) or len(term.word) < 4:
        return (term,)
    middle = len(term.word) // 2
    return _plain(term.word[:middle]), _plain(term.word[middle:])


def _plain(word: str) -> Term:
    return Term(word, names=(word,), headings=(word,))


def _longest(part: str, start: int, hazards_first: bool) -> Term | None:
    forms = _forms()
    kept: Term | None = None
    for end in range(len(part), start, -1):
        word = part[start:end]
        for scheme, concepts in forms.get(word, {}).items():
            if _inside_other(part, start, end, scheme):
                continue
            term = _hazard(word, concepts) if scheme == "hazards" else _resource(word, scheme, concepts)
            if not hazards_first or scheme == "hazards":
                return term
            kept = kept or term
    return kept


def _inside_other(part: str, start: int, end: int, scheme: str) -> bool:
    """Whether the word stands in a longer phrase in which it does not mean the concept (`汛期`, `食品安全`)."""
    for phrase in _blocked(scheme):
        at = part.find(phrase)
        if at >= 0 and at <= start and end <= at + len(phrase) and end - start < len(phrase):
            return True
    return False


@cache
def _forms() -> dict[str, dict[str, tuple[Concept, ...]]]:
    """Words of the vocabularies: word -> scheme -> concepts."""
    from kg.ontology import vocabulary

    found: dict[str, dict[str, list[Concept]]] = {}
    for scheme in _SCHEMES:
        words = ((word, one) for one in vocabulary(scheme) for word in (one.label, *one.forms))
        if scheme == "hazards":  # a question may name a hazard by words that in a plan would not do (地震)
            words = ((word, one) for word, one in vocabulary(scheme).names() if len(word) > 1)
        for word, concept in words:
            concepts = found.setdefault(_normalise(word), {}).setdefault(scheme, [])
            if concept not in concepts:
                concepts.append(concept)
    return {word: {scheme: tuple(concepts) for scheme, concepts in by.items()} for word, by in found.items()}


@cache
def _blocked(scheme: str) -> tuple[str, ...]:
    from kg.ontology import vocabulary

    return vocabulary(scheme).words("notIn")


def _hazard(word: str, concepts: Sequence[Concept]) -> Term:
    from kg.ontology import vocabulary

    hazards = vocabulary("hazards")
    meant: dict[str, None] = {}
    below: dict[str, None] = {}
    forms: dict[str, None] = {word: None}
    for concept in concepts:
        for one in hazards.emitted(concept.id) or (concept,):
            meant[one.label] = None
            for member in (one, *hazards.narrower(one.id)):
                below[member.label] = None
                forms.update(dict.fromkeys(member.forms))
    narrower = tuple(label for label in below if label not in meant)
    return Term(word, hazards=tuple(meant), narrower=narrower, headings=_without_longer(forms))


def _resource(word: str, scheme: str, concepts: Sequence[Concept]) -> Term:
    """A word for resources: a class word (`物资`) means any of its label, a concept's own label all of its words and
    those of narrower concepts, a word of a concept whose words are synonyms these, any other (`卫星电话`) itself."""
    from kg.ontology import vocabulary

    if scheme == "topics":
        labels = tuple(label for concept in concepts for label in concept.all("means"))
        return Term(word, names=(word,), labels=labels, headings=(word,))
    synonyms: dict[str, None] = {}
    for concept in concepts:
        if concept.all("synonyms") == ("true",):
            synonyms.update(dict.fromkeys(concept.forms))
        if word == concept.label:
            for one in (concept, *vocabulary(scheme).narrower(concept.id)):
                synonyms.update(dict.fromkeys(one.forms))
    synonyms.pop(word, None)
    kept = tuple(synonyms)
    return Term(word, synonyms=kept, names=(word, *kept), headings=(word, *kept))


def _without_longer(words: Iterable[str]) -> tuple[str, ...]:
    """Without words that hold another of them: who finds the shorter finds the longer."""
    kept: list[str] = []
    for word in sorted(words, key=len):
        if not any(short in word for short in kept):
            kept.append(word)
    return tuple(kept)


def nearest_topics(store: Store, topic: str, limit: int = 5) -> list[str]:
    """Names in the graph most like `topic`: such as share two characters in a row with it, best first."""
    wanted = _normalise(topic).strip()
    pieces = sorted({wanted[at : at + 2] for at in range(max(1, len(wanted) - 1))})
    scored: dict[str, float] = {}
    for name, aliases, *_ in store.run(query("names_like").text, {"pieces": pieces}).rows:
        for form in (name, *(aliases or ())):
            score = difflib.SequenceMatcher(None, wanted, form, autojunk=False).ratio()
            scored[name] = max(score, scored.get(name, 0.0))
    return sorted(scored, key=lambda name: (-scored[name], name))[:limit]
