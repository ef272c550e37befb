"""Jinja templates of the pages, and what pages bring along."""
