"""What a worker that has backups tells with its sign of life."""

from tenants.restoring import offered
from wiq.worker_sign import others

others.register(offered.tell)
