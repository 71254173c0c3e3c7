"""Facts made by hand, for the tests of store, queries and graph.

`facts(lines)` reads a small plan of its own notation, one task a line:

    text | owner role/owner role | hazards | resources | deadline | status

and gives the Facts that extraction would, with offsets in the text that the lines make.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

from kg.extraction.facts import (
    Addressed,
    Citation,
    Deadline,
    Entity,
    Evidence,
    Facts,
    Mention,
    Named,
    Owner,
    Relation,
    SectionFact,
    Target,
    Task,
)
from kg.graph import Graph
from kg.loaders.document import PlanMetadata
from kg.store.base import Store
from kg.store.ladybug import LadybugStore
from kg.store.rows import plan_rows

RESOURCES = {
    "卫星电话": "Supply",
    "排水泵": "Supply",
    "防汛物资": "Supply",
    "冲锋舟": "Supply",
    "抢险队": "Team",
    "预警平台": "System",
}
GENERIC = ("有关部门", "各镇(街道)", "我局")


def facts(
    *lines: str,
    title: str = "云溪区应急管理局2024年工作要点",
    issuer: str | None = "云溪区应急管理局",
    place: str | None = "云溪市云溪区",
    year: int | None = 2024,
    number: str | None = None,
    source: str = "云溪2024.txt",
    kind: str = "工作要点",
    relations: tuple[tuple[str, str, str, str, str], ...] = (),
    entities: tuple[tuple[str, str, tuple[str, ...]], ...] = (),
) -> Facts:
    """One plan; a line that begins with `#` opens a section, `+` adds a goal (`+ measure comparator value unit`)."""
    at = 0
    sections: list[SectionFact] = []
    tasks: list[Task] = []
    targets: list[Target] = []
    cites: list[Citation] = []
    named: dict[tuple[str, str], list[Mention]] = {}
    aliases = {(type_, name): forms for type_, name, forms in entities}

    def seen(type_: str, name: str, evidence: Evidence) -> None:
        named.setdefault((type_, name), []).append(Mention(name, len(sections) - 1, evidence))

    for type_, name, forms in entities:
        seen(type_, name, Evidence(0, 1, forms[0] if forms else name, "hand"))
    for line in lines:
        if line.startswith("#"):
            heading = line[1:].strip()
            sections.append(SectionFact(f"{len(sections) + 1}.", heading, 1, -1, at, at + len(heading)))
            at += len(heading) + 1
            continue
        if line.startswith("+"):
            measure, comparator, value, unit = line[1:].split()
            targets.append(Target(measure, comparator, float(value), unit, Evidence(at, at + len(line), line, "hand")))
            at += len(line) + 1
            continue
        text, owners, hazards, resources, deadline, status = (*(part.strip() for part in line.split("|")), *[""] * 6)[
            :6
        ]
        evidence = Evidence(at, at + len(text), text, "hand")
        made = []
        where = at + len(text) + 1
        for owner in filter(None, owners.split("/")):
            name, _, role = owner.partition(" ")
            resolved = issuer if name == "我局" else None
            words = Evidence(where, where + len(name), name, "hand")
            where += len(name) + 1
            label = "Group" if name in GENERIC else "Committee" if name.endswith(("指挥部", "安委会")) else "Agency"
            made.append(Owner(name, label, role or "responsible", "annotation", name in GENERIC, words, resolved))
            if name not in GENERIC:
                seen(label, name, words)
        for name in filter(None, hazards.split("/")):
            seen("Hazard", name, evidence)
        things = [(RESOURCES[name], name) for name in resources.split("/") if name]
        for type_, name in things:
            seen(type_, name, evidence)
        tasks.append(
            Task(
                text,
                status or "planned",
                len(sections) - 1,
                evidence,
                owners=tuple(made),
                addressed=(Addressed("各镇(街道)", "Group", True, evidence),) if text.startswith("督促") else (),
                hazards=tuple(Named(name, "Hazard", evidence) for name in hazards.split("/") if name),
                resources=tuple(Named(name, type_, evidence) for type_, name in things),
                deadline=Deadline(deadline, None, evidence) if deadline else None,
                statement=len(tasks) if made else -1,
            )
        )
        at = where + 1
    return Facts(
        source=source,
        sha256=hashlib.sha256("\n".join((source, *lines)).encode()).hexdigest(),
        plan=PlanMetadata(title, kind, issuer, place, number, None, year, year),
        sections=tuple(SectionFact(s.number, s.heading, s.level, s.parent, s.start, at) for s in sections),
        tasks=tuple(tasks),
        targets=tuple(targets),
        cites=tuple(cites),
        entities=tuple(
            Entity(type_, name, aliases.get((type_, name), ()), tuple(m)) for (type_, name), m in named.items()
        ),
        relations=tuple(Relation(*relation, Evidence(0, 1, relation[0], "hand")) for relation in relations),
        covers=(),
        rejected=(),
        warnings=(),
        size=at,
    )


def yunxi_2024() -> Facts:
    """A plan with shared owners, a group, unowned tasks, a hazard given to no one."""
    return facts(
        "# 加强防汛工作",
        "汛期前为多灾易灾村配备卫星电话、排水泵 | 救援科/综合科 | | 卫星电话/排水泵 | 汛期前",
        "开展山洪灾害隐患点排查 | 区水利局 lead/区气象局 support | 山洪灾害 | | 5月底前",
        "备足防汛物资 | 救援科 | 洪涝灾害 | 防汛物资",
        "# 加强安全生产",
        "开展危险化学品企业专项检查 | 危化科/综合科 | 危险化学品事故",
        "推广安责险 | 综合科",
        "修订生产安全事故应急预案 | | 生产安全事故",
        "督促各镇(街道)落实责任 | 我局 | | | | duty",
        "卫星电话实现全覆盖 | | | 卫星电话",
        "完成森林防火宣传 | | 森林草原火灾 | | | reported",
        "+ 生产安全事故起数 - 20 %",
        relations=(
            ("救援科", "Agency", "PART_OF", "云溪区应急管理局", "Agency"),
            ("综合科", "Agency", "PART_OF", "云溪区应急管理局", "Agency"),
            ("危化科", "Agency", "PART_OF", "云溪区应急管理局", "Agency"),
            ("抢险队", "Team", "FOR_HAZARD", "洪涝灾害", "Hazard"),
        ),
        entities=(
            ("Agency", "云溪区应急管理局", ("区应急管理局",)),
            ("Hazard", "地震灾害", ("地震",)),
            ("Team", "抢险队", ()),
        ),
    )


def yunxi_2025() -> Facts:
    """The next year's plan of the same bureau: other forms of the same units."""
    return facts(
        "# 防汛",
        "检修排水泵 | 区水利局 | 洪涝灾害 | 排水泵",
        "开展危险化学品企业专项检查 | 危化科",
        title="云溪区应急管理局2025年工作要点",
        year=2025,
        source="云溪2025.txt",
        relations=(("危化科", "Agency", "PART_OF", "区应急局", "Agency"),),
        entities=(("Agency", "云溪区应急管理局", ("区应急局", "区局")),),
    )


