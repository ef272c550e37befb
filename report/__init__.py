"""Evidence records, figures, HTML and PDF."""
