"""What base.html needs on every page beyond the menu, which `access` provides."""

from .vocabulary import SIZES

SIZE_COOKIE = "zhibu_size"


def size_of(request) -> str:
    """The reader's text size: the cookie of this device first, then the account."""
    for size in (request.COOKIES.get(SIZE_COOKIE), getattr(getattr(request, "user", None), "text_size", None)):
        if size in SIZES:
            return size
    return "normal"


def design(request):
    size = size_of(request)
    return {
        "size": size,
        "sizes": SIZES,
        "size_toggle": "normal" if size == "elder" else "elder",
        "here": request.get_full_path() if request.method == "GET" else "",
    }
