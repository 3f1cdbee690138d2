# SPDX-License-Identifier: MIT
"""The table at the end of a run: every backend, and how much of the board contract it keeps."""

from collections import Counter
from collections.abc import Sequence

import pytest

from altiware.hil.contract.board_suite import BoardContract

COLUMNS = ("passed", "skipped", "failed", "error")
TITLES = ("kept", "not promised", "broken")
BACKENDS = pytest.StashKey[dict[str, str]]()


def backend_of(kind: type) -> str:
    """Return what a contract class runs on, from its module's name and its own."""
    module = kind.__module__.rpartition(".")[2].removeprefix("test_")
    return f"{module}: {kind.__name__.removeprefix('Test')}"


def table(counts: dict[str, Counter[str]]) -> list[str]:
    """Return the lines of the table: rows are backends, columns what became of the tests."""
    width = max([len(name) for name in counts] + [len("backend")])
    lines = [f"{'backend':<{width}} " + "".join(f"{title:>14}" for title in TITLES)]
    for name, count in sorted(counts.items()):
        cells = (count["passed"], count["skipped"], count["failed"] + count["error"])
        lines.append(f"{name:<{width}} " + "".join(f"{cell:>14}" for cell in cells))
    return lines


def pytest_collection_modifyitems(config: pytest.Config, items: Sequence[pytest.Item]) -> None:
    found = config.stash.setdefault(BACKENDS, {})
    for item in items:
        if isinstance(item, pytest.Function) and item.cls and issubclass(item.cls, BoardContract):
            found[item.nodeid] = backend_of(item.cls)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    backends = terminalreporter.config.stash.get(BACKENDS, {})
    counts: dict[str, Counter[str]] = {}
    for column in COLUMNS:
        for report in terminalreporter.stats.get(column, []):
            name = backends.get(getattr(report, "nodeid", ""))
            if name is not None:
                counts.setdefault(name, Counter())[column] += 1
    counts = {name: count for name, count in counts.items() if set(count) != {"skipped"}}
    if counts:
        terminalreporter.section("the board contract, backend by backend")
        for line in table(counts):
            terminalreporter.write_line(line)
