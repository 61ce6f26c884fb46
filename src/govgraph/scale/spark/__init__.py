"""Networks past one machine: pairs of members and groups in Parquet, measured on Apache Spark."""
