"""Relations between organisations that the text states: PART_OF, OFFICE_OF, HOSTED_BY, MEMBER_OF, LEADS."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kg.extraction.agents import Chain, Organisations, is_group
from kg.extraction.annotations import NamedOwner, is_generic, titles
from kg.extraction.bodies import is_bare
from kg.extraction.compositions import compositions, respective_leads
from kg.extraction.entities import DraftEntity, key_of
from kg.extraction.names import PLACE, SCHEME, OrganisationMention, mask, short_places
from kg.extraction.reader import DutyItem, Reader, WorkingGroup
from kg.loaders.document import Document, Section
from kg.ontology import vocabulary
from kg.ontology.lexicon import alternation, compiled, pattern, words


def _office() -> re.Pattern[str]:
    return compiled("relations", "(?P<body>.+?{bodies-with-offices})的?{agents/office+secretariat+short-for-office}$")


def _an_office_of() -> re.Pattern[str]:
    """The office of a body by its short name, whatever that ends with: 区城指|办公室."""
    return compiled("agents", "(?P<body>.{2,}?){office}$")


def _an_office() -> re.Pattern[str]:
    return compiled("agents", "{office}|{short-for-office}$")


@cache
def _office_or_group() -> re.Pattern[str]:
    return re.compile(rf"{_an_office().pattern}|{pattern(SCHEME, 'groups')}$")


@cache
def _no_main_body() -> re.Pattern[str]:
    return re.compile(rf"{_office_or_group().pattern}|{pattern('relations', 'no-main-body')}")


def _plate() -> re.Pattern[str]:
    return compiled("relations", "{hanging-a-plate}[^，,。；;]{4,60}{plate}")


def _hosted() -> re.Pattern[str]:
    return compiled(
        "agents",
        r"(?P<office>{office+secretariat}|(?<=[\u4e00-\u9fff]){short-for-office}(?=[、均都分]|{hosting}))\s*(?:（[^）]*）|\([^)]*\))?\s*"
        r"(?:{relations/daily-work})?(?:[（(][^（）()]{2,12}[，,]|[，,（(])?(?:由[^，,。；;]{2,12}{moving}[至到为]?)?{before-hosting}*{hosting}在?",
    )


@cache
def _said(concept: str) -> re.Pattern[str]:
    """Matches a word of a concept of `kg/ontology/relations.ttl`."""
    return re.compile(pattern("relations", concept))


@cache
def _ends(concept: str) -> re.Pattern[str]:
    """As `_said`, at the end of a name."""
    return re.compile(rf"{pattern('relations', concept)}$")


@dataclass(slots=True)
class DraftRelation:
    """A relation in the making; offsets are cleaned, `head` and `tail` are forms as written."""

    head: str
    head_type: str
    type: str
    tail: str
    tail_type: str
    start: int
    end: int
    rule: str


def _inner() -> re.Pattern[str]:
    return compiled(SCHEME, "{inner-units}$")


def _inner_of_a_town() -> re.Pattern[str]:
    return compiled(SCHEME, "{inner-units+inner-units-of-a-town}$")


def _not_of_issuer() -> re.Pattern[str]:
    return compiled(SCHEME, "{levels+not-inner-fronts}")


def part_of(entities: Sequence[DraftEntity], issuer: str | None) -> Iterator[DraftRelation]:
    """`协调科` in an agency's own plan is a part of it; `市公安局交警支队` is a part of 市公安局."""
    inner = _inner_of_a_town() if issuer and _ends("towns").search(issuer) else _inner()
    agencies = [entity for entity in entities if entity.type == "Agency"]
    names = {form: entity.name for entity in agencies for form in entity.forms}
    for entity in agencies:
        for form in entity.forms:
            if entity.name == issuer or not inner.search(form):
                continue
            whole = max(
                (other for other in names if form != other and form.startswith(other) and names[other] != entity.name),
                key=len,
                default=None,
            )
            spot = entity.places[0]
            if whole and _ends("whole-organs").search(whole) and not _ends("inspection-groups").search(form):
                continue  # an organ of the government, no inner unit of it
            if whole:
                yield DraftRelation(
                    entity.name, "Agency", "PART_OF", names[whole], "Agency", spot.start, spot.end, "part_by_name"
                )
                break
            if (
                issuer
                and _ends("issuers-with-sections").search(issuer)
                and len(form) <= (16 if form.endswith(words(SCHEME, "section-heads")) else 10)
                and not _not_of_issuer().match(form)
                and PLACE not in mask(form, short_places(issuer))[:1]
            ):
                yield DraftRelation(
                    entity.name, "Agency", "PART_OF", issuer, "Agency", spot.start, spot.end, "part_of_issuer"
                )
                break


