"""What can be wrong with a sealed value or its keys. `str()` is a sentence for a person; it never holds the value."""

from __future__ import annotations


class CryptoError(Exception):
    """Base of all. A page shows the sentence and nothing of the value."""


class Broken(CryptoError):
    """The text was edited, cut, or belongs to another row; or another key has the name of the one that sealed it."""

    def __init__(self, why: str = "校验不通过") -> None:
        super().__init__(f"密文{why}：数据被改动过，或被搬到了别的行。告诉系统管理员，用备份核对")


class KeyMissing(CryptoError):
    """The key ring does not hold the key that the text names."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"密钥环里没有密钥 {key_id[:20]}：把当时的密钥环（keys.json）从备份放回，再试一次")


class KeyRingError(CryptoError):
    """The key ring can't be read, is not there although the database holds sealed values, or says nonsense."""


class Unavailable(CryptoError):
    """A provider outside this process (密码机、密码服务) does not answer."""

    def __init__(self, why: str) -> None:
        super().__init__(f"密码服务没有应答：{why}。数据没有改动，稍后再试")
