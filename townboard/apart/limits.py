"""What a worker may use for one file, and the words of one byte in which it answers. Shared by the two ends of the pipe."""

from __future__ import annotations

MIB = 1024 * 1024
ADDRESS_SPACE = 1536 * MIB
PROCESSOR_SECONDS = 15
WALL_SECONDS = 20.0
ANSWER = 64 * MIB
"""An answer is never larger: the forms of a unit fill a hundredth of it."""
MEMORY_TO_RETIRE = 384 * MIB
"""A worker that once needed more is replaced, so that memory goes back."""
FILES_TO_RETIRE = 500

DONE, BYTES, REFUSED, OVERRUN, BROKEN = b"d", b"y", b"r", b"o", b"b"
"""Done, with plain data or with bytes; a refusal; too much memory or too long an answer; something of ours broke. In capitals where the worker should retire."""
