"""SKOS vocabularies: the terms that rules use, with their concepts.

A vocabulary is a Turtle file of this folder. A concept is one block; what the concept's names in plans are stands in
`skos:prefLabel` (unless `kg:labelIsForm false`) and `skos:altLabel`; other word lists of a concept are `kg:` properties
(`kg:notIn`, `kg:listForm`, `kg:head`, …), which `Concept.values` holds by local name.

    >>> vocabulary("hazards").by_label("洪涝灾害").id
    'flood'
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode

from kg.errors import InputError
from kg.ontology.turtle import DCTERMS, SKOS, Statements, Term

NAMESPACE = "https://w3id.org/emergency-plans/"
"""The one namespace of the project: classes and properties stand directly in it, concepts in `<NAMESPACE><scheme>/`."""

FOLDER = Path(__file__).parent
_NOT_A_SCHEME = frozenset({"classes", "shapes"})


@dataclass(frozen=True, slots=True)
class Code:
    """A typed code: the same digits mean different things in different schemes. `verified` is true where the code was
    read in a public source, false where it is remembered and nobody has yet checked it."""

    scheme: str
    code: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept of a vocabulary.

    `id` is a stable ASCII slug, `label` the Chinese and `english` the English preferred label, `forms` the words that
    name the concept in plans, in file order. `broader` holds ids. `unverified` is true where a code, article or
    statement of the concept could not be checked against its source; no answer may cite it as fact. `values` holds
    every other `kg:` property by local name, concepts (also of other schemes) as their ids.
    """

    id: str
    scheme: str
    label: str
    english: str
    forms: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    definition: str = ""
    source: str = ""
    codes: tuple[Code, ...] = ()
    unverified: bool = False
    values: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def all(self, name: str) -> tuple[str, ...]:
        """The values of a `kg:` property, empty where it has none; `form` stands for `forms`."""
        return self.forms if name == "form" else self.values.get(name, ())


class Vocabulary:
    """The concepts of one scheme, in file order."""

    def __init__(self, scheme: str, concepts: tuple[Concept, ...], label: str = "", english: str = "") -> None:
        self.scheme = scheme
        self.label = label
        self.english = english
        self._concepts = concepts
        self._by_id = {concept.id: concept for concept in concepts}
        self._by_label = {concept.label: concept for concept in concepts}
        self._children: dict[str, list[str]] = {}
        for concept in concepts:
            for parent in concept.broader:
                self._children.setdefault(parent, []).append(concept.id)
        self._forms: dict[str, list[tuple[str, Concept]]] = {}

    def __iter__(self) -> Iterator[Concept]:
        return iter(self._concepts)

    def __len__(self) -> int:
        return len(self._concepts)

    def __contains__(self, concept_id: object) -> bool:
        return concept_id in self._by_id

    def __getitem__(self, concept_id: str) -> Concept:
        """The concept with this id; KeyError where there is none."""
        return self._by_id[concept_id]

    def by_label(self, label: str) -> Concept:
        """The concept with this Chinese preferred label; KeyError where there is none."""
        return self._by_label[label]

    def children(self, concept_id: str) -> tuple[Concept, ...]:
        """The concepts directly below, in file order."""
        return tuple(self._by_id[child] for child in self._children.get(concept_id, ()))

    def narrower(self, concept_id: str) -> tuple[Concept, ...]:
        """All concepts below, without the concept itself, breadth first."""
        found: dict[str, None] = {}
        queue = list(self._children.get(concept_id, ()))
        while queue:
            child = queue.pop(0)
            if child not in found:
                found[child] = None
                queue.extend(self._children.get(child, ()))
        return tuple(self._by_id[child] for child in found)

    def ancestors(self, concept_id: str) -> tuple[Concept, ...]:
        """All concepts above, nearest first."""
        found: dict[str, None] = {}
        queue = list(self._by_id[concept_id].broader)
        while queue:
            parent = queue.pop(0)
            if parent not in found:
                found[parent] = None
                queue.extend(self._by_id[parent].broader)
        return tuple(self._by_id[parent] for parent in found)

    def forms(self, name: str = "form") -> list[tuple[str, Concept]]:
        """Pairs of a word and its concept, longest word first, then file order.

        `name` is `form` (the words that name the concept) or the local name of a `kg:` property that lists words
        (`head`, `listForm`, `notIn`, …). Do not change the list returned: it is kept.
        """
        if name not in self._forms:
            pairs = [(word, concept) for concept in self._concepts for word in concept.all(name)]
            self._forms[name] = sorted(pairs, key=lambda pair: -len(pair[0]))
        return self._forms[name]

    def names(self) -> list[tuple[str, Concept]]:
        """Pairs of a word and a concept that a reader may mean by it, longest first: for questions, not for plans.

        The label, the forms, and the words that name the concept in some contexts only (`kg:listForm`, `kg:fieldForm`,
        `kg:officeForm`, …: every property whose name ends in `Form`). Do not change the list returned: it is kept.

            >>> [concept.label for word, concept in vocabulary("hazards").names() if word == "地震"]
            ['地震灾害']
        """
        key = "names()"
        if key not in self._forms:
            pairs = {
                (word, concept.id): concept
                for concept in self._concepts
                for words in (
                    (concept.label,),
                    concept.forms,
                    *(values for name, values in concept.values.items() if name.endswith("Form")),
                )
                for word in words
            }
            self._forms[key] = sorted(
                ((word, concept) for (word, _), concept in pairs.items()), key=lambda pair: -len(pair[0])
            )
        return self._forms[key]

    def words(self, name: str = "form", under: str | None = None) -> tuple[str, ...]:
        """The words alone, longest first, each once; `under` keeps those of one concept and the concepts below it."""
        kept = None if under is None else {under, *(concept.id for concept in self.narrower(under))}
        if under is not None and under not in self._by_id:
            raise KeyError(under)
        return tuple(dict.fromkeys(word for word, concept in self.forms(name) if kept is None or concept.id in kept))

    def emitted(self, concept_id: str) -> tuple[Concept, ...]:
        """The concepts that extraction records when this one is named.

        A group (三防) gives its members, a type outside the table of hazards the concept named by `kg:emits`, a
        concept with `kg:extracted false` (突发事件) none, any other itself.
        """
        concept = self._by_id[concept_id]
        for name in ("member", "emits"):
            if name in concept.values:
                return tuple(self._by_id[other] for other in concept.values[name])
        return () if concept.values.get("extracted") == ("false",) else (concept,)


