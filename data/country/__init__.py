"""Communes, provinces, population, official totals, legal lists."""
