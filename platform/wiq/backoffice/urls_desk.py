"""Pages at a district's desk."""

from django.urls import path

from wiq.admin.sites import district_site
from wiq.backoffice import mail_doctor

urlpatterns = [
    path("maildoktor/", district_site.admin_view(mail_doctor.at_desk), name="mail_doctor"),
]
