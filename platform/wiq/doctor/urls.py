"""The doctor at the project team's console."""

from django.urls import path

from wiq.admin.sites import platform_site
from wiq.doctor.views import doctor

urlpatterns = [path("doktor/", platform_site.admin_view(doctor), name="doctor")]
