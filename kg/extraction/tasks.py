"""Which sentences are tasks.

A sentence is a task unless a rule says why not; what is left must hold an action. The rules are tried in the declared
order (`RULES`); each is a function from a `Candidate` to a reason code or None, its docstring shows what it keeps out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from kg.extraction.sentences import Sentence
from kg.ontology.lexicon import pattern


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence with what the rules need to know of its surroundings."""

    sentence: Sentence
    kind: str
    """Kind of its section (`kg.extraction.zones`)."""
    status: str
    owned: bool
    """Whether an annotation, a duty list or an agent of its own names an owner for it."""
    duty: bool
    """Whether it stands in a duty list."""
    opens_clause: bool
    """Whether it is the first of a numbered clause (or of a paragraph) that goes on."""
    outside: bool
    """Whether it stands before the first section of a document that has sections."""
    overview: bool
    """Whether it opens a review or an outlook, before its first part."""

    text: str = field(init=False)
    """The sentence's words without white space."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", "".join(self.sentence.text.split()))


@cache
def _words(concept: str) -> re.Pattern[str]:
    return re.compile(pattern("passages", concept))


@cache
def _action() -> re.Pattern[str]:
    return re.compile(pattern("passages", "a-verbs"))


@cache
def _front_action() -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern('passages', 'a-adverbs')})*(?!生产(?:安全|经营)){pattern('passages', 'a-verbs')}")


def _clauses(text: str) -> list[str]:
    return [clause for clause in re.split(r"[，,]", text) if clause]


def short(candidate: Candidate) -> str | None:
    """`(略)`, `等` and other scraps hold no action: fewer than five characters."""
    return "too_short" if len(re.sub(r"[^\u4e00-\u9fff]", "", candidate.text)) < 5 else None


def section_kind(candidate: Candidate) -> str | None:
    """Nothing under 指导思想, 编制依据, 适用范围, 分级标准, 名词解释, 存在问题 is a task."""
    from kg.extraction.zones import NO_TASKS

    return f"section_{candidate.kind}" if candidate.kind in NO_TASKS else None


_NOMINAL = re.compile(r"^[^，,]+(?:措施|程序|条件|要求|原则|职责|内容|机制|标准|流程|分工|情况)$")


def title(candidate: Candidate) -> str | None:
    """`压实各方责任。` before the sentences that spell it out is a heading, not a task."""
    text = candidate.text
    if re.fullmatch(r"[^，,]{2,20}阶段[（(][^（）()]{4,40}[)）]", text):
        return "title"
    if re.fullmatch(r"[图表]\s*\d{1,2}(?:[\-－—–.．]\d{1,2})?\s+?[^，,。；;]{2,40}", text):
        return "title"  # the caption of a table or figure
    if len(text) <= 14 and _NOMINAL.search(text) and not _front_action().match(text) and not candidate.owned:
        return "title"
    if not candidate.opens_clause or candidate.sentence.closing != "。" or candidate.owned:
        return None
    if (
        len(text) <= 20
        and not re.search(r"[，,、；;《：:]", text)
        and not re.search(r"\d", text)
        and not candidate.duty
    ):
        return "title"
    return None


def legal_basis(candidate: Candidate) -> str | None:
    """`根据…制定本预案`, `现将…印发给你们`, `本预案自印发之日起实施` tell about the document itself."""
    return "about_the_document" if _words("s-legal-basis").search(candidate.text) else None


def ideology(candidate: Candidate) -> str | None:
    """`以习近平新时代中国特色社会主义思想为指导,…` sets the tone, nobody is asked to do it."""
    text = candidate.text
    if candidate.sentence.numbered and not candidate.outside and not re.search("为指导", text):
        return None
    return "guiding_ideology" if _words("s-ideology").search(text) and not candidate.owned else None


def definition(candidate: Candidate) -> str | None:
    """`本预案所称…是指…`, `预警级别分为四级` define."""
    text = candidate.text
    if re.search(r"是指|(?<!联)系指|指的是|(?:本预案|本规划|本方案)所称", text):
        return "definition"
    if not candidate.owned and re.search(r"(?<!部)分为(?!主)", text):
        return "definition"
    if _words("s-definition").search(text) and not candidate.owned and not re.search(r"负责|应当|应及时", text):
        return "definition"
    if not re.search(r"负责|承担", text) and re.match(
        r"[^，,]{2,24}是[^否不非][^，,]{2,30}(?:机构|部门|组织|力量|平台|主体|单位|基础|保障|核心|前提|关键)", text
    ):
        return "definition"
    return None


def composition(candidate: Candidate) -> str | None:
    """`主任由副省长担任`, `成员单位:…`, `办公室设在省民政厅` are relations, unless duties stand in the same sentence."""
    text = candidate.text
    duties = re.search(r"负责(?!人|同志)|承担", text)
    if not duties and re.search(r"牵头，[^。]{2,300}(?:组成|参加)$|组长单位为", text):
        return "composition"
    if not (
        _words("s-composition").search(text)
        or re.search(r"为[^，,。]{0,16}成员(?:单位)?$", text)
        or re.search(
            r"由[^，,。]{2,600}(?:组成|构成)(?!的)|由[^，,。]{2,60}任(?:副?指挥|副?总指挥|副?组长|副?主任|召集人)", text
        )
    ):
        return None
    if _front_action().match(text) or (candidate.owned and re.search(r"(?<![主需重必不紧])要|应当?(?!急)", text)):
        return None
    if candidate.owned and re.search(r"(?:设立|成立|组建)", text):
        return None
    if re.search(r"负责(?!人|同志)|协助|承担|履行|承办|统一指挥|组织(?:实施|协调|开展|指挥)", text):
        return None
    return "composition"


def lead_in(candidate: Candidate) -> str | None:
    """`采取以下措施:` and `主要目标是:` lead in a list; a task only where an action of their own stands before."""
    text = candidate.text
    if not text.endswith(("：", ":")):
        return None
    clauses = [
        clause
        for clause in _clauses(text[:-1])
        if not re.search(r"以下|下列|如下|(?:是|为|包括|要求|职责|任务|内容|措施|分工)$", clause)
    ]
    if len(clauses) < len(_clauses(text)) and not any(
        _front_action().match(clause)
        or (candidate.owned and _action().search(clause) and not re.match("在|按|根据", clause))
        for clause in clauses
    ):
        return "lead_in"
    return None


def overview(candidate: Candidate) -> str | None:
    """The opening of a review or of an outlook, before its first numbered part, sums up."""
    return "overview" if candidate.overview else None


def condition(candidate: Candidate) -> str | None:
    """`死亡30人以上` and what else starts a response level is a condition."""
    text = candidate.text
    if re.match(r"(?:符合|有|出现|发生|达到|具备)[^。]{0,20}(?:下列|以下)(?:情况|情形|条件)", text) or re.search(
        r"(?:下列|以下)(?:情况|情形|条件)之一", text
    ):
        return "condition"
    if not candidate.owned and re.search(
        r"的[，,](?:应当?|可|即|由)?启动[^，,]{0,8}(?:[ⅠⅡⅢⅣ]|[一二三四]|I{1,3}|IV)级", text
    ):
        return "condition"
    if re.search(
        r"(?:\d|[一二三四五六七八九十百千万])[^，,。]{0,12}(?:以上|以下)(?:[，,、的]|$)", text
    ) and not _front_action().match(text):
        if (
            not candidate.owned
            and candidate.kind != "goals"
            and not re.search(r"确保|力争|实现|控制|负责|组织|开展|加强|建立|实施|不少于", text)
        ):
            return "condition"
    return None


def background(candidate: Candidate) -> str | None:
    """`近年来,…形势严峻` tells why, not what."""
    text = candidate.text
    if candidate.owned or candidate.duty:
        return None
    if re.search(
        r"(?:压力|形势|任务|风险)(?:依然|仍然|依旧|十分|更加|异常)?(?:较大|严峻|艰巨|繁重|复杂)", text
    ) and not _front_action().match(text):
        return "background"
    if re.match(
        r"(?:近年来|当前|目前|随着|据统计|据不完全统计|同时也要看到|一直以来|长期以来|总的来看|总体上?看|由于)", text
    ):
        return "background"
    if candidate.status == "reported" and _words("s-problem").search(text) and not _front_action().match(text):
        return "problem"
    return None


def statistic(candidate: Candidate) -> str | None:
    """`死亡30人,同比下降66.7%` counts what happened, no one did it."""
    text = candidate.text
    if candidate.status != "reported" or candidate.owned:
        return None
    if re.search(r"取得[^，,]{0,6}(?:成效|成绩|进展)$", text) and not any(_does(clause) for clause in _clauses(text)):
        return "statistic"
    if re.search(r"完成", text):
        return None
    if _words("s-statistic").search(text) and not any(_front_action().match(clause) for clause in _clauses(text)):
        return "statistic"
    if re.search(r"(?:共|累计|全[市省区县])发生", text) and re.search(r"死亡|受伤|损失|起", text):
        return "statistic"
    return None


def goal(candidate: Candidate) -> str | None:
    """`应急管理体系更加完善` is a goal, a state to be reached; it may hold a target but is no task."""
    text = candidate.text
    if candidate.owned:
        return None
    if candidate.kind == "goals":
        acting = [clause for clause in _clauses(re.sub(r"^[^：:]{2,12}[：:]", "", text)) if _does(clause)]
        return None if acting else "goal"
    if _words("s-goal").search(text) and not any(_does(clause) for clause in _clauses(text)):
        return "goal"
    return None


def _does(clause: str) -> bool:
    """Whether a clause begins with an action, aims (`确保…下降`, `实现…`, `力争…`) not counted."""
    if _words("s-goal").search(clause):
        return False
    clause = re.sub(r"^(?:年内|年底前?|今年|全年|\d{1,2}月底?前|汛前)", "", clause)
    bare = re.sub(rf"^(?:{pattern('expressions', 'target-aims')}|{pattern('passages', 'a-adverbs')})+", "", clause)
    if bare != clause and re.match(r"(?:确保|力争|争取|实现|避免|杜绝|防止|控制|遏制|保持|不发生)", bare):
        return False
    if re.match(r"(?:确保|力争|争取|实现|避免|坚决|杜绝|防止|控制|遏制|保持|不发生|达到|提高到|下降)", clause):
        return False
    return _front_action().match(clause) is not None or re.match(r"(?:通过|围绕|按照|依托|对).{2,}", clause) is not None


def slogan(candidate: Candidate) -> str | None:
    """`以人为本,减少危害` has no action that someone can be asked to do."""
    text = candidate.text
    if not candidate.owned and re.match(
        r"以[^，,]{1,6}为[本主先](?:[，,]|$)|[^，,]{2,16}(?:遵循|坚持).{4,}的?原则$", text
    ):
        return "slogan"
    if re.match(r"(?:坚持|树立|秉持|遵循)", text) and re.search(
        r"(?:原则|理念|方针|为本|至上|第一|为主)(?:[，,]|$)", text
    ):
        acting = any(_does(clause) for clause in _clauses(text)[1:])
        return None if acting or (candidate.owned and re.search("开展|做好", text)) else "slogan"
    return None


def contact(candidate: Candidate) -> str | None:
    """`值班电话:…` and `初报内容:…` give a number or a list of contents."""
    if re.search(r"(?:电话|传真|邮箱|网址)(?:号码)?(?:为|是)?[：:]?\s*[\dA-Za-z（(]", candidate.text):
        return "contact"
    if re.match(r"(?:发布机构|发文机关|发布日期|成文日期|发文字号|索引号)[：:]", candidate.text):
        return "contact"
    return (
        "contents"
        if re.match(r"[^：:，,]{0,8}(?:内容|要素|格式)(?:包括|为|有)?[：:]", candidate.text) and not candidate.owned
        else None
    )


def no_action(candidate: Candidate) -> str | None:
    """A sentence without any verb of the vocabulary of actions is no task."""
    return None if _action().search(candidate.text) else "no_action"


RULES: tuple[Callable[[Candidate], str | None], ...] = (
    short,
    section_kind,
    title,
    legal_basis,
    definition,
    composition,
    lead_in,
    overview,
    condition,
    ideology,
    background,
    statistic,
    goal,
    slogan,
    contact,
    no_action,
)
"""In the order in which they are tried; the first that gives a reason decides."""


def rejected(candidate: Candidate) -> tuple[str, str] | None:
    """(rule, reason) of the first rule that keeps the sentence out, None where it is a task."""
    for rule in RULES:
        reason = rule(candidate)
        if reason is not None:
            return rule.__name__, reason
    return None
