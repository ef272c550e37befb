"""Figures over the layers."""
