"""Records, JSON and files: read and written whole or not at all."""
