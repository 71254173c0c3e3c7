"""The catalogue of the rules of extraction, in the order in which they work.

Every fact names the rule that made it (`Evidence.rule`), everything dropped the rule that dropped it (`Rejected.rule`).
A rule is described here with an example that a test runs: the rule must make or reject something in it, and every name
that occurs in any extraction must stand here. `docs/rules.md` is generated from this catalogue.

The rule of a task is `task` where nobody is named for it, else `task_` with the rule that found its first owner.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.extraction import hazards, resources, tables, tasks

__all__ = ["STEPS", "Rule", "names", "rules"]

PLAN = "云溪区防汛抗旱应急预案"
WORK = "云溪区应急管理局2026年工作要点"
REVIEW = "云溪区应急管理局2025年工作总结"
"""Titles of invented plans that stand before the examples: a standing plan, the work of a year, a review."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `makes` are the kinds of facts it makes (none: it only rejects), `reasons` its reason codes with what they
    say, `vocabularies` the schemes of `kg/ontology` whose words it looks for. `example` is a plan's text without its
    title, `title` the title."""

    name: str
    step: str
    does: str
    example: str
    title: str = PLAN
    makes: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    vocabularies: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The example as a whole plan."""
        return f"{self.title}\n\n{self.example}\n"


STEPS = {
    "sentences": "Which sentences are tasks. Each sentence of the plan's content (tables of contents, page headers and the "
    "like are set apart by the loader) goes through these rules; the first that gives a reason rejects it. What none "
    "rejects is a task.",
    "owners": "Who answers for a task. An annotation comes first, then the unit of a duty list, then the agent that the "
    "sentence names.",
    "details": "What stands on a task: whom it addresses, deadlines, targets, citations.",
    "names": "Hazards, resources and organisations wherever the text names them.",
    "relations": "Relations between organisations, and of resources, where the text states them.",
    "elements": "The elements of plans (command, warning, supplies, …) that the text holds: in a heading, in a task, or in "
    "passing. Coverage tells from them what a plan lacks.",
}
"""The steps in their order, with what each does."""


_SENTENCES: dict[str, tuple[str, str, dict[str, str]]] = {
    "short": ("3.1 信息报告\n（略）", PLAN, {"too_short": "fewer than five ideographs"}),
    "section_kind": (
        "1.1 编制目的\n规范防汛抗旱工作，保障群众生命安全。\n1.2 工作原则\n以人为本，科学调度。",
        PLAN,
        {
            "section_background": "under 现状, 形势, 存在问题 and the like",
            "section_principles": "under 指导思想, 基本原则",
            "section_purpose": "under 编制目的, 编制依据, 适用范围",
            "section_classification": "under 分级标准, 启动条件",
            "section_definitions": "under 名词解释, 术语",
            "section_annex": "under 附件, 附录",
        },
    ),
    "title": (
        "3.1 实施步骤\n动员部署阶段（2026年3月1日至3月31日）\n区应急局组织动员培训。",
        PLAN,
        {"title": "a short title that the next sentences spell out"},
    ),
    "legal_basis": (
        "7.1 附则\n本预案自印发之日起实施。",
        PLAN,
        {"about_the_document": "tells about the document itself"},
    ),
    "definition": (
        "5.1 预警\n预警级别分为四级，依次用红、橙、黄、蓝色表示。",
        PLAN,
        {"definition": "says what a word means"},
    ),
    "composition": (
        "2.1 组织机构\n区防指指挥长由区长担任，成员由区水利局、区应急局主要负责人组成。",
        PLAN,
        {"composition": "says what an organ consists of; see the relations"},
    ),
    "lead_in": (
        "4.1 应急措施\n主要采取以下措施：\n（1）组织会商。",
        PLAN,
        {"lead_in": "leads in a list, holds no action of its own"},
    ),
    "overview": (
        "2025年，全区应急管理工作稳中有进，完成各项目标任务。\n一、工作情况\n（一）抓好防汛。开展汛前检查，修复水毁工程。",
        REVIEW,
        {"overview": "opens a review or an outlook, before its first part"},
    ),
    "condition": (
        "5.1 响应启动\n符合下列条件之一的，启动一级响应：\n死亡10人以上、30人以下的；",
        PLAN,
        {"condition": "a condition of a response level"},
    ),
    "ideology": (
        "一、重点任务\n（一）加强统筹。以新时代安全发展理念为指导，坚持人民至上，全面加强应急能力建设。",
        WORK,
        {"guiding_ideology": "sets the tone"},
    ),
    "background": (
        "一、工作情况\n（一）抓好防汛。近年来，极端天气多发，防汛形势严峻复杂。信息化水平不高，基层力量薄弱。",
        REVIEW,
        {"background": "tells why, not what", "problem": "tells what is lacking"},
    ),
    "statistic": (
        "一、工作情况\n（一）事故情况。全区共发生生产安全事故3起、死亡2人。",
        REVIEW,
        {"statistic": "counts what happened"},
    ),
    "goal": (
        "一、总体目标\n应急管理体系更加完善，社会协同能力明显增强。",
        WORK,
        {"goal": "a state to be reached; it may hold a target"},
    ),
    "slogan": (
        "一、重点任务\n1.坚持以防为主的方针，以人为本。",
        WORK,
        {"slogan": "nothing that someone can be asked to do"},
    ),
    "contact": (
        "4.1 信息报告\n区防指值班室设值班电话：0000-1234567。\n报送内容：时间、地点和灾情。",
        PLAN,
        {"contact": "a telephone number or an address", "contents": "what a report contains"},
    ),
    "no_action": (
        "4.1 信息报告\n灾情信息的口径和时间跨度。",
        PLAN,
        {"no_action": "no verb of the vocabulary of actions"},
    ),
}
"""Example, title and reasons of the rules of `kg.extraction.tasks`."""


