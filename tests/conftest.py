# SPDX-License-Identifier: MIT
"""For all tests."""

import signal

# Whoever runs the tests may have told this process to ignore a hang-up (nohup does), and what it
# starts would inherit that: a service that was told so doesn't end by it.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
