# SPDX-License-Identifier: MIT
"""Workgroups: callers wait in a queue, and are distributed to agents.

    caller  a conversation per caller (``queued``), or per call-back (``kept_place``): a Waiter
    group   one per workgroup: says who is called for whom, by ``distribution``
    leg     the call of one agent for one waiter; who answers first has him
    shift   what follows: the agent's call, its recording, and his time afterwards

There is no list of who waits, rings or talks: each is a conversation, in the state that says so.
"""
