"""Small plugins that disturb a run, given to pytest by ``-p``."""
