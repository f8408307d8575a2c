//! The icons: one line-icon font, each glyph under the name of what it means here.
//!
//! The names are ours (a refund, a wait, "go to"), so that another drawing for the same thing is one change
//! in this table.

use egui::{Align2, Button, Color32, Painter, Pos2, Rect, Response, RichText, Role, Ui, WidgetInfo};
use lucide_icons::Icon as Lucide;

use crate::app::theme;
use crate::model::{ElementKind, EventType, Until};

/// Declares [`Icon`], its glyphs and the list of all icons from one table.
macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident = $glyph:ident,)*) => {
        /// A sign of the window.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Icon { $($(#[$doc])* $name,)* }

        impl Icon {
            /// Every icon, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The drawing in the icon font.
            fn drawing(self) -> Lucide {
                match self { $(Self::$name => Lucide::$glyph,)* }
            }
        }
    };
}

icons! {
    // Triggers, and the events they listen to
    /// Any trigger.
    Trigger = Zap,
    /// A form was submitted.
    Form = ClipboardList,
    /// Something was bought.
    Purchase = ShoppingCart,
    /// Money was given back.
    Refund = BanknoteArrowDown,
    /// A tag was added.
    TagAdd = TagPlus,
    /// A tag was removed.
    TagRemove = TagX,
    /// A tag, without saying what happens to it.
    Tag = Tag,
    /// A field changed or is set.
    Field = PencilLine,
    /// A contact was created.
    Created = UserPlus,
    /// A link was clicked.
    LinkClick = MousePointerClick,
    /// Added to an automation.
    AddedToAutomation = LogIn,

    // Actions
    /// An e-mail is sent.
    Email = Mail,
    /// An e-mail was opened.
    EmailOpened = MailOpen,

    // Waits, filters, flow
    /// A wait for a length of time.
    Wait = Timer,
    /// A date.
    Calendar = Calendar,
    /// A day of the week.
    Weekday = CalendarDays,
    /// A time of day.
    Clock = Clock,
    /// A goal.
    Goal = Flag,
    /// What a goal aims at.
    Target = Target,
    /// A condition with a yes and a no.
    Condition = GitBranch,
    /// A split by shares.
    Split = Percent,
    /// Several ways at once.
    Fork = GitFork,
    /// Go to another element.
    GoTo = CornerUpRight,
    /// The end of a path.
    End = CircleStop,
    /// Leaves the automation.
    Exit = LogOut,
    /// Anything that narrows a selection.
    Filter = Funnel,

    // Commands
    /// Take the last step back.
    Undo = Undo2,
    /// Do it again.
    Redo = Redo2,
    /// Run on.
    Play = Play,
    /// Hold.
    Pause = Pause,
    /// One event on.
    StepForward = StepForward,
    /// One event back.
    StepBack = StepBack,
    /// To the end.
    SkipForward = SkipForward,
    /// To the beginning.
    SkipBack = SkipBack,
    /// Start over.
    Restart = RotateCcw,
    /// Look for something.
    Search = Search,
    /// Closer.
    ZoomIn = ZoomIn,
    /// Farther.
    ZoomOut = ZoomOut,
    /// Show everything.
    Fit = Maximize,
    /// Add.
    Plus = Plus,
    /// Less.
    Minus = Minus,
    /// Close, clear.
    Close = X,
    /// Opens downwards, shown open.
    ChevronDown = ChevronDown,
    /// Closes upwards.
    ChevronUp = ChevronUp,
    /// To the left.
    ChevronLeft = ChevronLeft,
    /// To the right, shown closed.
    ChevronRight = ChevronRight,
    /// Choose one of several.
    Choose = ChevronsUpDown,
    /// Write to disk.
    Save = Save,
    /// Take a copy.
    Copy = Copy,
    /// Take away to the clipboard.
    Cut = Scissors,
    /// Put in from the clipboard.
    Paste = ClipboardPaste,
    /// Delete.
    Trash = Trash2,
    /// Rename, edit.
    Edit = Pencil,
    /// More commands.
    More = Ellipsis,
    /// Take hold to move.
    DragHandle = GripVertical,
    /// Fetch into the program.
    Import = Download,
    /// Hand out of the program.
    Export = Upload,
    /// A link.
    Link = Link,
    /// Arrange the map.
    Arrange = Layers,

    // States
    /// Deserves a look.
    Warning = TriangleAlert,
    /// Does not work.
    Error = CircleAlert,
    /// Explains.
    Info = Info,
    /// Done, passed, chosen.
    Check = Check,
    /// Passed, as a badge.
    Passed = CircleCheck,
    /// Failed, as a badge.
    Failed = CircleX,
    /// Shown.
    Eye = Eye,
    /// Hidden.
    EyeOff = EyeOff,
    /// Cannot be changed.
    Locked = Lock,

    // Things and places
    /// A file.
    File = File,
    /// Open a file.
    FolderOpen = FolderOpen,
    /// Settings.
    Settings = Settings,
    /// One contact.
    User = User,
    /// Contacts.
    Users = Users,
    /// Numbers as bars.
    Chart = ChartColumn,
    /// Numbers over time.
    Line = ChartLine,
    /// A list.
    List = List,
    /// What happened before.
    History = History,
    /// A test.
    Test = FlaskConical,
    /// Help.
    Help = CircleQuestionMark,
    /// The keyboard.
    Keyboard = Keyboard,
    /// The map.
    Map = Map,
    /// Chance: a seed.
    Chance = Dices,
    /// The light theme.
    Light = Sun,
    /// The dark theme.
    Dark = Moon,
    /// The system's theme.
    System = Monitor,
    /// Up.
    ArrowUp = ArrowUp,
    /// Down.
    ArrowDown = ArrowDown,
    /// Left.
    ArrowLeft = ArrowLeft,
    /// Right.
    ArrowRight = ArrowRight,
    /// Out of here, to another place.
    ArrowUpRight = ArrowUpRight,
}

