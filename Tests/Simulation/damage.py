"""Ways to damage what the server has kept: each gets the database's path and a generator."""

import os
import sqlite3

WAL = "-wal"


def _read(path):
    try:
        with open(path, "rb") as file:
            return bytearray(file.read())
    except FileNotFoundError:
        return bytearray()


def _write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def _edit(path, edit):
    """Rewrites a file; one that is not there, or empty, stays as it is."""
    data = _read(path)
    if data:
        _write(path, edit(data))


def _page_size(data):
    size = int.from_bytes(data[16:18], "big")  # SQLite's file format, section 1.3.2
    return 65536 if size == 1 else max(size, 512)


def flip_bit(rng, path):
    def edit(data):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        return data
    _edit(path, edit)


def flip_bytes(rng, path):
    def edit(data):
        for _ in range(rng.randrange(1, 65)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        return data
    _edit(path, edit)


def flip_header(rng, path):
    def edit(data):
        data[rng.randrange(min(100, len(data)))] = rng.randrange(256)
        return data
    _edit(path, edit)


def cut(rng, path):
    _edit(path, lambda data: data[:rng.randrange(1, len(data))])


def cut_pages(rng, path):
    def edit(data):
        size = _page_size(data)
        return data[:size * rng.randrange(1, max(2, len(data) // size))]
    _edit(path, edit)


def zero(rng, path):
    def edit(data):
        start = rng.randrange(len(data))
        length = min(rng.choice((16, 512, 4096, 65536)), len(data) - start)
        data[start:start + length] = bytes(length)
        return data
    _edit(path, edit)


def zero_page(rng, path):
    def edit(data):
        size = _page_size(data)
        start = size * rng.randrange(max(1, len(data) // size))
        data[start:start + size] = bytes(size)
        return data
    _edit(path, edit)


def zero_all(rng, path):
    _edit(path, lambda data: bytes(len(data)))


def swap_pages(rng, path):
    def edit(data):
        size = _page_size(data)
        a, b = (size * rng.randrange(max(1, len(data) // size)) for _ in range(2))
        data[a:a + size], data[b:b + size] = data[b:b + size], data[a:a + size]
        return data
    _edit(path, edit)


def double(rng, path):
    _edit(path, lambda data: data + data)


def garbage(rng, path):
    _edit(path, lambda data: rng.randbytes(len(data)))


def a_text(rng, path):
    _write(path, b"This is no database.\n")


def empty(rng, path):
    _write(path, b"")


def remove(rng, path):
    if os.path.exists(path):
        os.remove(path)


def directory(rng, path):
    remove(rng, path)
    os.mkdir(path)


def _drop_wal(path):
    """The database alone, with all that its WAL held, so that Python's SQLite may change it."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def foreign(rng, path):
    """Another application's database."""
    remove(rng, path)
    remove(rng, path + WAL)
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE songs(name TEXT)")
    database.execute("INSERT INTO songs VALUES('Caravan')")
    database.commit()
    database.close()


def future(rng, path):
    """Ours, but of a version to come."""
    _drop_wal(path)
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 4711")
    database.commit()
    database.close()


def other_table(rng, path):
    """Ours, but with a table of the right name and other columns."""
    _drop_wal(path)
    database = sqlite3.connect(path)
    database.execute("DROP TABLE records")
    database.execute("CREATE TABLE records(who TEXT)")
    database.commit()
    database.close()


def other_value(rng, path):
    """A byte of a record's body changed by SQLite itself, so that its pages are sound."""
    _drop_wal(path)
    database = sqlite3.connect(path)
    name, _, body = rng.choice(database.execute(
        "SELECT rowid, 0, body FROM records WHERE length(body) > 8").fetchall())
    changed = bytearray(body if isinstance(body, bytes) else body.encode())
    changed[rng.randrange(len(changed))] ^= 1
    changed = bytes(changed) if isinstance(body, bytes) else changed.decode()
    database.execute("UPDATE records SET body = ? WHERE rowid = ?", (changed, name))
    database.commit()
    database.close()


def on_wal(kind):
    def act(rng, path):
        kind(rng, path + WAL)
    act.__name__ = f"{kind.__name__} (WAL)"
    return act


def wal_of_garbage(rng, path):
    """A WAL where there was none, or in place of ours."""
    _write(path + WAL, rng.randbytes(5000))


def both(rng, path):
    flip_bytes(rng, path)
    flip_bytes(rng, path + WAL)


# Of these nothing can tell that there was more: SQLite takes a WAL as far as its sums are right,
# and a database that is not there as a new one. What comes back is right, but may be less.
SILENT = [on_wal(kind) for kind in (
    flip_bit, flip_bytes, flip_header, cut, zero, garbage, empty, remove, directory, double)]
SILENT += [wal_of_garbage, both, empty, remove]
# Of these everything is intact, or the file is set aside.
LOUD = [flip_bit, flip_bytes, flip_header, cut, cut_pages, zero, zero_page, zero_all, swap_pages,
        double, garbage, a_text, directory]
# These are set aside for certain.
CERTAIN = [zero_all, garbage, a_text, directory, foreign, future, other_table, other_value]
KINDS = SILENT + LOUD + [kind for kind in CERTAIN if kind not in LOUD]
