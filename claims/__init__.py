"""The document as pytest assertions: one module per section."""
