"""The Graph that users hold: a store and the questions that it answers.

>>> import kg
>>> graph = kg.build(["plans/"])                  # doctest: +SKIP
>>> graph.who_is_responsible("防汛物资")            # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import networkx
    import pandas

    from kg.building import BuildReport, Progress, Reading
    from kg.extraction.facts import Facts
    from kg.store.base import Store

__all__ = ["Graph"]


class Graph:
    """Plans as a graph, in memory or in a store file.

    Made by `kg.build` and `kg.open`. `report` tells what the last `build` or `add` did (a `kg.building.BuildReport`). A
    Graph is a context manager; `close()` releases the file.
    """

    def __init__(self, store: Store, report: BuildReport | None = None) -> None:
        from kg.building import BuildReport

        self.store = store
        self.report = report if report is not None else BuildReport()

    # questions

    def who_is_responsible(
        self,
        topic: str,
        *,
        plan: str | None = None,
        role: str | None = None,
        level: str | None = None,
        status: str | None = None,
        place: str | None = None,
    ) -> pandas.DataFrame:
        """Who answers for `topic`, one row an owner of a matching task.

        Args:
            topic: a hazard, a supply, a team, a facility, a system, an activity, or free words (`防汛物资`, `卫星电话`,
                `安责险`). It is expanded to synonyms and narrower concepts, never to broader ones. Words put beside one
                another, or one after another with a space, must all be met.
            plan: only this plan (id, file name, title, or words that all stand in title, place, issuer or period).
            role: only `lead`, `responsible` or `support`.
            level: only this response level: `Ⅰ` to `Ⅳ` (`1` to `4` and `一级` to `四级` are read too).
            status: only `planned`, `reported` or `duty`.
            place: only plans of places whose name holds these words.

        Returns:
            Columns `owner, parent, generic, role, basis, task, status, response_level, plan, section, hazards,
            deadline, quote, start, end, owner_quote, owner_start, owner_end, why`. `owner` is the unit's own name,
            `parent` the unit that it belongs to, `generic` whether it is named by class (`有关部门`), `plan` the plan's
            id, `hazards` a list, `why` what matched. `start`, `end` count code points of the plan's source text. Best
            match first; tasks that name no one come last, with `owner` None. With no match the frame is empty and
            `attrs["nearest"]` lists the nearest topics.

        Raises:
            UsageError: no or several plans match, an unknown role, level or status, an empty topic.
        """
        from kg.queries.responsible import who_is_responsible

        return who_is_responsible(self.store, topic, plan=plan, role=role, level=level, status=status, place=place)

    def shared_owners(self, *, plan: str | None = None, by: str = "tasks") -> pandas.DataFrame:
        """Which tasks share owners.

        Args:
            plan: only this plan, see `who_is_responsible`.
            by: what a row is:
                `tasks`: a task with two owners or more: `owners, task, plan, section, quote, start, end`;
                `pairs`: two owners: `owner_a, owner_b, tasks, statements`, the numbers of tasks and of statements
                (annotations, duty items, sentences) that name both; most statements first;
                `load`: an owner: `owner, tasks, lead, responsible, support, hazards`, numbers of tasks, in all and by
                role, and of different hazards; most tasks first.
            Owners named by class (`有关部门`) count as owners, each plan's apart.

        Raises:
            UsageError: an unknown `by`, no or several plans match.
        """
        from kg.queries.shared import shared_owners

        return shared_owners(self.store, plan=plan, by=by)

    def uncovered(self, plan: str, against: str | Sequence[str] | None = None) -> pandas.DataFrame:
        """What one plan leaves uncovered, each finding with its ground.

        Args:
            plan: id, file name, title, or words that all stand in title, place, issuer or period.
            against: one or several other plans, named alike (of the level above, of the year before, of peers): what
                they assign and this plan does not.

        Returns:
            Columns `ground, item, state, demand, article, searched, plan, section, quote, start, end, why`.
            `ground`: `task_without_owner`, `task_without_deadline`, `hazard_without_task`, `hazard_without_owner`,
            `hazard_without_resource`, `target_without_owner`, `element` (what such a plan should hold), `hazard_class`
            (classes of hazards that it does not name), `other_plan`. `item`: id of the task or target, label of the
            hazard or class, `E01` to `E19` for elements. `state`: `absent` (`searched` says where), `stated_elsewhere`
            (`plan, section, quote, start, end` give the words) or `cannot_be_judged` (`why` says so); only the first is a
            gap. `demand`: `must`, `should`, `expected`, `none`, with the `article` of law behind it; of an absent
            `other_plan` the words are the other plan's. Reported actions are done: they need neither owner nor
            deadline; standing duties need no deadline. docs/coverage.md tells each ground.

        Raises:
            UsageError: no or several plans match.
        """
        from kg.queries.coverage import uncovered

        return uncovered(self.store, plan, against)

    def compare(self, a: str, b: str) -> pandas.DataFrame:
        """Two plans side by side, across years or levels: tasks matched by their words, targets by measure and unit.

        Args:
            a, b: two plans, named as for `uncovered`.

        Returns:
            Columns `change, what, task_a, task_b, owners_a, owners_b, deadline_a, deadline_b, section_a, section_b,
            start_a, end_a, start_b, end_b, score, why`. `change`: `kept` (also where the wording differs), `changed`
            (`what`: `owner`, `deadline`, `target`, joined by 、), `dropped` (only in `a`), `new` (only in `b`), `target`
            (`what` is the measure; `task_a`, `task_b` the targets in words, or the figure that `b` reports).
            `owners_a`, `owners_b` are lists, `score` the likeness of the two tasks or of the nearest one (0 to 1), `why`
            the differences in words. Owners of different places are compared by what they are (`市水利局`, `区水利局`).

        Raises:
            UsageError: no or several plans match, or both are the same.
        """
        from kg.queries.comparison import compare

        return compare(self.store, a, b)

    def timeline(self, plan: str | None = None, at: str | date | None = None) -> pandas.DataFrame:
        """Tasks that have a deadline, by date.

        Args:
            plan: only this plan, see `uncovered`.
            at: the day on which to look (ISO, or a date); today where it is None.

        Returns:
            Columns `date, deadline, state, task, owners, plan, section, quote, start, end`. `date` is the last day (ISO),
            `deadline` the words, `state` `due` (on the day or later), `overdue` (before the day; whether it was done
            stands in no plan) or `undated` (`汛期前`), `owners` a list, `plan` an id.

        Raises:
            UsageError: no or several plans match, no date.
        """
        from kg.queries.timeline import timeline

        return timeline(self.store, plan, at)

    def targets(self, plan: str | None = None) -> pandas.DataFrame:
        """Targets by measure and unit, beside the figure reported before.

        Args:
            plan: only this plan, see `uncovered`.

        Returns:
            Columns `measure, comparator, value, unit, reported, task, owners, plan, section, quote, start, end`.
            `comparator`: `=`, `>=`, `<=`, `+` (rise by), `-` (fall by). `reported`: the figure of the same unit that this
            plan or one of the same place, of this year or the year before, reports for the same measure; None where none
            does. `task` is None for goals outside tasks, `owners` a list.

        Raises:
            UsageError: no or several plans match.
        """
        from kg.queries.targets import targets

        return targets(self.store, plan)

    def plans(self) -> pandas.DataFrame:
        """The plans of the graph, ordered by title and id.

        Columns: `id, title, kind, issuer, place, doc_number, issued, period_start, period_end, source, sha256, tasks,
        owned` (`tasks` is their number, `owned` the number of those that name an owner).
        """
        from kg.queries.plans import plans

        return plans(self.store)

    def left_out(self) -> pandas.DataFrame:
        """The files that were not built: `source, reason, message`; `reason` is a code of `kg.building`."""
        from kg.queries.plans import left_out

        return left_out(self.store)

    def entities(
        self, *, type: str | None = None, plan: str | None = None, ambiguous: bool = False
    ) -> pandas.DataFrame:
        """The things that the graph holds beside its tasks, one row each, ordered by label, name and id.

        Args:
            type: only this label: `Agency`, `Committee`, `Team`, `Supply`, `Facility`, `System`, `Hazard`,
                `Regulation` or `Place`.
            plan: only what stands in this plan, see `who_is_responsible`.
            ambiguous: only names that could not be settled and so stay apart.

        Returns:
            Columns `id, label, name, aliases, place, plans, mentions, former_names`. `aliases` are all other names in the
            plans, `place` is the full name of a unit's place (None where it is not known), `plans` the ids of the plans
            in which it stands, `mentions` in how many places, `former_names` names of before a renaming, with its date.
            With `ambiguous` also `reason` (a code of `kg.store.units`; `city_not_named` for places;
            `former_department` and `department_by_field` for departments that may be the same as one beside them)
            and `candidates`, a list of `name (place) id` of those that it may be; most doubtful reasons first. How
            names are settled and how a list of aliases settles the others: docs/identity.md.

        Raises:
            UsageError: an unknown type, no or several plans match.
        """
        from kg.queries.entities import entities

        return entities(self.store, type=type, plan=plan, ambiguous=ambiguous)

    def nearest_topics(self, topic: str, limit: int = 5) -> list[str]:
        """Names in this graph (hazards, resources, organisations) most like `topic`, best first."""
        from kg.queries.topics import nearest_topics

        return nearest_topics(self.store, topic, limit)

    def cypher(self, query: str, parameters: Mapping[str, Any] | None = None) -> pandas.DataFrame:
        """Run a Cypher query; values belong in `parameters` (`$name` in the query).

        Raises:
            UsageError: the query is wrong, with the engine's own words.
        """
        from kg.queries.frames import table

        result = self.store.run(query, dict(parameters or {}))
        return table(result.rows, result.columns)

    def sparql(self, query: str | Path, parameters: Mapping[str, Any] | None = None) -> pandas.DataFrame:
        """Run a SPARQL query on the graph's RDF form (`docs/rdf.md`); the usual prefixes are known.

        Args:
            query: the query, the path of an `.rq` file, or the name of a saved query (`shared_pairs`).
            parameters: values for its `VALUES ?name { … }` lines.

        Returns:
            A row a solution. IRIs of the graph are given as ids. ASK gives one row `answer`, CONSTRUCT rows of
            `subject, predicate, object`.

        Raises:
            UsageError: the query is wrong, with the engine's own words, or a parameter is.
        """
        from kg.queries.sparql import sparql

        return sparql(self.store, query, parameters)

    def check(self) -> pandas.DataFrame:
        """Check the graph against the SHACL shapes of `kg/ontology/shapes.ttl`.

        Returns:
            A row a finding, violations first: `severity` (`violation` or `warning`), `shape`, `node` (id), `name`, `path`,
            `value`, `message`. With no violation the graph conforms; warnings tell what plans may lack.
        """
        from kg.queries.frames import frame
        from kg.store.rdf import FINDING_COLUMNS, check_dataset, dataset

        rows = (one.row() for one in check_dataset(dataset(self.store)).findings)
        return frame(rows, FINDING_COLUMNS)

    # changes

    def add(
        self,
        *paths: str | Path,
        max_size: int | None = None,
        strict: bool = False,
        aliases: str | Path | None = None,
        progress: Progress | None = None,
        executor: Executor | None = None,
        workers: int | None = None,
        reading: Reading | None = None,
        keep_numbers: bool = False,
    ) -> BuildReport:
        """Add plans from files and folders; a plan that the graph already holds (same id) is replaced.

        Args:
            paths: files and folders.
            max_size, progress, executor, workers, reading, keep_numbers: as for `kg.build`.
            strict: raise BuildFailed where any file was left out, after the others are added.
            aliases: a CSV file of names that mean the same, as for `kg.build`; joined to the one that the store keeps.

        Returns:
            What was built and what was left out; also kept as `report`.

        Raises:
            BuildFailed: nothing could be built, or, with `strict`, something was left out.
        """
        from kg.building import add

        self.report = add(
            self.store,
            paths,
            max_size=max_size,
            strict=strict,
            aliases=aliases,
            progress=progress,
            executor=executor,
            workers=workers,
            reading=reading,
            keep_numbers=keep_numbers,
        )
        return self.report

    def add_facts(self, facts: Iterable[Facts], *, keep_numbers: bool = False) -> list[str]:
        """Add plans already extracted; returns their ids. A plan that the graph already holds (same id) is replaced.

        Mobile and identity numbers are masked unless `keep_numbers` is set.
        """
        from kg.store.privacy import masked_rows
        from kg.store.rows import plan_rows

        aliases = self.store.aliases()
        rows = (plan_rows(one, aliases) for one in facts)
        return list(self.store.put(one if keep_numbers else masked_rows(one)[0] for one in rows).written)

    def remove(self, plan: str) -> str:
        """Remove a plan and all that no other plan rests on; returns its id.

        Raises:
            UsageError: no or several plans match.
        """
        from kg.queries.plans import resolve_plan

        identifier = resolve_plan(self.store, plan)
        self.store.remove([identifier])
        return identifier

    # the graph itself

    def nodes(self, label: str | None = None) -> Iterator[dict[str, Any]]:
        """All nodes (of one label) as dictionaries of their properties, ordered by label and id; None where unset."""
        return self.store.nodes(label)

    def relationships(self, type: str | None = None) -> Iterator[dict[str, Any]]:
        """All relationships (of one type) as dictionaries, ordered.

        Keys: `type, source, source_label, target, target_label` and the properties (`plan, span_start, span_end, quote,
        rule`, …).
        """
        return self.store.relationships(type)

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        """The graph for networkx: nodes keyed by `id`, edges by number, with their properties; None is left out."""
        import networkx

        graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
        for node in self.nodes():
            graph.add_node(node["id"], **{key: value for key, value in node.items() if value is not None})
        for edge in self.relationships():
            properties = {
                key: value for key, value in edge.items() if value is not None and key not in ("source", "target")
            }
            graph.add_edge(edge["source"], edge["target"], **properties)
        return graph

    def to_rdf(self, path: str | Path, format: str | None = None) -> None:
        """Write the graph as RDF, with the words of every fact (`docs/rdf.md`); `kg.build` reads the file back.

        Args:
            path: the file.
            format: `ttl`, `jsonld`, `nt` or `trig`; None: by the file's suffix.

        Raises:
            UsageError: no such format, or the suffix tells none.
        """
        from kg.store.rdf import write

        write(self.store, path, format)

    # life

    def close(self) -> None:
        """Release the store; a graph in memory is gone."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Graph {self.store.describe()}>"