def offices(entities: Sequence[DraftEntity], place: str | None) -> Iterator[DraftRelation]:
    """`省减灾委办公室` is the office of 省减灾委, when the text names that body too, in full or in short."""
    named = [(form, entity.name) for entity in entities if entity.type == "Committee" for form in entity.forms]
    bodies = {key_of(form, place): name for form, name in named} | dict(named)
    for entity in entities:
        if entity.type != "Committee":
            continue
        for form in entity.forms:
            found = _office().match(form) or _an_office_of().match(form)
            whole = found.group("body") if found else ""
            body = (bodies.get(whole) or bodies.get(key_of(whole, place))) if whole else None
            body = body or _body_of_short(form, bodies)
            if body and body != entity.name:
                spot = entity.places[0]
                yield DraftRelation(
                    entity.name, "Committee", "OFFICE_OF", body, "Committee", spot.start, spot.end, "office_by_name"
                )
                break


def _body_of_short(form: str, bodies: Mapping[str, str]) -> str | None:
    """The body among `bodies` whose office has that short name: 安委办 -> 安委会, 防汛办 and 防办 -> 防指, 减灾办 -> 减灾委."""
    for office, concept in vocabulary("bodies").forms("officeForm"):
        if form.endswith(office):
            front = form[: -len(office)]
            return next((bodies[front + body] for body in concept.forms if front + body in bodies), None)
    return None


def _is_issuer(form: str, issuer: str) -> bool:
    """Whether words such as 我局 stand for a unit of this name: its ending is theirs."""
    return compiled(SCHEME, "{own-unit}").fullmatch(form) is not None and form[-1] in issuer[-3:]


def hosts(organisations: Organisations, text: str, issuer: str | None = None) -> Iterator[DraftRelation]:
    """`办公室设在省民政厅`: the office is that of the body named just before. `issuer` is who 我局 is."""
    for found in _hosted().finditer(text):
        host = organisations.chain(found.end(), min(len(text), found.end() + 60))
        if host is not None and issuer and _is_issuer(host.mentions[0].form, issuer):
            host = replace(host, mentions=(replace(host.mentions[0], names=(issuer,), label="Agency", generic=False),))
        if host is None or host.mentions[0].generic:
            continue
        line = text.rfind("\n", 0, found.start()) + 1
        before = [m for m in organisations.within(line, found.end()) if m.label == "Committee"]
        at = found.end("office")
        office = next((m for m in reversed(before) if m.end == at), None)
        if office is not None:
            name, start = office.names[0], office.start
        elif before:
            name, start = before[-1].names[0] + text[found.start() : at], before[-1].start
        else:
            continue
        unit = host.mentions[0]
        yield DraftRelation(name, "Committee", "HOSTED_BY", unit.names[0], unit.label, start, host.end, "host")
        for other in _listed_before([m for m in before if not _in_bracket(text, m.start)], start, text):
            also = (
                other.names[0] if _an_office().search(other.form) else other.names[0] + text[found.start("office") : at]
            )
            yield DraftRelation(
                also, "Committee", "HOSTED_BY", unit.names[0], unit.label, other.start, host.end, "host"
            )
    for found in _plate().finditer(text):
        plate = next((m for m in organisations.within(found.start(), found.end()) if m.label == "Committee"), None)
        line = text.rfind("\n", 0, found.start()) + 1
        agency = next((m for m in organisations.within(line, found.start()) if m.end == found.start()), None)
        if plate and agency and agency.label == "Agency":
            yield DraftRelation(
                plate.names[0],
                "Committee",
                "HOSTED_BY",
                agency.names[0],
                "Agency",
                agency.start,
                found.end(),
                "host_plate",
            )


