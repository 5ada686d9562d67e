"""Country packs: what is usual in a country, as defaults of the project file and facts for checks."""
