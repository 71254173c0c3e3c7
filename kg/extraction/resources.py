"""Teams, supplies, facilities and systems that a text names, by the words of four vocabularies.

A name ends in a word that `kg/ontology/{teams,supplies,facilities,systems}.ttl` know: a named kind (`卫星电话`, an
altLabel), a head (`kg:head`: `救援队`), or a head that needs more to go on (`kg:weakHead`: `设备`, taken when the name
holds a word of `kg:cue` and none of `kg:unless`). It begins after the last word that cannot be part of a name
(`kg/ontology/naming.ttl`: verbs such as 配备, particles, punctuation), without what merely modifies it (`各级`,
`57个`). A later head takes an earlier one in (`应急物资` + `储备库`); coordinations are split, and bare class words are
none.

    >>> text = "配备卫星电话、应急发电机,加强救灾物资储备库和专业救援队伍建设。"
    >>> [(mention.type, mention.name) for mention in find_resources(text)]
    [('Supply', '卫星电话'), ('Supply', '应急发电机'), ('Facility', '救灾物资储备库'), ('Team', '专业救援队伍')]
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from operator import itemgetter

from kg.extraction.matching import Dropped, Matcher, Spans, bracketed, leftmost
from kg.extraction.names import left_boundary
from kg.loaders.numbering import chinese_value
from kg.ontology import vocabulary
from kg.ontology.lexicon import alternation, compiled, words

TYPES = {"teams": "Team", "supplies": "Supply", "facilities": "Facility", "systems": "System"}
"""The vocabularies, with the type of what they name."""

REASONS = {
    "bare_class_word": "a class word alone (队伍, 物资) names no unit",
    "no_cue": "nothing before a wide head (设备, 系统) shows that it is for emergencies",
    "excluded_word": "a word in the name shows that it is something else (执法队伍)",
    "not_near": "a place that counts only beside its use (a park beside a shelter)",
    "not_listed": "names a good only in a list of goods (粮食、食用油等救灾物资)",
    "too_long": "the stretch before the head is too long for a name",
    "class_in_passing": "a whole class of teams that only headings, conditions or complaints name",
    "in_longer_phrase": "part of a phrase that is no resource (人员密集场所)",
}
"""Why a word that could name a resource does not, for the report of extraction."""

LONGEST = 40
"""A stretch longer than this between a boundary and a head is no name."""
_SHORT = 3
"""A head of so many characters is not a name by itself (应急连)."""
LONGEST_PREFIX = 12
"""What stands before a name is given with it as a further form when it is no longer than this."""


@dataclass(slots=True)
class ResourceMention:
    """One place where a resource is named.

    `form` is text[start:end], or for a part of `交通、通信等设备` the whole of it; `name` the form without what merely
    modifies it; `others` further forms of the same place, shorter or longer (with modifiers, with the list before it).
    """

    start: int
    end: int
    form: str
    type: str
    name: str
    others: tuple[str, ...] = ()
    left: int = -1
    """Where the phrase begins that the name ends: modifiers and the list before it (`防汛、地震等` before `专家库`)."""
    listed: bool = False
    """Whether the name counts only as a member of a list of goods (`kg:listForm`)."""


@dataclass(slots=True)
class ResourceEntity:
    """One unit of a document with all places that name it."""

    type: str
    name: str
    aliases: tuple[str, ...]
    mentions: tuple[ResourceMention, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    """What a word of the vocabularies does: `role` is one of _ROLES, `scheme` and `concept` say where it stands."""

    role: str
    scheme: str
    concept: str


_STRONG = ("notIn", "head", "form", "weakHead", "listForm")
"""Roles in the four vocabularies, the first wins for one word; all win over the words of `naming`."""
_NAMING = ("boundary", "guard", "modifier", "act", "soft", "opener", "coordination")
"""Concepts of `naming` that a name is cut by, in the order in which they win for one word."""

_PUNCTUATION = re.compile(r"\n\s*\d+[.．、](?!\d)|[，,。；;：:！!？?\n\t<>|\u3000（(）)“”\"《》〈〉【】〔〕…—～~$\\]")
_OWN_NAME = re.compile("[“A-Za-z0-9]")
"""What shows that a system has a name of its own (`“平安云”平台`, `GIS系统`)."""
_WORD_END = re.compile(r"[\s、，,。；;：:和及与或等以的（(）)”]|$")
_WRITTEN = re.compile("[\u4e00-\u9fff]")
_DATE = re.compile(r"\d{4}年(?:[底末初](?:之?前)?)?(?=[^度]|$)|\d{1,2}月(?:\d{1,2}日|[底末初]|[上中下]旬)?(?:之?前)?")
"""A date in front of a name is no part of it (`2027年底前视频监控`)."""
_CLAUSE_END = re.compile(r"[，,。；;：:\n]\s*$")
_FRONT = re.compile(r"[\s\u3000·的.．、,，#●:：—-]+|\d+(?:[.．]\d+)*(?=[^\d“”\"A-Za-z兆年月日级米])")


_Event = tuple[int, int, int, _Word | str]
"""A word or mark at [start, end): 1 where it names a resource, and what it does to a name."""


@dataclass(slots=True)
class _Candidate:
    """A name in the making: text[left:end] with its modifiers, text[name:end] without them."""

    left: int
    name: int
    end: int
    scheme: str
    concept: str
    role: str
    head: int
    chain: int
    soft: int
    cued: bool


@cache
def _strong() -> Matcher[_Word]:
    words: dict[str, _Word] = {}
    for role in _STRONG:
        for scheme in TYPES:
            for word, concept in vocabulary(scheme).forms(role):
                as_head = role == "form" and concept.all("prefixed") == ("true",)
                words.setdefault(word, _Word("head" if as_head else role, scheme, concept.id))
    return Matcher(words.items())


def _together(first: _Word, second: _Word) -> _Word | None:
    """What two words of one vocabulary are that overlap (`防汛抢险队` and `抢险队伍`)."""
    if first.scheme != second.scheme or "notIn" in (first.role, second.role):
        return None
    return second if second.role == "head" else first


@cache
def _forms(scheme: str) -> frozenset[str]:
    return frozenset(vocabulary(scheme).words())


@cache
def _whole(scheme: str) -> frozenset[str]:
    """Words that are a name by themselves: the forms, and heads that say what a team or good does (扑火力量)."""
    heads = (word for word, _ in vocabulary(scheme).forms("head") if len(word) > _SHORT)
    return _forms(scheme) | frozenset(heads)


@cache
def _naming() -> Matcher[str]:
    naming = vocabulary("naming")
    return Matcher((word, role) for role in _NAMING for word in naming.words(under=role))


def _openers() -> re.Pattern[str]:
    return compiled("naming", "{opener}")


def _government() -> re.Pattern[str]:
    return compiled("organisations", "(?:{governments})$")


def _governing() -> re.Pattern[str]:
    return compiled("naming", "{governing}$")


def _governing_people() -> re.Pattern[str]:
    return compiled("naming", "{governing-people}")


def _last_verb(text: str, start: int, end: int) -> int:
    """Where the last verb ends before a work that may have a name of its own (依规调度|石桥拦河闸)."""
    return max((found.end() for found in _verb().finditer(text, start, end) if found.end() < end), default=0)


def _verb() -> re.Pattern[str]:
    return compiled("naming", "{governing}")


def _soft() -> re.Pattern[str]:
    return compiled("naming", "{soft}")


@cache
def _verb_heads() -> frozenset[str]:
    return frozenset(vocabulary("naming")["verb-head"].forms)


@cache
def _hazards() -> str:
    """The source of a pattern for a hazard's or its field's words."""
    roles = ("form", "fieldForm", "listForm")
    return alternation(word for role in roles for word, _ in vocabulary("hazards").forms(role) if len(word) > 1)


@cache
def _hazard_before() -> re.Pattern[str]:
    """A hazard's word right before a complete name is a part of it (`城市排涝` + `应急救援队伍`)."""
    return re.compile(f"{_hazards()}$")


