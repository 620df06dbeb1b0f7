"""The application that granian serves: the platform, with bodies awaited before it."""

from wiq.confinement import keep_to_oneself
from wiq.serving.front import Front
from wiq.wsgi import application as platform
from wiq.wsgi import memory

keep_to_oneself()
application = Front(platform, memory)
