//! The commands of the window: one table that menus, tooltips, the command palette, keys and the list of keys read.
//! What each does is in [`super::dispatch`].

use egui::{Context, Key, KeyboardShortcut, Modifiers};

use super::icons::Icon;
use super::state::Mode;

/// What the user can ask the window for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each has a row with words in the table below")]
pub enum WindowCommand {
    New,
    Open,
    OpenSample,
    Save,
    SaveAs,
    RenameProject,
    Close,
    ImportContacts,
    ImportEvents,
    GenerateContacts,
    Quit,
    Undo,
    Redo,
    Cut,
    Copy,
    Paste,
    Duplicate,
    Delete,
    SelectAll,
    Rename,
    Find,
    Palette,
    Edit,
    Simulate,
    Performance,
    ZoomIn,
    ZoomOut,
    ZoomFull,
    ZoomFit,
    ZoomSelection,
    Jumps,
    LeftPanel,
    RightPanel,
    BottomPanel,
    Light,
    Dark,
    System,
    NewMap,
    NewKeapMap,
    NewMaestraMap,
    RenameMap,
    DeleteMap,
    NextMap,
    PreviousMap,
    Tidy,
    Publish,
    Unpublish,
    RevertDraft,
    Run,
    CancelRun,
    Play,
    StepBack,
    StepForward,
    GoToStart,
    GoToEnd,
    Keys,
    About,
}

/// Where a command stands in menus and in the list of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Files and people.
    File,
    /// Changes.
    Edit,
    /// What is seen.
    View,
    /// Whole maps.
    Map,
    /// Runs and the playhead.
    Run,
    /// Help.
    Help,
}

impl Group {
    /// All with their words.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::File, "File"),
        (Self::Edit, "Edit"),
        (Self::View, "View"),
        (Self::Map, "Map"),
        (Self::Run, "Run"),
        (Self::Help, "Help"),
    ];
}

/// What commands look at to tell whether they can be done.
#[derive(Debug, Clone, Copy, Default)]
pub struct Situation {
    /// A project is open.
    pub project: bool,
    /// How the window is used.
    pub mode: Mode,
    /// There is something to undo.
    pub undo: bool,
    /// There is something to redo.
    pub redo: bool,
    /// How many elements are selected.
    pub selected: usize,
    /// How many maps there are.
    pub maps: usize,
    /// The map has a published version.
    pub published: bool,
    /// The draft of the map differs from its last published version.
    pub differs: bool,
    /// There are contacts.
    pub people: bool,
    /// A run is under way.
    pub running: bool,
    /// A run is there to look at.
    pub run: bool,
}

impl Situation {
    fn editing(&self) -> bool {
        self.project && self.mode == Mode::Edit
    }
}

/// One row of the table.
#[derive(Debug)]
pub struct CommandInfo {
    /// The command.
    pub command: WindowCommand,
    /// Where it stands.
    pub group: Group,
    /// Its name.
    pub label: &'static str,
    /// Its keys, the one that is shown first.
    pub keys: &'static [KeyboardShortcut],
    /// Its sign.
    pub icon: Option<Icon>,
    /// Whether it can be done.
    pub enabled: fn(&Situation) -> bool,
    /// One sentence.
    pub help: &'static str,
}

const fn ctrl(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

const fn ctrl_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

const fn shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::SHIFT, key)
}

