"""Whoever reads at a corrected address sees only what follows, until a coordinator confirms it."""

from directory.conversations import resident
from wiq.mail.resending import followers

followers.register(resident.address_corrected)