@cache
def _hazard_end() -> re.Pattern[str]:
    """A hazard that ends a member of a list: what it lists are hazards, not functions."""
    return re.compile(f"{alternation(word for word in vocabulary('hazards').words() if len(word) > 1)}$")


@cache
def _hazards_before() -> re.Pattern[str]:
    """Hazards that share the rest of a name (`地震和` before `地质灾害救援队伍`)."""
    hazard = _hazards()
    return re.compile(f"{hazard}(?:、{hazard})*[、和及与]$")


def _field_before() -> re.Pattern[str]:
    """A field right before a complete name of a team is a part of it (`安全生产` + `应急救援队伍`)."""
    return compiled("naming", "{team-field}$")


def _field() -> re.Pattern[str]:
    """A field in front of a team's name."""
    return compiled("naming", "{team-field}")


@cache
def _listed(scheme: str) -> frozenset[str]:
    """Words that name a good only in a list of goods."""
    return frozenset(word for word, _ in vocabulary(scheme).forms("listForm"))


@cache
def _function_heads() -> tuple[str, ...]:
    return tuple(sorted(vocabulary("naming")["function-head"].forms, key=len, reverse=True))


def _functions() -> re.Pattern[str]:
    """What equipment does (`清障`, `侦测`)."""
    return compiled("supplies", "{equipment-head:cue}")