const fn plain(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

/// Declares the table, row by row.
macro_rules! commands {
    ($($command:ident $group:ident $label:literal [$($key:expr),*] $icon:expr, $enabled:expr, $help:literal;)*) => {
        /// The commands in the order of the menus.
        pub const COMMANDS: &[CommandInfo] = &[$(CommandInfo {
            command: WindowCommand::$command,
            group: Group::$group,
            label: $label,
            keys: &[$($key),*],
            icon: $icon,
            enabled: $enabled,
            help: $help,
        },)*];
    };
}

commands! {
    New File "New project" [ctrl(Key::N)] Some(Icon::File), |_| true, "Starts an empty project";
    Open File "Open…" [ctrl(Key::O)] Some(Icon::FolderOpen), |_| true, "Opens a project from a file";
    OpenSample File "Samples and recent files" [] Some(Icon::Map), |s| s.project, "Goes to the start page";
    Save File "Save" [ctrl(Key::S)] Some(Icon::Save), |s| s.project, "Brings the file up to date";
    SaveAs File "Save as…" [ctrl_shift(Key::S)] None, |s| s.project, "Keeps the project in another file";
    RenameProject File "Rename project" [] Some(Icon::Edit), |s| s.project, "Changes the name of the project";
    ImportContacts File "Import contacts…" [] Some(Icon::Import), |s| s.project, "Reads contacts from a CSV file";
    ImportEvents File "Import events…" [] None, |s| s.project && s.people, "Reads what happened to contacts from a CSV file";
    GenerateContacts File "Generate contacts…" [ctrl(Key::G)] Some(Icon::Users), |s| s.project, "Invents contacts and what they do";
    Close File "Close project" [ctrl(Key::W)] None, |s| s.project, "Goes back to the start page";
    Quit File "Quit" [ctrl(Key::Q)] None, |_| true, "Closes the window";

    Undo Edit "Undo" [ctrl(Key::Z)] Some(Icon::Undo), |s| s.undo, "Takes the last change back";
    Redo Edit "Redo" [ctrl_shift(Key::Z), ctrl(Key::Y)] Some(Icon::Redo), |s| s.redo, "Does again what was taken back";
    Cut Edit "Cut" [ctrl(Key::X)] Some(Icon::Cut), |s| s.editing() && s.selected > 0, "Copies the selected elements and deletes them";
    Copy Edit "Copy" [ctrl(Key::C)] Some(Icon::Copy), |s| s.project && s.selected > 0, "Copies the selected elements as text";
    Paste Edit "Paste" [ctrl(Key::V)] Some(Icon::Paste), Situation::editing, "Puts copied elements on this map";
    Duplicate Edit "Duplicate" [ctrl(Key::D)] None, |s| s.editing() && s.selected > 0, "Puts a copy beside the selected elements";
    Delete Edit "Delete" [plain(Key::Delete), plain(Key::Backspace)] Some(Icon::Trash), |s| s.editing() && s.selected > 0, "Deletes the selected elements; lines heal where they can";
    SelectAll Edit "Select all" [ctrl(Key::A)] None, |s| s.project, "Selects all elements of this map";
    Rename Edit "Rename element" [plain(Key::F2)] Some(Icon::Edit), |s| s.editing() && s.selected == 1, "Gives the selected element a name of its own";
    Find Edit "Find element" [ctrl(Key::F)] Some(Icon::Search), |s| s.project, "Looks for an element on all maps and flies to it";
    Palette Edit "Search commands and elements" [ctrl(Key::K)] Some(Icon::Search), |_| true, "Finds anything by its name";

    Edit View "Edit mode" [ctrl(Key::Num1)] Some(Icon::Edit), |s| s.project, "Design the map";
    Simulate View "Simulate mode" [ctrl(Key::Num2)] Some(Icon::Play), |s| s.project, "See where each contact is and why";
    Performance View "Performance mode" [ctrl(Key::Num3)] Some(Icon::Chart), |s| s.project, "Numbers on every element";
    ZoomIn View "Zoom in" [ctrl(Key::Plus), ctrl(Key::Equals)] Some(Icon::ZoomIn), |s| s.project, "Shows the map larger";
    ZoomOut View "Zoom out" [ctrl(Key::Minus)] Some(Icon::ZoomOut), |s| s.project, "Shows more of the map";
    ZoomFull View "Zoom to 100 %" [ctrl(Key::Num0)] None, |s| s.project, "Shows the map at its own size";
    ZoomFit View "Zoom to fit" [shift(Key::Num1), plain(Key::Exclamationmark)] Some(Icon::Fit), |s| s.project, "Shows the whole map";
    ZoomSelection View "Zoom to selection" [shift(Key::Num2)] Some(Icon::Target), |s| s.project && s.selected > 0, "Shows the selected elements";
    Jumps View "Show all goal jumps" [] None, |s| s.run && s.mode != Mode::Edit, "Draws where every goal took its contacts from";
    LeftPanel View "Panel on the left" [ctrl(Key::B)] None, |s| s.project, "Shows or hides the panel on the left";
    RightPanel View "Panel on the right" [ctrl(Key::I)] None, |s| s.project, "Shows or hides the panel on the right";
    BottomPanel View "Panel at the bottom" [ctrl(Key::J)] None, |s| s.project, "Shows or hides problems, tests and history";
    Light View "Light theme" [] Some(Icon::Light), |_| true, "Dark words on light ground";
    Dark View "Dark theme" [] Some(Icon::Dark), |_| true, "Light words on dark ground";
    System View "Theme of the system" [] Some(Icon::System), |_| true, "Light or dark as the system is";

    NewMap Map "New map" [ctrl(Key::T)] Some(Icon::Plus), |s| s.project, "Adds an empty map with the rules of Ontraport";
    NewKeapMap Map "New map, Keap rules" [] Some(Icon::Plus), |s| s.project, "Adds an empty map with the rules of Keap";
    NewMaestraMap Map "New map, Maestra rules" [] Some(Icon::Plus), |s| s.project, "Adds an empty map with the rules of Maestra";
    RenameMap Map "Rename map" [shift(Key::F2)] Some(Icon::Edit), |s| s.project, "Changes the name of this map";
    DeleteMap Map "Delete map" [] Some(Icon::Trash), |s| s.editing() && s.maps > 1, "Deletes this map with all its elements";
    NextMap Map "Next map" [ctrl(Key::PageDown)] None, |s| s.maps > 1, "Shows the next map";
    PreviousMap Map "Previous map" [ctrl(Key::PageUp)] None, |s| s.maps > 1, "Shows the map before this one";
    Tidy Map "Tidy layout" [ctrl(Key::L)] Some(Icon::Arrange), Situation::editing, "Places all elements of this map anew";

    Publish Map "Publish…" [ctrl_shift(Key::P)] Some(Icon::Export), |s| s.project, "Makes the map, as it is drawn, what contacts follow";
    Unpublish Map "Withdraw published version" [] Some(Icon::EyeOff), |s| s.published, "Takes the last published version back; the draft stays as it is";
    RevertDraft Map "Revert draft to published version" [] Some(Icon::Restart), |s| s.editing() && s.differs, "Makes the draft what was published last";

    Run Run "Run" [plain(Key::F5), ctrl(Key::Enter)] Some(Icon::Play), |s| s.people && !s.running, "Sends all contacts through all maps";
    CancelRun Run "Cancel run" [shift(Key::F5)] Some(Icon::Close), |s| s.running, "Stops the run that is under way";
    Play Run "Play or pause" [plain(Key::Space)] Some(Icon::Play), |s| s.run && s.mode != Mode::Edit, "Moves the playhead by itself";
    StepBack Run "One step back" [plain(Key::Comma)] Some(Icon::StepBack), |s| s.run, "Goes to just before the last thing that happened";
    StepForward Run "One step forward" [plain(Key::Period)] Some(Icon::StepForward), |s| s.run, "Goes to the next thing that happens";
    GoToStart Run "Go to the start" [plain(Key::Home)] Some(Icon::SkipBack), |s| s.run, "Puts the playhead at the beginning";
    GoToEnd Run "Go to the end" [plain(Key::End)] Some(Icon::SkipForward), |s| s.run, "Puts the playhead where all is done";

    Keys Help "List of keys" [plain(Key::Questionmark), plain(Key::F1)] Some(Icon::Keyboard), |_| true, "Shows what the keys do";
    About Help "About Gateline" [] Some(Icon::Info), |_| true, "Version and licences";
}

impl WindowCommand {
    /// Its row in the table.
    pub fn info(self) -> &'static CommandInfo {
        COMMANDS
            .iter()
            .find(|info| info.command == self)
            .expect("the table has a row for every command; tested below")
    }

    /// Its name and, where it has one, its key: for tooltips.
    pub fn tooltip(self) -> String {
        let info = self.info();
        match info.keys.first() {
            Some(key) => format!("{} ({})", info.label.trim_end_matches('…'), key_words(key)),
            None => info.label.to_owned(),
        }
    }
}

