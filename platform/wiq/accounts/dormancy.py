"""Accounts that nobody uses: told by mail after eleven months, closed after a year.

They are closed and not deleted: somebody with full responsibility can open one again. The last
account with full responsibility stays, and so do those of the demo.
"""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wiq.accounts import second_step
from wiq.accounts.models import ApiToken, User
from wiq.accounts.roles import Role
from wiq.accounts.services import change_account
from wiq.audit import services as audit
from wiq.mail.writing import write_letter
from wiq.web.hosts import on_this_host

TERM, NOTICE = timedelta(days=365), timedelta(days=30)


def tend() -> int:
    """Tell and close what is due in the current schema; return how many accounts."""
    done = 0
    for user in _asleep_since(timezone.now() - TERM + NOTICE):
        with transaction.atomic():
            done += _next_step(user)
    return done


def _asleep_since(moment: datetime) -> list[User]:
    """Return the accounts that nobody has used since, not even by a token."""
    used = ApiToken.objects.filter(token__user=models.OuterRef("pk"), last_used_at__isnull=False)
    last = Greatest(
        "created_at",
        Coalesce("last_login", "created_at"),
        Coalesce("awake_since", "created_at"),
        Coalesce(
            models.Subquery(used.order_by("-last_used_at").values("last_used_at")[:1]),
            "created_at",
        ),
    )
    found = User.objects.lasting().filter(is_active=True).annotate(last=last)
    return [user for user in found.filter(last__lte=moment) if not second_step.is_demo(user)]


def _next_step(user: User) -> bool:
    """Tell an account's owner, or close it once the notice is over; tell whether it was due."""
    told, since = user.dormancy_told_at, getattr(user, "last", user.created_at)
    # Told before the last time somebody came: that was another year.
    if told is None or told < since:
        _tell(user)
        return True
    if told > timezone.now() - NOTICE:
        return False
    try:
        change_account(
            user, actor=audit.SYSTEM, name=user.name, role=Role(user.role), is_active=False
        )
    except ValidationError:  # the last one with full responsibility
        return False
    return True


def _tell(user: User) -> None:
    user.dormancy_told_at = timezone.now()
    user.save(update_fields=["dormancy_told_at"])
    with translation.override("de"):
        until = date_format(timezone.localdate() + NOTICE, "j. F Y")
        write_letter(
            kind="accounts.dormant",
            to=user.email,
            subject=_("Brauchen Sie Ihr Konto noch?"),
            about=user,
            paragraphs=[
                _("Sie haben sich lange nicht angemeldet. Am %s schließen wir Ihr Konto.") % until,
                _("Sie brauchen es noch? Dann melden Sie sich bis dahin einmal an."),
            ],
            button=_("Anmelden"),
            url=on_this_host("account_login"),
            small=[_("Sie brauchen es nicht mehr? Dann müssen Sie nichts tun.")],
        )
