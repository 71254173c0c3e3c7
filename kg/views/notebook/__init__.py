"""The graph in Jupyter: answers whose quotes unfold, the graph in a frame, progress bars, `%%cypher`."""

from kg.views.notebook.charts import chinese_font
from kg.views.notebook.magics import load
from kg.views.notebook.progress import bar, in_notebook
from kg.views.notebook.shown import Shown, overview, show

__all__ = ["Shown", "bar", "chinese_font", "in_notebook", "load", "overview", "show"]
