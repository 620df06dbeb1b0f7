"""The application that granian serves: the platform, with bodies awaited before it."""

from wiq.serving.front import Front
from wiq.wsgi import application as platform
from wiq.wsgi import memory

application = Front(platform, memory)
