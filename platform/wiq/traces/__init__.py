"""OpenTelemetry traces of web and worker (docs/howto/metrics.md, Traces).

Without OTEL_EXPORTER_OTLP_ENDPOINT nothing here does anything, and no package of OpenTelemetry is
loaded.
"""