def _modifiers() -> re.Pattern[str]:
    return compiled("naming", "(?:{modifier})+")


@cache
def _bare() -> frozenset[str]:
    return frozenset(vocabulary("naming")["class-word"].forms)


def _quantity() -> re.Pattern[str]:
    """A number with its classifier, or a name that was masked (`**市`)."""
    return compiled(
        "naming",
        r"(?:第?[\d０-９.]+|[一两二三四五六七八九十百千数几]+)\s*(?:余|多|来|万|千|亿|%|％)*\s*{classifier}{about}?"
        "|[*＊×]{2,}",
    )


@cache
def _cues(scheme: str, concept: str, name: str) -> re.Pattern[str] | None:
    words = vocabulary(scheme)[concept].all(name)
    return re.compile(alternation(words)) if words else None


def _sharing() -> re.Pattern[str]:
    return compiled("naming", "{shared-head}")


@dataclass(slots=True)
class _Reader:
    """Reads the words of a text from left to right and gathers names."""

    text: str
    pairs: dict[int, int]
    organs: dict[int, int]
    """Where names of organs begin, by where they end."""
    dropped: list[Dropped] | None = None
    found: list[ResourceMention] = field(default_factory=list)
    left: int = 0
    name: int = 0
    chain: int = 0
    items: list[tuple[int, int]] = field(default_factory=list)
    """The members of the list so far that hold no resource, since the last one that is one."""
    members: list[tuple[int, int]] = field(default_factory=list)
    """The members of the whole list so far that hold no resource."""
    pending: _Candidate | None = None
    acted: int = -1
    """Where a word ended that may be a verb or the beginning of a name (`储备`), when it opens the stretch."""
    softened: int = -1
    """Where the last word ended that is a verb before a team or a good, but may be in a system's name (`上报系统`)."""

    def cut(self, end: int) -> None:
        """A boundary: what is pending is a name, and a new stretch begins."""
        if self.pending is not None:
            self.flush()
        self.left = self.name = self.chain = end
        if self.items or self.members:
            self.items.clear()
            self.members.clear()
        self.acted = self.softened = -1

    def divide(self, start: int, end: int) -> None:
        """A mark of coordination: the next member of the list begins."""
        if self.pending is not None:
            named, member = len(self.found), (self.pending.name, start)
            self.flush()
            if len(self.found) == named:
                self.members.append(member)
            self.chain = end
            self.items.clear()
        elif start > self.left:
            self.items.append((self.name if self.name < start else self.left, start))
            self.members.append(self.items[-1])
        elif start == self.left == self.chain:
            self.chain = end
        self.left = self.name = end
        self.acted = self.softened = -1

    def modify(self, start: int, end: int) -> None:
        self.open(start)
        if self.pending is None and start == self.name:
            self.name = end

    def act(self, start: int, end: int) -> None:
        if self.pending is None and start in (self.name, self.acted):
            self.acted = end

    def soften(self, start: int, end: int) -> None:
        self.act(start, end)
        self.softened = end

    def open(self, start: int) -> None:
        """A word that usually opens a name: a verb right before it is no part of it."""
        if self.pending is None and start == self.acted:
            self.left = self.name = start
            if not self.items:
                self.chain = start
            self.acted = -1

    def governed(self, start: int, end: int, word: _Word) -> bool:
        """Whether the verb at the front of a clause governs the whole name at [start, end): 管理|林火视频监控系统."""
        if start != self.acted or self.left != self.name or self.text[start:end] not in _whole(word.scheme):
            return False
        return _governing().search(self.text, self.left, start) is not None and (
            self.left == 0 or _CLAUSE_END.search(self.text, max(0, self.left - 4), self.left) is not None
        )

    def head(self, start: int, end: int, word: _Word) -> None:
        if word.role == "form" or _openers().match(self.text, start, end) or self.governed(start, end, word):
            self.open(start)
        place = start
        before = self.pending
        if before is not None and before.scheme == "systems" == word.scheme and start == before.end:
            if self.text[start:end] in words("naming", "in-use"):
                return  # “互联网+执法”系统|应用
        if before is not None and self.text[before.name : before.end] in _verb_heads():
            self.left = self.name = self.chain = before.end
            self.items.clear()
            before = self.pending = None
        if before is not None:
            people = word.scheme in {"teams", "supplies"}
            absorbs = not people or before.scheme != "teams" or word.scheme == "teams"
            if people and self.softened >= before.end:
                self.flush()
                self.left = self.name = self.chain = start = min(self.softened, start)
                before, absorbs = None, True
            elif word.role == "form" and start == before.end and word.scheme == before.scheme == "supplies":
                absorbs = False
            elif word.role == "form" and self.text[before.end : start].isspace():
                absorbs = False
            elif word.role == "form" and start > before.end and word.scheme == "supplies" != before.scheme:
                absorbs = False
            if not absorbs:
                self.flush()
                self.left = self.name = self.chain = start
                before = None
        at = before or self
        self.pending = _Candidate(
            at.left,
            min(at.name, place),
            end,
            word.scheme,
            word.concept,
            word.role,
            place,
            at.chain,
            self.softened,
            before is not None and before.role != "weakHead" and word.scheme in {"supplies", "facilities"},
        )

    def flush(self) -> None:
        candidate, self.pending = self.pending, None
        if candidate is not None:
            self.left = self.name = self.chain = candidate.end
            self.emit(candidate)
            self.items.clear()

    def emit(self, candidate: _Candidate) -> None:
        text = self.text
        end = candidate.end
        if candidate.scheme in {"teams", "supplies"} and candidate.left <= candidate.soft <= candidate.head:
            candidate.left = candidate.name = candidate.chain = candidate.soft
        start = self.trim(candidate.name, candidate.head, end)
        if candidate.scheme == "teams" and (governing := _governing_people().match(text, start, candidate.head)):
            candidate.left = candidate.chain = start = self.trim(governing.end(), candidate.head, end)
        if candidate.scheme in {"systems", "facilities"}:
            start = self.without_verb(start, candidate)
        whole = candidate.role == "form" and text[candidate.head : end] not in _bare()
        named_before = _hazard_before().search(text, start, candidate.head) or (
            candidate.scheme == "teams" and _field_before().search(text, start, candidate.head)
        )
        if whole and not named_before:
            start = candidate.head
        if end < len(text) and text[end] == "”" and "“" in text[start:end]:
            end += 1
        if candidate.role == "listForm":
            start = candidate.head
        name = text[start:end]
        if end - start > LONGEST:
            self.drop(candidate, "too_long")
            return
        if name in _listed(candidate.scheme):
            kind = TYPES[candidate.scheme]
            self.found.append(ResourceMention(start, end, name, kind, _squeeze(name), (), candidate.left, True))
            return
        if name in _bare() or (candidate.role == "weakHead" and start == candidate.head):
            if not self.distribute_functions(candidate) and not self.distribute(candidate):
                self.drop(candidate, "bare_class_word")
            return
        if candidate.scheme == "supplies":
            self.distribute_functions(candidate)
        if candidate.role == "weakHead" and not candidate.cued:
            cue = _cues(candidate.scheme, candidate.concept, "cue")
            if cue is not None and not cue.search(text, start, candidate.head):
                own = vocabulary(candidate.scheme)[candidate.concept].all("ownName") == ("true",)
                named = own and _OWN_NAME.search(text, start, candidate.head)
                hazard = candidate.scheme == "teams" and _hazard_before().search(text, start, candidate.head)
                if not named and not hazard:
                    self.drop(candidate, "no_cue")
                    return
        unless = _cues(candidate.scheme, candidate.concept, "unless")
        if unless is not None and candidate.role != "form" and unless.search(text, start, end):
            self.drop(candidate, "excluded_word")
            return
        near = _cues(candidate.scheme, candidate.concept, "near")
        if near is not None and candidate.role == "form":
            first = max(text.rfind("。", 0, start), text.rfind("\n", 0, start)) + 1
            last = min(at for at in (text.find("。", end), text.find("\n", end), len(text)) if at >= 0)
            if not near.search(text, first, last):
                self.drop(candidate, "not_near")
                return
        others: list[str] = []
        left = self.trim(candidate.left, start, end)
        if left < start and start - left <= LONGEST_PREFIX:
            others.append(text[left:end])
        if whole and candidate.scheme == "facilities" and (verb := _last_verb(text, left, start)):
            others.append(text[verb:end])
        if text[start - 1 : start] == "“" and text[end : end + 1] == "”":
            others.append(text[start - 1 : end + 1])
        owner = self.organs.get(candidate.left)
        if owner is not None:
            others.append(text[owner:end])
            own = candidate.scheme == "teams" and candidate.concept != "experts" and start == candidate.left
            if own and not _government().search(text, owner, start):
                others.append(name)
                start, name = owner, text[owner:end]  # 松坞林业局扑火队 is one name
        first = self.trim(candidate.chain, start, end)
        several = candidate.role != "form" or _hazards_before().search(text, first, start)
        if first < left and several and candidate.scheme in {"teams", "systems"}:
            others.append(text[first:end])
        tail = text.startswith(("（", "("), end) and re.match(r"[（(][^（()）]{1,4}[)）]", text[end : end + 6])
        if tail:
            others.append(name + tail.group())
        kept = tuple(dict.fromkeys(_squeeze(other) for other in others if len(other) <= LONGEST and other != name))
        kind = TYPES[candidate.scheme]
        self.found.append(
            ResourceMention(start, end, text[start:end], kind, _squeeze(name), kept, min(first, left, start))
        )
        self.share(candidate, name)

    def distribute_functions(self, candidate: _Candidate) -> bool:
        """`排水清障、桥梁抢修等特种救援装备`: what each member of the list does, with the head, is a good of its own."""
        text = self.text
        shared = any(text.endswith("等", 0, place) for place in (candidate.name, candidate.left))
        head = next((word for word in _function_heads() if text.endswith(word, candidate.head, candidate.end)), "")
        if not shared or not head:
            return False
        found = False
        for begin, end in self.members:
            first = self.trim(begin, end, end)
            modified = _modifiers().match(text, first, end)
            if modified and modified.end() < end:
                first = modified.end()
            member = text[first:end]
            if not 2 <= len(member) <= 12 or not _functions().search(member) or _hazard_end().search(member):
                continue
            whole, kind = text[begin : candidate.end], TYPES[candidate.scheme]
            others = tuple(dict.fromkeys((member, text[begin:end])))
            name = _squeeze(member + head)
            self.found.append(ResourceMention(begin, candidate.end, whole, kind, name, others, begin))
            found = True
        return found

    def drop(self, candidate: _Candidate, reason: str) -> None:
        if self.dropped is not None:
            self.dropped.append(Dropped(candidate.head, candidate.end, reason))

    def without_verb(self, start: int, candidate: _Candidate) -> int:
        """Where a name begins after a verb that may begin one (检查|火灾自动报警系统), when a whole name follows."""
        verb = _soft().match(self.text, start, candidate.head)
        if verb is None:
            return start
        rest = self.text[verb.end() : candidate.end]
        return verb.end() if rest in _forms(candidate.scheme) or _openers().match(rest) else start

    def trim(self, start: int, head: int, end: int) -> int:
        """Where a name begins after blanks, numbers and quotation marks that do not belong to it."""
        text = self.text
        while start < head:
            found = text[start].isdecimal() and _quantity().match(text, start, head) or _FRONT.match(text, start, head)
            if found:
                start = found.end()
            elif text[start] in "”）)" or (text[start] in "“（(" and self.pairs.get(start, end) >= head):
                start += 1
            else:
                break
        return start

    def share(self, candidate: _Candidate, name: str) -> None:
        """`广播、电视系统`: the member before has the same head where that makes a name of the vocabulary."""
        if not self.items:
            return
        field = _field().match(name) if candidate.scheme == "teams" else None
        if field:
            for begin, end in reversed(self.items):
                member = self.text[begin:end]
                if not _field().fullmatch(member) or self.text[end : end + 1] != "、":
                    break  # 地震、山岳、水域救援专业队 are three
                form, whole = self.text[begin : candidate.end], _squeeze(member + name[field.end() :])
                self.found.append(ResourceMention(begin, candidate.end, form, "Team", whole, left=begin))
            return
        begin, end = self.items[-1]
        member = self.text[begin:end]
        shared = member + name[2:]
        if len(member) == 2 and len(name) == 4 and shared in _forms(candidate.scheme):
            form = self.text[begin : candidate.end]
            self.found.append(ResourceMention(begin, candidate.end, form, TYPES[candidate.scheme], shared, left=begin))

    def distribute(self, candidate: _Candidate) -> bool:
        """`交通、通信等设备`: the members of the list share the head; whether there are any."""
        text = self.text
        first = self.trim(candidate.name, candidate.head, candidate.end)
        head = text[first : candidate.end]
        if not self.items or not _sharing().fullmatch(head):
            return False
        last = self.items[-1][1]
        if not re.fullmatch(r"\s*等[^，。；、]{0,2}", text[last:first]):
            return False
        members = [(begin, end) for begin, end in self.items if 2 <= end - begin <= 6]
        if len(members) < len(self.items):
            members = members[-1:] if len(self.items) == 1 else members
        for begin, end in members:
            member = text[begin:end]
            self.found.append(
                ResourceMention(
                    begin,
                    candidate.end,
                    text[begin : candidate.end],
                    TYPES[candidate.scheme],
                    _squeeze(member + head),
                    left=begin,
                )
            )
        return bool(members)