def _in_bracket(text: str, at: int) -> bool:
    """Whether a place of a line lies inside a bracket: the short form of （以下简称市防办）."""
    line = text.rfind("\n", 0, at) + 1
    return max(text.rfind(mark, line, at) for mark in "（(") > max(text.rfind(mark, line, at) for mark in "）)")


_BETWEEN_LISTED = re.compile(r"\s*(?:[（(][^（）()\n]*[）)])?\s*(?:[、和及与]\s*|(?:[二两三四五六七八九]|\d)个)")


def _listed_before(bodies: Sequence[OrganisationMention], start: int, text: str) -> Iterator[OrganisationMention]:
    """The bodies or offices that stand before a place as one list: 市防指办公室、|市森防办|均设在…"""
    for body in reversed(bodies):
        if body.end <= start:
            if not _BETWEEN_LISTED.fullmatch(text, body.end, start):
                return
            yield body
            start = body.start


def _member_by_duty(owner: NamedOwner, body: OrganisationMention) -> DraftRelation:
    """A unit of the duty list of a body's members."""
    return DraftRelation(
        owner.name, "Agency", "MEMBER_OF", body.names[0], "Committee", owner.start, owner.end, "member_duty_list"
    )


def members(reader: Reader) -> Iterator[DraftRelation]:
    """The units of a duty list of member units, and those named in `成员单位:A、B` or `由A、B等单位组成`."""
    document, organisations = reader.document, Organisations(reader.text, reader.mentions)
    main = _main_body(organisations, national=bool(_said("national").match(document.metadata.title or "")))
    for duty in reader.duties:
        path = _path(document, duty.section)
        headed = any(_said("headings-of-members").search(part.heading) for part in path[:3])
        if not headed and not _led_in_as_members(reader, duty):
            continue
        body = _body_of_path(path, organisations) or main
        if body is None:
            continue
        for owner in duty.owners:
            if not owner.generic and owner.label == "Agency":
                yield _member_by_duty(owner, body)
    for task in reader.tasks:
        path = _path(document, task.sentence.section)
        if task.sentence.position or not any(_said("headings-of-members").search(part.heading) for part in path[:3]):
            continue
        body = _body_of_path(path, organisations) or main
        for draft in task.owners:
            if body and draft.basis == "subject" and draft.role == "responsible" and draft.owner.label == "Agency":
                owner = draft.owner
                if not owner.generic and owner.start - task.sentence.start <= 40:
                    yield _member_by_duty(owner, body)
    of_groups = {owner.start for group, _ in _headed_groups(reader) for owner in (*group.lead, *group.members)}
    yield from _listed_members(organisations, reader.text, main, document.excluded, of_groups)
    yield from _named_as_members(organisations, reader.text, main, document.excluded)
    yield from _composed_bodies(organisations, reader.text, document.excluded)


def _members_below() -> re.Pattern[str]:
    """A line that leads in the duties of members: `成员单位及职责：`."""
    return compiled("relations", r"(?:^|\n)[^，,。；;：:\n]{0,16}{headings-of-members}[^，,。；;：:\n]{0,10}[：:]\s*\n")


def _led_in_as_members(reader: Reader, duty: DutyItem) -> bool:
    """Whether a line of the same section before a duty item says that members follow."""
    start = reader.document.sections[duty.section].start if duty.section >= 0 else 0
    return _members_below().search(reader.text, start, duty.start) is not None


def _path(document: Document, section: int) -> list[Section]:
    """A section and those around it, innermost first."""
    path = []
    while section >= 0:
        path.append(document.sections[section])
        section = document.sections[section].parent
    return path


