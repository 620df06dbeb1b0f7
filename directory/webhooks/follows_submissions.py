"""What comes in is told to the district's webhooks."""

from directory.webhooks import services
from wiq.submissions.models import Submission, SubmissionStep
from wiq.submissions.services import Follower, followers


def _step(submission: Submission, step: SubmissionStep) -> None:
    services.tell(submission)


def _forgotten(submission: Submission) -> None:
    """A call holds a number, a time and a link, and no word of the resident's."""


followers.register(Follower(step=_step, forgotten=_forgotten))