impl CommandInfo {
    /// Its first key in words; empty: it has none.
    pub fn key(&self) -> String {
        self.keys.first().map(key_words).unwrap_or_default()
    }
}

/// A combination of keys in words. egui would show glyphs that the font lacks.
pub fn key_words(shortcut: &KeyboardShortcut) -> String {
    let modifiers = shortcut.modifiers;
    let command = if cfg!(target_os = "macos") { "Cmd" } else { "Ctrl" };
    let held = [(modifiers.command, command), (modifiers.alt, "Alt"), (modifiers.shift, "Shift")];
    let held = held.into_iter().filter(|(held, _)| *held).map(|(_, word)| word);
    held.chain([key_word(shortcut.logical_key)]).collect::<Vec<_>>().join("+")
}

fn key_word(key: Key) -> &'static str {
    match key {
        Key::ArrowUp => "Up",
        Key::ArrowDown => "Down",
        Key::ArrowLeft => "Left",
        Key::ArrowRight => "Right",
        Key::PageUp => "Page up",
        Key::PageDown => "Page down",
        Key::Plus => "+",
        Key::Minus => "−",
        Key::Questionmark => "?",
        Key::Exclamationmark => "!",
        Key::Equals => "=",
        Key::Comma => ",",
        Key::Period => ".",
        Key::Num0 => "0",
        Key::Num1 => "1",
        Key::Num2 => "2",
        Key::Num3 => "3",
        other => other.name(),
    }
}

