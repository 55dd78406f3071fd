"""The store: one DuckDB file, the originals beside it, one writer, and a cursor for every question.

It holds and hands out; what a number means is the catalogue's business. `Store` is made in four steps: `file` (one transaction, one
cursor), `reading`, `writing`, `opening`. What they call is in a module for each thing that is kept.
"""

from townboard.store.asking import query, tables_of
from townboard.store.commit import Receipt, StaleError
from townboard.store.drafts import Draft, DraftTaken
from townboard.store.errors import StoreError
from townboard.store.file import FILE
from townboard.store.months import Status, TransitionError
from townboard.store.opening import Store

__all__ = [
    "FILE",
    "Draft",
    "DraftTaken",
    "Receipt",
    "StaleError",
    "Status",
    "Store",
    "StoreError",
    "TransitionError",
    "query",
    "tables_of",
]
