"""Pages of records: one module a page, as `urls.py` lists them."""
