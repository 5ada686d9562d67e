"""Tables people take away: CSV, GeoParquet, GeoPackage, XLSX."""
