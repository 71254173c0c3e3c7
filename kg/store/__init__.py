"""Where the graph lives: rows from facts, and the stores that hold them."""

from kg.store.base import Changes, LeftOut, Result, Store
from kg.store.rows import PlanRows, plan_rows

__all__ = ["Changes", "LeftOut", "PlanRows", "Result", "Store", "plan_rows"]