def other_district() -> Facts:
    """A plan of another place, whose units have the same names."""
    return facts(
        "检修排水泵 | 区水利局/有关部门 | 洪涝灾害 | 排水泵",
        "开展危险化学品企业专项检查 | 危化科/救援科",
        title="石桥区2024年工作要点",
        issuer="石桥区应急管理局",
        place="云溪市石桥区",
        source="石桥2024.txt",
        relations=(("危化科", "Agency", "PART_OF", "石桥区应急管理局", "Agency"),),
    )


def ledgers() -> list[Facts]:
    """Two plans of one place, whose ledgers count the same thing each in its own way."""
    counts = {2024: (6, "艘", "东港仓库"), 2025: (40, "只", "西港仓库")}
    plans = []
    for year, (quantity, unit, place) in counts.items():
        plan = facts(
            "检查冲锋舟 | 区水利局 | | 冲锋舟", title=f"云溪区防汛物资台账{year}", year=year, source=f"{year}.txt"
        )
        entities = [
            replace(one, quantity=quantity, unit=unit, kept_at=(place,)) if one.name == "冲锋舟" else one
            for one in plan.entities
        ]
        plans.append(replace(plan, entities=entities))
    return plans


def graph_of(*plans: Facts) -> Graph:
    """A graph of these plans, in memory."""
    graph = Graph(LadybugStore.create())
    graph.add_facts(plans)
    return graph


def filled(*plans: Callable[[], Facts]) -> LadybugStore:
    """A store of the plans that these functions make, in memory."""
    store = LadybugStore.create()
    store.put(plan_rows(plan()) for plan in plans)
    return store


def dump(store: Store) -> list[str]:
    """All rows of a store as text."""
    return [repr(row) for row in (*store.nodes(), *store.relationships())]
