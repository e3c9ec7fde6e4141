"""Exercises in a form that a search for words does not read, for the student edition.

This hides the answers and does not protect them: whoever calls `unpack` can read all of it.
"""

import base64
import textwrap
import zlib

FILE = '''\
"""{title} Packed, so that a search does not show the answers."""

from helpers.exercises.packed import unpack

exec(unpack("""
{text}
"""))
'''


def pack(source):
    """Return the text of a file that does, when imported, what the source would do."""
    title = source.partition('"""')[2].partition("\n")[0].partition('"""')[0]
    text = base64.b64encode(zlib.compress(source.encode("utf-8"), 9)).decode("ascii")
    return FILE.format(title=title, text="\n".join(textwrap.wrap(text, 99)))


def unpack(text):
    """Return the source in a packed text.

    Examples
    --------
    >>> unpack("eJwrKMrMK9FQMjRU0gQAFvoDJQ==")
    'print("11")'
    """
    return zlib.decompress(base64.b64decode(text)).decode("utf-8")
