# SPDX-License-Identifier: MIT
"""The plan of the synthetic office: who has which telephone, and where calls lead."""

from typing import Final

from altiware.core.attendants import AttendantAct, AttendantItem, AttendantPlan
from altiware.core.decision import DialPolicy, NumberClass
from altiware.core.ids import PortAddress
from altiware.core.plan import FeatureCode, Numbering, Plan, Service, StationPlan, TrunkPlan
from altiware.core.routes import Hunting, OutPattern, OutRoute, Routing
from altiware.core.speech import Phrase
from altiware.core.workgroups import Member, WorkgroupPlan

__all__ = ["OPERATORS", "PEOPLE", "TRUNKS", "office_plan"]

PEOPLE, TRUNKS = 20, 8
OPERATORS: Final = ("101", "102")
SALES: Final = WorkgroupPlan(
    "sales",
    tuple(map(Member, ("105", "106", "107", "108"))),
    wrap_up_s=15.0,
    announcements=(),
    overflow="101",
    overflow_after_s=180.0,
)
C = NumberClass
ALLOWED: Final = frozenset({C.LOCAL, C.TOLL_FREE, C.LONG_DISTANCE, C.INTERNATIONAL})


def office_plan() -> Plan:
    """Return the office: who is busy or doesn't answer leads to the attendant or an operator."""
    ports = [PortAddress(0, port) for port in range(TRUNKS, 12)]
    ports += [PortAddress(1, port) for port in range(12)] + [PortAddress(2, p) for p in range(4)]
    busy = {"101": "102"}
    stations = tuple(
        StationPlan(extension, port, busy=busy.get(extension, "190"), no_answer="190", ring_s=20.0)
        for extension, port in zip(map(str, range(101, 101 + PEOPLE)), ports, strict=True)
    )
    trunks = tuple(
        TrunkPlan(PortAddress(0, line), f"line {line + 1}", answer_after_s=None)
        for line in range(TRUNKS)
    )
    names = tuple(each.name for each in trunks)
    menu = AttendantItem(AttendantAct.MENU, prompt=(Phrase("greeting"),))
    items = {
        "": menu,
        "1": AttendantItem(AttendantAct.EXTENSION),
        "2": AttendantItem(AttendantAct.CALL, target="180"),
        "0": AttendantItem(AttendantAct.OPERATOR),
    }
    return Plan(
        stations,
        trunks,
        incoming="190",
        numbering=Numbering(
            services={
                "180": Service("workgroup", "sales", "Sales"),
                "190": Service("attendant", "main", "Main menu"),
            },
            codes={"#30": FeatureCode(Service("pickup", "any", "pick up any"))},
        ),
        policy=DialPolicy(ALLOWED),
        attendants=(AttendantPlan("main", items),),
        workgroups=(SALES,),
        routing=Routing(
            routes=(OutRoute("city", names, Hunting.HIGH),),
            patterns=(OutPattern("", ("city",)),),
        ),
    )