def schemes(folder: Path = FOLDER) -> tuple[str, ...]:
    """The names of all vocabularies, sorted."""
    return tuple(sorted(path.stem for path in folder.glob("*.ttl") if path.stem not in _NOT_A_SCHEME))


@cache
def vocabulary(scheme: str) -> Vocabulary:
    """The vocabulary of `kg/ontology/<scheme>.ttl`, parsed once. KeyError for a scheme that does not exist."""
    path = FOLDER / f"{scheme}.ttl"
    if scheme in _NOT_A_SCHEME or not path.is_file():
        raise KeyError(f"no vocabulary {scheme!r}; there are: {', '.join(schemes())}")
    return load(path)


def load(path: Path) -> Vocabulary:
    """Read one vocabulary from a Turtle file named for its scheme.

    Raises InputError where the file is no valid Turtle, holds no concept, or a concept lacks a label or names a broader
    concept that does not exist.
    """
    statements = Statements(path)
    scheme = path.stem
    text = statements.text

    concepts = []
    for subject in statements.subjects(SKOS + "Concept"):
        label, english = text(subject, SKOS + "prefLabel", "zh"), text(subject, SKOS + "prefLabel", "en")
        if not label or not english:
            raise InputError(f"{path.name}: concept {_slug(subject)} lacks a zh or en prefLabel; add it")
        values: dict[str, list[str]] = {}
        for predicate, objects in statements.row(subject).items():
            if predicate.startswith(NAMESPACE):
                values[predicate[len(NAMESPACE) :]] = [_word(value) for value in objects]
        unchecked = set(values.pop("unverifiedCode", ()))
        codes = tuple(
            Code(_slug(note.datatype.value), note.value, note.value not in unchecked)
            for note in statements.objects(subject, SKOS + "notation")
            if isinstance(note, Literal)
        )
        is_form = values.pop("labelIsForm", ["true"]) == ["true"]
        alternatives = [word.value for word in statements.objects(subject, SKOS + "altLabel")]
        concepts.append(
            Concept(
                id=_slug(subject),
                scheme=scheme,
                label=label,
                english=english,
                forms=tuple(dict.fromkeys(([label] if is_form else []) + alternatives)),
                broader=tuple(_slug(parent.value) for parent in statements.objects(subject, SKOS + "broader")),
                definition=text(subject, SKOS + "definition"),
                source=text(subject, DCTERMS + "source"),
                codes=codes,
                unverified=values.pop("unverified", []) == ["true"] or bool(unchecked),
                values=MappingProxyType({name: tuple(words) for name, words in values.items()}),
            )
        )
    if not concepts:
        raise InputError(f"{path.name}: no concept in it; a vocabulary has blocks of type skos:Concept")
    known = {concept.id for concept in concepts}
    for concept in concepts:
        for parent in concept.broader:
            if parent not in known:
                raise InputError(f"{path.name}: {concept.id} is below {parent}, which is no concept there; correct it")
    head = next(iter(statements.subjects(SKOS + "ConceptScheme")), "")
    title, english_title = text(head, SKOS + "prefLabel", "zh"), text(head, SKOS + "prefLabel", "en")
    return Vocabulary(scheme, tuple(concepts), title, english_title)


def _slug(iri: str) -> str:
    """The last part of an IRI of the project, another one whole."""
    return iri.rsplit("/", 1)[-1] if iri.startswith(NAMESPACE) else iri


def _word(value: Term) -> str:
    return _slug(value.value) if isinstance(value, NamedNode) else str(value.value)
