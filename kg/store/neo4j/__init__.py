"""The same graph on a Neo4j server: connecting, storing, pushing, and the files of its import tool.

How people use it stands in `docs/neo4j-browser.md`; `docs/decisions/0006-neo4j-bookkeeping.md` tells what stands in the
database beside the graph.
"""

from kg.store.neo4j.connecting import Address, address
from kg.store.neo4j.import_files import COMMAND, to_neo4j_csv
from kg.store.neo4j.pushing import Pushed, push
from kg.store.neo4j.storing import FORMAT, Neo4jStore

__all__ = ["COMMAND", "FORMAT", "Address", "Neo4jStore", "Pushed", "address", "push", "to_neo4j_csv"]
