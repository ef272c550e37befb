"""Stand-ins for libraries that tests do not install: the calls of docs/formats.md."""
