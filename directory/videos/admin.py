"""Videos at the coordinators' desk."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from directory.videos import services
from directory.videos.captions import captions_in, tidied
from directory.videos.models import Video
from wiq.admin.base import ServiceAdmin, account
from wiq.admin.sites import district_site
from wiq.editing.forms import VersionedForm
from wiq.media.films import Film, rewritten


class VideoForm(VersionedForm):
    """A video with its captions, which are uploaded as a file and edited as text."""

    captions_file = forms.FileField(
        label=_("Untertitel als Datei"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".vtt,.srt"}),
        help_text=_("SRT oder WebVTT. Viele Videoprogramme und YouTube können sie schreiben."),
    )
    written_anew: Film | None = None

    class Meta:
        help_texts: ClassVar = {
            "film": _("MP4, MOV oder WebM, höchstens 60 MB: das sind etwa fünf Minuten. Wo und womit das Video aufgenommen wurde, steht danach nicht mehr darin. Was wichtig ist, wird im Film auch gesagt. Ist es nur zu sehen, stellen Sie eine zweite Fassung mit Audiodeskription als eigenes Video ein."),
        }  # fmt: skip

    def clean_film(self) -> Any:
        given = self.cleaned_data.get("film")
        if isinstance(given, UploadedFile):
            self.written_anew = rewritten(given)
            self.instance.has_sound = self.written_anew.has_sound
        return given

    def clean_captions(self) -> str:
        return _tidied_if_any(self.cleaned_data["captions"])

    def clean_captions_en(self) -> str:
        return _tidied_if_any(self.cleaned_data["captions_en"])

    def clean_captions_file(self) -> Any:
        given = self.cleaned_data.get("captions_file")
        if given:
            self.cleaned_data["captions"] = captions_in(given)
        return given


def _tidied_if_any(text: str) -> str:
    return tidied(text) if text.strip() else ""


@admin.register(Video, site=district_site)
class VideoAdmin(ServiceAdmin):
    """Videos that the district hosts itself."""

    services = services
    form = VideoForm
    list_display = ("title", "is_published", "everyone_agreed", "position")
    search_fields = ("title",)
    fields = (
        *("title", "title_en", "film", "captions", "captions_file", "captions_en"),
        *("transcript", "transcript_en", "everyone_agreed", "is_published", "position"),
    )

    def write(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Save the form with its rewritten film."""
        assert isinstance(obj, Video)
        services.save(obj, actor=account(request), film=form.written_anew)
