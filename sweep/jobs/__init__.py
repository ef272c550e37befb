"""Run jobs in processes of their own, on Ray or one after another."""