impl Icon {
    /// The icon of an element: a trigger shows what it listens for, a wait what ends it.
    #[must_use]
    pub fn of(kind: &ElementKind) -> Self {
        match kind {
            ElementKind::Trigger(listener) => match listener.on.event_type() {
                EventType::FormSubmitted => Self::Form,
                EventType::Order => Self::Purchase,
                EventType::Refund => Self::Refund,
                EventType::TagAdded => Self::TagAdd,
                EventType::TagRemoved => Self::TagRemove,
                EventType::FieldUpdated => Self::Field,
                EventType::EmailLinkClicked => Self::LinkClick,
                EventType::Created => Self::Created,
                EventType::AddedToAutomation => Self::AddedToAutomation,
            },
            ElementKind::Goal(_) => Self::Goal,
            ElementKind::Wait(wait) => match wait.until {
                Until::Goal => Self::Target,
                Until::TimePasses(_) => Self::Wait,
                Until::DayOfWeek { .. } => Self::Weekday,
                Until::Date { .. } => Self::Calendar,
            },
            ElementKind::Condition(_) => Self::Condition,
            ElementKind::Split(_) => Self::Split,
            ElementKind::Fork => Self::Fork,
            ElementKind::GoTo(_) => Self::GoTo,
            ElementKind::End => Self::End,
            ElementKind::Exit => Self::Exit,
            ElementKind::SendEmail(_) => Self::Email,
            ElementKind::ChangeTags { .. } => Self::Tag,
            ElementKind::UpdateField { .. } => Self::Field,
        }
    }

    /// The character of this icon. It can stand inside any text of the window.
    #[must_use]
    pub fn glyph(self) -> char {
        self.drawing().unicode()
    }

    /// The icon as text of [`theme::ICON`] points, for labels and buttons.
    #[must_use]
    pub fn rich(self) -> RichText {
        RichText::new(self.glyph()).font(theme::icon(theme::ICON))
    }

    /// Paints the icon centred on `center`, `size` points a side, and returns where it is.
    pub fn paint(self, painter: &Painter, center: Pos2, size: f32, color: Color32) -> Rect {
        painter.text(center, Align2::CENTER_CENTER, self.glyph(), theme::icon(size), color)
    }

    /// A quiet square button with only this icon. `name` is its tooltip and its accessible name.
    pub fn button(self, ui: &mut Ui, name: &str) -> Response {
        let side = theme::CONTROL_HEIGHT;
        let button = Button::new(self.rich()).frame_when_inactive(false).min_size(egui::Vec2::splat(side));
        let response = ui
            .scope(|ui| {
                // Room for the icon and no more, so that the button is square.
                ui.spacing_mut().button_padding = egui::Vec2::splat((side - theme::ICON) / 2.0);
                ui.add(button)
            })
            .inner;
        response.widget_info(|| WidgetInfo::labeled(Role::Button, response.enabled(), name));
        response.on_hover_text(name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_icon_is_drawn_in_the_font_and_by_no_other() {
        let ctx = egui::Context::default();
        theme::apply(&ctx);
        let mut output = ctx.run_ui(egui::RawInput::default(), |_| {});
        output.textures_delta.clear();

        let mut seen = BTreeSet::new();
        for icon in Icon::ALL {
            for font in [theme::icon(theme::ICON), theme::regular(theme::text::BODY)] {
                let found = ctx.fonts_mut(|fonts| fonts.has_glyph(&font, icon.glyph()));
                assert!(found, "{icon:?} is missing in {font:?}");
            }
            assert!(seen.insert(icon.glyph()), "{icon:?} looks like another icon");
        }
    }
}
