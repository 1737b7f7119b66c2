"""Measurements against the figures of docs/performance.md: ./bench NAME."""
