"""Faults: writes that fail, processes that are killed, damaged files, closed streams.

What a command writes is the old or the new one, it says in a line what failed, and leaves with 3.
"""
