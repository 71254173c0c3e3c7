"""Who leads and who is in a coordinating body, as running prose tells it.

Lists below headings, lines such as `成员单位:` and groups in brackets are read in `relations.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from kg.extraction.agents import Chain, Organisations, titled
from kg.extraction.annotations import NamedOwner, titles
from kg.extraction.names import OrganisationMention
from kg.ontology.lexicon import alternation, compiled, pattern

JOINTS = ("、", "和", "及", "与")
_SENTENCE = re.compile(r"[^。；;\n]+")
_TOUCHING = re.compile(r"(?:[（(][^（）()]*[）)])?[^，,。（(]{0,10}[，,]?(?:其|的)?")
"""Between a body (or what closes a list of them: 2个专业委员会) and the words of who leads it."""
_LEADER, _MEMBER = "LEADS", "MEMBER_OF"


@dataclass(frozen=True, slots=True)
class Part:
    """A unit that leads a body or is in it."""

    owner: NamedOwner
    kind: str  # LEADS | MEMBER_OF
    body: OrganisationMention
    name: str
    """The body's name."""


@cache
def _title() -> re.Pattern[str]:
    """`主任单位为`, `牵头单位分别为`: what the unit behind it is."""
    return re.compile(rf"(?:{alternation(titles('lead'))})(?P<each>分别)?(?:为|是|由)\s*")


def _as_members() -> re.Pattern[str]:
    """`为成员单位`, `担任副组长单位`, `参加`: the units before it are members."""
    return compiled(
        "relations",
        r"(?:等(?:单位|部门)?)?\s*(?:(?:均|都)?(?:担任|[为是任])(?:{members}|{deputies})|{agents/making-up}(?=[，,。；;\n]|$))",
    )


def _leads() -> re.Pattern[str]:
    return compiled("agents", r"\s*{leading-a-group}(?=[，,。；;\n]|$)")


def _setting_up() -> re.Pattern[str]:
    return compiled("organisations", r"{setting-up+setting-up-groups}(?:了|的)?(?:\d+|[一二三四五六七八九十])?个?\Z")


@cache
def _is_office() -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern('agents', 'office', 'short-for-office')})$")


def compositions(organisations: Organisations, text: str) -> Iterator[Part]:
    """The parts of bodies that sentences name.

    >>> from kg.extraction.organisations import find_organisations
    >>> text = "成立市治超专班，市公安局为牵头单位，市交通局、市水利局为成员单位"
    >>> [(p.owner.name, p.kind) for p in compositions(Organisations(text, find_organisations(text)), text)]
    [('市公安局', 'LEADS'), ('市交通局', 'MEMBER_OF'), ('市水利局', 'MEMBER_OF')]
    """
    for sentence in _SENTENCE.finditer(text):
        start, end = sentence.span()
        within = organisations.within(start, end)
        bodies = [m for m in within if m.label == "Committee" and not m.generic and not _is_office().search(m.form)]
        if bodies:
            yield from _led_parts(organisations, text, end, bodies)
            yield from _attributed_parts(organisations, text, start, bodies)
            yield from _titled_parts(organisations, text, start, end, bodies)
            yield from _set_up_parts(organisations, text, start, end, bodies)
            yield from _joined_parts(organisations, text, start, bodies)


def _parts(chain: Chain | None, kind: str, body: OrganisationMention) -> Iterator[Part]:
    for owner in chain.owners("lead") if chain else ():
        if not owner.generic and owner.label in ("Agency", "Committee"):
            yield Part(owner, kind, body, body.names[0])


def _before(text: str, bodies: Sequence[OrganisationMention], at: int) -> list[OrganisationMention]:
    """The bodies named before a place, those that are listed together as one list: the last such list."""
    named = [body for body in bodies if body.end <= at]
    first = len(named) - 1
    while first > 0 and text[named[first - 1].end : named[first].start] in JOINTS:
        first -= 1
    return named[max(0, first) :]


def _titled_parts(
    organisations: Organisations, text: str, start: int, end: int, bodies: Sequence[OrganisationMention]
) -> Iterator[Part]:
    """`X专业委员会主任单位为市住建局，成员单位为市商务局`; `A、B两个专委会，主任单位分别为市公安局、市住建局`."""
    leading: OrganisationMention | None = None
    for found in _title().finditer(text, start, end):
        listed = _before(text, bodies, found.start())
        chain = organisations.chain(found.end(), end)
        if not listed or chain is None:
            continue
        body = listed[-1]
        touching = _TOUCHING.fullmatch(text, body.end, found.start())
        if not touching and not _setting_up().search(text, start, body.start):
            continue  # 市安委会要求，整改的牵头单位为市应急局; 发挥市安委会作用（牵头单位为基础科）
        if found.group("each"):
            yield from _respective(chain, listed)
        else:
            leading = body
            yield from _parts(chain, _LEADER, leading)
    if leading is not None:
        for found in compiled("relations", r"{members}(?:{leading-in-members+having-members}|[：:])").finditer(
            text, leading.end, end
        ):
            yield from _parts(organisations.chain(found.end(), end), _MEMBER, leading)


def _by() -> re.Pattern[str]:
    return compiled("organisations", r"\s*(?:[（(][^（）()]*[）)])?\s*由")


def _led_parts(
    organisations: Organisations, text: str, end: int, bodies: Sequence[OrganisationMention]
) -> Iterator[Part]:
    """`矿山专委会由市应急局牵头，市公安局、市水利局参加`."""
    for body in bodies:
        by = _by().match(text, body.end, end)
        if by:
            yield from _run_of_parts(organisations, text, by.end(), end, body)


