"""The nightly work on what is kept with each district."""

from tenants.districts import public_menu
from wiq.night import Chore, chores

chores.register(Chore("menu_noted", public_menu.note))
