"""What a reader returns, and the limits it works within."""

from __future__ import annotations

from dataclasses import dataclass

from kg.errors import UnreadableFile
from kg.loaders.positions import Positions

MAX_SIZE = 20_000_000
"""The size in bytes above which a file is left out, unless the caller raises it."""
MAX_PAGES = 1_000
"""Pages above which a PDF, an OFD or a set of images is left out, unless the caller raises it."""
UNPACKED = 10
"""What a file holds may be so many times as large, unpacked, as a file may be."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read: `size` in bytes (of the file; unpacked ten times as much), `pages`."""

    size: int = MAX_SIZE
    pages: int = MAX_PAGES

    @property
    def unpacked(self) -> int:
        """Bytes that all parts of a packed file may have together."""
        return self.size * UNPACKED


@dataclass(frozen=True, slots=True)
class Content:
    """What a reader returns.

    `text` is the source text (line ends as LF), `encoding` of a text file (else the format's name), `format` says for
    people what was read and by what means. `pages` is 0 where the format has none. `notes` tell what was left out of
    the text and why; `warnings` what a user should look at.
    """

    text: str
    encoding: str
    format: str = "text"
    positions: Positions = Positions()
    pages: int = 0
    tables: int = 0
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def damaged(name: str, what: str) -> UnreadableFile:
    """The error for a file that is cut off or otherwise broken."""
    return UnreadableFile(f"{name}: {what}; get the file again, or save it anew and try that", "damaged")


def encrypted(name: str, what: str) -> UnreadableFile:
    """The error for a file that needs a password."""
    return UnreadableFile(f"{name}: {what} with a password; save a copy without one", "encrypted")


def too_many_pages(name: str, pages: int, limits: Limits) -> UnreadableFile:
    """The error for a file with more pages than are read."""
    message = f"{name}: {pages:,} pages, more than the limit of {limits.pages:,}; raise --max-pages to read it"
    return UnreadableFile(message, "too_many_pages")
