"""The command `kg`.

Answers go to standard output, progress and messages to standard error. Exit codes: 0 done, 1 the input was bad (one
line says which file, where, what to do), 2 wrong usage.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from kg.cli.parser import parser
from kg.cli.terminal import say, tell
from kg.errors import InputError, KgError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    _speak_utf8()
    options = parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except KgError as error:
        report = getattr(error, "report", None)  # of a build that came to nothing
        if report is not None and len(report.left_out) != 1:  # of one file alone the error says it
            tell(report)
        say(f"kg: {error}")
        return error.exit_code
    except BrokenPipeError:  # the reader of our output has gone (kg who … | head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        say(f"kg: {where}{error.strerror or error}; check that it exists and may be read or written")
        return InputError.exit_code
    except KeyboardInterrupt:
        say("kg: stopped")
        return 130


def _speak_utf8() -> None:
    """UTF-8 whatever the console; what cannot be encoded (broken file names) is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
