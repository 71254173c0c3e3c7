"""The commands of `kg`, their options and what explains them."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from kg.cli import answers, checks, exports, plans
from kg.cli.values import count, day, parameter, size

__all__ = ["BY", "parser"]

BY = (
    "tasks", "pairs", "load", "hazards", "deadlines", "groups", "network", "communities", "bridges", "single", "leads",
    "no_lead",
)  # fmt: skip
"""What a row of `kg shared` may be."""


Add = Callable[..., argparse.ArgumentParser]
"""Adds a command: its name, what runs it, its help, and the shared options that it takes."""

_PLAN = "id, file name, title, or words that all stand in title, place, issuer or period"


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; `run` of what it returns takes the options and gives the exit code."""
    kg = argparse.ArgumentParser(
        prog="kg",
        description="Emergency plans as a knowledge graph: who must do what, against which hazard, with what.",
    )
    kg.add_argument("--version", action="version", version=_version())
    commands = kg.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(
        name: str, run: Callable[[argparse.Namespace], int], help: str, *shared: argparse.ArgumentParser
    ) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=help, description=help, parents=list(shared))
        one.set_defaults(run=run)
        return one

    rows, graph = _rows(), _graph()
    _plans(command, rows, graph)
    _questions(command, rows, graph)
    _uses(command, rows, graph)
    return kg


def _rows() -> argparse.ArgumentParser:
    """Of commands that print rows."""
    rows = argparse.ArgumentParser(add_help=False)
    rows.add_argument("--format", choices=("table", "json", "csv"), default="table", help="form of the rows")
    return rows


def _graph() -> argparse.ArgumentParser:
    """Of commands that read a graph."""
    graph = argparse.ArgumentParser(add_help=False)
    held = graph.add_mutually_exclusive_group()
    held.add_argument("--graph", metavar="FILE", help="the store, as made by kg build")
    held.add_argument(
        "--uri", metavar="URI", help="a Neo4j server that kg push filled (NEO4J_URI where neither is given)"
    )
    return graph


def _reading() -> argparse.ArgumentParser:
    """Of commands that read files."""
    reading = argparse.ArgumentParser(add_help=False)
    reading.add_argument("--max-size", type=size, metavar="SIZE", help="largest text that is read (20MB)")
    reading.add_argument("--max-pages", type=count, metavar="N", help="most pages that are read of a file (1000)")
    reading.add_argument("--max-time", type=float, metavar="SECONDS", help="longest work on one file (300)")
    reading.add_argument("--max-memory", type=size, metavar="SIZE", help="most memory for one file (2GB)")
    reading.add_argument("--mapping", metavar="FILE", help="what columns of tables hold, as YAML")
    return reading


def _many() -> argparse.ArgumentParser:
    """Of commands that read many files."""
    many = argparse.ArgumentParser(add_help=False)
    many.add_argument("--workers", type=count, metavar="N", help="processes that read side by side (one a core)")
    many.add_argument("--keep-numbers", action="store_true", help="keep mobile and identity numbers; else masked")
    return many


def _plans(command: Add, rows: argparse.ArgumentParser, graph: argparse.ArgumentParser) -> None:
    reading, many = _reading(), _many()

    one = command("build", plans.build, "make a store from plans", reading, many)
    one.add_argument("paths", nargs="+", metavar="PATH", help="files and folders")
    one.add_argument("--out", required=True, metavar="FILE", help="the store to make")
    one.add_argument("--replace", action="store_true", help="replace an existing store")
    one.add_argument("--strict", action="store_true", help="exit 1 when anything was left out")
    one.add_argument("--aliases", metavar="FILE", help="names that mean the same, as CSV: name,place,same_as")

    one = command("add", plans.add, "add plans to a store; a plan that it holds is replaced", graph, reading, many)
    one.add_argument("paths", nargs="+", metavar="PATH", help="files and folders")
    one.add_argument("--strict", action="store_true", help="exit 1 when anything was left out")
    one.add_argument("--aliases", metavar="FILE", help="names that mean the same, as CSV: name,place,same_as")

    one = command("remove", plans.remove, "remove a plan from a store", graph)
    one.add_argument("plan", metavar="PLAN", help=_PLAN)

    one = command("extract", plans.extract, "print the facts of one plan, without a store", rows, reading)
    one.add_argument("file", metavar="FILE")
    one.add_argument("--explain", action="store_true", help="report on standard error what each rule made and rejected")


