"""Store and summarise the outcomes of jobs."""