def _body_of_path(path: Sequence[Section], organisations: Organisations) -> OrganisationMention | None:
    """The coordinating body that a heading of the path names."""
    for part in path:
        named = [
            m
            for m in organisations.within(part.start, part.body)
            if m.label == "Committee" and not _office_or_group().search(m.form)
        ]
        if named:
            return named[0]
    return None


def _main_body(organisations: Organisations, *, national: bool) -> OrganisationMention | None:
    """The coordinating body that a plan speaks of most (offices and groups apart; those above it where it is not national)."""
    counts: dict[str, int] = {}
    first: dict[str, OrganisationMention] = {}
    for mention in organisations.mentions:
        if (
            mention.label == "Committee"
            and not _no_main_body().search(mention.form)
            and (national or not _said("higher-levels").match(mention.form))
        ):
            counts[mention.form] = counts.get(mention.form, 0) + 1
            first.setdefault(mention.form, mention)
    best = max(counts, key=lambda form: (counts[form], len(form) > 4, -first[form].start), default=None)
    return first[best] if best else None


def _members() -> re.Pattern[str]:
    return compiled(
        "relations",
        r"(?:{members}|成\s+员)(?:{agents/chiefly})?(?:{leading-in-members+having-members})?\s*[：:]?\s*",
    )


@cache
def _leader() -> re.Pattern[str]:
    group = pattern(SCHEME, "groups")
    return re.compile(
        rf"(?P<group>[\u4e00-\u9fff、]{{2,14}}{group}[（(。：:，,]?)?{alternation(titles('lead'))}(?:为|是|[：:])\s*"
    )


def _made() -> re.Pattern[str]:
    return compiled("agents", r"[^，,。；;\n]{0,12}{composing}")


def _made_of() -> re.Pattern[str]:
    return compiled("agents", r"(?<=[\u4e00-\u9fff）)，,])由(?=[^，,。；;\n]{4,400}?(?P<verb>{composing}))")


def _head_of_body() -> re.Pattern[str]:
    """What may stand between a body and 由…组成: nothing, or who heads it (由副县长任组长，)."""
    return compiled(SCHEME, r"[）)]?\s*[，,]?(?:由[^，,。；;\n]{2,40}(?:任|担任){persons}[，,])?\s*")


def _their_persons() -> re.Pattern[str]:
    """等单位有关人员组成: persons are no members."""
    return compiled("agents", "的?(?:{which-units})?{lent-persons}")


def _group_made_of() -> re.Pattern[str]:
    return compiled("relations", r"\s*(?:{group-made-of}|[^，,。；;：:\n]{2,40}{agents/leading-a-group})")


_UNKNOWN = re.compile(r"(?:、|以及|[和及与])[\u4e00-\u9fffA-Za-z（）()]{2,24}?(?:、|以及|[和及与])")
"""A member whose name is not known, between two that are."""


def _over_gaps(organisations: Organisations, text: str, chain: Chain, end: int) -> Chain:
    """The list of a chain with what follows a member of unknown name: 县政府、某某滩涂围垦站、|县公安局."""
    mentions = list(chain.mentions)
    at = chain.end
    while following := next(iter(organisations.within(at, end)), None):
        if not _UNKNOWN.fullmatch(text, at, following.start):
            break
        further = organisations.chain(following.start, end)
        if further is None:
            break
        mentions += further.mentions
        at = further.end
    return Chain(chain.start, at, tuple(mentions))


def _agencies_of(chain: Chain, body: OrganisationMention) -> Iterator[DraftRelation]:
    """The named agencies of a list as members of a body."""
    for mention in chain.mentions:
        for name in mention.names:
            if not mention.generic and not is_generic(name) and mention.label == "Agency":
                yield DraftRelation(
                    name, "Agency", "MEMBER_OF", body.names[0], "Committee", mention.start, mention.end, "member_list"
                )


