//! Results as tables, JSON and CSV.

use std::io::Write;

use serde::Serialize;

use super::CliError;
use crate::base::money::Money;
use crate::model::words;
use crate::store::csv::write;

/// A cell: text to the left, numbers to the right.
pub(super) enum Cell {
    Text(String),
    Count(u64),
    /// A share from 0 to 1; `None`: of nothing.
    Share(Option<f64>),
    /// An amount; `None`: of nothing.
    Money(Option<Money>),
}

impl Cell {
    /// For people.
    fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) => words::thousands(usize::try_from(*count).unwrap_or(usize::MAX)),
            Self::Share(Some(share)) => format!("{:.1} %", share * 100.0),
            Self::Money(Some(amount)) => amount.to_string(),
            Self::Share(None) | Self::Money(None) => "–".into(),
        }
    }

    /// For programs.
    fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) => count.to_string(),
            Self::Share(share) => share.map(|share| rounded(share).to_string()).unwrap_or_default(),
            Self::Money(amount) => amount.map(|amount| amount.amount().to_string()).unwrap_or_default(),
        }
    }

    fn is_number(&self) -> bool {
        !matches!(self, Self::Text(_))
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for Cell {
    fn from(count: u32) -> Self {
        Self::Count(count.into())
    }
}

/// A share to four digits behind the point, which is a hundredth of a percent.
pub(super) fn rounded(share: f64) -> f64 {
    (share * 1e4).round() / 1e4
}

/// Rows under headers, in aligned columns.
pub(super) fn table(out: &mut dyn Write, headers: &[&str], rows: &[Vec<Cell>]) -> Result<(), CliError> {
    let shown: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(Cell::shown).collect()).collect();
    let width = |text: &str| text.chars().count();
    let widths: Vec<_> = headers
        .iter()
        .enumerate()
        .map(|(place, header)| {
            let cells = shown.iter().filter_map(|row| row.get(place)).map(|cell| width(cell));
            cells.chain([width(header)]).max().unwrap_or(0)
        })
        .collect();
    let numbers: Vec<_> = (0..headers.len())
        .map(|place| rows.first().and_then(|row| row.get(place)).is_some_and(Cell::is_number))
        .collect();
    let mut line = |cells: &mut dyn Iterator<Item = &str>| -> Result<(), CliError> {
        let mut text = String::new();
        for ((cell, width), number) in cells.zip(&widths).zip(&numbers) {
            let cell = if *number { format!("{cell:>width$}") } else { format!("{cell:<width$}") };
            text.push_str(&cell);
            text.push_str("  ");
        }
        Ok(writeln!(out, "{}", text.trim_end())?)
    };
    line(&mut headers.iter().copied())?;
    for row in &shown {
        line(&mut row.iter().map(String::as_str))?;
    }
    Ok(())
}

/// The same as CSV.
pub(super) fn csv(out: &mut dyn Write, headers: &[&str], rows: &[Vec<Cell>]) -> Result<(), CliError> {
    Ok(write::table(out, headers, rows.iter().map(|row| row.iter().map(Cell::plain)))?)
}

/// Anything as JSON.
pub(super) fn json(out: &mut dyn Write, thing: &impl Serialize) -> Result<(), CliError> {
    serde_json::to_writer_pretty(&mut *out, thing)?;
    Ok(writeln!(out)?)
}
