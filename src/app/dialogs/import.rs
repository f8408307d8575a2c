//! Reads contacts or events from CSV: which column is what, what becomes of the first rows, what was refused and why.

use std::path::PathBuf;
use std::sync::Arc;

use egui::{Context, Label, ProgressBar, RichText, ScrollArea, Ui};
use egui_extras::{Column, TableBuilder};

use super::{Pressed, foot, modal};
use crate::app::icons::Icon;
use crate::app::parts::{self, count};
use crate::app::sim::waker;
use crate::app::state::Ask;
use crate::app::theme::{self, space, window};
use crate::app::toasts::Tone;
use crate::app::widgets::dropdown;
use crate::model::event::{HAPPENINGS, Origin};
use crate::model::{Project, words};
use crate::session::import::{self, ImportError, Imported, Mapping, Options, Preview, Rows, Source};
use crate::session::job::{Job, JobState};
use crate::session::run::Control;
use crate::store::csv::CsvError;

/// What is being imported.
pub struct ImportDialog {
    path: PathBuf,
    rows: Rows,
    options: Options,
    preview: Option<Result<Preview, ImportError>>,
    job: Option<Job<Result<Imported, ImportError>>>,
    /// What was read, waiting to be taken.
    read: Option<Imported>,
    error: Option<String>,
}

/// How the dialog stands.
pub enum State {
    /// Open.
    Open,
    /// Over.
    Left,
    /// The thread that read the file panicked.
    Died,
    /// Asks where refused rows are to be written.
    SaveRefused,
}

impl ImportDialog {
    /// Begins with a file.
    pub fn new(path: PathBuf, rows: Rows) -> Self {
        Self { path, rows, options: Options::default(), preview: None, job: None, read: None, error: None }
    }

    /// What was read, for writing the refused rows.
    pub fn read(&self) -> Option<&Imported> {
        self.read.as_ref()
    }

    /// The file.
    pub fn path(&self) -> &PathBuf {
        &self.path
    }

    /// Shows it.
    pub fn show(&mut self, ctx: &Context, project: &Arc<Project>, asks: &mut Vec<Ask>) -> State {
        if let Some(job) = &self.job {
            match job.poll() {
                JobState::Running => {}
                JobState::Died => return State::Died,
                JobState::Done(Ok(read)) => {
                    self.job = None;
                    // Nothing to look at: the import is what was meant.
                    if read.refused.is_empty() {
                        return self.take(read, asks);
                    }
                    self.read = Some(read);
                }
                JobState::Done(Err(error)) => {
                    self.job = None;
                    if !matches!(error.source, CsvError::Cancelled) {
                        self.error = Some(error.to_string());
                    }
                }
            }
        }
        if self.preview.is_none() {
            self.preview = Some(import::preview(project, self.rows, &self.path, &self.options));
        }
        // A page of its own, so that it does not keep the size of the one before.
        let title = match self.read {
            Some(_) => "Some rows were refused".into(),
            None => format!("Import {}", self.rows.word()),
        };
        let (pressed, close) = modal(ctx, &title, window::DIALOG_WIDE, |ui| {
            parts::caption(ui, self.path.display().to_string());
            match (&self.job, &self.read) {
                (Some(job), _) => progress(ui, job),
                (None, Some(read)) => refused(ui, read),
                (None, None) => self.mapping(ui),
            }
        });
        match (pressed, self.read.is_some()) {
            (Some(Pressed::Main), false) if self.job.is_none() => {
                self.start(ctx, project);
                State::Open
            }
            (Some(Pressed::Main), true) => match self.read.take() {
                Some(read) => self.take(read, asks),
                None => State::Open,
            },
            (Some(Pressed::Other(1)), true) => State::SaveRefused,
            (Some(_), _) if self.job.is_some() => {
                self.job.iter().for_each(Job::cancel);
                State::Open
            }
            (Some(_), _) => State::Left,
            (None, _) if close && self.job.is_none() => State::Left,
            (None, _) => State::Open,
        }
    }

    fn start(&mut self, ctx: &Context, project: &Arc<Project>) {
        let (project, rows, path) = (project.clone(), self.rows, self.path.clone());
        // The mapping that was shown, so that the whole file is read as its first rows were.
        let mut options = self.options.clone();
        if let Some(Ok(preview)) = &self.preview {
            for (field, source) in preview.imported.mapping.pairs() {
                options.mapping.set(field, source.clone());
            }
        }
        let work = move |control: &Control| import::import(&project, rows, &path, &options, control);
        self.job = Some(Job::start("Importing", waker(ctx), work));
        self.error = None;
    }

