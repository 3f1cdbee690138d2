# SPDX-License-Identifier: MIT
"""All applications by the kind under which the plan names them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from altiware.features import accounts
from altiware.features.applications import Conversation, Desk, Factory
from altiware.features.attendant import attendant, directory
from altiware.features.call_back import AskCallBack, CancelCallBack
from altiware.features.call_waiting import KIND, CallWaiting, CallWaitingSwitch, Undisturbed
from altiware.features.conference import room
from altiware.features.dialling import LastCaller, Redial, SpeedDial, StoreSpeedDial
from altiware.features.do_not_disturb import DoNotDisturb
from altiware.features.emergency import EmergencyTest
from altiware.features.find_me import FindMe, FindMeSwitch
from altiware.features.forwarding import Forward
from altiware.features.hot_desk import LogIn, LogOut
from altiware.features.intercom import Intercom
from altiware.features.office_switches import BlockOutside, OperatorOffLine
from altiware.features.paging import OverheadPage
from altiware.features.park import Park
from altiware.features.pickup import Pickup
from altiware.features.remote_forward import RemoteForward
from altiware.features.tie import Tie
from altiware.features.transfer_return import TransferReturn
from altiware.features.voicemail.caretaker import Caretaker
from altiware.features.voicemail.visits import message, owner
from altiware.features.workgroup.codes import Agent, RecordCall
from altiware.features.workgroup.queued import Queued
from altiware.features.workgroup.supervision import Supervision
from altiware.features.zone_paging import ZonePage

__all__ = ["FACTORIES", "residents"]

FACTORIES: Final[Mapping[str, Factory]] = MappingProxyType(
    {
        accounts.KIND: accounts.AccountCode,
        "agent": Agent,
        "attendant": attendant,
        "directory": directory,
        KIND: CallWaiting,
        "call-waiting": CallWaitingSwitch,
        "block-outside": BlockOutside,
        "call-back": AskCallBack,
        "cancel-call-back": CancelCallBack,
        "do-not-disturb": DoNotDisturb,
        "emergency-test": EmergencyTest,
        "find-me": FindMe,
        "find-me-switch": FindMeSwitch,
        "forward": Forward,
        "mailbox": owner,
        "message": message,
        "log-in": LogIn,
        "log-out": LogOut,
        "last-caller": LastCaller,
        "operator-off-line": OperatorOffLine,
        "intercom": Intercom,
        "page": OverheadPage,
        "zone": ZonePage,
        "park": Park,
        "pickup": Pickup,
        "record-call": RecordCall,
        "room": room,
        "remote-forward": RemoteForward,
        "redial": Redial,
        "speed-dial": SpeedDial,
        "store-speed-dial": StoreSpeedDial,
        "undisturbed": Undisturbed,
        "supervise": Supervision,
        "workgroup": Queued,
        "tie": Tie,
        "transfer-return": TransferReturn,
    }
)


def residents(desk: Desk) -> list[Conversation]:
    """Return the applications that live as long as the service, and that nobody calls."""
    return [Caretaker(desk)] if desk.plan.mail.boxes else []
