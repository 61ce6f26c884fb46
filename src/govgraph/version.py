"""The version of the package, which outputs and requests name."""

__version__ = "0.2.0"