def _squeeze(name: str) -> str:
    return "".join(name.split())


def find_resources(
    text: str, blocked: Sequence[tuple[int, int]] = (), dropped: list[Dropped] | None = None
) -> list[ResourceMention]:
    """All teams, supplies, facilities and systems that a cleaned text names, in order.

    Args:
        text: a whole document or a part of one.
        blocked: stretches that are names of organs: no resource lies in them, and none begins before their end.
        dropped: takes what could have been a name and is none, with one of REASONS.

    Returns:
        One mention for each unit; the members of a coordination are separate. A name that stands inside 《》 is part of
        a title and not given.
    """
    closed = Spans([*bracketed(text), *blocked])
    heads: list[_Event] = []
    free = (match for match in _strong().all(text) if not closed.touch(match.start, match.end))
    for match in leftmost(free, _together):
        if match.values[0].role == "notIn" or (match.word.endswith("组") and _made_up().match(text, match.end)):
            if dropped is not None:
                dropped.append(Dropped(match.start, match.end, "in_longer_phrase"))
            continue
        if match.values[0].role == "listForm" and not _WORD_END.match(text, match.end):
            continue
        heads.append((match.start, match.end, 1, match.values[0]))
    quotes, marks = _marks(text)
    reader = _Reader(text, quotes, {end: start for start, end in blocked}, dropped)
    organs: list[_Event] = sorted((start, end, 0, "boundary") for start, end in blocked)
    strong = Spans((start, end) for start, end, _, _ in heads)
    ends = frozenset(end for _, end, _, _ in heads)
    for begin, stop in _clauses_with(heads, marks, len(text)):
        reader.cut(begin)
        events = _events(text, begin, stop, strong)
        events += _within(heads, begin, stop) + _within(organs, begin, stop)
        events.sort(key=_order)
        _read(reader, events, ends)
    reader.flush()
    reader.found += _counted_teams(text)
    reader.found.sort(key=lambda mention: (mention.start, mention.end))
    return _in_lists(text, [_with_own_name(text, mention) for mention in reader.found], dropped)


