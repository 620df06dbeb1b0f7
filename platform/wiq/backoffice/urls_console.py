"""Pages at the project team's console."""

from django.urls import path

from wiq.admin.sites import platform_site
from wiq.backoffice import mail_doctor

urlpatterns = [
    path(
        "maildoktor/", platform_site.admin_view(mail_doctor.at_console), name="platform_mail_doctor"
    ),
]
