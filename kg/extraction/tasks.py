"""Which sentences are tasks.

A sentence is a task unless a rule says why not; what is left must hold an action. The rules are tried in the declared
order (`RULES`); each is a function from a `Candidate` to a reason code or None, its docstring shows what it keeps out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from kg.extraction.sentences import Sentence
from kg.extraction.zones import NO_TASKS
from kg.ontology.lexicon import compiled


@dataclass(slots=True)
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
    conditions: bool = False
    """Whether it is one of the conditions that `启动条件:` lists."""

    text: str = field(init=False)
    """The sentence's words without white space."""

    def __post_init__(self) -> None:
        self.text = "".join(self.sentence.text.split())


_FIVE = re.compile(r"(?:[^\u4e00-\u9fff]*[\u4e00-\u9fff]){5}")
_STAGE = re.compile(r"[^，,]{2,20}阶段[（(][^（）()]{4,40}[)）]")
_CAPTION = re.compile(r"(?:[图表]|专\s*栏)\s*\d{1,2}(?:[\-－—–.．]\d{1,2})?\s*[^，,。；;]{2,40}")
_GROUPS = re.compile(r"[\u4e00-\u9fff、和与]{2,18}组")


_pattern = partial(compiled, "passages")
"""A pattern with words of `kg/ontology/passages.ttl`."""


def _action() -> re.Pattern[str]:
    return _pattern("{a-verbs}")


def _front_action() -> re.Pattern[str]:
    return _pattern("(?:{a-adverbs})*(?!{no-actions}){a-verbs}")


def _clauses(text: str) -> list[str]:
    return [clause for clause in re.split(r"[，,]", text) if clause]


def short(candidate: Candidate) -> str | None:
    """`(略)`, `等` and other scraps hold no action: fewer than five characters."""
    return None if _FIVE.match(candidate.text) else "too_short"


def section_kind(candidate: Candidate) -> str | None:
    """Nothing under 指导思想, 编制依据, 适用范围, 分级标准, 名词解释, 存在问题 is a task."""
    acting = candidate.kind == "classification" and candidate.owned and not candidate.duty
    if acting and not _pattern("{cases-of-a-level}|{ends-of-a-case}$").search(candidate.text):
        return None  # the measures of a level beside what starts it
    return f"section_{candidate.kind}" if candidate.kind in NO_TASKS else None


def title(candidate: Candidate) -> str | None:
    """`压实各方责任。` before the sentences that spell it out is a heading, not a task."""
    text = candidate.text
    if _STAGE.fullmatch(text):
        return "title"
    if _CAPTION.fullmatch(text):
        return "title"  # the caption of a table or figure
    if (
        len(text) <= 14
        and _pattern("[^，,]+{heads-of-headings}$").match(text)
        and not _front_action().match(text)
        and not candidate.owned
    ):
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
    if candidate.owned and _pattern("{interpreting}").search(candidate.text):
        return None  # 本预案由县应急局负责解释
    return "about_the_document" if _pattern("{s-legal-basis}").search(candidate.text) else None


def ideology(candidate: Candidate) -> str | None:
    """`以习近平新时代中国特色社会主义思想为指导,…` sets the tone, nobody is asked to do it."""
    text = candidate.text
    if candidate.sentence.numbered and not candidate.outside and "为指导" not in text:
        return None
    return "guiding_ideology" if _pattern("{s-ideology}").search(text) and not candidate.owned else None


def definition(candidate: Candidate) -> str | None:
    """`本预案所称…是指…`, `预警级别分为四级` define."""
    text = candidate.text
    if _pattern("{defining}").search(text) or ("系指" in text and re.search("(?<!联)系指", text)):
        return "definition"
    if not candidate.owned and "分为" in text and re.search(r"(?<!部)分为(?!主)", text):
        return "definition"
    if _pattern("{s-definition}").search(text) and not candidate.owned and not _pattern("{obliging}").search(text):
        return "definition"
    if (
        "是" in text
        and not _pattern("{in-charge+bearing}").search(text)
        and _pattern("[^，,]{2,24}是[^否不非][^，,]{2,30}{what-something-is}").match(text)
    ):
        return "definition"
    return None


