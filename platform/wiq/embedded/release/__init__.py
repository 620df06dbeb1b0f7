"""``run.py release``: whether this can be released, and what is published with it.

docs/releases.md says what a version is, and what a release consists of.
"""
