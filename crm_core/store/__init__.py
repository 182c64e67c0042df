"""Keeping the book: what `Book` asks of a store (`base`), and the store on TinyDB (`tiny`).

`format` is a file's bytes, `storage` the file, `lock` who may write, `backups` and `restoring` the way back. Nothing
above this folder knows of TinyDB.
"""
