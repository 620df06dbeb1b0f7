"""Mails to the project team about new districts and failed orders."""

from django.utils import translation
from django.utils.translation import gettext as _

from tenants.provisioning.models import Order
from wiq.accounts.models import User
from wiq.accounts.roles import Role
from wiq.mail.writing import write_letter
from wiq.web.hosts import on_platform


def project_team() -> list[str]:
    """Return the addresses of the project team's active accounts."""
    accounts = User.objects.with_role(Role.PROJECT_TEAM).order_by("pk")
    return list(accounts.values_list("email", flat=True))


def write_order_failed(order: Order) -> None:
    """Tell the project team that a district could not be created, and why."""
    with translation.override("de"):
        for address in project_team():
            write_letter(
                kind="order.failed",
                to=address,
                subject=_("Das Quartier %s konnte nicht eingerichtet werden") % order.slug,
                about=order,
                paragraphs=[
                    _("Nichts davon ist geblieben, Sie können es noch einmal versuchen."),
                    _("Woran es lag: %s") % order.error,
                ],
                button=_("Ansehen"),
                url=on_platform("plattform:provisioning_order_change", order.pk),
            )
