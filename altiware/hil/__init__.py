# SPDX-License-Identifier: MIT
"""Hardware in the loop: a pytest plugin that tests a board, simulated or of silicon, by its lines.

See docs/topics/hardware-in-the-loop.md; ``plugin`` has the fixtures, ``lab`` what they stand on.
Nothing is imported here: pytest loads the plugin wherever the package is installed.
"""

__all__: list[str] = []
