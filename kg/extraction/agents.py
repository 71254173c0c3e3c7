"""Named agents of a sentence: who acts, who leads, who supports, who is only addressed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kg.extraction.annotations import NamedOwner, is_generic, titles
from kg.extraction.names import SCHEME, OrganisationMention, introduction
from kg.ontology.lexicon import alternation, compiled, pattern, words

_MARK = re.compile(r"[，,；;：:。（(《“【）)》”】]")


@dataclass(slots=True)
class Chain:
    """Organisations joined by 、 and 和 at [start, end), `等部门` included."""

    start: int
    end: int
    mentions: tuple[OrganisationMention, ...]

    def owners(self, role: str) -> list[NamedOwner]:
        """The units as owners with that role."""
        result = []
        for mention in self.mentions:
            for name in mention.names:
                generic = mention.generic or is_generic(name)
                label = "Group" if generic else mention.label
                result.append(NamedOwner(mention.start, mention.end, name, label, generic, role))
        return result


class Organisations:
    """The organisation mentions of a document by position."""

    def __init__(self, text: str, mentions: Sequence[OrganisationMention]) -> None:
        self.text = text
        self.mentions = mentions
        self._starts = [mention.start for mention in mentions]
        self._at = {mention.start: mention for mention in mentions}

    def at(self, start: int) -> OrganisationMention | None:
        """The mention that begins there."""
        return self._at.get(start)

    def grouped(self, start: int, end: int) -> tuple[list[NamedOwner], list[NamedOwner]]:
        """Who leads and who is in a working group, by the words that say what it is made of: `由A牵头,B、C参加,负责…`."""
        stop = _duties().search(self.text, start, end)
        if stop and stop.group() not in "，,。\n" and _leads_it().search(self.text, start, stop.start()):
            stop = _duties().search(self.text, stop.end(), end)  # 牵头负责，B、C配合
        limit = stop.start() if stop else end
        lead = said("leading-a-group").search(self.text, start, limit)
        alone = lead is not None and _is_leader(self.text, lead)  # A、B等组成，A为牵头单位
        named = _leaders_named().match(self.text, lead.start(), limit) if lead else None
        following = _members_named().search(self.text, named.end(), limit) if named else None
        until = following.start() if following else limit  # 牵头单位为A，成员单位有B
        leaders: list[NamedOwner] = []
        members: list[NamedOwner] = []
        if not lead and (opens := self.chain(start, limit)) and _organises().match(self.text, opens.end):
            return [], []  # 市海上搜救中心聘请…组成专家组
        lending = -1
        for mention in self.within(start, limit):
            chain = self.chain(mention.start, limit)
            if mention.start < lending or (chain and _lends_experts().match(self.text, chain.end, limit)):
                lending = max(lending, chain.end if chain else -1)
                continue  # 由县林业局、县气象局有关专家组成
            if lead is not None and mention.start <= lead.start() < mention.end:
                continue  # 牵头单位
            if _lends().match(self.text, mention.end, limit) or said("units-in-general").fullmatch(mention.form):
                continue  # 气象等部门的专家; 等部门组成
            leads = lead is not None and mention.end <= lead.start()
            if alone and lead is not None:
                between = self.text[mention.end : lead.start()]
                leads = mention.start < lead.start() and not re.search("[，,；;。]", between)
            if named:
                leads = named.end() <= mention.start < until
            if _members_named().fullmatch(mention.form):
                continue
            for owner in Chain(mention.start, mention.end, (mention,)).owners("lead" if leads else "support"):
                if not _person().match(self.text, mention.end):
                    (leaders if leads else members).append(owner)
        first = {owner.name for owner in leaders}
        members = [owner for owner in members if owner.name not in first]
        if not lead and not said("making-up").search(self.text, start, limit):
            return [], []
        return leaders, members

    def begin_in(self, start: int, end: int) -> bool:
        """Whether a mention begins in [start, end)."""
        return bisect_left(self._starts, start) < bisect_left(self._starts, end)

    def within(self, start: int, end: int) -> Sequence[OrganisationMention]:
        """The mentions that lie in [start, end)."""
        first = bisect_left(self._starts, start)
        last = bisect_left(self._starts, end)
        return [mention for mention in self.mentions[first:last] if mention.end <= end]

    def chain(self, start: int, end: int) -> Chain | None:
        """The organisations that begin at `start`, joined by separators, up to `end`."""
        found: list[OrganisationMention] = []
        at = start
        whole, part = self._at.get(at), self._at.get(self._at[at].end) if at in self._at else None
        own = compiled("organisations", "{own-unit}").fullmatch(whole.form) if whole else None
        if whole and part and own and part.label == "Agency":
            at = whole.end  # 我局|综合行政执法大队
        while mention := self._at.get(at):
            if mention.end > end:
                break
            found.append(mention)
            at = mention.end
            following = self._at.get(at)
            if (
                following
                and mention.form.endswith(words("agents", "party-committees"))
                and following.form.endswith(words("agents", "governments"))
            ):
                continue  # 市委市政府
            introduced = introduction().match(self.text, at, end)
            separator = _separator().match(self.text, introduced.end() if introduced else at, end)
            if not separator or separator.end() not in self._at:
                break
            at = separator.end()
        if not found:
            return None
        stop = found[-1].end
        closing = _list_end().match(self.text, stop, end)
        return Chain(start, closing.end() if closing else stop, tuple(found))


@cache
def said(concept: str) -> re.Pattern[str]:
    """Matches a word of a concept of `kg/ontology/agents.ttl`."""
    return re.compile(pattern("agents", concept))


def is_group(name: str) -> bool:
    """Whether a name is that of a working group: 抢险救援组."""
    return name.endswith(words(SCHEME, "groups", "task-forces"))


def _duties() -> re.Pattern[str]:
    return compiled(
        "agents", r"(?:{chiefly})?{duties-begin}(?!{duties-begin:notBefore})|。|\n|[，,](?={fronts-of-duties})"
    )


def _organises() -> re.Pattern[str]:
    """What a unit does that sets up the group, of which it is no member thereby."""
    return compiled("agents", "(?:负责|根据[^，,。]{1,8})?(?:{lending}|{organisations/setting-up})")


@cache
def _leaders_named() -> re.Pattern[str]:
    return re.compile(rf"{alternation(titles('lead'))}(?:为|是|有|[：:])")


@cache
def _members_named() -> re.Pattern[str]:
    return re.compile(alternation(titles("support")))


def _is_leader(text: str, lead: re.Match[str]) -> bool:
    """Whether the words name the unit before them alone as the one that leads: 区财政局为牵头单位."""
    return text[lead.start() - 1 : lead.start()] in ("为", "是") or lead.group().startswith("为")


def _leads_it() -> re.Pattern[str]:
    """The end of 牵头 in 牵头负责, after which the members may follow."""
    return compiled("agents", "{leading-a-group}$")


def _hosted() -> re.Pattern[str]:
    return compiled("agents", r"(?:[（(][^（）()]*[)）])?\s*(?:由[^，,。；;]{2,12}{moving}[至到为]?)?{hosting}")


def _makes_up_group() -> re.Pattern[str]:
    """A、B|组成事故调查组，查清原因: they act."""
    return compiled("agents", "等?{composing}[^，,。；;的]{2,24}{organisations/groups}$")


def _moved() -> re.Pattern[str]:
    """市防办|由市水利局调整设在市应急局: it is moved, it does nothing."""
    return compiled("agents", r"\s*(?:分别)?由[^，,。；;]{2,30}?{moving}(?:[至到为]?{hosting}|[至到])")


def _duty_next() -> re.Pattern[str]:
    return compiled("agents", r"[，,]\s*(?:{duty-qualifiers})*{taking-on}")


def _lends() -> re.Pattern[str]:
    return compiled("agents", "等?(?:{units-in-general})?(?:的|{which-units}|{lending})?{lent-persons}|的")


def _lends_experts() -> re.Pattern[str]:
    return compiled("agents", "(?:的|{which-units+lending})?{experts}")


def _team_acts() -> re.Pattern[str]:
    return compiled(
        "agents", r"\s*(?:等?[^，,。；;、]{0,4}力量)?(?:\d+余?[名人](?:队员|人员)?)?\s*(?!{team-acts:notIn}){team-acts}"
    )


def _separator() -> re.Pattern[str]:
    return compiled("agents", r"(?:\s*(?:{and+and-its+or}|[、（）()])\s*|\s+)(?:{each-and-other})?")


def _list_end() -> re.Pattern[str]:
    return compiled(SCHEME, r"等\d+[个家](?:成员)?(?:{units}|{departments}|单位)|{lists-end}")


def _opening() -> re.Pattern[str]:
    """What may stand between the front of a clause and its agent."""
    return compiled(
        "agents",
        r"\s*(?:{before-agent}|由|\d+[余多]?[名人]的|(?:(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日|[底末初]|[上中下]旬)?|年底|汛期?)之?前"
        r"|(?:\d{1,2}[日时]|[^，,；;：:。、]{1,24}?{ends-of-circumstances})(?=由))*\s*",
    )


def _not_agent() -> re.Pattern[str]:
    """What after an organisation shows that it does not act in the clause."""
    return compiled("agents", r"\s*(?:{not-after-agent})")


def _person() -> re.Pattern[str]:
    return compiled("agents", "(?:的|{and-its})?(?:{before-persons})?{organisations/persons}(?!{units-in-general})")


def _composition() -> re.Pattern[str]:
    return compiled("agents", "{composition}")


def _joint() -> re.Pattern[str]:
    """Verbs that bring in a second unit: 会同X, 商X, 配合X."""
    return compiled(
        "agents", "(?P<with>{together-with})|(?P<call>{calling})|(?P<help>{helping})|(?P<address>{addressing})"
    )


def _support_front() -> re.Pattern[str]:
    return compiled("agents", "(?:{before-support})*{helping}")


def _when() -> re.Pattern[str]:
    return compiled("agents", "{ends-of-times}$")


def _helping_well() -> re.Pattern[str]:
    """做好配合工作 is support."""
    return compiled("agents", "(?:{before-support})*{doing-well}[^，,]*{helping}{work}$")


def _lead_after() -> re.Pattern[str]:
    return compiled("agents", "(?:{before-role})*(?P<lead>{leading})")


def _support_after() -> re.Pattern[str]:
    return compiled("agents", "(?:{before-role})*(?P<support>{supporting})(?=[，,；;。]|$)")


def clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches between commas, colons and the like outside brackets and quotation marks."""
    result = []
    depth = 0
    begin = start
    for mark in _MARK.finditer(text[start:end]):
        at = start + mark.start()
        char = mark.group()
        if char in "（(《“【":
            depth += 1
        elif char in "）)》”】":
            depth = max(0, depth - 1)
        elif depth == 0:
            if at > begin:
                result.append((begin, at))
            begin = at + 1
    if end > begin:
        result.append((begin, end))
    return result


