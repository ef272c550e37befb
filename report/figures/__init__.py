"""Figures of the report: each module turns a study into a drawing, without reading or writing files."""
