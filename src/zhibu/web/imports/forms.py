"""The upload form: several books at once."""

from __future__ import annotations

from typing import Any

from django import forms

from zhibu.web.files.fields import ManyFiles
from zhibu.web.imports import limits


class FilesField(forms.FileField):
    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        one = super().clean
        files = data if isinstance(data, (list, tuple)) else [data]
        return [one(file, initial) for file in files or [None]]


class UploadForm(forms.Form):
    files = FilesField(
        label="Excel 表",
        max_length=200,
        help_text="是哪种表按表头认，可以一次选几个",
        widget=ManyFiles(attrs={"accept": ".xlsx,.xls,.csv"}),
        error_messages={
            "required": "还没有选文件",
            "empty": "文件是空的，换一个再传",
            "max_length": "文件名太长，改短再传",
        },
    )

    def clean_files(self) -> list[Any]:
        files = self.cleaned_data["files"]
        if len(files) > limits.BOOKS:
            raise forms.ValidationError(f"一次最多 {limits.BOOKS} 个文件，现有 {len(files)} 个")
        for file in files:
            if file.size > limits.FILE_MB << 20:
                size = f"{file.size / (1 << 20):.1f} MB，超过 {limits.FILE_MB} MB"
                raise forms.ValidationError(f"{file.name} {size}。按乡镇或部门分成几个文件再传")
        return files
