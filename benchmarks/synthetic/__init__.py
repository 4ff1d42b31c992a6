"""A made-up country, province, city or county as Parquet facts (docs/manual/engine.md, section 2); seeded."""