def _counted_team_list() -> re.Pattern[str]:
    return compiled(
        "naming",
        r"(?P<items>[\u4e00-\u9fff]{2,14}(?:、[\u4e00-\u9fff]{2,10}?){1,7})"
        r"(?P<count>\d|[二三四五六七八九])支(?P<head>{team-heads})(?![\u4e00-\u9fff]{0,2}员)",
    )


def _counted_teams(text: str) -> Iterator[ResourceMention]:
    """`组建水域救援、地震救援、化工灾害处置3支专业队`: as many teams as the list has members."""
    for found in _counted_team_list().finditer(text):
        items, count = found.group("items").split("、"), found.group("count")
        if len(items) != (int(count) if count.isdigit() else chinese_value(count)):
            continue
        if any(compiled("organisations", "(?:{strong-heads}|队)$").search(item) for item in items):
            continue  # 县消防大队、县森防大队2支队伍: units
        verbs = [verb.end() for verb in compiled("passages", "{a-verbs}").finditer(items[0])]
        at = found.start() + max((end for end in verbs if end < len(items[0]) - 1), default=0)
        items[0] = text[at : found.start() + len(items[0])]
        for item in items:
            name = item + found.group("head")
            yield ResourceMention(at, at + len(item), item, "Team", name, (name,), at)
            at += len(item) + 1


