"""Videos that the district hosts itself, so that no other site learns who watches them."""

from typing import ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves


class VideoQuerySet(models.QuerySet["Video"]):
    """Queries on videos."""

    def shown(self) -> "VideoQuerySet":
        """Return the videos that everybody may see, in order."""
        return self.filter(is_published=True).order_by("position", "pk")


class Video(models.Model):
    """A video in which people of the district tell what they do, with captions and as text."""

    title = models.CharField(_("Titel"), max_length=120)
    title_en = models.CharField(_("Titel auf Englisch"), max_length=120, blank=True)
    film = models.FileField(_("Film"), upload_to="videos/")
    # Computed from the film (wiq.media.remux), never entered.
    poster = models.ImageField(upload_to="videos/", editable=False, blank=True)
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    seconds = models.PositiveIntegerField(_("Sekunden"), default=0, editable=False)
    has_sound = models.BooleanField(default=True, editable=False)
    captions = models.TextField(
        _("Untertitel"),
        blank=True,
        validators=[MaxLengthValidator(200_000)],
        help_text=_("Was gesagt wird und zu hören ist, mit Zeiten (WebVTT)."),
    )
    captions_en = models.TextField(
        _("Untertitel auf Englisch"), blank=True, validators=[MaxLengthValidator(200_000)]
    )
    transcript = models.TextField(
        _("Das Video als Text"),
        validators=[MaxLengthValidator(50_000)],
        help_text=_(
            "Wer spricht, was gesagt wird und was zu sehen ist: für alle, die das Video nicht sehen oder nicht hören."
        ),
    )
    transcript_en = models.TextField(
        _("Das Video als Text auf Englisch"), blank=True, validators=[MaxLengthValidator(50_000)]
    )
    everyone_agreed = models.BooleanField(
        _("Alle sind einverstanden"),
        default=False,
        help_text=_("Alle, die zu sehen oder zu hören sind, wollen auf diesen Seiten gezeigt werden."),
    )  # fmt: skip
    is_published = models.BooleanField(
        _("wird gezeigt"),
        default=False,
        help_text=_("Ohne dieses Häkchen ist das Video sofort für niemanden mehr erreichbar."),
    )
    position = models.PositiveSmallIntegerField(
        _("Reihenfolge"), default=0, help_text=_("Eine kleinere Zahl steht weiter oben.")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = VideoQuerySet.as_manager()

    class Data:
        leaves = Leaves.PERSONAL
        plain = (
            "width height seconds has_sound everyone_agreed is_published position "
            "created_at updated_at"
        )
        personal = "title title_en film poster captions captions_en transcript transcript_en"

    class Meta:
        verbose_name = _("Video")
        verbose_name_plural = _("Videos")
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_published=False) | Q(everyone_agreed=True),
                name="video_shown_with_agreement",
                violation_error_message=_(
                    "Gezeigt wird ein Video erst, wenn alle darin einverstanden sind."
                ),
            ),
            # WCAG 2.2, 1.2.2: videos need captions.
            models.CheckConstraint(
                condition=Q(is_published=False) | Q(has_sound=False) | ~Q(captions=""),
                name="video_shown_with_captions",
                violation_error_message=_("Zu einem Video mit Ton gehören Untertitel."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind(self) -> str:
        """The film's format, as the subtype of its media type."""
        return str(self.film.name).rpartition(".")[2]

    @property
    def minutes(self) -> int:
        """The length, rounded up, to tell people before they press play."""
        return -(-self.seconds // 60)
