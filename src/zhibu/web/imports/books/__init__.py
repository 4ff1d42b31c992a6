"""Reading and judging the three books. Pure Python: no Django, no database, so that a rule can be read and tested
by itself. What the database knows comes in as `known.Known`."""
