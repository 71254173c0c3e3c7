"""Reaching a Neo4j server: its address, user and password, and what goes wrong, each in one line.

The address is written `neo4j://host:7687` (or `bolt://`; `neo4j+s://`, `bolt+s://` with TLS, `+ssc` with a certificate
that the server signed itself). User and password come from the environment: `NEO4J_USER` (`neo4j` where unset),
`NEO4J_PASSWORD`, `NEO4J_DATABASE`; at a terminal a missing password is asked for. No message holds a password.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg.errors import BadStore, KgError, UsageError

if TYPE_CHECKING:
    import neo4j

__all__ = ["LEAST_VERSION", "Address", "address", "driver", "errors_in_words"]

SCHEMES = ("neo4j", "bolt", "neo4j+s", "bolt+s", "neo4j+ssc", "bolt+ssc")
LEAST_VERSION = (5, 0)
"""The queries use label expressions and `EXISTS { }` with a pattern, which came with Neo4j 5."""

RETRY_SECONDS = 15.0
"""How long a transaction is tried again while the server is away or busy."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is and who asks. The password is in no representation of it."""

    uri: str
    user: str
    password: str | None = field(repr=False)
    """None: the server asks for none."""
    database: str | None = None
    """None: the server's default one."""

    def __str__(self) -> str:
        return f"{self.uri}/{self.database}" if self.database else self.uri


def address(
    uri: str | None = None, *, user: str | None = None, password: str | None = None, database: str | None = None
) -> Address:
    """A checked address; what is not given is taken from `NEO4J_URI`, `NEO4J_USER`, `NEO4J_PASSWORD`, `NEO4J_DATABASE`.

    An empty password means a server without authentication.

    Raises:
        UsageError: no address, one of another kind, one that holds a password, or no password and no terminal to ask.
    """
    where = (uri or os.environ.get("NEO4J_URI") or "").strip()
    if not where:
        raise UsageError("no server named; give --uri neo4j://HOST:7687 or set NEO4J_URI")
    parts = urlsplit(where)
    if "@" in parts.netloc:
        raise UsageError("the address of the server holds a user or password; leave it out and set NEO4J_PASSWORD")
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise UsageError(f"{where}: no address of Neo4j; write neo4j://HOST:7687 (schemes: {', '.join(SCHEMES)})")
    try:
        _ = parts.port
    except ValueError as error:
        raise UsageError(f"{where}: its port is no number below 65536; the usual one is 7687") from error
    name = user or os.environ.get("NEO4J_USER") or "neo4j"
    secret = password if password is not None else os.environ.get("NEO4J_PASSWORD")
    if secret is None:
        if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
            raise UsageError(f"{where}: no password for user {name}; set NEO4J_PASSWORD")
        from getpass import getpass

        secret = getpass(f"password of {name} at {where}: ")
    return Address(where, name, secret or None, database or os.environ.get("NEO4J_DATABASE") or None)


def driver(to: Address) -> neo4j.Driver:
    """A driver that has reached the server; the caller closes it.

    Raises:
        BadStore: it cannot be reached, refuses user and password, or is too old.
    """
    import neo4j

    notifications = logging.getLogger("neo4j.notifications")
    if notifications.level == logging.NOTSET:  # hints on queries (a label that is not there yet) are not for users
        notifications.setLevel(logging.ERROR)
    with errors_in_words(to):
        made = neo4j.GraphDatabase.driver(
            to.uri,
            auth=(to.user, to.password) if to.password is not None else None,
            connection_timeout=10,
            connection_acquisition_timeout=20,
            max_transaction_retry_time=RETRY_SECONDS,
        )
        try:
            agent = made.get_server_info().agent
            _check_version(to, agent)
        except BaseException:
            made.close()
            raise
    return made


