"""What claims of several sections share."""