def only_made_up(words: str) -> bool:
    """Whether words say who leads a working group and who takes part, and nothing of what is done.

    >>> only_made_up("由县应急局牵头，县公安局配合"), only_made_up("由县应急局牵头，县公安局配合，负责会务")
    (True, False)
    """
    if not _pattern("{leading}|{leading-unit}").search(words):
        return False
    made_up = _pattern(
        r"(?:[\u4e00-\u9fff]{2,14}组[：:])?由?[^，,。；;：:]{2,120}?(?:{leading}|[任为是]{leading-unit})"
        r"(?:[，,][^，,。；;：:]{2,300}?(?:{joined}|{agents/making-up}|[为是]{members}))+"
        r"|{leading-unit}[为是有：:][^，,。；;：:]{2,120}[，,；;]{members}[为是有：:][^，,。；;：:]{2,300}"
    )
    return made_up.fullmatch(words.strip()) is not None


def _each_led() -> re.Pattern[str]:
    """消防专委会由区消防救援支队牵头，燃气专委会由区住建局牵头: nothing of what is done."""
    each = "[^，,。；;由]{2,24}由[^，,。；;由]{2,24}{leading}"
    return _pattern(f"{each}(?:[，,；;]{each})*[，,；;]?")


_BRACKETS = re.compile("[（(][^（）()]*[）)]")


def composition(candidate: Candidate) -> str | None:
    """`主任由副省长担任`, `成员单位:…`, `办公室设在省民政厅` are relations, unless duties stand in the same sentence."""
    text = candidate.text
    if text.endswith("组") and _GROUPS.fullmatch(text):
        return "composition"  # 宣传报道组（牵头单位：…）
    text = _BRACKETS.sub("", text)  # 工作专班（组长单位为市城管局）督促企业…
    duties = _pattern("{in-charge}(?!{in-charge:notBefore})|{bearing}").search(text)
    if only_made_up(text) or _each_led().fullmatch(text):
        return "composition"
    if not duties and _pattern("{leading}，[^。]{2,300}{joined}$|{leading-unit}为|为{leading-unit}$").search(text):
        return "composition"
    if not (
        _pattern("{s-composition}").search(text)
        or _pattern("为[^，,。]{0,16}{members}$").search(text)
        or _pattern("由[^，,。]{2,600}{made-up-of}(?!的)|由[^，,。]{2,60}任{posts}").search(text)
    ):
        return None
    acting = _front_action().match(text) and not _pattern("[\u4e00-\u9fff]{2,12}组的?(?:{posts}|由)").match(text)
    if acting or (candidate.owned and re.search(r"(?<![主需重必不紧])要|应当?(?!急)", text)):
        return None
    founding = _pattern("{founding}").search(text)
    if founding and (candidate.owned or re.fullmatch("(?:[^，,]{1,12}[，,])?", text[: founding.start()])):
        return None
    if candidate.owned and _pattern("{made-up-of}[^，,。；;的]{2,14}组(?:{a-adverbs})*{a-verbs}").search(text):
        return None  # 由县纪委监委、县应急局组成联合督查组开展明察暗访
    if candidate.owned and _pattern(r"{made-up-of}\d+个[^，,。；;]{0,8}组[，,]").search(text):
        return None  # 由市委督查室组成6个督查组，对各县开展明查暗访
    if _pattern("{agents/hosting}[^，,]{2,20}[，,](?:{a-adverbs}|按[^，,]{1,6}?)*{a-verbs}").search(text):
        return None  # 办公室设在县应急局，按季度通报进展
    if _pattern("{in-charge}(?!{in-charge:notBefore})|{bearing+acting-on-duties}").search(text):
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
        if not _pattern("{below+as-follows}|{ends-of-a-lead-in}$").search(clause)
    ]
    if len(clauses) < len(_clauses(text)) and not any(
        (_front_action().match(clause) and not _pattern("{agents/ends-of-times}$").search(clause))
        or (
            candidate.owned
            and _action().search(clause)
            and not _pattern("{circumstances}|.*{agents/ends-of-times}$").match(clause)
        )
        for clause in clauses
    ):
        return "lead_in"
    return None


def overview(candidate: Candidate) -> str | None:
    """The opening of a review or of an outlook, before its first numbered part, sums up."""
    return "overview" if candidate.overview else None


_BY_DATE = re.compile(r"^(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}日|[底末初])?之?前")


