"""How a request is refused: one status, one clear line."""


class HttpError(Exception):
    """A response that says why not: status, one line of text, further headers."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None):
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers or {}
