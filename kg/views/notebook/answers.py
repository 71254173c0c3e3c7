"""Answers as notebooks show them: a DataFrame like any other, with headings in Chinese and quotes that unfold."""

from __future__ import annotations

import html
from typing import Any

import pandas

from kg.views.captions import CODES, COLUMNS
from kg.views.cells import json_value, plain_cell

__all__ = ["Answer", "answer"]

MOST_ROWS = 60
"""Rows that are shown; the DataFrame holds all."""

_FOLDED = ("quote", "why", "searched", "message")
_LONG = 60  # characters above which any text is folded
_STYLE = (
    "<style>.kg-answer td,.kg-answer th{text-align:left!important;vertical-align:top;max-width:32em;overflow-wrap:anywhere}"
    ".kg-answer summary{cursor:pointer}.kg-answer small{opacity:.7;font-weight:400}</style>"
)


class Answer(pandas.DataFrame):
    """A DataFrame; only its display in notebooks differs. What is made from it (`head`, a filter) is an Answer too."""

    @property
    def _constructor(self) -> type[Answer]:
        return Answer

    def _repr_html_(self) -> str:
        if self.empty:
            nearest = self.attrs.get("nearest")
            hint = f"最接近的主题 / nearest topics: {'、'.join(map(html.escape, nearest))}" if nearest else ""
            return f"<p>没有结果 / no rows. {hint}</p>"
        names = [str(name) for name in self.columns]
        heads = "".join(f"<th>{html.escape(name)}{_caption(name)}</th>" for name in names)
        rows = []
        for label, values in zip(self.index[:MOST_ROWS], self.head(MOST_ROWS).itertuples(index=False), strict=True):
            cells = "".join(f"<td>{_cell(name, value)}</td>" for name, value in zip(names, values, strict=True))
            rows.append(f"<tr><th>{html.escape(str(label))}</th>{cells}</tr>")
        rest = len(self) - MOST_ROWS
        more = f"另有 {rest} 行 / {rest} more rows · " if rest > 0 else ""
        return (
            f'{_STYLE}<table class="kg-answer"><thead><tr><th></th>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
            f"<p><small>{more}{len(self)} 行 / rows × {len(names)}</small></p>"
        )


def answer(frame: pandas.DataFrame) -> Answer:
    """The same rows, columns, types and `attrs` as an Answer."""
    made = Answer(frame)
    made.attrs = dict(frame.attrs)
    return made


def _caption(name: str) -> str:
    return f"<br><small>{COLUMNS[name]}</small>" if name in COLUMNS else ""


def _cell(name: str, value: Any) -> str:
    value = json_value(value)
    text = str(plain_cell(value))
    caption = CODES.get(name, {}).get(text)
    shown = html.escape(text)
    if caption:
        return f"{shown}<br><small>{caption}</small>"
    if text and (name in _FOLDED or name.endswith("_quote")) and len(text) > 12 or len(text) > _LONG:
        return f"<details><summary>{html.escape(text[:12])}…</summary>{shown}</details>"
    return shown
