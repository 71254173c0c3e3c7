"""The Graph that users hold: a store and the questions that it answers.

>>> import kg
>>> graph = kg.build(["plans/"])                  # doctest: +SKIP
>>> graph.who_is_responsible("防汛物资")            # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from datetime import date
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, Self

if TYPE_CHECKING:
    import networkx
    import pandas

    from kg.build_report import BuildReport, Progress
    from kg.building import Reading
    from kg.extraction.facts import Facts
    from kg.queries.asking import Answer
    from kg.store.base import Store
    from kg.store.neo4j import Pushed
    from kg.views.notebook import Shown

__all__ = ["Graph"]


_P = ParamSpec("_P")


def _answering(method: Callable[_P, pandas.DataFrame]) -> Callable[_P, pandas.DataFrame]:
    """The same method; notebooks show its DataFrame with captions and with quotes that unfold."""

    @wraps(method)
    def answering(*arguments: _P.args, **options: _P.kwargs) -> pandas.DataFrame:
        from kg.views.notebook.answers import answer

        return answer(method(*arguments, **options))

    return answering


class Graph:
    """Plans as a graph, in memory, in a store file or on a server.

    Made by `kg.build`, `kg.open` and `kg.connect`. `report` tells what the last `build` or `add` did (a `kg.building.BuildReport`). A
    Graph is a context manager; `close()` releases the file.
    """

    def __init__(self, store: Store, report: BuildReport | None = None) -> None:
        from kg.build_report import BuildReport

        self.store = store
        self.report = report if report is not None else BuildReport()

    # questions

    @_answering
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
            topic: a hazard, a supply, a team, a facility, a system, a law, an activity, or free words (`防汛物资`,
                `卫星电话`, `《自然灾害救助条例》`, `安责险`). It is expanded to synonyms and narrower concepts, never to
                broader ones. Words put beside one another, or one after another with a space, must all be met. A
                response level alone (`启动Ⅲ级响应`) gives who does what when it is started, in the order of the plan.
            plan: only this plan (id, file name, title, or words that all stand in title, place, issuer or period).
            role: only `lead`, `responsible` or `support`.
            level: only this response level: `Ⅰ` to `Ⅳ` (`1` to `4` and `一级` to `四级` are read too).
            status: only `planned`, `reported` or `duty`.
            place: only plans of places whose name holds these words.

        Returns:
            Columns `owner, parent, generic, role, basis, task, status, response_level, plan, section, hazards,
            deadline, quote, start, end, position, owner_quote, owner_start, owner_end, owner_position, why`. `owner` is the
            unit's own name, `parent` the unit that it belongs to, `generic` whether it is named by class (`有关部门`),
            `plan` the plan's id, `hazards` a list, `why` what matched. `start`, `end` count code points of the plan's
            source text; `position` is the page, paragraph or cell of its file (`第3页`, `表2第3行第2列`; None in plain
            text). Best match first; tasks that name no one come last, with `owner` None. With no match the frame is
            empty and `attrs["nearest"]` lists the nearest topics.

        Raises:
            UsageError: no or several plans match, an unknown role, level or status, an empty topic.
        """
        from kg.queries.responsible import who_is_responsible

        return who_is_responsible(self.store, topic, plan=plan, role=role, level=level, status=status, place=place)

    @_answering
    def duties_of(self, agency: str, *, plan: str | None = None, addressed: bool = False) -> pandas.DataFrame:
        """The whole duty of one unit, one row a task and role, by plan and place in the text.

        Args:
            agency: the unit's name as a plan writes it, its full name or an alias; where no unit bears it, all units
                whose names hold it.
            plan: only this plan, see `who_is_responsible`.
            addressed: also tasks in which the unit is only urged or guided (督促, 指导), with role `addressed`: it is
                not responsible for them.

        Returns:
            Columns `owner, parent, place, role, basis, task, status, response_level, hazards, resources, deadline,
            deadline_date, others, alone, statement, plan, section, quote, start, end, position, owner_quote, owner_start,
            owner_end, owner_position`. `others` lists the other owners of the task, `alone` is whether there are none, `statement` is
            one id for all tasks of one annotation, duty item or sentence. With no such unit the frame is empty and
            `attrs["nearest"]` lists names like it.

        Raises:
            UsageError: no name, no or several plans match.
        """
        from kg.queries.duties import duties_of

        return duties_of(self.store, agency, plan=plan, addressed=addressed)

    @_answering
    def tasks(
        self,
        *,
        plan: str | None = None,
        status: str | None = None,
        owned: bool | None = None,
        only_supports: bool = False,
    ) -> pandas.DataFrame:
        """The ledger: one row a task, by plan and place in the text.

        Args:
            plan: only this plan, see `who_is_responsible`.
            status: only `planned`, `reported` or `duty`.
            owned: True for tasks that name an owner, False for those that name none.
            only_supports: only tasks in which the plan's units support others: all owners have that role, or the
                sentence opens with such a word (`配合省、市…`).

        Returns:
            Columns `task, status, response_level, leads, responsible, supports, hazards, resources, deadline,
            deadline_date, cites, plan, section, quote, start, end, position, id`; units, hazards and the like are lists of names.

        Raises:
            UsageError: an unknown status, no or several plans match.
        """
        from kg.queries.tasks import tasks

        return tasks(self.store, plan=plan, status=status, owned=owned, only_supports=only_supports)

    @_answering
    def resources(
        self,
        kind: str | None = None,
        hazard: str | None = None,
        place: str | None = None,
        *,
        plan: str | None = None,
    ) -> pandas.DataFrame:
        """Teams, supplies, facilities and systems, one row each and plan.

        Args:
            kind: `Team`, `Supply`, `Facility`, `System`, a word for one of them (`队伍`, `物资`), or a more special one
                (`消防队`).
            hazard: only what this hazard can draw on: resources meant for it or a narrower one, or used in a task
                against it. Never what is meant for broader ones only.
            place: only plans of places whose name holds these words.
            plan: only this plan, see `who_is_responsible`.

        Returns:
            Columns `resource, kind, type, quantity, unit, kept_at, hazards, managed_by, used_by, deadline, tasks, plan,
            section, quote, start, end, position, why`. `kind` is the label, `type` the vocabulary's concept; `quantity`,
            `unit` and the list `kept_at` are what rosters and ledgers say; `hazards` are those that it is meant for,
            `managed_by` who manages it, `used_by` the owners of the tasks that need it, `tasks` the number of these;
            `quote` the most telling words: who manages it, else a task with owners, else any task, else where it is
            named. `why` tells why it stands under the hazard. When empty, `attrs["nearest"]` lists names like it.

        Raises:
            UsageError: no such hazard, no plan of such a place, no or several plans match.
        """
        from kg.queries.resources import resources

        return resources(self.store, kind, hazard, place, plan=plan)

    @_answering
    def mentions(
        self, name: str | None = None, *, type: str | None = None, plan: str | None = None
    ) -> pandas.DataFrame:
        """Where things are named, one row a place: `label, name, plan, section, quote, start, end, position, id`.

        Args:
            name: words of the thing's name; None for all.
            type: only `Agency`, `Committee`, `Group`, `Team`, `Supply`, `Facility`, `System`, `Hazard` or `Regulation`.
            plan: only this plan, see `who_is_responsible`.

        Raises:
            UsageError: an unknown type, no or several plans match.
        """
        from kg.queries.mentions import mentions

        return mentions(self.store, name, type=type, plan=plan)

    @_answering
    def relations_of(self, unit: str, *, plan: str | None = None) -> pandas.DataFrame:
        """How a unit belongs to others: `unit, relation, other, plan, quote, start, end, position`.

        `relation` is `PART_OF`, `OFFICE_OF`, `HOSTED_BY`, `MEMBER_OF` or `LEADS`, and leads from `unit` to `other`.

        Args:
            unit: as for `duties_of`; rows in which it stands on either side.
            plan: only this plan, see `who_is_responsible`.

        Raises:
            UsageError: no name, no or several plans match.
        """
        from kg.queries.units import unit_relations

        return unit_relations(self.store, unit, plan=plan)

    @_answering
    def shared_owners(
        self, *, plan: str | None = None, by: str = "tasks", owners: Sequence[str] = ()
    ) -> pandas.DataFrame:
        """Which tasks share owners.

        Args:
            plan: only this plan, see `who_is_responsible`.
            owners: with `by="tasks"`, only tasks that all of these share (names as for `duties_of`).
            by: what a row is:
                `tasks`: a task with two owners or more: `owners, task, plan, section, quote, start, end, position`;
                `pairs`: two owners: `owner_a, owner_b, tasks, statements`, the numbers of tasks and of statements
                (annotations, duty items, sentences) that name both; most statements first;
                `load`: an owner: `owner, tasks, lead, responsible, support, hazards`, numbers of tasks, in all and by
                role, and of different hazards; most tasks first;
                `hazards`, `deadlines`: an owner and a hazard or a deadline: `owner, hazard` (or `deadline`)`, tasks,
                lead, responsible, support`;
                `groups`: a whole set of owners that stand together: `owners, size, tasks, statements`;
                `network`: an owner with partners: `owner, partners, tasks, statements, degree, betweenness, community`
                (networkx; degree and betweenness centrality between 0 and 1; above 250 owners betweenness is estimated);
                `communities`: owners that work together more than with others (Louvain): `community, owners, size,
                tasks`;
                `bridges`: a unit or link without which the network falls apart: `kind` (`unit`, `link`)`, owner_a,
                owner_b, statements, tasks, parts` (of what it holds together);
                `single`: a hazard or supply that, in a plan, hangs on one owner: `kind, item, owner, tasks, plan,
                section, quote, start, end, position`;
                `leads`: a task with more than one lead: `leads, owners, task, plan, section, quote, start, end, position`;
                `no_lead`: a task with three owners or more and no lead: `owners, task, plan, section, quote, start, end,
                position`.
            Owners named by class (`有关部门`) count as owners, each plan's apart.

        Raises:
            UsageError: an unknown `by`, no or several plans match.
        """
        from kg.queries.shared import shared_owners

        return shared_owners(self.store, plan=plan, by=by, owners=owners)

    @_answering
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

    @_answering
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

    @_answering
    def timeline(self, plan: str | None = None, at: str | date | None = None) -> pandas.DataFrame:
        """Tasks that have a deadline, by date.

        Args:
            plan: only this plan, see `uncovered`.
            at: the day on which to look (ISO, or a date); today where it is None.

        Returns:
            Columns `date, deadline, state, task, owners, plan, section, quote, start, end, position`. `date` is the last day (ISO),
            `deadline` the words, `state` `due` (on the day or later), `overdue` (before the day; whether it was done
            stands in no plan) or `undated` (`汛期前`), `owners` a list, `plan` an id.

        Raises:
            UsageError: no or several plans match, no date.
        """
        from kg.queries.timeline import timeline

        return timeline(self.store, plan, at)

    @_answering
    def targets(self, plan: str | None = None) -> pandas.DataFrame:
        """Targets by measure and unit, beside the figure reported before.

        Args:
            plan: only this plan, see `uncovered`.

        Returns:
            Columns `measure, comparator, value, unit, reported, task, owners, plan, section, quote, start, end, position`.
            `comparator`: `=`, `>=`, `<=`, `+` (rise by), `-` (fall by). `reported`: the figure of the same unit that this
            plan or one of the same place, of this year or the year before, reports for the same measure; None where none
            does. `task` is None for goals outside tasks, `owners` a list.

        Raises:
            UsageError: no or several plans match.
        """
        from kg.queries.targets import targets

        return targets(self.store, plan)

    def ask(self, text: str) -> Answer:
        """A plain question in Chinese or English, read by patterns and vocabularies into one of the other methods.

        Args:
            text: the question: `谁负责防汛物资储备?`, `Which tasks have no owner in 云渚区 2024?`.

        Returns:
            An answer with `understood` (how it was read; None where it was declined), `call` (the Python call), `cypher`
            (the queries that ran, with parameters), `frame` (the rows); when declined `reason` and `nearest`, questions
            that are understood.

        Raises:
            UsageError: the question is empty.
        """
        from kg.queries.asking import ask

        return ask(self, text)

    @_answering
    def plans(self) -> pandas.DataFrame:
        """The plans of the graph, ordered by title and id.

        Columns: `id, title, kind, issuer, place, doc_number, issued, period_start, period_end, source, sha256, tasks,
        owned` (`tasks` is their number, `owned` the number of those that name an owner).
        """
        from kg.queries.plans import plans

        return plans(self.store)

    @_answering
    def left_out(self) -> pandas.DataFrame:
        """The files that were not built: `source, reason, message`; `reason` is a code of `kg.building`."""
        from kg.queries.plans import left_out

        return left_out(self.store)

    @_answering
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

    @_answering
    def cypher(self, query: str, parameters: Mapping[str, Any] | None = None) -> pandas.DataFrame:
        """Run a Cypher query; values belong in `parameters` (`$name` in the query).

        Raises:
            UsageError: the query is wrong, with the engine's own words.
        """
        from kg.queries.frames import table

        result = self.store.run(query, dict(parameters or {}))
        return table(result.rows, result.columns)

    @_answering
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

    @_answering
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

        Keys: `type, source, source_label, target, target_label` and the properties (`plan, span_start, span_end, position,
        quote, rule`, …).
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

    def to_report(
        self, plan: str, path: str | Path, format: str | None = None, *, language: str = "zh", at: date | None = None
    ) -> Path:
        """Write a report on one plan: ledger of tasks (all, and of each owner), coverage, shared owners as a heat map,
        timeline, targets, sources; in a workbook also the facts to confirm, reject or change (`add` takes it back).

        Args:
            plan: id, file name, title, or words that all stand in title, place, issuer or period.
            path: the file to write.
            format: `xlsx`, `html` or `docx` (needs the extra `reports`); None: by the file's suffix.
            language: `zh` or `en`, of captions and codes; the plan's own words stay.
            at: the day on which to look for what is overdue; today where it is None.

        Returns:
            The path.

        Raises:
            UsageError: no such format or language, no or several plans match, an extra is not installed.
        """
        from kg.views.reports import write_report

        return write_report(self, plan, path, format, language=language, day=at)

    def to_neo4j(
        self,
        uri: str | None = None,
        *,
        plan: str | None = None,
        user: str | None = None,
        password: str | None = None,
        database: str | None = None,
        again: bool = False,
        check: bool = True,
        progress: Progress | None = None,
    ) -> Pushed:
        """Write the graph to a Neo4j database (`docs/neo4j-browser.md`); its other plans stay.

        Args:
            uri, user, password, database: as for `kg.connect`; the database is empty or was pushed to before.
            plan: only this plan, see `who_is_responsible`.
            again: write plans too that are there unchanged.
            check: check the graph against the shapes first (`check()`), where anything is to be written.
            progress: called with the number of plans done, their total, and where they go.

        Returns:
            What was written, and the numbers that both sides hold.

        Raises:
            UsageError: as for `kg.connect`; no or several plans match.
            InputError: the graph violates the shapes; nothing was written.
            BadStore: the server or the database is not as it should be; what was committed is whole.
        """
        from kg.queries.plans import resolve_plan
        from kg.store.neo4j import address, push

        plans = None if plan is None else [resolve_plan(self.store, plan)]
        to = address(uri, user=user, password=password, database=database)
        return push(self.store, to, plans=plans, again=again, check=check, progress=progress)

    def to_html(
        self,
        path: str | Path,
        *,
        plan: str | None = None,
        focus: str | None = None,
        renderer: str = "auto",
        lang: str = "zh",
    ) -> Path:
        """Write the graph as one HTML page that opens in any browser and makes no network request (`docs/page.md`).

        The page holds the surroundings of one unit or hazard, the whole graph, the matrix of owners by hazards with its
        gaps, tables, and each fact with its words, plan and section. A graph of more than 20,000 nodes is cut to its best
        connected ones; the page says what it leaves out.

        Args:
            path: the file.
            plan: only this plan, see `who_is_responsible`.
            focus: on what the page opens: id, name, alias or a part of a name; None: on the unit with most tasks.
            renderer: `pyvis` (up to 300 nodes), `canvas`, or `auto`: the first where it can.
            lang: `zh` or `en`, the language of captions at first; a button on the page changes it.

        Returns:
            The path of the file.

        Raises:
            UsageError: no or several plans or nodes match, an unknown renderer or language, too many nodes for pyvis.
        """
        from kg.views.page import to_html

        return to_html(self, path, plan=plan, focus=focus, renderer=renderer, lang=lang)

    def show(
        self,
        focus: str | None = None,
        *,
        plan: str | None = None,
        steps: int | None = 2,
        height: int = 640,
        lang: str = "zh",
    ) -> Shown:
        """The page of `to_html` in a frame below a notebook's cell, as the last value of the cell.

        Args:
            focus: on what it opens, see `to_html`; only what is near it is put into the notebook.
            plan: only this plan, see `who_is_responsible`.
            steps: with `focus`, how many relationships away; None: the whole graph.
            height: of the frame, in pixels.
            lang: `zh` or `en`.

        Raises:
            UsageError: no or several plans or nodes match, an unknown language.
        """
        from kg.views.notebook import show

        return show(self, focus=focus, plan=plan, steps=steps, height=height, lang=lang)

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

    def _repr_html_(self) -> str:
        """Counts, plans and what to try next, as notebooks show them."""
        from kg.views.notebook import overview

        return overview(self)
