"""Store what came of jobs, and sum it up."""