/// The commands whose keys were pressed in this frame. While text is typed, keys that text needs are left to it.
pub fn pressed(ctx: &Context, situation: &Situation) -> Vec<WindowCommand> {
    let typing = ctx.text_edit_focused();
    // Ctrl+Shift+Z also matches Ctrl+Z, so the longer combinations are asked first.
    let mut rows: Vec<_> = COMMANDS
        .iter()
        .flat_map(|info| info.keys.iter().map(move |key| (info, key)))
        .filter(|(info, _)| info.command != WindowCommand::Play)
        .filter(|(_, key)| !typing || !belongs_to_text(key))
        .collect();
    rows.sort_by_key(|(_, key)| {
        std::cmp::Reverse(u8::from(key.modifiers.shift) + u8::from(key.modifiers.command))
    });
    let enabled = rows.into_iter().filter(|(info, _)| (info.enabled)(situation));
    let pressed = enabled.filter(|(_, key)| ctx.input_mut(|input| input.consume_shortcut(key)));
    pressed.map(|(info, _)| info.command).collect()
}

/// Whether a text field has its own use for these keys.
fn belongs_to_text(key: &KeyboardShortcut) -> bool {
    let function_key = matches!(key.logical_key, Key::F1 | Key::F2 | Key::F5);
    match key.modifiers.command {
        true => matches!(key.logical_key, Key::A | Key::Z | Key::Y | Key::X | Key::C | Key::V),
        false => !function_key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_means_one_thing_and_has_a_word() {
        let mut seen = vec![];
        for info in COMMANDS {
            assert_eq!(COMMANDS.iter().filter(|other| other.command == info.command).count(), 1);
            assert!(!info.help.ends_with('.') && !info.label.is_empty());
            for key in info.keys {
                assert!(!seen.contains(key), "{} is taken", key_words(key));
                assert!(key_words(key).is_ascii() || key.logical_key == Key::Minus, "{}", key_words(key));
                seen.push(*key);
            }
        }
    }

    #[test]
    fn combinations_are_named_in_words() {
        assert_eq!(WindowCommand::Redo.tooltip(), "Redo (Ctrl+Shift+Z)");
        assert_eq!(WindowCommand::NextMap.info().key(), "Ctrl+Page down");
        assert_eq!(WindowCommand::SaveAs.tooltip(), "Save as (Ctrl+Shift+S)");
    }
}
