"""Whole graphs from one place to another: push, pull, and what differs between two places."""
