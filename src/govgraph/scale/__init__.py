"""What one machine's memory does not hold: dumps loaded to disk."""