def _clauses_with(heads: Sequence[_Event], marks: Sequence[int], end: int) -> Iterator[tuple[int, int]]:
    """The clauses that hold a head, each with the mark that closes it: a name does not reach over such a mark."""
    stop = 0
    for start, last, _, _ in heads:
        if start >= stop:
            before, after = bisect_left(marks, start), bisect_left(marks, last)
            stop = marks[after] + 1 if after < len(marks) else end
            yield marks[before - 1] + 1 if before else 0, stop


def _within(events: Sequence[_Event], start: int, end: int) -> list[_Event]:
    """The events that begin in [start, end), from a list in the order of their starts."""
    return list(events[bisect_left(events, start, key=_START) : bisect_left(events, end, key=_START)])


def _events(text: str, start: int, end: int, strong: Spans) -> list[_Event]:
    """What a name may be cut at in text[start:end], outside the words that name a resource."""
    found: list[_Event] = [(mark.start(), mark.end(), 0, "mark") for mark in _PUNCTUATION.finditer(text, start, end)]
    others = [(date.start(), date.end(), "boundary") for date in _DATE.finditer(text, start, end)]
    others += [(number.start(), number.end(), "quantity") for number in _quantity().finditer(text, start, end)]
    others += [(start + word.start, start + word.end, word.values[0]) for word in _naming().longest(text[start:end])]
    found += [(first, last, 0, what) for first, last, what in others if not strong.touch(first, last)]
    return found


