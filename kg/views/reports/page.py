"""The report as one HTML page: no script from elsewhere, prints well, works without a network."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from kg.views.reports.cell_text import shown
from kg.views.reports.content import Content, Table
from kg.views.reports.wording import caption, words

__all__ = ["write"]

_STYLE = """
:root { --ink: #1f2a36; --line: #c9d3de; --head: #2f5d8a; --soft: #f3f6f9; }
* { box-sizing: border-box }
body { font: 15px/1.6 "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "Source Han Sans SC", sans-serif;
  color: var(--ink); margin: 0 auto; padding: 1.5rem; max-width: 100rem }
h1 { font-size: 1.6rem; color: var(--head); margin: 0 } h2 { font-size: 1.2rem; color: var(--head); margin: 2.2rem 0 .4rem }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem } .plan { font-size: 1.15rem; margin: .2rem 0 1rem }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1rem; margin: 1rem 0 } nav a { color: var(--head) }
p.note { color: #5b6770; margin: .2rem 0 .6rem; font-size: .9rem }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-size: .85rem; width: 100% }
th, td { border: 1px solid var(--line); padding: .25rem .45rem; vertical-align: top; text-align: left }
th { background: var(--head); color: #fff; white-space: nowrap; position: sticky; top: 0 }
tr:nth-child(even) td { background: var(--soft) } td.n { text-align: right; white-space: nowrap }
td.wide { min-width: 18rem } td.middle { min-width: 7rem } td.line { white-space: nowrap } td.code { overflow-wrap: anywhere }
table.pairs { width: auto } table.pairs th { text-align: left; position: static } table.matrix { width: auto }
table.matrix thead th { writing-mode: vertical-rl; white-space: nowrap; padding: .4rem .2rem }
table.matrix td { text-align: center; min-width: 1.9rem } table.matrix tr td { background: #fff }
table.matrix td.own { background: #e3e7eb } input { font: inherit; padding: .2rem .5rem; margin: .2rem 0; width: 20rem; max-width: 100% }
@media print { body { padding: 0; font-size: 10px } nav, input { display: none } h2 { break-before: page } tr { break-inside: avoid } }
"""
_SCRIPT = """
for (const box of document.querySelectorAll("input[data-table]")) {
  const rows = document.getElementById(box.dataset.table).tBodies[0].rows;
  box.addEventListener("input", () => {
    for (const row of rows) row.hidden = !row.textContent.includes(box.value.trim());
  });
}
"""
_WIDE = frozenset({"task", "quote", "task_quote", "why", "item"})
_MIDDLE = frozenset(
    {"section", "leads", "responsible", "supports", "owners", "others", "searched", "measure", "hazards", "resources"}
)
_LINE = frozenset({"date", "deadline_date", "deadline"})


def write(report: Content, path: Path) -> None:
    """Write the page; all text of plans is escaped. The sheet of corrections is for workbooks and left out here."""
    tables = [table for table in report.tables if table.kind != "corrections"]
    links = "".join(f'<a href="#{table.name}">{escape(table.title)}</a>' for table in tables)
    owners = words("owner_ledger", report.language)
    links += f'<a href="#owners">{escape(owners)}</a>'
    body = "".join(_section(table, report) for table in tables)
    lists = "".join(f"<h3>{escape(one.note)}</h3>{_table(one, report)}" for one in report.owners)
    language = "zh-CN" if report.language == "zh" else "en"
    path.write_text(
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(report.title)}: {escape(report.plan)}</title><style>{_STYLE}</style></head>\n<body>"
        f'<h1>{escape(report.title)}</h1><p class="plan">{escape(report.plan)}</p><nav>{links}</nav>'
        f'{body}<h2 id="owners">{escape(owners)}</h2>{lists}<script>{_SCRIPT}</script></body></html>\n',
        encoding="utf-8",
    )


def _section(table: Table, report: Content) -> str:
    note = f'<p class="note">{escape(table.note)}</p>' if table.note else ""
    box = ""
    if table.kind == "rows" and len(table.rows) > 10:
        hint = "筛选…" if report.language == "zh" else "filter…"
        box = f'<input type="search" data-table="t-{table.name}" placeholder="{hint}" aria-label="{hint}">'
    return f'<h2 id="{table.name}">{escape(table.title)}</h2>{note}{box}{_table(table, report, f"t-{table.name}")}'


def _table(table: Table, report: Content, name: str = "") -> str:
    if not table.rows:
        return f'<p class="note">{escape(words("empty", report.language))}</p>'
    if table.kind == "pairs":
        rows = "".join(
            f"<tr><th>{_text(shown('key', row['key'], report.language))}</th>"
            f'<td class="code">{_text(shown("value", row["value"], report.language))}</td></tr>'
            for row in table.rows
        )
        return f'<table class="pairs"><tbody>{rows}</tbody></table>'
    if table.kind == "matrix":
        return _heat(table, report)
    head = "".join(f"<th>{escape(caption(column, report.language))}</th>" for column in table.columns)
    rows = "".join(
        "<tr>" + "".join(_cell(column, row.get(column), report.language) for column in table.columns) + "</tr>"
        for row in table.rows
    )
    named = f' id="{name}"' if name else ""
    return f'<div class="scroll"><table{named}><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _cell(column: str, value: Any, language: str) -> str:
    text = shown(column, value, language)
    kind = "wide" if column in _WIDE else "middle" if column in _MIDDLE else ""
    kind = kind or ("n" if isinstance(text, int | float) else "line" if column in _LINE else "")
    return f'<td class="{kind}">{_text(text)}</td>' if kind else f"<td>{_text(text)}</td>"


def _text(value: Any) -> str:
    return escape(f"{value:g}" if isinstance(value, float) else str(value))


def _heat(table: Table, report: Content) -> str:
    units = table.columns[1:]
    most = max((row[unit] or 0 for row in table.rows for unit in units if unit != row["owner"]), default=0) or 1
    head = "".join(f"<th>{escape(unit)}</th>" for unit in units)
    lines = []
    for row in table.rows:
        cells = []
        for unit in units:
            number = row[unit]
            if unit == row["owner"]:
                cells.append(f'<td class="own">{number}</td>')
            elif number:
                share = number / most
                ink = "#fff" if share > 0.6 else "inherit"
                cells.append(f'<td style="background:rgb(217 72 15/{share:.2f});color:{ink}">{number}</td>')
            else:
                cells.append("<td></td>")
        lines.append(f"<tr><th>{escape(row['owner'])}</th>{''.join(cells)}</tr>")
    corner = f"<th>{escape(caption('owner', report.language))}</th>"
    return (
        f'<div class="scroll"><table class="matrix"><thead><tr>{corner}{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )
