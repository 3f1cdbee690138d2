# SPDX-License-Identifier: MIT
"""Reports on call records: pure functions of records that give sections of figures."""

from altiware.reports.calls import call_sections
from altiware.reports.sections import Section, Value
from altiware.reports.traffic import traffic_sections
from altiware.reports.workgroups import workgroup_sections

__all__ = ["Section", "Value", "call_sections", "traffic_sections", "workgroup_sections"]
