"""What every part of the platform builds on."""

from wiq.traces import tracing

# Before anything of ours loads redis-py.
tracing.keep_out()
