"""Duty lists: `市水利局:负责…`, `X主要职责:` and headings that are a unit's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kg.extraction.agents import is_group, said
from kg.extraction.annotations import NamedOwner, is_generic
from kg.extraction.bodies import is_bare, label_of
from kg.extraction.names import HAN, SCHEME, left_boundary, starts_like_a_name
from kg.extraction.organisations import find_organisations
from kg.ontology.lexicon import compiled, words

LONGEST_LABEL = 60

_LABEL = re.compile(rf"[^：:。；;，,]{{2,{LONGEST_LABEL}}}?[：:]")


@dataclass(slots=True)
class Label:
    """The label of a duty item: owners with cleaned offsets, and where the text after the colon begins."""

    owners: tuple[NamedOwner, ...]
    end: int
    form: str


def _duty_words() -> re.Pattern[str]:
    """The end of a label that says that duties follow: `主要职责`, `具体负责以下工作`."""
    return compiled(
        "agents", "的?(?:{duty-qualifiers})*{duty-nouns}(?:{duty-announcers})?$|(?:{duty-qualifiers})*{duties-below}$"
    )


def duties_follow() -> re.Pattern[str]:
    """A sentence that gives duties without saying whose: `主要职责：…`, `职责如下：`."""
    return compiled("agents", r"\s*其?(?:{duty-qualifiers})*{duty-nouns}(?:{duty-announcers})?[：:]")


def _several() -> re.Pattern[str]:
    return compiled("agents", "、|{and}")


def _between_units() -> re.Pattern[str]:
    return compiled("agents", r"\s*(?:{and}|[、（()）/，])+\s*")


def _institution() -> re.Pattern[str]:
    return compiled(SCHEME, "{weak-heads}$")


def _before_duties() -> re.Pattern[str]:
    return compiled("agents", "(?:{before-duties})+$")


def _not_one_unit() -> re.Pattern[str]:
    return compiled("agents", "{classes-of-units+duties-of-several}")


def _and_its_duties() -> re.Pattern[str]:
    return compiled("agents", "{and-its-duties}$")


def _never() -> re.Pattern[str]:
    return compiled("agents", "{never-a-label}$|^{never-a-label-front}")


def _persons() -> re.Pattern[str]:
    return compiled(SCHEME, "(?:{persons})$")


def _group() -> re.Pattern[str]:
    return compiled("agents", r"[\u4e00-\u9fff、和与]{2,18}{group-ends}$")


def _setting_up() -> re.Pattern[str]:
    return compiled(SCHEME, "{setting-up}")


def _units(form: str, start: int) -> tuple[NamedOwner, ...]:
    """The owners that a label names, if it is made of organisations alone (with a second name in brackets)."""
    bare = "".join(form.split())
    if is_generic(bare) and not re.search(r"[、]", bare):
        return (NamedOwner(start, start + len(form), bare, "Group", True, "responsible"),)
    if is_bare(bare):
        return ()
    if _group().fullmatch(bare) and not _several().search(bare[-4:]) and not _setting_up().search(bare):
        label = "Committee" if not bare.endswith(words("agents", "expert-groups")) else "Team"
        return (NamedOwner(start, start + len(form), form.strip(), label, False, "responsible"),)
    found = find_organisations(form)
    if not found or found[0].start > len(form) - len(form.lstrip()):
        return ()
    owners: list[NamedOwner] = []
    at = found[0].start
    for mention in found:
        between = form[at : mention.start]
        if between.strip() and not _between_units().fullmatch(between):
            return ()
        if not re.search(r"[（(]\s*$", form[: mention.start]):
            for name in mention.names:
                generic = mention.generic or is_generic(name)
                owners.append(
                    NamedOwner(
                        start + mention.start,
                        start + mention.end,
                        name,
                        "Group" if generic else mention.label,
                        generic,
                        "responsible",
                    )
                )
        at = mention.end
    rest = form[at:]
    if re.fullmatch(r"\s*[（(][^（）()]{1,30}[)）]?\s*|[)）\s]*", rest):
        return tuple(owners)
    if len(found) == 1 and re.fullmatch(r"[\u4e00-\u9fff]{1,10}", rest.strip()) and _institution().search(rest.strip()):
        name = form.strip()
        return (NamedOwner(start, start + len(form), name, label_of(name), False, "responsible"),)
    return ()


def label_of_item(text: str, start: int, end: int, *, listed: bool = False) -> Label | None:
    """The label `X:` or `X主要职责:` at the front of text[start:end], if X is a unit or several.

    Args:
        listed: the item stands among others whose labels are units; then a name of unknown form is taken as one.

    >>> [owner.name for owner in label_of_item("市水利局:负责水情监测", 0, 11).owners]
    ['市水利局']
    >>> label_of_item("危化品领域:深化整治", 0, 10) is None
    True
    """
    found = _LABEL.match(text, start, min(end, start + LONGEST_LABEL + 1))
    if not found:
        return None
    form = found.group()[:-1]
    duty = _duty_words().search(form)
    if duty and duty.start() > 0:
        form = _before_duties().sub("", form[: duty.start()])
    if _persons().search(form.strip()) and not said("units-in-general").search(form):
        return Label(
            (NamedOwner(start, start + len(form), form.strip(), "Group", True, "responsible"),), found.end(), form
        )
    if _never().search(form.strip()):
        return None
    owners = _units(form, start)
    if not owners and listed:
        name = form.strip()
        if 2 <= len(name) <= 24 and re.fullmatch(r"[\u4e00-\u9fffA-Za-z（）()·“”、]+", name):
            pieces = [piece for piece in re.split("、", name) if len(piece) >= 2]
            at = start
            made = []
            for piece in pieces:
                at = text.index(piece, at)
                made.append(NamedOwner(at, at + len(piece), piece, label_of(piece), False, "responsible"))
                at += len(piece)
            owners = tuple(made)
    name = form.strip()
    if (
        not owners
        and _unit_on_duty().fullmatch(name)
        and left_boundary(name, 0, len(name) - 1) == 0
        and _duties_begin().match(text, found.end())
    ):
        label = "Team" if _team().search(name) else label_of(name)
        owners = (NamedOwner(start, start + len(form), name, label, False, "responsible"),)
    return Label(owners, found.end(), form) if owners else None


def _unit_on_duty() -> re.Pattern[str]:
    """A label of unknown parts that ends like a unit or a team, before `负责…`."""
    return compiled(
        SCHEME,
        rf"(?!{{stop-words}}|{{class-scopes}})(?:{HAN}|[（）()]){{2,22}}"
        "(?:{heads-in-a-list}|{teams}|{agents/ends-of-teams})",
    )


def _team() -> re.Pattern[str]:
    return compiled(SCHEME, "(?:{teams}|{agents/ends-of-teams})$")


def _duties_begin() -> re.Pattern[str]:
    return compiled("agents", r"\s*(?:{duty-qualifiers})*{duties-begin}")


def owner_in_heading(heading: str) -> str | None:
    """The unit whose duties a heading announces: `市防指职责`, `2.3 市水利局`; None where it announces something else.

    >>> owner_in_heading("市防指职责"), owner_in_heading("省减灾委成员单位职责"), owner_in_heading("市水利局")
    ('市防指', None, '市水利局')
    """
    whole = re.sub(r"\s|[。：:]", "", heading)
    bare = _before_duties().sub("", _duty_words().sub("", whole))
    if not bare or len(bare) > 24 or _not_one_unit().search(bare):
        return None
    if _and_its_duties().search(whole) and not is_group(bare):
        return None
    if not is_group(bare) and not starts_like_a_name(bare):
        return None  # 服务防疫指挥部 tells what is done
    owners = _units(bare, 0)
    return bare if len(owners) == 1 and not owners[0].generic and owners[0].end == len(bare) else None


def listed_paragraphs(
    starts: Sequence[tuple[int, int, int]], text: str, label: Callable[..., Label | None]
) -> set[int]:
    """The paragraphs of duty lists: of (number, start, end) rows of one section, those in a run of unit labels.

    A section with at least three items labelled by units, which are more than half of its labelled items, is a duty list.
    `label` is `label_of_item` for the text.
    """
    labelled = [
        (number, start, end)
        for number, start, end in starts
        if _LABEL.match(text, start, min(end, start + LONGEST_LABEL + 1))
    ]
    units = [row for row in labelled if label(row[1], row[2], listed=False)]
    if len(units) >= 3 and 2 * len(units) > len(labelled):
        return {row[0] for row in labelled}
    return set()
