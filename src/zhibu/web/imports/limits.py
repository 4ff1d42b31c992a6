"""What an uploaded book may weigh, from core/uploads.yaml. The reader refuses by it; tests and the manual read it."""

from zhibu.web.core.uploads import TABLE

_BOOKS = TABLE["books"]
_XLSX, _XLS = _BOOKS["types"]["xlsx"], _BOOKS["types"]["xls"]
FILE_MB = _XLSX["file_mb"]  # as uploaded, whatever its type (a test says so)
UNPACKED_MB = _XLSX["unpacked_mb"]  # all XML parts together, counted while inflating: the archive's own figures may lie
PARTS = _XLSX["parts"]  # entries in the archive
ROWS = _BOOKS["rows"]  # row number of the last filled cell
COLUMNS = _BOOKS["columns"]  # column number of the last filled cell
CELLS = _BOOKS["cells"]  # rows × columns of one sheet: what a reader has to hold, all sheets together
SHEETS = _BOOKS["sheets"]
TEXT_KB = _BOOKS["text_kb"]  # bytes without a tag
BOOKS = _BOOKS["files"]  # files in one call
XLS_MEMORY_MB = _XLS["memory_mb"]  # address space of the child that reads an old .xls
XLS_SECONDS = _XLS["seconds"]
HEADER_ROWS = 30  # the header is looked for in this many rows
MERGED = 1_000_000  # cells of all merged areas
MERGES = 20_000  # merged areas filled downwards; more are left as they are

IN_REQUEST_ROWS = 5_000  # more rows than this are applied in the background
FINDINGS_KEPT = 500  # rejected rows kept in the batch itself; the full list lies beside the books
UNDO_HOURS = 24
