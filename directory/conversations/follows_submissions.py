"""What happens to a request or idea becomes a part of its conversation."""

from directory.conversations import writing
from wiq.submissions.services import Follower, followers

followers.register(Follower(step=writing.follow, forgotten=writing.forget))
