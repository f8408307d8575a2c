//! Rows of a CSV file, whatever separates its cells.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Chain, Cursor, Read};
use std::rc::Rc;

use csv::{ByteRecord, ReaderBuilder, StringRecord};

use super::{CsvError, Reason};

/// Bytes that are looked at to find out what separates the cells.
const SAMPLE: u64 = 1 << 16;

/// Bytes that one row may have; more come of a quotation mark that never closes.
const LONGEST_ROW: u64 = 16 << 20;

/// A row that is no text or has another number of cells than the header, with the reason.
type Broken = (Reason, ByteRecord);

/// The line that a row starts on, and whether it is good.
type Numbered = (u64, Result<(), Broken>);

/// A file whose first row names the columns.
pub(super) struct Table<R> {
    reader: csv::Reader<Guarded<Chain<Cursor<Vec<u8>>, R>>>,
    headers: Vec<String>,
    delimiter: u8,
    passed: Rc<RefCell<Passed>>,
    cells: ByteRecord,
}

impl<R: Read> Table<R> {
    /// Reads the header.
    pub(super) fn open(mut input: R) -> Result<Self, CsvError> {
        let mut sample = vec![];
        input.by_ref().take(SAMPLE).read_to_end(&mut sample)?;
        check_text(&sample)?;
        if sample.starts_with(BOM) {
            sample.drain(..BOM.len());
        }
        let delimiter = delimiter_of(&sample);
        let passed = Rc::new(RefCell::new(Passed::default()));
        let inner = Cursor::new(sample).chain(input);
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(Guarded { inner, passed: passed.clone() });
        let mut cells = ByteRecord::new();
        if !read_row(&mut reader, &passed, &mut cells)? {
            return Err(CsvError::Empty);
        }
        let headers = StringRecord::from_byte_record(cells.clone()).map_err(|_| CsvError::HeaderNotUtf8)?;
        let headers = headers.iter().map(|name| name.trim().to_owned()).collect();
        Ok(Self { reader, headers, delimiter, passed, cells })
    }

    /// The names of the columns.
    pub(super) fn headers(&self) -> &[String] {
        &self.headers
    }

    pub(super) fn into_headers(self) -> Vec<String> {
        self.headers
    }

    /// What separates the cells.
    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Bytes taken in so far.
    pub(super) fn bytes(&self) -> u64 {
        self.reader.position().byte()
    }

    /// The next row and the line it starts on; `None` at the end.
    pub(super) fn read(&mut self, row: &mut StringRecord) -> Result<Option<Numbered>, CsvError> {
        if !read_row(&mut self.reader, &self.passed, &mut self.cells)? {
            return Ok(None);
        }
        let start = self.cells.position().map_or(0, csv::Position::byte);
        let line = self.passed.borrow_mut().line_of(start);
        // The old row's memory is used again for the next one.
        let old = std::mem::take(row).into_byte_record();
        let cells = std::mem::replace(&mut self.cells, old);
        let found = cells.len();
        match StringRecord::from_byte_record(cells) {
            Ok(cells) => *row = cells,
            Err(error) => {
                let reason = "it is not text in UTF-8; save the table as CSV in UTF-8";
                return Ok(Some((line, Err((reason.into(), error.into_byte_record())))));
            }
        }
        if found != self.headers.len() {
            let reason = format!("it has {found} cells under {} column names", self.headers.len());
            return Ok(Some((line, Err((reason.into(), row.as_byte_record().clone())))));
        }
        Ok(Some((line, Ok(()))))
    }
}

const BOM: &[u8] = b"\xef\xbb\xbf";

fn check_text(sample: &[u8]) -> Result<(), CsvError> {
    if sample.starts_with(b"\xff\xfe") || sample.starts_with(b"\xfe\xff") {
        return Err(CsvError::Utf16);
    }
    let kinds: [(&[u8], &str); 4] = [
        (b"PK\x03\x04", "a spreadsheet or an archive"),
        (b"SQLite format 3\0", "a database, perhaps a project"),
        (b"\x1f\x8b", "a compressed file"),
        (b"\xfd7zXZ", "a compressed file"),
    ];
    if let Some((_, what)) = kinds.iter().find(|(magic, _)| sample.starts_with(magic)) {
        return Err(CsvError::NotText(what));
    }
    // Text in UTF-16 without a mark has a zero byte beside every plain letter.
    match sample.iter().filter(|byte| **byte == 0).count() {
        0 => Ok(()),
        zeros if zeros * 3 > sample.len() => Err(CsvError::Utf16),
        _ => Err(CsvError::NotText("some other file")),
    }
}

/// The separator with which most rows have as many cells as the first, and more than one; comma for a single column.
fn delimiter_of(sample: &[u8]) -> u8 {
    let score = |delimiter: u8| {
        let mut reader =
            ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(sample);
        let mut rows = reader.byte_records().take(100).map_while(Result::ok);
        let columns = rows.next().map_or(0, |first| first.len());
        let alike = rows.filter(|row| row.len() == columns).count();
        if columns > 1 { (alike + 1, columns) } else { (0, 0) }
    };
    // the last of equals wins
    [b'\t', b';', b','].into_iter().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b',')
}

fn read_row<R: Read>(
    reader: &mut csv::Reader<R>,
    passed: &RefCell<Passed>,
    cells: &mut ByteRecord,
) -> Result<bool, CsvError> {
    let start = reader.position().byte();
    passed.borrow_mut().since_row = 0;
    reader.read_byte_record(cells).map_err(|error| match error.into_kind() {
        csv::ErrorKind::Io(error) if error.get_ref().is_some_and(|error| error.is::<Endless>()) => {
            CsvError::OpenQuote { line: passed.borrow_mut().line_of(start) }
        }
        csv::ErrorKind::Io(error) => CsvError::Io(error),
        other => CsvError::Io(io::Error::other(format!("{other:?}"))),
    })
}

/// What is known of the bytes that went by. The reader's own line numbers point at the blank lines before a row.
#[derive(Default)]
struct Passed {
    bytes: u64,
    /// Bytes since the row being read began, to within a buffer.
    since_row: u64,
    /// Where lines end behind the last row that was asked for: the place of each such byte, and whether it begins a new
    /// line.
    ends: VecDeque<(u64, bool)>,
    /// Lines that ended before those.
    lines: u64,
}

impl Passed {
    /// The line of the row that starts here or behind the blank lines that do. Rows are asked for in order.
    fn line_of(&mut self, mut start: u64) -> u64 {
        while let Some((place, new_line)) = self.ends.front().copied().filter(|(place, _)| *place <= start) {
            start += u64::from(place == start);
            self.lines += u64::from(new_line);
            self.ends.pop_front();
        }
        self.lines + 1
    }
}

/// Notes where lines end, and stops a row that does not end before it fills the memory.
struct Guarded<R> {
    inner: R,
    passed: Rc<RefCell<Passed>>,
}

#[derive(Debug, thiserror::Error)]
#[error("a row does not end")]
struct Endless;

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let passed = &mut *self.passed.borrow_mut();
        if passed.since_row > LONGEST_ROW {
            return Err(io::Error::other(Endless));
        }
        let read = self.inner.read(buffer)?;
        let bytes = (passed.bytes..).zip(buffer.iter().take(read));
        let ends = bytes.filter(|(_, byte)| matches!(byte, b'\n' | b'\r'));
        passed.ends.extend(ends.map(|(place, byte)| (place, *byte == b'\n')));
        passed.bytes += read as u64;
        passed.since_row += read as u64;
        Ok(read)
    }
}
