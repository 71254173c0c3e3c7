"""Relations between organisations that the text states: PART_OF, OFFICE_OF, HOSTED_BY, MEMBER_OF, LEADS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from kg.extraction.agents import Chain, Organisations
from kg.extraction.annotations import NamedOwner, is_generic
from kg.extraction.duties import owner_in_heading
from kg.extraction.entities import DraftEntity
from kg.extraction.organisations import SCHEME, OrganisationMention
from kg.extraction.reader import Reader
from kg.loaders.document import Document, Section
from kg.ontology.lexicon import pattern

_OFFICE = re.compile(
    r"^(?P<body>.{2,}?(?:委员会|委|指挥部|领导小组|联席会议|指|专班))(?:的)?(?P<office>办公室|办|秘书处)$"
)
_PLATE = re.compile(r"加挂[^，,。；;]{4,60}牌子")
_HOSTED = re.compile(
    r"(?:办公室|秘书处)\s*(?:（[^）]*）|\([^)]*\))?\s*(?:日常工作)?[，,（(]?(?:常)?(?:设在|设于|设立在|挂靠在|挂靠|依托)(?:在)?"
)


@dataclass(frozen=True, slots=True)
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


@cache
def _inner() -> re.Pattern[str]:
    return re.compile(rf"{pattern(SCHEME, 'inner-units')}$")


def part_of(entities: Sequence[DraftEntity], issuer: str | None) -> Iterator[DraftRelation]:
    """`协调科` in an agency's own plan is a part of it; `市公安局交警支队` is a part of 市公安局."""
    agencies = [entity for entity in entities if entity.type == "Agency"]
    names = {form: entity.name for entity in agencies for form in entity.forms}
    for entity in agencies:
        for form in entity.forms:
            if entity.name == issuer or not _inner().search(form):
                continue
            whole = max(
                (other for other in names if form != other and form.startswith(other) and names[other] != entity.name),
                key=len,
                default=None,
            )
            spot = entity.places[0]
            if whole and whole.endswith(("政府", "省委", "市委", "区委", "县委")) and not re.search("[察视]组$", form):
                continue  # an organ of the government, no inner unit of it
            if whole:
                yield DraftRelation(
                    entity.name, "Agency", "PART_OF", names[whole], "Agency", spot.start, spot.end, "part_by_name"
                )
                break
            if (
                issuer
                and re.search(r"(?:局|厅|委|委员会|部|署|公司|中心)$", issuer)
                and len(form) <= 10
                and not re.match(rf"{pattern(SCHEME, 'levels')}|{pattern(SCHEME, 'not-inner-fronts')}", form)
            ):
                yield DraftRelation(
                    entity.name, "Agency", "PART_OF", issuer, "Agency", spot.start, spot.end, "part_of_issuer"
                )
                break


def offices(entities: Sequence[DraftEntity]) -> Iterator[DraftRelation]:
    """`省减灾委办公室` is the office of 省减灾委, when the text names that body too."""
    bodies = {form: entity.name for entity in entities if entity.type == "Committee" for form in entity.forms}
    for entity in entities:
        if entity.type != "Committee":
            continue
        for form in entity.forms:
            found = _OFFICE.match(form)
            body = bodies.get(found.group("body")) if found else bodies.get(_body_of_short(form) or "")
            if body and body != entity.name:
                spot = entity.places[0]
                yield DraftRelation(
                    entity.name, "Committee", "OFFICE_OF", body, "Committee", spot.start, spot.end, "office_by_name"
                )
                break


def _body_of_short(form: str) -> str | None:
    """安委办 -> 安委会, 防汛办/防办 -> 防指, 减灾办 -> 减灾委."""
    for office, body in (
        ("安委办", "安委会"),
        ("减灾办", "减灾委"),
        ("防汛办", "防指"),
        ("防办", "防指"),
        ("森防办", "森防指"),
        ("三防办", "三防指挥部"),
    ):
        if form.endswith(office):
            return form[: -len(office)] + body
    return None


def hosts(organisations: Organisations, text: str) -> Iterator[DraftRelation]:
    """`办公室设在省民政厅`: the office is that of the body named just before."""
    for found in _HOSTED.finditer(text):
        host = organisations.chain(found.end(), min(len(text), found.end() + 60))
        if host is None or host.mentions[0].generic:
            continue
        line = text.rfind("\n", 0, found.start()) + 1
        before = [m for m in organisations.within(line, found.end()) if m.label == "Committee"]
        at = found.start() + 3
        office = next((m for m in reversed(before) if m.end == at), None)
        if office is not None:
            name, start = office.names[0], office.start
        elif before:
            name, start = before[-1].names[0] + text[found.start() : at], before[-1].start
        else:
            continue
        unit = host.mentions[0]
        yield DraftRelation(name, "Committee", "HOSTED_BY", unit.names[0], unit.label, start, host.end, "host")
    for found in _PLATE.finditer(text):
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


def _member_by_duty(owner: NamedOwner, body: OrganisationMention) -> DraftRelation:
    """A unit of the duty list of a body's members."""
    return DraftRelation(
        owner.name, "Agency", "MEMBER_OF", body.names[0], "Committee", owner.start, owner.end, "member_duty_list"
    )


