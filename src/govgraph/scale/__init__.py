"""What one machine's memory does not hold: loading to disk, pairs for networks, Spark."""
