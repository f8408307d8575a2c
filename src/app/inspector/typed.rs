//! Text fields that hold what is being typed until it can be taken.
//!
//! A field shows what the document says. As soon as something is typed the text is kept beside it as a draft, together
//! with what the document said then. Enter or leaving the field takes the draft if it makes sense, and keeps and marks
//! it otherwise; Esc drops it. When the document changes under a draft (an undo), the document wins.

use egui::text::{CCursor, CCursorRange};
use egui::{Key, Response, TextEdit, Ui};

use crate::app::widgets;

/// Texts being typed, by field.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    texts: egui::IdMap<Draft>,
    /// The page is shown for the last time: fields take what is in them although they still have the focus.
    pub leaving: bool,
    /// The next field of a form takes the focus, with all its text selected.
    pub focus_next: bool,
}

#[derive(Debug)]
struct Draft {
    text: String,
    /// What the document said when typing began.
    beside: String,
}

/// What a field looks like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look<'a> {
    /// How wide it is.
    pub width: f32,
    /// What stands in it while it is empty.
    pub hint: &'a str,
}

/// What came of showing a field.
pub(super) struct Typed<T> {
    /// The field, still to be named.
    pub response: Response,
    /// What to take from now on.
    pub taken: Option<T>,
    /// Why the text in the field cannot be taken.
    pub wrong: Option<String>,
}

impl Drafts {
    /// Whether anything is being typed or stands there unread.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Shows a field for a value that the document writes as `current`.
    pub fn field<T>(
        &mut self,
        ui: &mut Ui,
        salt: impl egui::AsIdSalt,
        current: &str,
        look: Look<'_>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Typed<T> {
        let show =
            |ui: &mut Ui, id, text: &mut String| widgets::text_field(ui, id, text, look.hint, look.width);
        self.shown(ui, salt, current, show, read)
    }

    /// A field of several lines with its name above it and a quiet sentence below. Enter begins a new line, so what is
    /// typed is taken when the field is left.
    pub fn text(&mut self, ui: &mut Ui, name: &str, current: &str, hint: &str, help: &str) -> Option<String> {
        let label = widgets::label(ui, name);
        let show = |ui: &mut Ui, id, text: &mut String| widgets::text_area(ui, id, text, hint);
        let typed = self.shown(ui, name, current, show, any_text);
        typed.response.labelled_by(label.id);
        if !help.is_empty() {
            widgets::help(ui, help);
        }
        typed.taken
    }

    fn shown<T>(
        &mut self,
        ui: &mut Ui,
        salt: impl egui::AsIdSalt,
        current: &str,
        show: impl FnOnce(&mut Ui, egui::Id, &mut String) -> Response,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Typed<T> {
        let id = ui.make_persistent_id(salt);
        if self.texts.get(&id).is_some_and(|draft| draft.beside != current) {
            self.texts.remove(&id);
        }
        let mut text = self.texts.get(&id).map_or_else(|| current.to_owned(), |draft| draft.text.clone());
        let response = show(ui, id, &mut text);
        if response.changed() {
            self.texts.insert(id, Draft { text: text.clone(), beside: current.to_owned() });
        }
        if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape)) {
            self.texts.remove(&id);
        }
        let mut typed = Typed { response, taken: None, wrong: None };
        if self.texts.contains_key(&id) && (self.leaving || !typed.response.has_focus()) {
            match read(&text) {
                Ok(value) => {
                    self.texts.remove(&id);
                    typed.taken = (text != current).then_some(value);
                }
                Err(why) => {
                    widgets::mark_bad(ui, &typed.response);
                    typed.wrong = Some(why);
                }
            }
        }
        typed
    }

    /// A field over the whole width with its name above it, and below it what is wrong with its text or a quiet sentence.
    pub fn form_field<T>(
        &mut self,
        ui: &mut Ui,
        name: &str,
        current: &str,
        hint: &str,
        help: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let label = widgets::label(ui, name);
        let look = Look { width: f32::INFINITY, hint };
        let typed = self.field(ui, name, current, look, read);
        if std::mem::take(&mut self.focus_next) {
            typed.response.request_focus();
            typed.response.scroll_to_me(None);
            let mut state = TextEdit::load_state(ui, typed.response.id).unwrap_or_default();
            let all = CCursorRange::two(CCursor::new(0), CCursor::new(current.chars().count()));
            state.cursor.set_char_range(Some(all));
            TextEdit::store_state(ui, typed.response.id, state);
        }
        typed.response.labelled_by(label.id);
        match typed.wrong {
            Some(wrong) => drop(widgets::error(ui, &wrong)),
            None if !help.is_empty() => drop(widgets::help(ui, help)),
            None => {}
        }
        typed.taken
    }
}

/// Takes any text, without the blanks around it.
pub(super) fn any_text(text: &str) -> Result<String, String> {
    Ok(text.trim().to_owned())
}
