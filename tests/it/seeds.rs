//! The pages in `seeds/` name for each rule the tests that show it: none is missing, and each of them exists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use gateline::model::{EngineRules, Settings};

/// The rules of each letter go from 01 to here.
const LAST: [(&str, u32); 9] =
    [("M", 14), ("G", 13), ("K", 13), ("W", 8), ("C", 2), ("A", 2), ("R", 11), ("T", 14), ("L", 4)];

/// Rules about reports, and about orders and their credit, may still be without a test.
const MAY_BE_OPEN: [&str; 2] = ["R", "T"];

/// One row of a table that says which tests show something.
#[derive(Debug)]
struct Row {
    page: String,
    /// Its cells by the head of their column.
    cells: BTreeMap<String, String>,
}

impl Row {
    fn cell(&self, head: &str) -> &str {
        self.cells.get(head).map_or("", String::as_str)
    }

    /// The rules that it belongs to.
    fn rules(&self) -> Vec<&str> {
        self.cell("rule").split(", ").collect()
    }

    /// The tests that it names.
    fn tests(&self) -> Vec<&str> {
        quoted(self.cell("shown by"))
    }
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder whose names end so.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let here = files.into_iter().filter(|path| path.to_str().unwrap().ends_with(ending));
    here.chain(folders.iter().flat_map(|folder| self::files(folder, ending))).collect()
}

/// All rows of tables with a column *shown by*.
fn rows() -> Vec<Row> {
    let mut rows = vec![];
    for path in files(&root().join("seeds"), ".md") {
        let page = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let mut heads: Option<Vec<&str>> = None;
        for line in text.lines() {
            let Some(line) = line.strip_prefix('|').and_then(|line| line.strip_suffix('|')) else {
                heads = None;
                continue;
            };
            let cells: Vec<_> = line.split('|').map(str::trim).collect();
            match &heads {
                None => heads = Some(cells),
                Some(_) if cells.iter().all(|cell| cell.bytes().all(|byte| byte == b'-')) => {}
                Some(heads) if heads.last() == Some(&"shown by") => {
                    assert_eq!(cells.len(), heads.len(), "{page}: {line}");
                    let cells =
                        heads.iter().zip(cells).map(|(head, cell)| (head.to_string(), cell.to_owned()));
                    rows.push(Row { page: page.clone(), cells: cells.collect() });
                }
                Some(_) => {}
            }
        }
    }
    rows
}

/// The names of all tests.
fn tests() -> BTreeSet<String> {
    let sources = ["src", "tests"].map(|folder| files(&root().join(folder), ".rs"));
    let mut names = BTreeSet::new();
    for path in sources.iter().flatten() {
        let text = fs::read_to_string(path).unwrap();
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        for pair in lines.windows(2).filter(|pair| pair[0] == "#[test]") {
            names.extend(
                pair[1].strip_prefix("fn ").and_then(|line| line.split('(').next()).map(str::to_owned),
            );
        }
    }
    names
}

#[test]
fn every_rule_is_shown_by_tests_that_exist() {
    let tests = tests();
    let mut wrong = vec![];
    for row in rows() {
        for test in row.tests().into_iter().filter(|test| !tests.contains(*test)) {
            wrong.push(format!("{}, {}: there is no test {test}", row.page, row.cell("rule")));
        }
        let may_be_open = |rule: &str| MAY_BE_OPEN.iter().any(|letter| rule.starts_with(letter));
        if row.tests().is_empty() && !row.rules().into_iter().all(may_be_open) {
            wrong.push(format!("{}: no test shows {}", row.page, row.cell("rule")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_rule_has_its_row_and_each_row_its_grade() {
    let rows = rows();
    let all = LAST.iter().flat_map(|(letter, last)| (1..=*last).map(move |no| format!("{letter}-{no:02}")));
    let all: BTreeSet<_> = all.chain(["E".into(), "X".into()]).collect();
    let rules = rows.iter().filter(|row| row.cells.contains_key("in our words"));
    let told: BTreeSet<_> = rules.clone().map(|row| row.cell("rule").to_owned()).collect();
    assert_eq!(told, all);
    for row in rules {
        let grade = row.cell("grade");
        assert!(
            ["doc", "inferred", "choice"].contains(&grade),
            "{}, {}: {grade}",
            row.page,
            row.cell("rule")
        );
        assert_eq!(grade == "choice", row.page == "gateline.md", "{}: {row:?}", row.page);
    }
    // switches and settings belong to rules that are there
    assert!(rows.iter().flat_map(Row::rules).all(|rule| all.contains(rule)));
}

#[test]
fn every_setting_of_a_project_that_decides_something_has_its_row() {
    // what is no rule: what there is, and which goals somebody made
    const NO_RULE: [&str; 4] = ["currency", "email_sync", "tracking_code", "order_goals"];
    let keys = |value: &serde_json::Value| -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    let mut settings = serde_json::to_value(Settings::default()).unwrap();
    let attribution = settings.as_object_mut().unwrap().remove("attribution").unwrap();
    let mut fields: BTreeSet<_> = keys(&settings).union(&keys(&attribution)).cloned().collect();
    fields.retain(|field| !NO_RULE.contains(&field.as_str()));
    let rows = rows();
    let named = rows.iter().flat_map(|row| quoted(row.cell("setting"))).map(str::to_owned);
    assert_eq!(named.collect::<BTreeSet<_>>(), fields);
}

#[test]
fn every_switch_has_its_row() {
    let rows = rows();
    let named: BTreeSet<_> = rows.iter().flat_map(|row| quoted(row.cell("switch"))).collect();
    let text = ron::to_string(&EngineRules::default()).unwrap();
    let fields = text.trim_matches(['(', ')']).split(',').map(|field| field.split(':').next().unwrap());
    assert_eq!(named, fields.collect::<BTreeSet<_>>());
}
