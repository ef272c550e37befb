"""Do jobs: in processes, on Ray or one after another."""