_ALIAS = re.compile(r"[（(][^（）()]{2,40}[)）]$")


def _sets_up() -> re.Pattern[str]:
    return compiled("agents", "(?:{organisations/setting-up}|{short-for-setting-up})了?$")


def _its_duties() -> re.Pattern[str]:
    return compiled(
        "agents", r"[，,]\s*(?:{taking-on}|{acting-at-once}|为.{1,12}{providing}|在[^，,]{2,60}{under-guidance})"
    )


def _receives() -> re.Pattern[str]:
    return compiled("agents", "在?{receiving}")


def _condition() -> re.Pattern[str]:
    return compiled("agents", "{ends-of-conditions}$")


def _members_follow() -> re.Pattern[str]:
    return compiled("relations", "{members}(?P<lead_in>{leading-in-members+having-members})?")


def _set_up(organisations: Organisations, text: str, begin: int, stop: int, end: int) -> Chain | None:
    """The organ that a clause sets up and whose duties the next clause gives: `X设立专家委员会,负责…`."""
    if not _its_duties().match(text, stop, end):
        return None
    alias = _ALIAS.search(text, begin, stop)
    close = alias.start() if alias else stop
    for mention in organisations.within(begin, stop):
        if mention.end == close and _sets_up().search(text, begin, mention.start):
            return organisations.chain(mention.start, stop)
    return None


