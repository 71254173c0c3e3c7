"""Answers and graphs in the forms that people and other programs open: tables, CSV, Excel, GraphML."""

from kg.views.cells import neutral, plain_cell
from kg.views.csv_files import to_csv
from kg.views.graphml import to_graphml
from kg.views.neo4j_browser import to_neo4j_browser
from kg.views.table import FORMATS, render
from kg.views.workbook import to_excel

__all__ = ["FORMATS", "neutral", "plain_cell", "render", "to_csv", "to_excel", "to_graphml", "to_neo4j_browser"]
