"""What an uploaded book may weigh. One table: the reader refuses by it, the tests and the manual read it."""

FILE_MB = 20  # as uploaded
UNPACKED_MB = 300  # all XML parts together, counted while inflating: the archive's own figures may lie
PARTS = 2_000  # entries in the archive
ROWS = 200_000  # row number of the last filled cell
COLUMNS = 200  # column number of the last filled cell
BOOKS = 10  # files in one call
HEADER_ROWS = 30  # the header is looked for in this many rows
MERGES = 20_000  # merged areas filled downwards; more are left as they are
XLS_MEMORY_MB = 900  # address space of the child that reads an old .xls
XLS_SECONDS = 60

IN_REQUEST_ROWS = 5_000  # more rows than this are applied in the background
FINDINGS_KEPT = 500  # rejected rows kept in the batch itself; the full list lies beside the books
UNDO_HOURS = 24