@dataclass(slots=True)
class Acting:
    """Who acts in a sentence and who is only addressed."""

    owners: tuple[NamedOwner, ...]
    addressed: tuple[NamedOwner, ...]
    new_agent: bool
    """Whether an agent is named as such (not only 会同X or 配合X)."""
    following: tuple[NamedOwner, ...] = ()
    """Who acts in the parts after a `；`, where that is not `owners`: the organ that the sentence sets up."""


def acting(organisations: Organisations, start: int, end: int) -> Acting:
    """The agents of text[start:end]: at the front of a clause, or after 由.

    >>> from kg.extraction.organisations import find_organisations
    >>> text = "灾害发生时,市水利局会同市财政局督促各镇修复堤防"
    >>> found = acting(Organisations(text, find_organisations(text)), 0, len(text))
    >>> [(o.name, o.role) for o in found.owners], [o.name for o in found.addressed]
    ([('市水利局', 'responsible'), ('市财政局', 'support')], ['各镇'])
    """
    if not organisations.begin_in(start, end):
        return Acting((), (), False)
    text = organisations.text
    owners: dict[tuple[str, bool], NamedOwner] = {}
    addressed: dict[str, NamedOwner] = {}
    agent = False
    following: list[NamedOwner] = []
    bodies = any(mention.label == "Committee" for mention in organisations.within(start, end))
    in_body = False  # a clause before says who leads a body
    receiver: list[NamedOwner] = []  # 县公安局接到报警后,应… : it acts where no one else does

    def keep(found: list[NamedOwner]) -> None:
        for owner in found:
            owners.setdefault((owner.name, owner.generic), owner)

    for begin, stop in clauses(text, start, end):
        at = begin
        while at < stop and text[at].isspace():
            at += 1
        if in_body and bodies and _takes_part(organisations, text, at, stop):
            continue  # 由A任组长单位，B、C参加
        if bodies and agent and _each_leads().match(text, at, stop):
            continue  # 增设消防、交通2个专业委员会，分别由A、B牵头
        listed = _members_follow().match(text, at, stop)
        if listed and listed.end() == stop:
            break  # 成立县…领导小组，成员单位包括：A、B
        if listed and listed.group("lead_in"):
            continue  # 成员单位为A、B
        if not organisations.begin_in(begin, stop):
            continue
        chain = organisations.chain(at, stop)
        opening = _opening().match(text, at, stop)
        if chain is None and opening:
            at = opening.end()
            chain = organisations.chain(at, stop)
        if chain is not None and is_group(chain.mentions[-1].form) and text.startswith("由", chain.end):
            at = chain.end + 1
            chain = organisations.chain(at, stop)  # 抢险救援组由|县消防救援大队牵头
        if chain is not None and (belonging := compiled("agents", "{belonging}").match(text, chain.end, stop)):
            at = belonging.end()
            chain = organisations.chain(at, stop) or chain  # 市发改委所属|市物资储备中心
        if chain is not None:
            chain = _made_body(organisations, text, chain, stop) or chain
        if chain is None or all(mention.generic for mention in chain.mentions):
            chain = _by(organisations, text, at, stop) or chain
        elif (
            stop < end
            and not text[begin:at].endswith("由")
            and text[chain.end] not in "对将"
            and _condition().search(text[chain.end : stop].rstrip())
        ):
            if _receives().match(text, chain.end, stop) and not agent:
                receiver = receiver or chain.owners("responsible")
            chain = None  # 国务院批准后, … says when, not who
        in_body = in_body or (chain is not None and titled().match(text, chain.end, stop) is not None)
        if chain is not None and chain.mentions[-1].label == "Team" and not _team_acting(text, chain, stop):
            chain = _by(organisations, text, chain.end, stop)
        hosted = chain is not None and _hosted().match(text, chain.end, stop) and _duty_next().match(text, stop, end)
        if (
            chain is not None
            and (
                hosted
                or (not text.endswith("由", 0, chain.start) and _makes_up_group().match(text, chain.end, stop))
                or not (_not_agent().match(text, chain.end, stop) or _moved().match(text, chain.end, stop))
            )
            and not _composed(text, begin, chain, stop, of_a_body=bodies)
        ):
            person = _person().match(text, chain.end, stop)
            if person:
                name = text[chain.mentions[-1].start : person.end()]
                keep([NamedOwner(chain.mentions[-1].start, person.end(), name, "Group", True, "responsible")])
                agent = True
                at = person.end()
            elif text[chain.end : stop].strip() or stop < end or chain.end == end:
                lead = _lead_after().match(text, chain.end, stop)
                support = _support_after().match(text, chain.end, stop)
                if not support and any(owner.role == "lead" for owner in owners.values()):
                    support = _support_front().match(text, chain.end, stop)  # A牵头…，B配合整治…
                role = "lead" if lead else "support" if support else "responsible"
                keep(chain.owners(role))
                agent = True
                at = lead.end() if lead else chain.end
                beside = organisations.chain(at + 1, stop) if lead and text.startswith("、", at) else None
                if beside is not None and _support_after().match(text, beside.end, stop):
                    keep(beside.owners("support"))  # A牵头、B配合
        organ = _set_up(organisations, text, at, stop, end)
        if organ is not None and agent:
            following = organ.owners("responsible")
            keep(following)
        for joint in _joint().finditer(text, at, stop):
            second = organisations.chain(joint.end(), stop)
            if second is None:
                continue
            after = text[second.end : stop]
            if joint.lastgroup == "call" and (after.strip() or not agent):
                continue  # 协调驻军参加抢险: the other one is only called
            if after.startswith("的") or not after.strip() and joint.lastgroup not in ("with", "call"):
                continue
            if joint.lastgroup == "address":
                for owner in second.owners("responsible"):
                    addressed.setdefault(owner.name, owner)
            elif joint.lastgroup in ("with", "call") and (agent or owners or joint.start() == at):
                keep(second.owners("support"))
    if receiver and not agent:
        owners = {(owner.name, owner.generic): owner for owner in receiver} | owners
        agent = True
    return Acting(tuple(owners.values()), tuple(addressed.values()), agent, tuple(following))