def _questions(command: Add, rows: argparse.ArgumentParser, graph: argparse.ArgumentParser) -> None:
    one = command("plans", answers.plans, "list the plans of a store", rows, graph)
    one.add_argument("--left-out", action="store_true", help="list the files that were not built, with the reason")

    one = command("entities", answers.entities, "list units, things and places; what could not be settled", rows, graph)
    one.add_argument("--type", metavar="LABEL", help="only this label: Agency, Committee, Team, Place, …")
    one.add_argument("--plan", metavar="PLAN", help=_PLAN)
    one.add_argument("--ambiguous", action="store_true", help="only names that stay apart, with reason and candidates")

    one = command("who", answers.who, "who is responsible for a topic", rows, graph)
    one.add_argument("topic", metavar="TOPIC", help="a hazard, supply, team, activity or other words: 防汛物资")
    one.add_argument("--plan", metavar="PLAN", help=_PLAN)
    one.add_argument("--role", choices=("lead", "responsible", "support"))
    one.add_argument("--level", metavar="LEVEL", help="response level: Ⅰ to Ⅳ, or 1 to 4")
    one.add_argument("--status", choices=("planned", "reported", "duty"))
    one.add_argument("--place", metavar="WORDS", help="only plans of places whose name holds these words")

    one = command("shared", answers.shared, "which tasks share owners", rows, graph)
    one.add_argument("--plan", metavar="PLAN", help=_PLAN)
    one.add_argument("--by", choices=BY, default="tasks", help="what a row is (tasks)")
    one.add_argument(
        "--owner", action="append", default=[], metavar="UNIT", help="only tasks that all units named so share"
    )

    one = command("duties", answers.duties, "all that one unit answers for", rows, graph)
    one.add_argument("agency", metavar="UNIT", help="an agency, a committee, a section or a team")
    one.add_argument("--plan", metavar="PLAN", help=_PLAN)
    one.add_argument("--addressed", action="store_true", help="also tasks in which it is only urged or guided")

    one = command("tasks", answers.tasks, "the ledger of tasks", rows, graph)
    one.add_argument("--plan", metavar="PLAN", help=_PLAN)
    one.add_argument("--status", choices=("planned", "reported", "duty"))
    one.add_argument("--owned", choices=("yes", "no"), help="only tasks that name an owner, or that name none")
    one.add_argument("--only-supports", action="store_true", help="only tasks in which the plan's units support others")

    one = command("resources", answers.resources, "teams, supplies, facilities and systems", rows, graph)
    one.add_argument("--kind", metavar="KIND", help="Team, Supply, Facility, System, or words: 队伍, 物资, 消防队")
    one.add_argument("--hazard", metavar="HAZARD", help="only what this hazard can draw on: 防汛, 森林火灾")
    one.add_argument("--plan", metavar="PLAN", help=_PLAN)
    one.add_argument("--place", metavar="WORDS", help="only plans of places whose name holds these words")

    one = command("mentions", answers.mentions, "where things are named, word for word", rows, graph)
    one.add_argument("name", nargs="?", metavar="WORDS", help="words of the thing's name")
    one.add_argument("--type", metavar="LABEL", help="only this label: Committee, Regulation, Hazard, …")
    one.add_argument("--plan", metavar="PLAN", help=_PLAN)

    one = command("relations", answers.relations, "how a unit belongs to others", rows, graph)
    one.add_argument("unit", metavar="UNIT", help="an agency, a committee, a section or a team")
    one.add_argument("--plan", metavar="PLAN", help=_PLAN)

    one = command("ask", answers.ask, "a plain question in Chinese or English", rows, graph)
    one.add_argument(
        "question", metavar="QUESTION", help="谁负责防汛物资储备? Which tasks have no owner in 云渚区 2025?"
    )

    one = command(
        "report", exports.report, "a report on one plan: ledger, coverage, shared owners, timeline, sources", graph
    )
    one.add_argument("plan", metavar="PLAN", help=_PLAN)
    one.add_argument("--to", required=True, choices=("xlsx", "html", "docx"))
    one.add_argument("file", metavar="FILE", help="the file to write")
    one.add_argument("--language", choices=("zh", "en"), default="zh", help="of captions; the plan's words stay (zh)")
    one.add_argument("--at", type=day, metavar="DATE", help="the day on which to look for what is overdue (today)")

    one = command("gaps", answers.gaps, "what a plan leaves uncovered", rows, graph)
    one.add_argument("plan", metavar="PLAN", help=_PLAN)
    one.add_argument(
        "--against", action="append", metavar="PLAN", help="what another plan assigns and this one does not; repeatable"
    )

    one = command(
        "compare", answers.compare, "two plans side by side: tasks kept, changed, dropped, new; targets", rows, graph
    )
    one.add_argument("a", metavar="A", help=_PLAN)
    one.add_argument("b", metavar="B", help=_PLAN)

    one = command("timeline", answers.timeline, "tasks by deadline, due and overdue", rows, graph)
    one.add_argument("plan", nargs="?", metavar="PLAN", help=_PLAN)
    one.add_argument("--at", metavar="DATE", help="the day on which to look, as 2025-06-30; today without it")

    one = command("targets", answers.targets, "targets by measure, beside the figure reported before", rows, graph)
    one.add_argument("plan", nargs="?", metavar="PLAN", help=_PLAN)

    one = command("cypher", answers.cypher, "run a Cypher query", rows, graph)
    one.add_argument("query", metavar="QUERY")
    one.add_argument(
        "--param", type=parameter, action="append", default=[], metavar="NAME=VALUE", help="a value for $NAME (JSON)"
    )

    one = command("sparql", answers.sparql, "run a SPARQL query", rows, graph)
    one.add_argument("query", metavar="QUERY", help="the query, an .rq file, or the name of a saved query")
    one.add_argument(
        "--param", type=parameter, action="append", default=[], metavar="NAME=VALUE", help="a value for ?NAME (JSON)"
    )