def _read(reader: _Reader, events: Sequence[_Event], strong: frozenset[int]) -> None:
    """Gives the words of a clause to the reader in their order; `strong` are the ends of the words that name a resource."""
    text, quotes = reader.text, reader.pairs
    done = 0
    for start, end, _, what in events:
        if start < done:
            continue
        done = end
        if isinstance(what, _Word):
            reader.head(start, end, what)
        elif what == "mark":
            if not _joins(reader, text, start, quotes, strong):
                reader.cut(end)
            elif text[start] in "（(":
                done = quotes[start] + 1
        elif what == "boundary":
            reader.cut(end)
        elif what == "quantity":
            if reader.pending is None and start == reader.name:
                reader.modify(start, end)
            else:
                reader.cut(end)
        elif what == "coordination":
            reader.divide(start, end)
        elif what == "modifier":
            reader.modify(start, end)
        elif what == "act":
            reader.act(start, end)
        elif what == "soft":
            reader.soften(start, end)
        elif what == "opener":
            reader.open(start)


def _made_up() -> re.Pattern[str]:
    """What follows 组 in 由有关专家|组成."""
    return compiled("agents", "成(?!{composing:notBefore})")


def _joint() -> re.Pattern[str]:
    return compiled("organisations", r"\s*(?:、|{conjunctions})\s*")


def _own_name() -> re.Pattern[str]:
    """The name of its own in front of a reservoir or a dyke, masked or not."""
    return compiled(
        "naming", "(?!.*{no-own-names+works-with-names})(?:[\u4e00-\u9fff]{2,4}|[*＊×○]{1,4}[\u4e00-\u9fff]{0,2})"
    )


def _with_own_name(text: str, mention: ResourceMention) -> ResourceMention:
    """A reservoir or a dyke with the name that it has: 双峰寺|水库; what only describes it (病险水库) is none."""
    if mention.form not in words("naming", "works-with-names"):
        return mention
    masked = re.search(r"[*＊×○]{1,4}[\u4e00-\u9fff]{0,2}$", text[max(0, mention.start - 6) : mention.start])
    begin = mention.start - len(masked[0]) if masked else left_boundary(text, max(0, mention.start - 8), mention.start)
    doing = compiled("passages", "(?:{a-verbs})+").match(text, begin, mention.start)
    begin = doing.end() if doing else begin  # 新建|云岙泵站
    if not _own_name().fullmatch(text, begin, mention.start):
        return mention
    form = text[begin : mention.end]
    return replace(
        mention, start=begin, form=form, name=form, left=min(begin, mention.left) if mention.left >= 0 else -1
    )


def _in_lists(text: str, mentions: list[ResourceMention], dropped: list[Dropped] | None) -> list[ResourceMention]:
    """The mentions without those that count only in a list and stand in none.

    A list counts when another member is a good by itself, when it closes as one (`粮食等储备物资`), or when it has three
    such members (`车辆、船舶、飞机`).
    """
    if not any(mention.listed for mention in mentions):
        return mentions
    kept: list[ResourceMention] = []
    chain: list[ResourceMention] = []

    def close() -> None:
        goods = [mention for mention in chain if mention.type == "Supply"]
        if any(mention.listed for mention in goods):
            own = any(not mention.listed for mention in goods) or len(goods) >= 3
            if not own and not _goods_end().match(text, chain[-1].end):
                if dropped is not None:
                    dropped.extend(Dropped(m.start, m.end, "not_listed") for m in goods)
                kept.extend(mention for mention in chain if not mention.listed)
                chain.clear()
                return
        kept.extend(chain)
        chain.clear()

    for mention in mentions:
        left = mention.left if 0 <= mention.left < mention.start else mention.start
        if chain and not _joint().fullmatch(text, chain[-1].end, left) and mention.start >= chain[-1].end:
            close()
        chain.append(mention)
    close()
    return kept


def _goods_end() -> re.Pattern[str]:
    """The rest of a list of goods (`、食用油等救灾物资`)."""
    return compiled(
        "naming", r"(?:[、和及与][^，。；,;：:\n、和及与]{1,10}?)*?(?:等[^，。；,;：:\n、]{0,8}?|[和及与]){goods-end}"
    )