def _made_body(organisations: Organisations, text: str, chain: Chain, stop: int) -> Chain | None:
    """The body that a clause describes by who made it: 由县林业局牵头、县公安局参加的|防火专班, 县政府成立的|领导小组."""
    if text.endswith("由", 0, chain.start):
        made = compiled("agents", "(?:{making-up}|{leading-a-group})的").search(text, chain.end, stop)
    else:
        made = compiled(SCHEME, "{setting-up}的").match(text, chain.end, stop)
    body = organisations.at(made.end()) if made else None
    return Chain(body.start, body.end, (body,)) if body is not None and body.label == "Committee" else None


def _each_leads() -> re.Pattern[str]:
    return compiled("agents", r"分别由[^，,。；;]{4,200}{leading-a-group}(?![\u4e00-\u9fff])")


def _takes_part(organisations: Organisations, text: str, start: int, stop: int) -> bool:
    """Whether a clause is nothing but units and that they take part."""
    chain = organisations.chain(start, stop)
    return chain is not None and compiled("agents", r"{making-up}\s*").fullmatch(text, chain.end, stop) is not None


def _team_acting(text: str, chain: Chain, stop: int) -> bool:
    """Whether a team at the front of a clause is said to act there: 由县矿山救护队牵头."""
    return (
        text.endswith("由", 0, chain.start)
        or _lead_after().match(text, chain.end, stop) is not None
        or _team_acts().match(text, chain.end, stop) is not None
    )