def _composed_bodies(
    organisations: Organisations, text: str, excluded: Sequence[tuple[int, int, str]]
) -> Iterator[DraftRelation]:
    """`县防汛抗旱指挥部由县应急局、县水利局等单位组成`."""
    for found in _made_of().finditer(text):
        if any(start <= found.start() < end for start, end, _ in excluded):
            continue
        line = text.rfind("\n", 0, found.start()) + 1
        before = organisations.within(line, found.start())
        body = next((mention for mention in reversed(before) if mention.label == "Committee"), None)
        if body is None or body.generic:
            continue
        if not _head_of_body().fullmatch(text, body.end, found.start()):
            continue
        chain = organisations.chain(found.end(), found.start("verb") + 1)
        if chain is not None and _their_persons().match(text, chain.end):
            continue
        if chain is None or not _made().match(text, chain.end):
            # A member that is no name stands in the list: 县政府、县海事机构、县公安局.
            begin, end = found.end(), found.start("verb")
            listed = tuple(m for m in organisations.within(begin, end) if text[m.start - 1] in "由、和及与")
            chain = Chain(begin, end, listed)
        yield from _agencies_of(chain, body)


def _bracketed_lead() -> re.Pattern[str]:
    return compiled(
        SCHEME,
        r"(?:{groups+task-forces})[（(](?=(?P<inside>由?[^（）()\n]{2,40}{agents/leading-a-group}[^（）()\n]{0,80})[)）])",
    )


def bracketed_leads(organisations: Organisations, text: str) -> Iterator[DraftRelation]:
    """`下设现场处置组（县公安局牵头，县应急局参加）`."""
    for found in _bracketed_lead().finditer(text):
        group = next(
            (m for m in organisations.within(max(0, found.start() - 20), found.end()) if m.end > found.start()), None
        )
        if group is None or group.generic or group.label != "Committee":
            continue
        leaders, members = organisations.grouped(*found.span("inside"))
        for owners, kind in ((leaders, "LEADS"), (members, "MEMBER_OF")):
            for owner in owners:
                if not owner.generic:
                    yield DraftRelation(
                        owner.name,
                        owner.label,
                        kind,
                        group.names[0],
                        "Committee",
                        owner.start,
                        owner.end,
                        "group_lines",
                    )


def _led_group(organisations: Organisations, lead: re.Match[str], members: Chain) -> Iterator[DraftRelation]:
    """`医疗救护组组长单位为市卫生健康委,成员单位:市应急局、市红十字会`."""
    group = lead.group("group").rstrip("（(。：:，,")
    leaders = organisations.chain(lead.end(), members.start)
    for chain, kind in ((leaders, "LEADS"), (members, "MEMBER_OF")):
        for owner in chain.owners("lead") if chain else ():
            if not owner.generic:
                yield DraftRelation(
                    owner.name, owner.label, kind, group, "Committee", owner.start, owner.end, "group_lines"
                )


def _listed_members(
    organisations: Organisations,
    text: str,
    main: OrganisationMention | None,
    excluded: Sequence[tuple[int, int, str]],
    of_groups: Collection[int],
) -> Iterator[DraftRelation]:
    """`成员单位包括A、B、C`: of the body before it in the line, or of the plan's main body.

    `of_groups` are the starts of the units on the lines of working groups, which are no members of the main body.
    """
    for found in _members().finditer(text):
        if any(start <= found.start() < end for start, end, _ in excluded):
            continue
        line_end = text.find("\n", found.end())
        chain = organisations.chain(found.end(), line_end if line_end >= 0 else len(text))
        line = text.rfind("\n", 0, found.start()) + 1
        if chain is not None:
            chain = _over_gaps(organisations, text, chain, line_end if line_end >= 0 else len(text))
        if chain is None or (
            len(chain.mentions) < 3
            and not found.group().rstrip().endswith(("：", ":", *words("relations", "leading-in-members")))
        ):
            continue
        if chain.mentions[0].start in of_groups:
            continue
        lead = _leader().search(text, line, found.start())
        if lead and lead.group("group"):
            yield from _led_group(organisations, lead, chain)
            continue
        before = [
            m
            for m in organisations.within(line, found.start())
            if m.label == "Committee" and not _an_office().search(m.form)
        ]
        sentence = max(text.rfind(mark, line, found.start()) for mark in "。；;")
        own = [mention for mention in before if mention.start > sentence]
        body = own[-1] if own else before[0] if before else _set_up_before(organisations, text, line) or main
        if body is None:
            continue
        yield from _agencies_of(chain, body)


