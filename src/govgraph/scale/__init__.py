"""What one machine's memory does not hold: loading to disk, rules on a store, Spark."""
