"""A run's report as pandas data frames: ``layerclaims.load("reports/X")``.

pandas is imported when a frame is asked for, and nowhere else.
"""

from layerclaims.report.frames.report import TABLES, Report, load

__all__ = ["TABLES", "Report", "load"]