def members(reader: Reader) -> Iterator[DraftRelation]:
    """The units of a duty list of member units, and those named in `成员单位:A、B` or `由A、B等单位组成`."""
    document, organisations = reader.document, Organisations(reader.text, reader.mentions)
    main = _main_body(organisations, national=bool(re.match("国家|全国", document.metadata.title or "")))
    for duty in reader.duties:
        path = _path(document, duty.section)
        if not any(_MEMBER_HEADING.search(part.heading) for part in path[:3]):
            continue
        body = _body_of_path(path, organisations) or main
        if body is None:
            continue
        for owner in duty.owners:
            if not owner.generic and owner.label == "Agency":
                yield _member_by_duty(owner, body)
    for task in reader.tasks:
        path = _path(document, task.sentence.section)
        if task.sentence.position or not any(_MEMBER_HEADING.search(part.heading) for part in path[:3]):
            continue
        body = _body_of_path(path, organisations) or main
        for draft in task.owners:
            if body and draft.basis == "subject" and draft.role == "responsible" and draft.owner.label == "Agency":
                owner = draft.owner
                if not owner.generic and owner.start - task.sentence.start <= 40:
                    yield _member_by_duty(owner, body)
    yield from _listed_members(organisations, reader.text, main, document.excluded)
    yield from _composed_bodies(organisations, reader.text, document.excluded)


_MEMBER_HEADING = re.compile("成员单位|成员职责|组成单位")


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
            if m.label == "Committee" and not re.search("办公室|办$|组$", m.form)
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
            and not re.search("办公室|办$|组$|现场|专家", mention.form)
            and (national or not re.match("国家|中央|上级|国务院", mention.form))
        ):
            counts[mention.form] = counts.get(mention.form, 0) + 1
            first.setdefault(mention.form, mention)
    best = max(counts, key=lambda form: (counts[form], len(form) > 4, -first[form].start), default=None)
    return first[best] if best else None


_MEMBERS = re.compile(r"(?:成员单位|成员|组成单位)(?:主要)?(?:包括|有|为|由)?\s*[：:]?\s*")
_LEADER = re.compile(r"(?P<group>[\u4e00-\u9fff、]{2,14}组)?(?:组长单位|牵头单位|主任单位)(?:为|是|[：:])\s*")


_MADE = re.compile(r"[^，,。；;\n]{0,12}(?:组成|构成)")
_MADE_OF = re.compile(r"(?<=[\u4e00-\u9fff）)])由(?=[^，,。；;\n]{4,400}(?:组成|构成))")


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
    for found in _MADE_OF.finditer(text):
        if any(start <= found.start() < end for start, end, _ in excluded):
            continue
        line = text.rfind("\n", 0, found.start()) + 1
        before = organisations.within(line, found.start())
        body = before[-1] if before else None
        if body is None or body.label != "Committee" or body.generic or text[body.end : found.start()].strip():
            continue
        chain = organisations.chain(found.end(), text.find("组成", found.end()) + 1)
        if (
            chain is None
            or not _MADE.match(text, chain.end)
            or re.match("的?(?:有关)?(?:专家|人员|负责)", text[chain.end :][:8])
        ):
            continue
        yield from _agencies_of(chain, body)


def _led_group(organisations: Organisations, lead: re.Match[str], members: Chain, text: str) -> Iterator[DraftRelation]:
    """`医疗救护组组长单位为市卫生健康委,成员单位:市应急局、市红十字会`."""
    group = lead.group("group")
    leaders = organisations.chain(lead.end(), members.start)
    for chain, kind in ((leaders, "LEADS"), (members, "MEMBER_OF")):
        for owner in chain.owners("lead") if chain else ():
            if not owner.generic:
                yield DraftRelation(
                    owner.name, owner.label, kind, group, "Committee", owner.start, owner.end, "group_lines"
                )


def _listed_members(
    organisations: Organisations, text: str, main: OrganisationMention | None, excluded: Sequence[tuple[int, int, str]]
) -> Iterator[DraftRelation]:
    for found in _MEMBERS.finditer(text):
        if any(start <= found.start() < end for start, end, _ in excluded):
            continue
        line_end = text.find("\n", found.end())
        chain = organisations.chain(found.end(), line_end if line_end >= 0 else len(text))
        line = text.rfind("\n", 0, found.start()) + 1
        if chain is None or (
            len(chain.mentions) < 3 and not found.group().rstrip().endswith(("：", ":", "包括", "为", "由"))
        ):
            continue
        lead = _LEADER.search(text, line, found.start())
        if lead and lead.group("group"):
            yield from _led_group(organisations, lead, chain, text)
            continue
        before = [
            m
            for m in organisations.within(line, found.start())
            if m.label == "Committee" and not re.search("办公室|办$", m.form)
        ]
        body = before[0] if before else main
        if body is None:
            continue
        yield from _agencies_of(chain, body)


def groups(reader: Reader) -> Iterator[DraftRelation]:
    """Who leads a working group and who is in it: `综合协调组:由市应急局牵头,市公安局、市水利局参加`, and lines of their own."""
    for duty in reader.duties:
        for owner in duty.owners:
            if not owner.name.endswith("组"):
                continue
            section = reader.document.sections[duty.section] if duty.section >= 0 else None
            headed = section is not None and section.start <= owner.start < section.body
            start = section.body if headed and section is not None else owner.end
            if headed and not re.match(r"\s*(?:由|该?组由|本组由)", reader.text[start : start + 6]):
                continue
            yield from _in_item(reader.organisations, reader.text, owner, start, max(duty.end, start))
    for group in reader.groups:
        heading = reader.document.sections[group.section] if group.section >= 0 else None
        name = owner_in_heading(heading.heading) if heading else None
        if not name or heading is None:
            continue
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


def find_relations(reader: Reader, entities: Sequence[DraftEntity], issuer: str | None) -> list[DraftRelation]:
    """All relations between organisations, each once, heads and tails as the entities' names."""
    names = {(entity.type, form): entity.name for entity in entities for form in entity.forms}
    rows = [
        *part_of(entities, issuer),
        *offices(entities),
        *hosts(reader.organisations, reader.text),
        *members(reader),
        *groups(reader),
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
