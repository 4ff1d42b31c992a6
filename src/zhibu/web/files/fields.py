"""A form field of several files."""

from django import forms


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True
