-- Format 1. Never changed once released: a later format is a further file.
--
-- `json` holds the thing as the text project writes it, with the same names. `hash` is the BLAKE3 hash of the table's
-- name, the key columns and the content (src/store/project_file/rows.rs): it tells damage that SQLite does not notice.
-- Constraints are deferred, so that the rows of one edit group come in any order.

-- One row: key, name, settings, the next number for an id, and `digest`: the exclusive or of the hashes of all other
-- rows, so that a lost row is noticed.
CREATE TABLE project (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    json TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;

-- Things of the catalogue; the id's prefix tells their kind.
CREATE TABLE item (
    id TEXT PRIMARY KEY,
    json TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE map (
    id TEXT PRIMARY KEY,
    json TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE element (
    map TEXT NOT NULL REFERENCES map DEFERRABLE INITIALLY DEFERRED,
    id TEXT NOT NULL,
    json TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (map, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE line (
    map TEXT NOT NULL,
    source TEXT NOT NULL,
    port TEXT NOT NULL,
    target TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (map, source, port),
    FOREIGN KEY (map, source) REFERENCES element DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (map, target) REFERENCES element DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
    map TEXT NOT NULL REFERENCES map DEFERRABLE INITIALLY DEFERRED,
    id TEXT NOT NULL,
    json TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (map, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sequence (
    map TEXT NOT NULL REFERENCES map DEFERRABLE INITIALLY DEFERRED,
    id TEXT NOT NULL,
    json TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (map, id)
) STRICT, WITHOUT ROWID;

-- Published versions of maps, each whole, numbered from 0 by time. They may outlive their map.
CREATE TABLE published (
    map TEXT NOT NULL,
    number INTEGER NOT NULL,
    json TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (map, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE test (
    id TEXT PRIMARY KEY,
    json TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
    id TEXT PRIMARY KEY,
    json TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Contacts and their events, 65,536 contacts to a row in their order (src/store/project_file/chunk.rs).
CREATE TABLE people (
    chunk INTEGER PRIMARY KEY,
    data BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