_WORDS = {"overview": ("kinds",)}
"""Vocabularies of rules of `kg.extraction.tasks` that do not read `passages`."""


def _first_sentence(documentation: str | None) -> str:
    text = re.sub(r"\s+", " ", documentation or "").strip()
    found = re.match(r".*?[.](?= [A-Z`]|$)", text)
    return found.group() if found else text


def _sentence_rules() -> list[Rule]:
    result = []
    for rule in tasks.RULES:
        example, title, reasons = _SENTENCES[rule.__name__]
        does = _first_sentence(inspect.getdoc(rule))
        result.append(
            Rule(
                rule.__name__, "sentences", does, example, title, (), reasons, _WORDS.get(rule.__name__, ("passages",))
            )
        )
    return result


_ORGANISATIONS = ("organisations", "agencies", "bodies")
_OWNERS = (
    Rule(
        "task", "owners", "A sentence for which nobody is named is a task without owner.",
        "一、重点任务\n1.开展汛前检查，建立隐患台账。", WORK, ("task",), {}, ("passages", "kinds"),
    ),
    Rule(
        "annotation", "owners",
        "The names in a bracket with a label or a verb of a role, or on a line with a label: they own every task since the "
        "annotation before, in the same numbered clause.",
        "一、重点任务\n1.开展汛前检查，建立隐患台账。（责任单位：救援科、综合科）", WORK, ("owner", "task"), {}, ("roles", "annotations", *_ORGANISATIONS),
    ),
    Rule(
        "annotation_heading", "owners", "An annotation in a heading owns the tasks of the section that name nobody.",
        "一、加强监测（区水利局牵头，区气象局配合）\n完善雨情监测站网，更新设备。", WORK, ("owner", "task"), {}, ("roles", "annotations", *_ORGANISATIONS),
    ),
    Rule(
        "table", "owners", "The column of a task table or duty table that names units; what a table has and no rule reads is reported.",
        "| 任务 | 牵头单位 | 备注甲 |\n|---|---|---|\n| 完成水库除险加固 | 区水利局 | 无 |", WORK, ("owner", "task"),
        tables.REASONS, ("tables", "roles"),
    ),
    Rule(
        "group_lines", "owners",
        "Lines `牵头单位`, `成员单位`, `职责` of a working group: who leads and who supports each sentence of its duties.",
        "3.2 现场工作组\n3.2.1 综合协调组\n牵头单位：区应急局\n成员单位：区水利局、区公安局\n职责：汇总灾情信息，协调救援力量。", PLAN,
        ("owner", "task", "LEADS", "MEMBER_OF"), {}, ("roles", "annotations", *_ORGANISATIONS),
    ),
    Rule(
        "duty_heading", "owners", "A heading that is a unit, or names its duties: the unit owns the sentences below.",
        "2.1 组织体系\n2.1.1 区水利局\n组织水情监测预报，开展水工程调度。", PLAN, ("owner", "task"), {}, ("agents", *_ORGANISATIONS),
    ),
    Rule(
        "duty_label", "owners", "`X:` or `X主要职责:` at the front of an item: the unit owns it and what follows until the next unit; "
        "`主要职责:` alone is that of the body that begins the last sentence before.",
        "2.2 成员单位职责\n区水利局：负责水情监测预报。组织水工程调度。", PLAN, ("owner", "task"), {}, ("agents", *_ORGANISATIONS),
    ),
    Rule(
        "group_item", "owners", "`由A牵头,B、C参加` in the item of a working group: A leads, B and C support; the same as relations.",
        "3.2 现场工作组\n（1）抢险救援组：由区水利局牵头，区应急局、区公安局参加，负责制定抢险方案，实施抢险。", PLAN,
        ("owner", "LEADS", "MEMBER_OF"), {}, ("agents", *_ORGANISATIONS),
    ),
    Rule(
        "lead_in", "owners", "The agent of a sentence that leads in a list owns the items of the list.",
        "4.2 应急措施\n区防指采取以下措施：\n（1）组织会商，分析研判雨情。", PLAN, ("owner", "task"), {}, ("agents", *_ORGANISATIONS),
    ),
    Rule(
        "helped", "owners", "`配合X`, `协助X` where that is all a unit does: it supports, X leads.",
        "4.2 应急措施\n区城管局配合区住建局做好排水防涝工作。", PLAN, ("owner", "task"), {}, ("agents", *_ORGANISATIONS),
    ),
    Rule(
        "subject", "owners", "The agent that the sentence names at the front of a clause or after 由; it holds over a `；`, not over a `。`.",
        "4.2 应急措施\n接报后，区水利局会同区应急局组织抢险；及时报告险情。", PLAN, ("owner", "task"), {}, ("agents", *_ORGANISATIONS),
    ),
)  # fmt: skip

