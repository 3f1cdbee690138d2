# SPDX-License-Identifier: MIT
"""A stale build of the C engine is noticed and said."""

import shutil
from pathlib import Path

import pytest

from dsp import native
from dsp.errors import StaleBuildError

NATIVE = Path(native.__file__).resolve().parent.parent / "native"


def test_a_build_of_the_sources_beside_it_is_accepted() -> None:
    native._refuse_stale_build(NATIVE)


def test_an_edited_source_makes_the_build_stale(tmp_path: Path) -> None:
    copy = tmp_path / "native"
    shutil.copytree(NATIVE, copy)
    with (copy / "src" / "mem.c").open("a") as source:
        source.write("/* edited */\n")
    with pytest.raises(StaleBuildError, match="make build"):
        native._refuse_stale_build(copy)


def test_an_installed_package_without_sources_is_not_checked(tmp_path: Path) -> None:
    native._refuse_stale_build(tmp_path / "native")