def condition(candidate: Candidate) -> str | None:
    """`死亡30人以上` and what else starts a response level is a condition."""
    text = candidate.text
    if candidate.conditions:
        return "condition"
    if _pattern("{arising}[^。]{0,20}{below}{cases}").match(text) or _pattern("{below}{cases}之一").search(text):
        return "condition"
    if not candidate.owned and _pattern("的[，,]{modals}?启动[^，,]{0,8}(?:[ⅠⅡⅢⅣ]|[一二三四]|I{1,3}|IV)级").search(
        text
    ):
        return "condition"
    if not candidate.owned and _pattern("{arising}[^。]*[，,]启动[^，,]{0,8}(?:[ⅠⅡⅢⅣ]|[一二三四]|I{1,3}|IV)级").match(
        text
    ):
        return "condition"  # 发生一般燃气事故，启动Ⅳ级响应
    if _pattern(r"[\d一二三四五六七八九十百千万][^，,。]{0,12}{thresholds}(?:[，,、的]|$)").search(
        text
    ) and not _front_action().match(_BY_DATE.sub("", text)):
        acting = candidate.owned or any(_does(clause) for clause in _clauses(text)[1:])
        if not acting and candidate.kind != "goals" and not _pattern("{doing-or-aiming}").search(text):
            return "condition"
    return None


def background(candidate: Candidate) -> str | None:
    """`近年来,…形势严峻` tells why, not what; a forecast (`据市气象局会商预测，今年开汛偏早`) tells what is to be expected."""
    text = candidate.text
    forecast = _pattern("据[^，,。]{2,30}{forecasting}[，,]").match(text)
    if forecast and not _pattern(
        "[，,][^，,。]{2,20}?{managing/obligation}(?:在[^，,。]{2,10}前)?(?:{a-adverbs})*{a-verbs}"
    ).search(text):
        return "background"
    if candidate.owned or candidate.duty:
        return None
    if _pattern("{severe-times}$").search(text) and not _front_action().match(text):
        return "background"
    if _pattern("{strains}{still}?{severe}").search(text) and not _front_action().match(text):
        return "background"
    if _pattern("{s-background}").match(text):
        return "background"
    if candidate.status == "reported" and _pattern("{s-problem}").search(text) and not _front_action().match(text):
        return "problem"
    return None


def statistic(candidate: Candidate) -> str | None:
    """`死亡30人,同比下降66.7%` counts what happened, no one did it."""
    text = candidate.text
    if candidate.status != "reported" or candidate.owned:
        return None
    if _pattern("取得[^，,]{0,6}{achieved}$").search(text) and not any(_does(clause) for clause in _clauses(text)):
        return "statistic"
    if "完成" in text:
        return None
    if _pattern("{s-statistic}").search(text) and not any(_front_action().match(clause) for clause in _clauses(text)):
        return "statistic"
    if _pattern("{in-total}发生").search(text) and _pattern("{losses}").search(text):
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
    if _pattern("{s-goal}").search(text) and not any(_does(clause) for clause in _clauses(text)):
        return "goal"
    return None


def _does(clause: str) -> bool:
    """Whether a clause begins with an action, aims (`确保…下降`, `实现…`, `力争…`) not counted."""
    if _pattern("{s-goal}").search(clause):
        return False
    clause = _pattern(r"^(?:{periods}|\d{1,2}月底?前)").sub("", clause)
    bare = _pattern("^(?:{expressions/target-aims}|{a-adverbs})+").sub("", clause)
    if bare != clause and _pattern("{aiming}").match(bare):
        return False
    if _pattern("{aiming+results}").match(clause):
        return False
    return _front_action().match(clause) is not None or _pattern("{by-means-of}.{2,}").match(clause) is not None


def slogan(candidate: Candidate) -> str | None:
    """`以人为本,减少危害` has no action that someone can be asked to do."""
    text = candidate.text
    if not candidate.owned and _pattern("以[^，,]{1,6}为[本主先](?:[，,]|$)|[^，,]{2,16}{abiding}.{4,}的?原则$").match(
        text
    ):
        return "slogan"
    if _pattern("{abiding+upholding}").match(text) and _pattern("{ends-of-a-slogan}(?:[，,]|$)").search(text):
        acting = any(_does(clause) for clause in _clauses(text)[1:])
        return None if acting or (candidate.owned and _pattern("{carrying-out}").search(text)) else "slogan"
    return None


def contact(candidate: Candidate) -> str | None:
    """`值班电话:…` and `初报内容:…` give a number or a list of contents."""
    if _pattern(r"{ways-to-reach}[为是]?[：:]?\s*(?:\d(?!\d*余?[部台个套])|[A-Za-z（(])").search(candidate.text):
        return "contact"
    if _pattern("{document-data}[：:]").match(candidate.text):
        return "contact"
    return (
        "contents"
        if (named := _pattern("[^：:，,]{0,8}{contents}{comprising}?[：:]").match(candidate.text))
        and not candidate.owned
        and not _does(candidate.text[named.end() :])
        and not _pattern("在[^，,]{2,16}?{a-verbs}").match(candidate.text, named.end())  # 建设内容：在城区建设储备库
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