_DETAILS = (
    Rule(
        "addressed", "details", "Who is urged or guided (`督促X`, `指导X`): recorded, not an owner.",
        "一、重点任务\n1.区应急局督促各乡镇完善应急预案。", WORK, ("addressed",), {}, ("agents", "organisations"),
    ),
    Rule(
        "deadline", "details", "The first words that say by when, with the last day meant where the calendar gives one.",
        "一、重点任务\n1.开展汛前检查，于6月底前完成整改。", WORK, ("deadline",), {}, ("expressions",),
    ),
    Rule(
        "deadline_column", "details", "The deadline's cell of a task's row.",
        "| 任务 | 责任单位 | 完成时限 |\n|---|---|---|\n| 完成水库除险加固 | 区水利局 | 2026年5月底 |", WORK, ("deadline",), {}, ("tables",),
    ),
    Rule(
        "deadline_line", "details", "A line of its own that gives the deadline of the tasks above it; it is no task.",
        "一、重点任务\n（一）更新消防设施器材。\n责任单位：区应急局\n完成时限：长期坚持\n（二）改造应急广播终端。\n责任单位：区应急局\n完成时限：2026年6月底前",
        WORK, (), {"deadline_of_above": "its date went to the tasks above", "no_date": "it gives no date"}, ("expressions",),
    ),
    Rule(
        "target", "details", "What is to be reached, with its number: in a task, in a goal that is none, or in an overview that looks ahead; "
        "occasions in words (`组织一次演练`) too, but not how often within a year (`每月排查一次`).",
        "一、重点任务\n1.培育2支救援队伍，持证上岗率达到95%以上。", WORK, ("target",), {}, ("expressions",),
    ),
    Rule(
        "target_column", "details", "The rows of a table of indicators.",
        "| 指标 | 目标值 |\n|---|---|\n| 灾害信息员持证率 | ≥90% |", WORK, ("target",), {}, ("tables", "expressions"),
    ),
    Rule(
        "title", "details", "A title in 《》: a citation; a Regulation where its last word is that of a law, policy, standard or plan.",
        "一、重点任务\n1.贯彻《某省防汛条例》，开展宣传。", WORK, ("citation", "mention of Regulation"), {}, ("expressions",),
    ),
)  # fmt: skip

