"""Tiers, order, reasons."""