_START = itemgetter(0)


def _order(event: _Event) -> tuple[int, int, int]:
    return event[0], -event[2], -event[1]


_MARKS = re.compile(
    r"(?P<pair>“[^“”\n，。；,;]{1,14}”|（[^（）()\n。；]{1,8}[）)]|\([^（）()\n。；]{1,8}[)）])|[，,。；;：:！？!?]"
)


def _marks(text: str) -> tuple[dict[int, int], list[int]]:
    """Where short quotations and brackets close, by where they open, and the other way round; and the marks that part
    clauses outside them."""
    pairs: dict[int, int] = {}
    marks: list[int] = []
    for found in _MARKS.finditer(text):
        if found.lastgroup:
            pairs[found.start()] = found.end() - 1
            pairs[found.end() - 1] = found.start()
        else:
            marks.append(found.start())
    return pairs, marks


def _joins(reader: _Reader, text: str, at: int, pairs: dict[int, int], strong: frozenset[int]) -> bool:
    """Whether a bracket or quotation mark stands inside a name (`“引水灭火”设施`, `森林(草原)灭火队伍`)."""
    mark = text[at]
    if at not in pairs:
        return False
    other = pairs[at]
    if mark == "“":
        # Quoted words go on with a name when the name goes on behind them, or when they are its head (`决策“大脑”`).
        reader.open(at)
        if other in strong:
            return reader.pending is None
        return bool(re.match(r"[^\s，,。；;：:、！？“”（）()《》的和与等]", text[other + 1 : other + 2]))
    if mark in "（(":
        return _WRITTEN.search(text, reader.left, at) is not None
    return reader.left <= other


def in_passing(name: str) -> bool:
    """Whether a name is that of a whole class (`应急队伍`), which is a unit only where a task names it."""
    return name in _class_names()


@cache
def _class_names() -> frozenset[str]:
    return frozenset(vocabulary("naming")["class-name"].forms)


def group_resources(mentions: Sequence[ResourceMention]) -> list[ResourceEntity]:
    """The units that the mentions of one document name, in order of their first place.

    Forms are of one unit when they agree after fillers (`避灾安置场所`, `避灾场所`) and person suffixes
    (`灾害信息员队伍`, `灾害信息员`), when the vocabulary has them as names of one thing (`kg:synonyms`: `社会救援力量`,
    `社会应急力量`), or when one is general and the end of the other and of no third name (`大数据平台`,
    `风险治理大数据平台`).
    """
    groups: dict[tuple[str, str], list[ResourceMention]] = {}
    for mention in mentions:
        groups.setdefault((mention.type, _key(mention.type, mention.name)), []).append(mention)
    generic = frozenset(vocabulary("naming")["short-name"].forms)
    _join_short_forms(groups, generic)
    entities = []
    for (kind, _), members in groups.items():
        names = Counter(mention.name for mention in members)
        name = max(names, key=lambda one: (one not in generic, names[one]))
        forms = dict.fromkeys(form for mention in members for form in (mention.name, *mention.others))
        forms.pop(name)
        entities.append(ResourceEntity(kind, name, tuple(forms), tuple(members)))
    entities.sort(key=lambda entity: (entity.mentions[0].start, entity.mentions[0].end))
    return entities


def _fillers() -> re.Pattern[str]:
    return compiled("naming", "(?<=..){filler}(?=..)")


@cache
def _synonyms() -> dict[tuple[str, str], str]:
    return {
        (kind, form): concept.label
        for scheme, kind in TYPES.items()
        for concept in vocabulary(scheme)
        if concept.all("synonyms") == ("true",)
        for form in concept.forms
    }


def _key(kind: str, name: str) -> str:
    """What is the same for all forms of one unit."""
    known = _synonyms().get((kind, name))
    if known:
        return known
    key = re.sub(r"[“”\"（）()]", "", name)
    key = _fillers().sub("", key)
    if kind == "Team":
        key = re.sub(r"(?<=员|者)队伍$", "", key)
    return _synonyms().get((kind, key), key)


def _join_short_forms(groups: dict[tuple[str, str], list[ResourceMention]], generic: frozenset[str]) -> None:
    """Joins a generic name to the one longer name of its type that ends in it."""
    for kind, key in list(groups):
        if key not in generic:
            continue
        longer = [other for other in groups if other[0] == kind and other[1] != key and other[1].endswith(key)]
        if len(longer) == 1:
            groups[longer[0]] += groups.pop((kind, key))
            groups[longer[0]].sort(key=lambda mention: mention.start)