def _check_version(to: Address, agent: str) -> None:
    """`agent` is what the server calls itself: `Neo4j/5.26.30`."""
    found = re.match(r"Neo4j/(\d+)\.(\d+)", agent)
    if found is None:
        raise BadStore(f"{to}: is {agent}, not Neo4j; give the address of a Neo4j server")
    if (int(found[1]), int(found[2])) < LEAST_VERSION:
        raise BadStore(f"{to}: is {agent}, too old; Neo4j {LEAST_VERSION[0]}.{LEAST_VERSION[1]} or newer is needed")


@contextmanager
def errors_in_words(to: Address, doing: str = "") -> Iterator[None]:
    """Turn what the driver raises into one line for people; `doing` says what the user may do next.

    Raises:
        UsageError: the query is wrong.
        BadStore: anything that is wrong with the server or the database.
    """
    from neo4j.exceptions import DriverError, Neo4jError

    try:
        yield
    except (DriverError, Neo4jError, OSError, ValueError) as error:
        raise _in_words(to, error, f"; {doing}" if doing else "") from error


def _in_words(to: Address, error: Exception, then: str) -> KgError:
    from neo4j.exceptions import (
        AuthError,
        ConfigurationError,
        IncompleteCommit,
        Neo4jError,
        ServiceUnavailable,
        SessionExpired,
        UnsupportedServerProduct,
    )

    said = error.message if isinstance(error, Neo4jError) else error.args[0] if error.args else error
    words = " ".join(str(said).split())[:240]
    other = "something other than Neo4j answers, or a version that is too old (5.0 is needed); the usual port is 7687"
    if to.password:
        words = words.replace(to.password, "***")
    code = getattr(error, "code", None) or ""
    if "AuthenticationRateLimit" in code:
        return BadStore(f"{to}: too many wrong passwords; wait a few seconds, check NEO4J_PASSWORD, then try again")
    if "CredentialsExpired" in code:
        return BadStore(
            f"{to}: the password of {to.user} must be changed first; do so in Neo4j Browser, then try again"
        )
    if isinstance(error, AuthError):
        return BadStore(f"{to}: refuses user {to.user} with this password; check NEO4J_USER and NEO4J_PASSWORD")
    if "ReadOnlyDatabase" in code or "read-only" in words or "read only" in words.lower():
        return BadStore(
            f"{to}: the database is set read-only, nothing was written{then}; make it writable on the server"
        )
    if "DatabaseNotFound" in code:
        return BadStore(f"{to}: has no database {to.database!r}; check NEO4J_DATABASE")
    if "DatabaseUnavailable" in code:
        return BadStore(f"{to}: the database is not available{then}; start it on the server, then try again")
    if isinstance(error, ServiceUnavailable | SessionExpired | IncompleteCommit | OSError):
        cause = error.__cause__ or error
        if "SSL" in f"{cause!r}{words}" or "certificate" in words:
            return BadStore(
                f"{to}: TLS fails ({words[:120]}); use the scheme that the server speaks, such as +ssc or none"
            )
        if "handshake" in words or "HTTP" in words or "incomplete" in words:
            return BadStore(
                f"{to}: something other than Neo4j answers, or a version that is too old; the usual port is 7687"
            )
        return BadStore(f"{to}: cannot be reached{then}; check host and port (usually 7687) and that the server runs")
    if isinstance(error, UnsupportedServerProduct) or type(error).__name__ in (
        "BoltHandshakeError",
        "BoltProtocolError",
    ):
        return BadStore(f"{to}: {other}")
    if isinstance(error, ConfigurationError):
        return BadStore(f"{to}: {words}")
    if code.startswith("Neo.ClientError.Statement.AccessMode"):
        return UsageError("the query writes; change the graph with add, remove and push")
    if code.startswith("Neo.ClientError.Statement"):
        return UsageError(f"the query cannot be run: {words}")
    if isinstance(error, Neo4jError):
        return BadStore(f"{to}: {words} ({code}){then}")
    return UsageError(f"the query cannot be run: {words}")