def _set_up_before(organisations: Organisations, text: str, line: int) -> OrganisationMention | None:
    """The body that one of the lines just above a line sets up: 成立…领导小组 / 组　长：… / 成员单位：…"""
    start = line
    for _ in range(_LINES_ABOVE):
        start = text.rfind("\n", 0, max(0, start - 1)) + 1
    founded = [
        mention
        for mention in organisations.within(start, line)
        if mention.label == "Committee"
        and not _an_office().search(mention.form)
        and _founding().search(text, max(0, mention.start - 6), mention.start)
    ]
    return founded[-1] if founded else None


_LINES_ABOVE = 5


def _founding() -> re.Pattern[str]:
    return compiled(SCHEME, r"{setting-up}(?:了)?\Z")


def _headed_groups(reader: Reader) -> Iterator[tuple[WorkingGroup, str]]:
    """The groups whose lead and members stand on lines of their own, with the names that their headings give."""
    for group in reader.groups:
        heading = reader.document.sections[group.section].heading if group.section >= 0 else ""
        name = reader.owner_in_heading(heading)
        if name:
            yield group, name


def _as_members() -> re.Pattern[str]:
    """`…为县森防指成员单位`, `…为成员单位`."""
    return compiled("relations", r"(?:均|都)?[为是任](?:(?P<body>[^，,。；;\n]{2,30}?)的?)?{members}(?=[。，,；;\n]|$)")


def _in_person() -> re.Pattern[str]:
    """Who of the units sits there: 县公安局、县水利局|分管负责人|为成员."""
    return compiled("agents", "(?:等单位)?的?(?:{and-its})?(?:{before-persons})*{organisations/persons}")


def _named_as_members(
    organisations: Organisations, text: str, main: OrganisationMention | None, excluded: Sequence[tuple[int, int, str]]
) -> Iterator[DraftRelation]:
    """`县应急局、县水利局为县防指成员单位`: the units before the verb, of the body that the words name."""
    for found in _as_members().finditer(text):
        if any(start <= found.start() < end for start, end, _ in excluded):
            continue
        line = text.rfind("\n", 0, found.start()) + 1
        units = next(
            (
                chain
                for mention in organisations.within(line, found.start())
                if (chain := organisations.chain(mention.start, found.start()))
                and (
                    chain.end == found.start()
                    or _in_person().fullmatch(text, chain.end, found.start())
                    or _said("adding-members").fullmatch(text, chain.end, found.start())
                )
            ),
            None,
        )
        if units is None:
            continue
        if found.group("body") and found.group("body") != "其" and not is_bare(found.group("body")):
            named = [m for m in organisations.within(found.start(), found.end()) if m.label == "Committee"]
            body = named[0] if named and named[0].start == found.start("body") else None
        else:
            before = [
                m
                for m in organisations.within(line, found.start())
                if m.label == "Committee" and not _an_office().search(m.form)
            ]
            sentence = max(text.rfind(mark, line, found.start()) for mark in "。；;")
            own = [mention for mention in before if mention.start > sentence]
            body = own[-1] if own else before[-1] if before else main
        if body is not None:
            yield from _agencies_of(units, body)


def _issuer_as_member() -> re.Pattern[str]:
    """`我局作为市防指成员单位`: the body begins where the words end."""
    return compiled(SCHEME, "(?P<own>{own-unit})(?:作为|[是为])(?=[^，,。；;]{2,30}的?{relations/members})")


