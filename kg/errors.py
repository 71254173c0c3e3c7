"""The exceptions of the package.

    KgError                    anything below; the command line prints its message and exits with `exit_code`
    ├── InputError             a file or store given by the user is bad (exit 1)
    │   ├── UnreadableFile     in no format that is read, damaged, empty, missing, over a limit
    │   ├── NotAPlan           readable, but no plan: no task in it and no kind of plan in its title
    │   ├── BadRdf             RDF that is invalid, foreign, against the shapes, or not as this project writes it
    │   └── BadStore           not a store, a truncated or foreign one, or one opened twice for writing
    └── UsageError             the call is wrong: no or several plans match, unknown format, … (exit 2)

A message says what, where and what to do, on one line.
"""

from __future__ import annotations


class KgError(Exception):
    """Base of all errors that are meant for the user's eyes."""

    exit_code = 1


class InputError(KgError):
    """What the user gave to read is bad."""


class UnreadableFile(InputError):
    """A file that cannot be read as text; `reason` is one of the reason codes of `kg.loaders`."""

    def __init__(self, message: str, reason: str = "unreadable") -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[type[UnreadableFile], tuple[str, str]]:
        """With its reason, when it comes from another process."""
        return type(self), (str(self), self.reason)


class NotAPlan(InputError):
    """A text that is no plan."""


class BadRdf(InputError):
    """An RDF file that cannot be used; `reason` is `invalid_rdf`, `foreign_rdf`, `shape_violation` or `bad_rdf`."""

    def __init__(self, message: str, reason: str = "bad_rdf") -> None:
        super().__init__(message)
        self.reason = reason


class BadStore(InputError):
    """A store file that cannot be used."""


class UsageError(KgError):
    """The call itself is wrong."""

    exit_code = 2
