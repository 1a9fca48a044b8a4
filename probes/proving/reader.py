"""What readers by recursive descent share: the next token, and a bound on how deep rules nest."""

from collections.abc import Sequence

from probes.proving import UnreadableError


class Reader:
    """Tokens, one after the other; rules that may hold themselves are read ``with`` the reader."""

    def __init__(self, tokens: Sequence[str], deepest: int) -> None:
        """Begin with the first token."""
        self._tokens = tokens
        self._deepest = deepest
        self._at = 0
        self._depth = 0

    @property
    def next(self) -> str:
        """The token to be read next, or an empty text at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def take(self, expected: str = "") -> str:
        """Return the next token and go on. Raises UnreadableError when there is none, or another one."""
        token = self.next
        if not token or (expected and token != expected):
            raise UnreadableError(f"{token or 'the end'!r} where {expected or 'more'!r} should be")
        self._at += 1
        return token

    def end(self, text: str) -> None:
        """Raise UnreadableError unless all of the text is read."""
        if self.next:
            raise UnreadableError(f"cannot read {text!r:.80} from {self.next!r} on")

    def __enter__(self) -> None:
        self._depth += 1
        if self._depth > self._deepest:
            raise UnreadableError(f"nested deeper than {self._deepest}")

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
