"""Numbers for Prometheus, on a port of their own (docs/howto/metrics.md).

Without WIQ_METRICS_PORT nothing here counts, and prometheus_client is not even loaded.
"""
