"""Signed links in mails: each opens one page on one host for a limited time."""
