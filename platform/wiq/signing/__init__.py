"""Signed links: what stands in mails and opens one page, on one host, for a while."""