def _made_of() -> re.Pattern[str]:
    return compiled("agents", r"(?:{making-up}|{leading-a-group})的\Z")


def _attributed_parts(
    organisations: Organisations, text: str, start: int, bodies: Sequence[OrganisationMention]
) -> Iterator[Part]:
    """`由市林业局牵头、市公安局参加的防火专班`, `由A、B抽调人员组成的检查组`."""
    for body in bodies:
        by = text.rfind("由", start, body.start)
        if by < 0 or not _made_of().search(text, by, body.start) or re.search("[，,].*[，,]", text[by : body.start]):
            continue
        leaders, members = organisations.grouped(by + 1, body.start - 1)
        for owners, kind in ((leaders, _LEADER), (members, _MEMBER)):
            for owner in owners:
                if not owner.generic and owner.label in ("Agency", "Committee"):
                    yield Part(owner, kind, body, body.names[0])


def _respective(chain: Chain, bodies: Sequence[OrganisationMention]) -> Iterator[Part]:
    """Units and bodies in the same order."""
    owners = chain.owners("lead")
    if len(owners) == len(bodies):
        for owner, body in zip(owners, bodies, strict=True):
            if not owner.generic:
                yield Part(owner, _LEADER, body, body.names[0])


def _set_up_parts(
    organisations: Organisations, text: str, start: int, end: int, bodies: Sequence[OrganisationMention]
) -> Iterator[Part]:
    """`成立专班，由A任组长单位，B、C参加`; `由A牵头，B、C参加，成立专班`."""
    body = next((one for one in bodies if _setting_up().search(text, max(start, one.start - 8), one.start)), None)
    if body is None:
        return
    behind = _BRACKET.match(text, body.end, end)
    found = _run_of_parts(organisations, text, behind.end() if behind else body.end, end, body)
    if not found:
        by = next((m for m in organisations.within(start, body.start) if text.endswith("由", 0, m.start)), None)
        found = _run_of_parts(organisations, text, by.start, body.start, body) if by else []
    yield from found


def _making_up() -> re.Pattern[str]:
    """The verb between units and the body that they make up: A会同B|组成|督查组."""
    return compiled("agents", "(?:(?P<composing>{composing})|{organisations/setting-up})了?\\Z")


def _bringing_in() -> re.Pattern[str]:
    """What stands before the units that are brought in: 会同, 组织."""
    return compiled("agents", "(?:(?P<with>{together-with})|{gathering})\\Z")


def _joined_parts(
    organisations: Organisations, text: str, start: int, bodies: Sequence[OrganisationMention]
) -> Iterator[Part]:
    """`区安委办会同区委督查室组成专项督查组`; `县安委办牵头，组织县公安局、县住建局组成综合督导组`."""
    for body in bodies:
        verb = _making_up().search(text, start, body.start)
        if verb is None:
            continue
        joined = next(
            (
                chain
                for mention in organisations.within(start, verb.start())
                if (chain := organisations.chain(mention.start, verb.start())) and chain.end == verb.start()
            ),
            None,
        )
        if joined is None:
            continue
        brought = _bringing_in().search(text, start, joined.start)
        if brought is None:
            if verb.group("composing") and (joined.start == start or text[joined.start - 1] in "，,：:由"):
                yield from _parts(joined, _MEMBER, body)  # 市监察委、市公安局组成事故调查组
            continue
        yield from _parts(joined, _MEMBER, body)
        before = organisations.within(start, brought.start())
        first = organisations.chain(before[0].start, brought.start()) if before else None
        if first is not None and _leads().match(text, first.end):
            yield from _parts(first, _LEADER, body)
        elif first is not None and brought.group("with") and first.end == brought.start():
            yield from _parts(first, _MEMBER, body)


_BRACKET = re.compile(r"[（(][^（）()\n]*[）)]")
_GAP = re.compile(r"\s*[，,、]?\s*由?")


def _run_of_parts(organisations: Organisations, text: str, at: int, end: int, body: OrganisationMention) -> list[Part]:
    """Who leads and who is in a body, clause after clause from `at` on, as long as they tell nothing else; none without a lead."""
    found: list[Part] = []
    while True:
        gap = _GAP.match(text, at, end)
        chain = organisations.chain(gap.end() if gap else at, end)
        if chain is None:
            break
        lead = titled().match(text, chain.end, end) or _leads().match(text, chain.end, end)
        member = None if lead else _as_members().match(text, chain.end, end)
        told = lead or member
        if told is None:
            break
        found += _parts(chain, _LEADER if lead else _MEMBER, body)
        at = told.end()
    return found if any(part.kind == _LEADER for part in found) else []


def respective_leads(organisations: Organisations, text: str) -> Iterator[Part]:
    """`下设政策指导、督导检查两个小组，分别由县应急局、县公安局牵头`: the groups and their leads in the same order."""
    each = compiled(
        "agents",
        r"(?:分别由(?=[^，,。；;\n]{4,200}?(?P<verb>{leading-a-group}))|由(?=[^，,。；;\n]{4,200}?(?P<after>分别{leading-a-group})))",
    )
    for found in each.finditer(text):
        start = max(text.rfind(mark, 0, found.start()) for mark in "。；;\n") + 1
        named = [m for m in organisations.within(start, found.start()) if m.label == "Committee" and not m.generic]
        listed = [b for a, b in pairwise(named) if text[a.end : b.start] in JOINTS]
        led = [mention for mention in named if mention in listed or text.startswith(JOINTS, mention.end)]
        chain = organisations.chain(found.end(), found.start("verb" if found.group("verb") else "after"))
        if chain is not None:
            yield from _respective(chain, led)
