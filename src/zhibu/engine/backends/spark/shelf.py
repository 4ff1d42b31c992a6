"""Files on storage that all workers see, through Hadoop: a shared folder, hdfs://, s3a:// and the like."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from zhibu.engine.errors import EngineError, Fault, Place
from zhibu.engine.facts.files import fault
from zhibu.engine.facts.shape import Shape


class Shelf:
    """A folder. Names in it are joined by `/`, whatever the storage."""

    def __init__(self, spark: Any, folder: str):
        jvm = spark._jvm.org.apache.hadoop.fs
        self._path = jvm.Path
        self._files = jvm.Path(folder).getFileSystem(spark._jsc.hadoopConfiguration())
        self.folder = folder

    def at(self, *names: str) -> str:
        return "/".join((self.folder.rstrip("/"), *names))

    def is_folder(self, *names: str) -> bool:
        path = self._path(self.at(*names))
        return bool(self._files.exists(path) and self._files.getFileStatus(path).isDirectory())

    def exists(self, *names: str) -> bool:
        return bool(self._files.exists(self._path(self.at(*names))))

    def find(self, shape: Shape) -> str | None:
        """The one source of a table, as `facts.files.find` looks for it."""
        options = [f"{shape.name}.parquet", f"{shape.name}.csv", shape.name]
        found = [name for name in options if self.exists(name)]
        if len(found) > 1:
            raise fault(self.folder, f"表 {shape.name} 有几份：{'、'.join(found)}", "请只留一份")
        if not found and not shape.optional:
            raise fault(self.at(f"{shape.name}.parquet"), f"缺少表 {shape.name}", "请提供 .parquet 或 .csv 文件")
        return self.at(found[0]) if found else None

    def parts(self, path: str) -> list[str]:
        """The *.parquet files of a folder in name order, or the file itself."""
        if not self._files.getFileStatus(self._path(path)).isDirectory():
            return [path]
        names = [one.getPath().getName() for one in self._files.listStatus(self._path(path))]
        found = sorted(name for name in names if name.endswith(".parquet"))
        if not found:
            raise fault(path, "文件夹里没有 .parquet 文件")
        return [f"{path}/{name}" for name in found]

    # --- writing ------------------------------------------------------------------------------------------------

    def refused(self) -> Fault | None:
        if self.exists() and not self.is_folder():
            return Fault(Place(self.folder, 1), "--out 是一个文件", "请给一个文件夹")
        return None

    def draft(self) -> Shelf:
        """A folder inside this one for what is not finished; a leading dot hides it from readers."""
        made = object.__new__(Shelf)
        made._path, made._files = self._path, self._files
        made.folder = self.at(f".unfinished-{uuid4().hex}")
        self._files.mkdirs(self._path(made.folder))
        return made

    def write(self, name: str, text: str) -> None:
        stream = self._files.create(self._path(self.at(name)), True)
        try:
            stream.write(bytearray(text.encode()))
        finally:
            stream.close()

    def take(self, other: Shelf, names: list[str]) -> None:
        """Moves these names from another shelf of the same storage here, replacing what is here."""
        for name in names:
            self._files.delete(self._path(self.at(name)), True)
            if not self._files.rename(self._path(other.at(name)), self._path(self.at(name))):
                raise EngineError([Fault(Place(self.at(name), 1), "写不进去", "请检查权限和空间")])

    def remove(self) -> None:
        self._files.delete(self._path(self.folder), True)
