"""Count clusters of pairs and trace them to groups of tokens."""
