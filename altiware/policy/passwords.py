# SPDX-License-Identifier: MIT
"""Which passwords people may choose, and what wrong ones lead to.  Pure.

Stricter than AltiWare, which took four digits and locked after eight wrong ones: mailboxes are
where telephone systems are broken into.
"""

from datetime import timedelta
from itertools import pairwise
from typing import Final

__all__ = ["LONGEST", "SHORTEST", "TRIES_A_CALL", "WRONG_IN_A_ROW", "is_weak", "lock"]

SHORTEST: Final = 6
LONGEST: Final = 8
TRIES_A_CALL: Final = 3
WRONG_IN_A_ROW: Final = 5
"""So many lock a mailbox for all but its owner's own telephone."""
FIRST_LOCK: Final = timedelta(minutes=15)
LONGEST_LOCK: Final = timedelta(hours=24)
COMMON: Final = frozenset(
    {"123123", "121212", "112233", "789456", "159753", "147258", "741852", "963852"}
    | {"123321", "147147", "258258", "369369", "456456", "789789", "159159", "456789"}
)


def is_weak(password: str, extension: str) -> bool:
    """Whether a password is one of those that are tried first."""
    if not (SHORTEST <= len(password) <= LONGEST) or not (
        password.isascii() and password.isdigit()
    ):
        return True
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(password)}
    run = len(steps) == 1 and steps <= {0, 1, 9}
    half = password[: len(password) // 2]
    repeats = len(set(password)) <= 2 or half * 2 == password
    return run or repeats or _is_date(password) or extension in password or password in COMMON


def _is_date(password: str) -> bool:
    """Whether it ends, or begins, with a year of somebody's life, of eight digits or six."""
    years = range(1920, 2040)
    return any(part.isdigit() and int(part) in years for part in (password[-4:], password[:4]))


def lock(wrong: int, locks: int) -> timedelta | None:
    """Return how long so many wrong ones in a row lock; ``locks``: it was, so often before."""
    if wrong < WRONG_IN_A_ROW:
        return None
    doubled = FIRST_LOCK * float(2 ** min(locks, 10))
    return min(doubled, LONGEST_LOCK)
