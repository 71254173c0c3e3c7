"""The graph as one HTML file: surroundings, whole graph, matrix and tables, opened in any browser without a network."""

from kg.views.page.contents import MOST_NODES
from kg.views.page.html import LANGUAGES, PYVIS_NODES, RENDERERS, page, to_html

__all__ = ["LANGUAGES", "MOST_NODES", "PYVIS_NODES", "RENDERERS", "page", "to_html"]
