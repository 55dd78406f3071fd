"""Townboard: a township's monthly workbook goes in, and a leader reads a chart whose every number walks back to its cell."""

__version__ = "0.1.0"