    /// Puts what was read into the project.
    fn take(&self, read: Imported, asks: &mut Vec<Ask>) -> State {
        asks.push(Ask::Tell(Tone::Done, import::summary(&read)));
        asks.push(Ask::ChangeAndRun(import::command(self.rows, read)));
        State::Left
    }

    fn mapping(&mut self, ui: &mut Ui) -> Option<Pressed> {
        let bad = theme::palette(ui).bad;
        let mut changed = false;
        if self.rows != Rows::Contacts {
            ui.horizontal(|ui| {
                ui.label("Each row is");
                for (rows, word) in [(Rows::Events, "an event"), (Rows::Orders, "a line of an order")] {
                    changed |= ui.radio_value(&mut self.rows, rows, word).changed();
                }
            });
        }
        let mut can = false;
        match &self.preview {
            Some(Ok(preview)) => {
                can = true;
                let delimiter = match preview.delimiter {
                    ',' => "commas".into(),
                    ';' => "semicolons".into(),
                    '\t' => "tabs".into(),
                    other => format!("“{other}”"),
                };
                parts::caption(
                    ui,
                    format!(
                        "{}, separated by {delimiter}",
                        words::counted(preview.headers.len(), "column", "columns")
                    ),
                );
                changed |= fields(ui, self.rows, preview, &mut self.options.mapping);
                changed |= ui
                    .checkbox(
                        &mut self.options.create,
                        "Add tags, products, forms, e-mails and fields that the account lacks",
                    )
                    .changed();
                if self.rows != Rows::Contacts {
                    changed |= ui
                        .checkbox(&mut self.options.create_contacts, "Add contacts that are not there yet")
                        .changed();
                }
                parts::section(ui, "First rows");
                first_rows(ui, preview);
            }
            Some(Err(error)) => {
                let words = format!("{} {error}", Icon::Error.glyph());
                ui.add(Label::new(RichText::new(words).color(bad)).wrap());
                changed |= ui.button("Start the mapping over").clicked();
                if changed {
                    self.options.mapping = Mapping::default();
                }
            }
            None => {}
        }
        if let Some(error) = &self.error {
            ui.add(Label::new(RichText::new(format!("{} {error}", Icon::Error.glyph())).color(bad)).wrap());
        }
        if changed {
            self.preview = None;
            ui.request_repaint();
        }
        foot(ui, "Import", can, &["Cancel"])
    }
}

/// A combo for each field; whether anything was changed.
fn fields(ui: &mut Ui, rows: Rows, preview: &Preview, mapping: &mut Mapping) -> bool {
    let mut changed = false;
    parts::section(ui, "Which column is what");
    let list = ScrollArea::vertical().id_salt("fields").max_height(window::DIALOG_LIST * 0.7);
    list.auto_shrink([false, true]).show(ui, |ui| {
        egui::Grid::new("fields").num_columns(4).spacing([space::M, space::XS]).show(ui, |ui| {
            for (place, field) in Mapping::fields(rows).enumerate() {
                let now = preview.imported.mapping.get(field).cloned().unwrap_or(Source::Nowhere);
                let shown = match &now {
                    Source::Column(name) => name.clone(),
                    Source::Constant(text) => format!("always “{text}”"),
                    Source::Nowhere => "not in the file".into(),
                };
                let label = ui.label(field);
                let combo = dropdown(ui, field, &shown, window::NAME);
                let response = combo.show_ui(ui, |ui| {
                    let mut offer = |ui: &mut Ui, source: Source, word: &str| {
                        if ui.selectable_label(now == source, word).clicked() {
                            mapping.set(field, source);
                            changed = true;
                        }
                    };
                    offer(ui, Source::Nowhere, "not in the file");
                    for header in &preview.headers {
                        offer(ui, Source::Column(header.clone()), header);
                    }
                    if field == "event" {
                        for info in HAPPENINGS.iter().filter(|info| info.origin == Origin::Outside) {
                            let word = format!("always: {}", info.title);
                            offer(ui, Source::Constant(info.tag.into()), &word);
                        }
                    }
                });
                response.response.labelled_by(label.id);
                if place % 2 == 1 {
                    ui.end_row();
                }
            }
        });
    });
    changed
}

