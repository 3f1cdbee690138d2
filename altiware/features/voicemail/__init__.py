# SPDX-License-Identifier: MIT
"""Voice mail: messages, their owners, and what they are told.

``message`` takes a message for the mailbox of its argument, or for the extension dialled behind
its code (a station that has a party on hold hands that one over).  ``mailbox`` lets an owner in,
whichever he names; with the argument ``own`` to the mailbox of the telephone that calls, with
``password`` to change that one's password only.

How a call to either begins stands in ``visits``, what a conversation is made of in ``dialogue``;
each other file is one thing that is talked about.
"""