def _by(organisations: Organisations, text: str, start: int, stop: int) -> Chain | None:
    """The agent after a 由 inside a clause: 具体由市水利局组织实施."""
    for mark in re.finditer("由", text[start:stop]):
        chain = organisations.chain(start + mark.end(), stop)
        if chain is not None and text[chain.end : stop].strip():
            return chain
    return None


@cache
def titled() -> re.Pattern[str]:
    """`任组长单位`, `为牵头单位`: what the units before it are."""
    return re.compile(rf"\s*(?:担任|任|为|是)(?:{alternation(titles('lead'))})")


def _as_members() -> re.Pattern[str]:
    return compiled("relations", r"(?:等(?:单位|部门)?)?\s*(?:均|都)?[为是任]{members}")


def _composed(text: str, begin: int, chain: Chain, stop: int, *, of_a_body: bool) -> bool:
    """Whether 由X… tells what something consists of or who holds a post, not who acts."""
    if of_a_body and (titled().match(text, chain.end, stop) or _as_members().match(text, chain.end, stop)):
        return True
    by = text[begin : chain.start].rstrip().endswith("由")
    return by and _composition().search(text, chain.end, stop) is not None


def helped(organisations: Organisations, start: int, end: int) -> list[NamedOwner] | None:
    """Whom a sentence supports, if support is all that its unit does (配合X, 协助X做好…): X leads. None: it does more.

    An empty list means that the unit supports, but no organisation is named.
    """
    text = organisations.text
    found: list[NamedOwner] = []
    stretches = clauses(text, start, end)
    if not stretches:
        return None
    for begin, stop in stretches:
        clause = text[begin:stop].strip()
        if (
            stop < end
            and said("fronts-of-circumstances").match(clause)
            or _when().search(clause)
            or (begin == stretches[0][0] and clause.endswith("等") and re.fullmatch(r"[^，,、]{0,8}等", clause))
        ):
            continue
        if _helping_well().match(clause):
            continue
        front = _support_front().match(text, begin, stop)
        if not front:
            return None
        chain = organisations.chain(front.end(), stop)
        if chain is not None and not text.startswith("的", chain.end):
            found += chain.owners("lead")
    return found


def helped_in_part(organisations: Organisations, start: int, end: int) -> list[NamedOwner] | None:
    """Whom a sentence without an agent supports in one of its clauses: 落实测温消杀，配合市卫健委做好秋冬季防控."""
    for begin, stop in clauses(organisations.text, start, end):
        front = _support_front().match(organisations.text, begin, stop)
        chain = organisations.chain(front.end(), stop) if front else None
        if chain is not None and organisations.text[chain.end : stop].strip() and organisations.text[chain.end] != "的":
            return [owner for owner in chain.owners("lead") if owner.name not in words("agents", "governments")]
    return None
