"""Short names that things had before, so that whatever was printed or linked leads on."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves


class FormerName(models.Model):
    """A short name that a team, a solution team or a topic had once."""

    kind = models.CharField(_("was"), max_length=60)
    slug = models.SlugField(_("Kurzname"), max_length=80, db_index=False)
    # No foreign key: rows of several rooms have short names.
    row = models.BigIntegerField(_("Nummer"))
    since = models.DateTimeField(auto_now_add=True)

    class Data:
        # A name that was changed may have named somebody.
        leaves = Leaves.PERSONAL
        plain = "kind slug row since"

    class Meta:
        verbose_name = _("früherer Kurzname")
        verbose_name_plural = _("frühere Kurznamen")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint("kind", "slug", name="formername_once"),
        ]

    def __str__(self) -> str:
        return self.slug
