"""The book of the book's own tests: in a file and in memory."""

from tests.core.book.conftest import book, open_book

__all__ = ["book", "open_book"]
