"""`%load_ext kg`: Cypher in a cell.

    %%cypher
    MATCH (a:Agency)-[:RESPONSIBLE_FOR]->(t:Task)-[:ADDRESSES]->(:Hazard {name: $hazard}) RETURN a.name, t.text

`$hazard` is the notebook's variable of that name: values are never pasted into a query. The graph is the variable
`graph`, or the one named after `%%cypher`; `%%cypher mine > rows` keeps the answer as `rows` as well.
"""

from __future__ import annotations

import re
from typing import Any

from kg.errors import KgError, UsageError

__all__ = ["load"]

_LINE = re.compile(r"^\s*(?P<graph>[^\W\d]\w*)?\s*(?:>\s*(?P<name>[^\W\d]\w*))?\s*$")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|//[^\n]*")


def load(shell: Any) -> None:
    """Register the magic with an IPython shell."""

    def cypher(line: str, cell: str | None = None) -> Any:
        try:
            return _run(shell.user_ns, line, cell)
        except KgError as error:  # IPython says it on one line, without a trace of the inside
            from IPython.core.error import UsageError as CellError

            raise CellError(f"kg: {error}") from error

    cypher.__doc__ = __doc__
    shell.register_magic_function(cypher, "line_cell", "cypher")


def _run(variables: dict[str, Any], line: str, cell: str | None) -> Any:
    from kg.graph import Graph

    query, line = (line, "") if cell is None else (cell, line)
    found = _LINE.match(line)
    if not found:
        raise UsageError(f"%%cypher {line}? write: %%cypher, %%cypher GRAPH, or %%cypher GRAPH > NAME")
    name = found["graph"] or "graph"
    graph = variables.get(name)
    if not isinstance(graph, Graph):
        raise UsageError(f"there is no graph called {name}; build one (graph = kg.build(…)) or name it: %%cypher GRAPH")
    wanted = dict.fromkeys(re.findall(r"\$([^\W\d]\w*)", _QUOTED.sub("", query)))
    missing = [one for one in wanted if one not in variables]
    if missing:
        raise UsageError(f"${missing[0]} has no value; set it first: {missing[0]} = …")
    answer = graph.cypher(query, {one: variables[one] for one in wanted})
    if found["name"]:
        variables[found["name"]] = answer
    return answer