_NAMES = (
    Rule(
        "hazard", "names", "The words of the vocabulary of hazards, the longest at each place; not in the name of an organ. A word of two "
        "hazards (`火灾`, `火场`) is of the one that the sentence, the section's heading or the plan's title names.",
        "一、重点任务\n1.开展森林防火巡护，配合消防救援大队组织演练。", WORK, ("task hazard", "mention of Hazard"), hazards.REASONS,
        ("hazards", "surroundings"),
    ),
    Rule(
        "resource", "names", "Teams, supplies, facilities and systems by their heads and forms, without modifiers, dates and the verb at the front "
        "of the clause (`管理林火监控系统`), lists split; a whole class (`应急队伍`) only where a task names it.",
        "一、重点任务\n1.为多灾易灾乡村配备卫星电话、排水泵，加强队伍建设。", WORK,
        ("task resource", "mention of Team", "mention of Supply", "mention of Facility", "mention of System"),
        resources.REASONS, ("teams", "supplies", "facilities", "systems", "naming"),
    ),
    Rule(
        "organisation", "names", "Names of organs, the longest that is one unit: a place or a level, then a name that ends like an organ; "
        "working groups of a list or a heading; `指挥部` where the plan has one body alone that ends so.",
        "2.1 组织体系\n区水利局、区应急局组成工作组。", PLAN, ("mention of Agency", "mention of Committee", "mention of Team"), {},
        (*_ORGANISATIONS, "shortenings", "expressions"),
    ),
    Rule(
        "owner", "names", "A unit that an annotation, a label or a heading names where the other rules see no organ.",
        "一、重点任务\n1.开展汛前检查，建立隐患台账。（责任单位：区公安、水利局）", WORK, ("mention of Agency", "mention of Committee", "mention of Team"),
    ),
    Rule(
        "issuer", "names", "The issuer of the plan, where the text has its name.",
        "一、重点任务\n1.开展汛前检查。", WORK, ("mention of Agency", "mention of Committee"),
    ),
)  # fmt: skip

