"""The course's own units: their tests are proven by the audit."""

from pathlib import Path

import pytest

from helpers.grading import audit
from helpers.grading.course import Course

COURSE = Course(Path(__file__).resolve().parents[2])


@pytest.mark.parametrize("unit", [unit.name for unit in COURSE.units])
def test_audit_finds_nothing(unit):
    assert audit.audit(COURSE.unit(unit)).findings == []