def _issuer_in(organisations: Organisations, text: str, issuer: str) -> Iterator[DraftRelation]:
    """The issuer as a member of the bodies in which it says that it sits."""
    for found in _issuer_as_member().finditer(text):
        if not _is_issuer(found.group("own"), issuer):
            continue
        chain = organisations.chain(found.end(), min(len(text), found.end() + 120))
        if chain is None or not compiled("relations", "的?{members}").match(text, chain.mentions[-1].end):
            continue
        for body in chain.mentions:
            if body.label == "Committee" and not body.generic:
                yield DraftRelation(
                    issuer, "Agency", "MEMBER_OF", body.names[0], "Committee", found.start(), body.end, "member_list"
                )


def groups(reader: Reader) -> Iterator[DraftRelation]:
    """Who leads a working group and who is in it: `综合协调组:由市应急局牵头,市公安局、市水利局参加`, and lines of their own."""
    for duty in reader.duties:
        for owner in duty.owners:
            if not is_group(owner.name):
                continue
            section = reader.document.sections[duty.section] if duty.section >= 0 else None
            headed = section is not None and section.start <= owner.start < section.body
            start = section.body if headed and section is not None else owner.end
            if headed and not _group_made_of().match(reader.text, start):
                continue
            yield from _in_item(reader.organisations, reader.text, owner, start, max(duty.end, start))
    for group, name in _headed_groups(reader):
        for owners, kind in ((group.lead, "LEADS"), (group.members, "MEMBER_OF")):
            for owner in owners:
                if not owner.generic:
                    yield DraftRelation(
                        owner.name, owner.label, kind, name, "Committee", owner.start, owner.end, "group_lines"
                    )


def _in_item(
    organisations: Organisations, text: str, group: NamedOwner, start: int, end: int
) -> Iterator[DraftRelation]:
    """The lead and the members in the sentence of a working group, which begins at `start`."""
    while start < len(text) and text[start].isspace():
        start += 1
    leaders, members = organisations.grouped(start, min(len(text), end + 400))
    for owners, kind in ((leaders, "LEADS"), (members, "MEMBER_OF")):
        for owner in owners:
            if not owner.generic and owner.label in ("Agency", "Committee"):
                yield DraftRelation(
                    owner.name, owner.label, kind, group.name, group.label, owner.start, owner.end, "group_item"
                )


def _in_prose(reader: Reader) -> Iterator[DraftRelation]:
    """Leads and members that sentences name."""
    for part in (
        *respective_leads(reader.organisations, reader.text),
        *compositions(reader.organisations, reader.text),
    ):
        owner = part.owner
        if any(start <= owner.start < end for start, end, _ in reader.document.excluded):
            continue
        yield DraftRelation(
            owner.name, owner.label, part.kind, part.name, "Committee", owner.start, owner.end, "group_lines"
        )


def find_relations(reader: Reader, entities: Sequence[DraftEntity], issuer: str | None) -> list[DraftRelation]:
    """All relations between organisations, each once, heads and tails as the entities' names."""
    names = {(entity.type, form): entity.name for entity in entities for form in entity.forms}
    rows = [
        *part_of(entities, issuer),
        *offices(entities, reader.document.metadata.place),
        *hosts(reader.organisations, reader.text, issuer),
        *members(reader),
        *groups(reader),
        *bracketed_leads(reader.organisations, reader.text),
        *_in_prose(reader),
        *(_issuer_in(Organisations(reader.text, reader.mentions), reader.text, issuer) if issuer else ()),
    ]
    seen: dict[tuple[str, str, str], DraftRelation] = {}
    for row in rows:
        head = names.get((row.head_type, row.head))
        tail = names.get((row.tail_type, row.tail))
        if head is None or tail is None or head == tail:
            continue
        seen.setdefault(
            (head, row.type, tail),
            DraftRelation(head, row.head_type, row.type, tail, row.tail_type, row.start, row.end, row.rule),
        )
    return list(seen.values())
