"""Which hazards a text names: fixture texts, the table of labels, and laws that hold for any text."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked_texts import FIXTURES, marked_texts

from kg.extraction.hazards import REASONS, find_hazards
from kg.extraction.matching import Dropped, Matcher, Spans, bracketed, leftmost
from kg.ontology import vocabulary

WORDS = ["防汛", "消防", "森林防火", "、", "等", "部门", "地震", "《", "》", "交通", "建设", "的", "\n", "。", "x"]


@pytest.mark.parametrize(("text", "taken", "expected"), marked_texts(FIXTURES / "hazards" / "texts.txt"))
def test_text_names_hazards(text: str, taken: list[tuple[int, int]], expected: list[str]) -> None:
    assert [f"{mention.form}={mention.label}" for mention in find_hazards(text, taken)] == expected


def test_every_emitted_label_is_in_the_table(shared: Path) -> None:
    hazards = vocabulary("hazards")
    labels = {concept.label for found in hazards for concept in hazards.emitted(found.id)}
    with (shared / "eval" / "hazards.tsv").open(encoding="utf-8") as file:
        known = {row["label"] for row in csv.DictReader(file, delimiter="\t")}
    assert labels <= known


@pytest.mark.parametrize("concept", [c for c in vocabulary("hazards") if c.forms], ids=lambda concept: concept.id)
def test_a_label_names_its_own_hazard(concept) -> None:  # type: ignore[no-untyped-def]
    labels = {emitted.label for emitted in vocabulary("hazards").emitted(concept.id)}
    if labels:
        assert {mention.label for mention in find_hazards(concept.forms[0], in_organs=True)} == labels


@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_mentions_are_ordered_words_of_the_text(words: list[str]) -> None:
    text = "".join(words)
    mentions = find_hazards(text)
    assert [mention.start for mention in mentions] == sorted(mention.start for mention in mentions)
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.form


def test_what_is_not_taken_is_reported() -> None:
    text = "汛期由消防部门排查,交通运输保障有力,遏制较大事故。"
    dropped: list[Dropped] = []
    assert find_hazards(text, dropped=dropped) == []
    assert [(text[item.start : item.end], item.reason) for item in dropped] == [
        ("消防", "in_organ_name"),
        ("较大事故", "other_theme"),
        ("交通运输", "not_in_list"),
    ]
    assert {item.reason for item in dropped} <= set(REASONS)


@given(st.text("ab", max_size=12), st.sets(st.text("ab", min_size=1, max_size=4), max_size=6))
def test_matcher_reads_from_left_to_right_the_longest_word(text: str, words: set[str]) -> None:
    expected, at = [], 0
    while at < len(text):
        word = max((word for word in words if text.startswith(word, at)), key=len, default="")
        if word:
            expected.append((at, word))
        at += len(word) or 1
    matcher = Matcher((word, 1) for word in words)
    assert [(match.start, match.word) for match in matcher.longest(text)] == expected
    assert leftmost(matcher.all(text)) == matcher.longest(text)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6)), max_size=6), st.integers(0, 20), st.integers(1, 6))
def test_spans_hold_and_touch(pairs: list[tuple[int, int]], start: int, length: int) -> None:
    spans = [(begin, begin + size) for begin, size in pairs]
    end = start + length
    assert Spans(spans).hold(start, end) == any(a <= start and end <= b for a, b in spans)
    assert Spans(spans).touch(start, end) == any(a < end and start < b for a, b in spans)


def test_brackets_nest() -> None:
    assert bracketed("按《实施〈法〉办法》和《A《B》C》办,《未完") == [(1, 10), (11, 18)]


def test_half_a_character_hides_no_word() -> None:
    matcher = Matcher([("应急", 1), ("应急物资", 2), ("\ud801组", 3)])
    text = "应急\ud800应急物资\U00020000\ud801组"
    assert [match[:3] for match in matcher.longest(text)] == [(0, 2, "应急"), (3, 7, "应急物资"), (8, 10, "\ud801组")]
    assert [match.start for match in matcher.all(text)] == [0, 3, 3, 8]