def _uses(command: Add, rows: argparse.ArgumentParser, graph: argparse.ArgumentParser) -> None:
    one = command("check", checks.check, "check a store or an RDF file against the shapes", rows, graph)
    one.add_argument("file", nargs="?", metavar="FILE", help="an RDF file: a graph that kg export wrote, a vocabulary")

    one = command("push", exports.push, "write a store to a Neo4j server; a plan that it holds is replaced")
    one.add_argument("--graph", required=True, metavar="FILE", help="the store, as made by kg build")
    one.add_argument("--uri", metavar="URI", help="neo4j://HOST:7687, neo4j+s:// with TLS; NEO4J_URI where not given")
    one.add_argument("--plan", metavar="PLAN", help=f"only this plan: {_PLAN}")
    one.add_argument("--again", action="store_true", help="write plans too that are there unchanged")
    one.add_argument("--no-check", action="store_true", help="do not check the store against the shapes first")

    one = command(
        "export", exports.export, "write the graph as a page, RDF, CSV files, GraphML or an Excel workbook", graph
    )
    one.add_argument("--to", required=True, choices=exports.FORMATS)
    one.add_argument("file", metavar="FILE", help="the file to write; a folder for csv, neo4j-csv, neo4j-browser")
    one.add_argument("--plan", metavar="PLAN", help=f"html: only this plan ({_PLAN})")
    one.add_argument("--focus", metavar="NAME", help="html: the unit, hazard or other node on which the page opens")
    one.add_argument(
        "--renderer", choices=("auto", "canvas", "pyvis"), help="html: what paints (pyvis up to 300 nodes)"
    )
    one.add_argument("--lang", choices=("zh", "en"), help="html: language of the captions (zh)")

    one = command("eval", checks.evaluate, "score extraction against annotated plans (docs/annotating.md)")
    one.add_argument("gold", metavar="GOLD_DIR", help="folder with annotations (*.json)")
    one.add_argument("--plans", metavar="DIR", help="where the plans are; found beside GOLD_DIR where it is not given")
    one.add_argument("--misses", action="store_true", help="list what was missed (-) and what was wrong (+)")
    one.add_argument("--json", action="store_true", help="print the figures as JSON")
    one.add_argument("--by-plan", action="store_true", help="with --json: the figures of each plan too")

    one = command("demo", plans.demo, "build the sample plans, print three answers, write a workbook")
    one.add_argument("--out", default="demo-out", metavar="DIR", help="where the store and the workbook go")


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"kg {version('emergency-kg')}"
    except PackageNotFoundError:  # run from a folder that was never installed
        return "kg (not installed)"
