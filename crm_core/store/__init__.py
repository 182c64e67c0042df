"""Keeping the book: what `Book` asks of a store (`base`), and the store on TinyDB (`tiny`).

`storage` is the file's format, `lock` who may write. Nothing above this folder knows of TinyDB or of files.
"""