/// The first rows as they stand in the file; refused ones say why.
fn first_rows(ui: &mut Ui, preview: &Preview) {
    let p = theme::palette(ui);
    let refused = |row: usize| {
        // The header is the first line; a row of several lines makes this a guess, which only colours it.
        preview.imported.refused.iter().find(|refused| refused.line == row as u64 + 2)
    };
    let area = ScrollArea::horizontal().id_salt("first rows").max_height(window::DIALOG_LIST);
    area.show(ui, |ui| {
        TableBuilder::new(ui)
            .id_salt("preview")
            .max_scroll_height(window::DIALOG_LIST * 0.7)
            .columns(Column::initial(window::FIELD_SHORT).resizable(true).clip(true), preview.headers.len())
            .column(Column::remainder().at_least(window::NAME))
            .header(window::ROW, |mut header| {
                for name in &preview.headers {
                    header.col(|ui| {
                        drop(ui.add(Label::new(RichText::new(name).small().color(p.quiet)).truncate()))
                    });
                }
                header.col(|ui| drop(ui.label(RichText::new("What becomes of it").small().color(p.quiet))));
            })
            .body(|body| {
                body.rows(window::ROW, preview.rows.len(), |mut row| {
                    let at = row.index();
                    let Some(cells) = preview.rows.get(at) else { return };
                    for place in 0..preview.headers.len() {
                        let cell = cells.get(place).map_or("", String::as_str);
                        row.col(|ui| drop(ui.add(Label::new(cell).truncate())));
                    }
                    row.col(|ui| {
                        match refused(at) {
                            Some(refused) => {
                                let words = format!("{} {}", Icon::Failed.glyph(), refused.reason);
                                ui.add(Label::new(RichText::new(words).color(p.bad)).truncate());
                            }
                            None => {
                                ui.label(
                                    RichText::new(format!("{} taken", Icon::Check.glyph())).color(p.good),
                                );
                            }
                        };
                    });
                });
            });
    });
}

fn progress(ui: &mut Ui, job: &Job<Result<Imported, ImportError>>) -> Option<Pressed> {
    let (done, of) = job.progress();
    let share = if of == 0 { 0.0 } else { done as f32 / of as f32 };
    let accent = theme::palette(ui).accent;
    let words = format!("{} of {} KiB", count(done), count(of));
    ui.add(ProgressBar::new(share).fill(accent).text(words));
    ui.request_repaint_after(std::time::Duration::from_millis(100));
    foot(ui, "Import", false, &["Cancel"])
}

/// What was read, with the rows that were not taken.
fn refused(ui: &mut Ui, read: &Imported) -> Option<Pressed> {
    let p = theme::palette(ui);
    ui.label(import::summary(read));
    parts::section(ui, "Refused rows");
    TableBuilder::new(ui)
        .id_salt("refused")
        .max_scroll_height(window::DIALOG_LIST)
        .column(Column::exact(window::FIELD_SHORT))
        .column(Column::initial(window::NAME * 1.5).clip(true).resizable(true))
        .column(Column::remainder().clip(true))
        .header(window::ROW, |mut header| {
            for word in ["Line", "Why", "The row"] {
                header.col(|ui| drop(ui.label(RichText::new(word).small().color(p.quiet))));
            }
        })
        .body(|body| {
            body.rows(window::ROW, read.refused.len(), |mut row| {
                let Some(refused) = read.refused.get(row.index()) else { return };
                let cells: Vec<_> = refused.cells.iter().map(String::from_utf8_lossy).collect();
                row.col(|ui| drop(ui.label(count(refused.line))));
                row.col(|ui| drop(ui.add(Label::new(&*refused.reason).truncate())));
                row.col(|ui| {
                    drop(ui.add(Label::new(RichText::new(cells.join(", ")).color(p.quiet)).truncate()))
                });
            });
        });
    parts::quiet(ui, "Put refused rows right in their own file and import that one");
    let main = format!(
        "Import {}",
        words::counted(usize::try_from(read.taken).unwrap_or(usize::MAX), "row", "rows")
    );
    foot(ui, &main, read.taken > 0, &["Cancel", "Save refused rows…"])
}
