"""Rows as plain JSON values, the same shape for every command here."""

import json
from datetime import UTC, datetime


def document(instance):
    """Every column of one row; dates in UTC with all six fractional digits."""
    return {
        field.attname: plain(getattr(instance, field.attname))
        for field in instance._meta.concrete_fields
    }


def plain(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def dumps(value):
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
