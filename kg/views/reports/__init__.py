"""Reports on one plan: task ledger, coverage, shared owners, timeline, targets, facts to correct, sources."""

from kg.views.reports.writing import FORMATS, write_report

__all__ = ["FORMATS", "write_report"]
