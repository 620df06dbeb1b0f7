"""By when a resident may expect an answer: so many working days, as the district promises."""

from datetime import date, datetime, timedelta
from functools import cache

import holidays
from django.utils import timezone

from directory.conversations.models import Conversation
from directory.conversations.sorts import known_sort
from wiq.submissions.models import Submission
from wiq.tenancy import connection

SATURDAY = 5
# A promise is made when something comes; what lay here before was promised nothing.
JUST_CAME = timedelta(days=1)


@cache
def _saxony() -> holidays.HolidayBase:
    """Return the public holidays of Saxony (SächsSFG); asked for a year, it works it out."""
    return holidays.country_holidays("DE", subdiv="SN")


def is_working_day(day: date) -> bool:
    """Tell whether offices in Saxony are open on a day: no weekend, no holiday."""
    return day.weekday() < SATURDAY and day not in _saxony()


def last_day(arrived: datetime, working_days: int) -> date:
    """Return the last of so many working days after the day of arrival, in the district's time."""
    day = timezone.localdate(arrived)
    left = working_days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


def made_for(submission: Submission) -> date | None:
    """Return what is promised for a submission that has just come; None for an old one."""
    if submission.created_at < timezone.now() - JUST_CAME:
        return None
    return last_day(submission.created_at, connection.tenant.answer_days)


def of(submission: Submission) -> date | None:
    """Return the day by which an answer was promised; None if none was."""
    rows = Conversation.objects.about(submission).values_list("answer_by", flat=True)
    found: date | None = rows.first()
    return found


def still_open(submission: Submission) -> date | None:
    """Return the promised day while its resident waits for a first answer and it has not passed."""
    if submission.state not in known_sort(submission).unanswered:
        return None
    day = of(submission)
    return day if day is not None and day >= timezone.localdate() else None
