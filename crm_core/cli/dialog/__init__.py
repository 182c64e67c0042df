"""Asking a person: questions, the editor, forms, and what is offered as an answer."""