_RELATIONS = (
    Rule(
        "part_by_name", "relations", "A unit whose name begins with another's is a part of it (`区公安局交警大队`).",
        "4.1 应急处置\n区公安局维护秩序。\n区公安局交通警察大队实施交通管制。", PLAN, ("PART_OF",), {}, ("organisations",),
    ),
    Rule(
        "part_of_issuer", "relations", "A section (`救援科`) in an agency's own plan is a part of it.",
        "一、重点任务\n1.开展汛前检查，建立隐患台账。（责任单位：救援科）", WORK, ("PART_OF",), {}, ("organisations",),
    ),
    Rule(
        "office_by_name", "relations", "`区防指办公室`, `区安委办`: the office of the body that the text names too.",
        "2.1 组织体系\n区防指统一指挥抢险。\n区防指办公室组织会商。", PLAN, ("OFFICE_OF",), {}, ("agents", "relations", "bodies"),
    ),
    Rule(
        "body_of_office", "relations", "A body that the plan names only through its office: `区森防指办公室` tells of 区森防指.",
        "2.1 组织体系\n区森防指办公室组织会商。", PLAN, ("mention of Committee",), {}, ("relations", "agents"),
    ),
    Rule(
        "host", "relations", "`办公室设在X`.",
        "2.1 组织体系\n区防指办公室设在区水利局。", PLAN, ("HOSTED_BY",), {}, ("agents", "relations"),
    ),
    Rule(
        "host_plate", "relations", "`X加挂Y牌子`: the organ whose plate another carries.",
        "2.1 组织体系\n区应急局加挂区防汛抗旱指挥部办公室牌子。", PLAN, ("HOSTED_BY",), {}, ("relations",),
    ),
    Rule(
        "member_duty_list", "relations", "The units of a duty list under a heading or a line of member units.",
        "2.1 区防汛抗旱指挥部\n区防汛抗旱指挥部统一指挥抢险。\n2.2 成员单位职责\n区水利局：负责水情监测。\n区公安局：维护秩序。\n区教育局：组织避险演练。",
        PLAN, ("MEMBER_OF",), {}, ("relations", "bodies"),
    ),
    Rule(
        "member_list", "relations", "`成员单位包括A、B、C`, `X由A、B组成`, `A、B为X成员单位`.",
        "2.1 组织体系\n区防汛抗旱指挥部统一指挥抢险，成员单位：区水利局、区公安局、区教育局。", PLAN, ("MEMBER_OF",), {}, ("relations", "bodies"),
    ),
    Rule(
        "manages", "relations", "The unit named last before a resource that it owns, keeps, stocks, runs or builds up "
        "(`A组建甲，B组建乙`), or behind it (`甲由A组建和管理`).",
        "3.3 保障措施\n区应急局：负责储备防汛物资。", PLAN, ("MANAGES",), {}, ("managing",),
    ),
    Rule(
        "ledger", "relations", "The unit that a roster or ledger names for a team, supply or facility.",
        "3.3 物资台账\n|物资名称|数量|单位|管理单位|\n|---|---|---|---|\n|编织袋|5000|条|区水利局|", PLAN, ("MANAGES",), {}, ("tables",),
    ),
    Rule(
        "for_hazard.name", "relations", "The hazard that the name of a resource or body says; an office is its body's.",
        "3.3 保障措施\n区应急局：负责储备防汛物资。\n区抗震救灾指挥部组织抢修。", PLAN, ("FOR_HAZARD", "mention of Hazard"), {}, ("hazards", "bodies"),
    ),
    Rule(
        "for_hazard.purpose", "relations", "The hazard that the words around a resource say it is for: `X用于H`, goods that "
        "`开展H` or close as `等H物资` in a short list.",
        "3.3 保障措施\n配备无人机用于森林火灾扑救。\n购置抽水机、编织袋等防汛物资。", PLAN, ("FOR_HAZARD", "mention of Hazard"), {}, ("surroundings",),
    ),
)  # fmt: skip


_ELEMENTS = (
    Rule(
        "element_heading", "elements", "A section whose heading names the element and under which something stands.",
        "5.2 物资保障\n区水利局储备编织袋。", PLAN, ("element",), {}, ("elements",),
    ),
    Rule(
        "element_task", "elements", "A task whose words show the element.",
        "一、重点任务\n1.开展应急演练。", WORK, ("element",), {}, ("elements",),
    ),
    Rule(
        "element_text", "elements", "A sentence that is no task, or has words that only a heading may have: the element in passing.",
        "一、总体要求\n应急物资仍然不足。", WORK, ("element",), {}, ("elements",),
    ),
)  # fmt: skip


def rules() -> tuple[Rule, ...]:
    """All rules in the order in which they work. A name that works in two steps (`lead_in`, `title`) stands in both."""
    return (*_sentence_rules(), *_OWNERS, *_DETAILS, *_NAMES, *_RELATIONS, *_ELEMENTS)


def names() -> frozenset[str]:
    """All names that `Evidence.rule` and `Rejected.rule` may hold."""
    found = {rule.name for rule in rules()}
    return frozenset(found | {f"task_{rule.name}" for rule in rules() if "owner" in rule.makes})
