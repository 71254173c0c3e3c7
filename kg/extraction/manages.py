"""MANAGES: which resources the agent of a sentence owns, keeps, stocks, runs or builds up.

Only plain statements count: the verb governs the resource directly (`管理、分配救灾款物`, `组建防汛专家库`) or follows
it as a noun (`负责救灾物资的收储、轮换和日常管理`), in a clause that neither helps, urges nor guides someone else
(`协助做好救灾物资的储备`) nor sets up an arrangement about it (`建立应急物资管理制度`). Who calls, sends or uses a
resource does not manage it. The words stand in `kg/ontology/managing.ttl`.

    >>> from kg.extraction.resources import find_resources
    >>> text = "省民政厅:申请、管理、分配救灾款物,协助做好救灾物资的储备;组建专家库,调用民兵"
    >>> [mention.name for mention in managed(text, 0, len(text), find_resources(text))]
    ['救灾款物', '专家库']
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from kg.extraction.annotations import NamedOwner
from kg.extraction.resources import ResourceMention
from kg.ontology import vocabulary
from kg.ontology.lexicon import alternation, pattern

_CLAUSE = re.compile(r"[，,。；;：:\n]")
_BETWEEN_AGENTS = re.compile(r"[、和及与]|以及|\s")


@cache
def _joined() -> re.Pattern[str]:
    """Between two members of a list, with the quantity of the first (`编织袋12万条、土工布`) and members that name none."""
    least = pattern("expressions", "comparator-at-least")
    return re.compile(
        rf"(?:{least}?[\d.]+[余多万千]*(?:平方米|立方米|[\u4e00-\u9fff]))?\s*"
        r"(?:、[\u4e00-\u9fff]{2,8}){0,2}(?:[、和及与]|以及|等)\s*"
    )


@dataclass(frozen=True, slots=True)
class _Patterns:
    governing: re.Pattern[str]
    following: re.Pattern[str]
    other: re.Pattern[str]
    arranged: re.Pattern[str]
    opening: re.Pattern[str]
    strengthening: re.Pattern[str]
    stocked: re.Pattern[str]
    classes: re.Pattern[str]
    passive: re.Pattern[str]
    kept: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    words = vocabulary("managing")
    verb = alternation(words["keep"].forms + words["build"].forms)
    set_up = alternation(words["keep"].forms + words["set-up"].forms)
    manner = alternation(words["manner"].forms)
    about = alternation(words["arrangement"].forms + words["about"].forms)
    counted = rf"{pattern('expressions', 'comparator-at-least')}?\d+[余多]?(?:{alternation(vocabulary('expressions')['units-count'].forms)})(?:以上|左右)?的?"
    between = f"(?:{alternation(words['between'].forms)}|各|{counted})"
    based = f"(?:以[^，,。；;]{{2,40}}为{alternation(words['basis'].forms)}的)?"
    some = "[\u4e00-\u9fff]{2}"
    return _Patterns(
        # …管理、接收并分发 所接收的 <resource>
        re.compile(f"{verb}(?:(?:[、和及与并]|并且){some})*(?:{between})*{based}$"),
        # <resource> 的 收储、轮换和日常管理
        re.compile(
            f"(?:[、和及与等][^，,。；;：:、和及与的]{{1,10}})*的?(?:{some}[、和及与])*{manner}?{set_up}(?!{about})"
        ),
        # 规划、建设 is a verb more of the same agent
        re.compile(
            rf"{alternation(words['not-own'].forms)}(?![、和及]{verb})"
            rf"|组织[^，,。；;]{{0,10}}{alternation(words['classes-of-keepers'].forms)}"
            rf"|[为给向](?![本自])[^，,。；;]{{2,24}}{alternation(words['equip'].forms)}"  # 为各街道配备…: they keep it
        ),
        # <resource> 管理制度, <resource> 采购、调拨和运输机制
        re.compile(f"[^，,。；;：:\n]{{0,30}}?(?:{alternation(words['arrangement'].forms)})(?![建立])"),
        re.compile(f"(?:{alternation(words['duty'].forms)})(?:{between})*$"),
        re.compile(f"(?:{alternation(words['strengthen'].forms)})(?:{between})*$"),
        # 加强 <resource> 储备, not 储备体系
        re.compile(
            f"(?:[、和及与][^，,。；;：:、和及与的]{{1,10}})*的?{alternation(words['stocking'].forms)}(?!{about}|[\u4e00-\u9fff])"
        ),
        # 各林场 配备, 化工园区应当 建立
        re.compile(
            f"(?![在为对向按给])[\u4e00-\u9fff]{{0,10}}?{alternation(words['classes-of-keepers'].forms)}"
            f"{alternation(words['obligation'].forms)}?{verb}"
        ),
        re.compile(alternation(words["passive"].forms)),
        re.compile(f"(?:负责)?(?:{alternation(words['manner'].forms)})?{verb}"),
    )


def managed(text: str, start: int, end: int, resources: Iterable[ResourceMention]) -> list[ResourceMention]:
    """The resources of the sentence text[start:end] that its agent manages.

    Args:
        text: the cleaned text.
        start, end: the sentence; its agent's label (`省民政厅:`) may stand in it.
        resources: mentions in order; those outside the sentence are passed over.
    """
    patterns = _patterns()
    found: list[ResourceMention] = []
    before_end = -1
    for mention in resources:
        if mention.start < start or mention.end > end:
            continue
        left = mention.left if start <= mention.left < mention.start else mention.start
        if (
            found
            and before_end == found[-1].end
            and (_joined().fullmatch(text, before_end, mention.start) or _joined().fullmatch(text, before_end, left))
        ):
            found.append(mention)
            before_end = mention.end
            continue
        opening = max((mark.end() for mark in _CLAUSE.finditer(text, start, left)), default=start)
        before, modified = text[opening:left], text[opening : mention.start]
        closing = _CLAUSE.search(text, mention.end, end)
        after = text[mention.end : closing.start() if closing else end]
        if patterns.other.search(modified) or patterns.arranged.match(after):
            continue
        strengthened = (
            mention.type == "Supply" and patterns.strengthening.search(before) and patterns.stocked.match(after)
        )
        opened = patterns.opening.search(before) and patterns.following.match(after)
        if patterns.governing.search(before) or patterns.governing.search(modified) or opened or strengthened:
            found.append(mention)
            before_end = mention.end
    return found


def manages(
    text: str, start: int, end: int, owners: Sequence[NamedOwner], resources: Sequence[ResourceMention]
) -> list[tuple[NamedOwner, ResourceMention]]:
    """Pairs of an owner and a resource that it manages, for one task.

    Args:
        text, start, end: the task's sentence.
        owners: the owners that the sentence or a duty list gives it; the owners of an annotation answer for a task without
            thereby keeping what it names. Those that only support, and groups named by class, keep nothing, but what
            stands behind a group is the group's.
        resources: mentions of the document in order.

    Returns:
        Of the owners that the sentence names those named last before the resource (`县应急局组建抢险队，县卫健局组建医疗队`);
        where it names none before it, those of the duty list; none where the clause begins with a class of units
        (`各林场配备风力灭火机`).
    """
    inside = sorted((owner for owner in owners if start <= owner.start < end), key=lambda owner: owner.start)
    leading = [owner for owner in inside if owner.role != "support"]
    listed = [owner for owner in owners if not start <= owner.start < end]
    pairs = []
    kept = managed(text, start, end, resources)
    for mention in kept:
        acting: Sequence[NamedOwner] = (
            _last_agents(text, [owner for owner in leading if owner.end <= mention.start]) or listed
        )
        acting = acting if acting is listed else _respective(text, acting, mention, kept)
        if _of_a_class(text, start, mention, inside):
            continue
        pairs += [(owner, mention) for owner in acting if owner.role != "support" and not owner.generic]
    for mention in resources:
        if start <= mention.start and mention.end <= end:
            keepers = [owner for owner in leading if not owner.generic and _kept_by(text, mention, owner)]
            pairs += [(owner, mention) for owner in keepers if (owner, mention) not in pairs]
    return pairs


def _respective(
    text: str, owners: Sequence[NamedOwner], mention: ResourceMention, kept: Sequence[ResourceMention]
) -> Sequence[NamedOwner]:
    """`县水利局、县林业局分别组建抢险队和扑火队`: each unit its own, where there are as many as things."""
    if len(owners) < 2 or not text.startswith("分别", max(owner.end for owner in owners)):
        return owners
    return [owners[kept.index(mention)]] if len(kept) == len(owners) else owners


def _kept_by(text: str, mention: ResourceMention, owner: NamedOwner) -> bool:
    """`防汛机动抢险队由县水利局组建和管理`."""
    by = _patterns().passive.match(text, mention.end)
    return by is not None and by.end() == owner.start and _patterns().kept.match(text, owner.end) is not None


def _last_agents(text: str, owners: Sequence[NamedOwner]) -> list[NamedOwner]:
    """The last of the owners before a resource, with those joined to it by 、 or 和; each unit of one abbreviated list."""
    last: list[NamedOwner] = []
    for owner in owners:
        joined = last and (owner.start < last[-1].end or _BETWEEN_AGENTS.fullmatch(text, last[-1].end, owner.start))
        last = [*last, owner] if joined else [owner]
    return last


def _of_a_class(text: str, start: int, mention: ResourceMention, owners: Sequence[NamedOwner]) -> bool:
    """Whether the clause of a resource begins with units named by class, which are the ones that keep it."""
    opening = max((mark.end() for mark in _CLAUSE.finditer(text, start, mention.start)), default=start)
    if opening == start or any(opening <= owner.start < mention.start for owner in owners):
        return False
    return _patterns().classes.match(text, opening, mention.start) is not None
