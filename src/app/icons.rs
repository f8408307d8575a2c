//! The icons: one line-icon font, each glyph under the name of what it means here.
//!
//! The names are ours (a refund, a wait, "go to"), so that another drawing for the same thing is one change
//! in this table.

use egui::{Align2, Button, Color32, Painter, Pos2, Rect, Response, RichText, Role, Ui, WidgetInfo};
use lucide_icons::Icon as Lucide;

use crate::app::theme;
use crate::model::{Action, ElementKind, EventType, Until};

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
    /// Something happens on another map.
    OtherMap = Workflow,
    /// Put on a fulfilment list.
    ListAdd = ListPlus,
    /// Taken off a fulfilment list.
    ListRemove = ListMinus,
    /// The day in a field has come.
    FieldDay = CalendarCheck,
    /// Some time before or after the day in a field.
    FieldTime = CalendarClock,
    /// A task came out.
    TaskDone = ClipboardCheck,
    /// A call.
    Call = Phone,
    /// Two records belong together.
    Relationship = Handshake,
    /// An e-mail came in.
    EmailIn = Inbox,
    /// A text message came in.
    SmsIn = MessageSquareReply,
    /// Something was bought, as Keap counts it.
    KeapPurchase = ShoppingBag,
    /// A checkout was left.
    Checkout = ShoppingBasket,
    /// A page of the account.
    Page = AppWindow,
    /// A page with an address of one's own.
    PersonalPage = SquareUser,
    /// A subscription or payment plan.
    OpenOrder = Repeat,
    /// A payment of an open order.
    OpenOrderPayment = Receipt,
    /// A credit card.
    Card = CreditCard,
    /// An address elsewhere.
    Address = Globe,
    /// A tracked link.
    TrackedLink = ExternalLink,
    /// A membership of a site.
    Membership = BadgeCheck,
    /// A membership that somebody took.
    MembershipNew = UserRoundPlus,
    /// A level is given.
    LevelGive = ShieldPlus,
    /// A level is taken away.
    LevelTake = ShieldMinus,

    // Actions
    /// An e-mail is sent.
    Email = Mail,
    /// An e-mail was opened.
    EmailOpened = MailOpen,
    /// A text message is sent.
    Sms = MessageSquareText,
    /// A postcard is sent.
    Postcard = Mailbox,
    /// A task.
    Task = ListTodo,
    /// A team member is told.
    Notify = Bell,
    /// A lead goes to one of several.
    RouteLead = Signpost,
    /// Onto another map.
    MapAdd = MapPlus,
    /// Off a map.
    MapRemove = MapMinus,
    /// Held on a map.
    MapPause = CirclePause,
    /// Let go on on a map.
    MapUnpause = CirclePlay,
    /// Off all lists.
    ListsClear = ListX,
    /// A purchase is written down.
    PurchaseAdd = PackagePlus,
    /// Something ends before its time.
    Cancel = Ban,
    /// Tried again.
    Recharge = RefreshCw,
    /// Two records do not belong together any more.
    RelationshipRemove = Unlink,
    /// An address that is called.
    Webhook = Webhook,
    /// A record of another kind.
    Record = FilePlus,
    /// A note.
    Note = StickyNote,

    // Waits, filters, flow
    /// A wait for a length of time.
    Wait = Timer,
    /// A date.
    Calendar = Calendar,
    /// A day of the week.
    Weekday = CalendarDays,
    /// A time of day.
    Clock = Clock,
    /// Conditions are met.
    Conditions = ListChecks,
    /// At least so long.
    Delay = Hourglass,
    /// A date that is not waited for once it is past.
    DateTimer = CalendarX,
    /// The same of a day in a field.
    FieldTimer = CalendarSync,
    /// A timer that is not set.
    NotSet = TimerOff,
    /// A goal.
    Goal = Flag,
    /// What a goal aims at.
    Target = Target,
    /// A condition with a yes and a no.
    Condition = GitBranch,
    /// Several ways, each with a rule.
    Branches = Network,
    /// A sequence of steps.
    Sequence = Rows3,
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
            ElementKind::Trigger(listener) => Self::of_event(listener.on.event_type()),
            ElementKind::Goal(_) => Self::Goal,
            ElementKind::Wait(wait) => match wait.until {
                Until::Goal => Self::Target,
                Until::TimePasses(_) => Self::Wait,
                Until::DayOfWeek { .. } => Self::Weekday,
                Until::Date { .. } => Self::Calendar,
                Until::Relative { .. } => Self::FieldTime,
                Until::TimeOfDay { .. } => Self::Clock,
                Until::Conditions { .. } => Self::Conditions,
                Until::Delay(_) => Self::Delay,
                Until::DateTimer { .. } => Self::DateTimer,
                Until::FieldTimer { .. } => Self::FieldTimer,
                Until::NotSet => Self::NotSet,
            },
            ElementKind::Condition(_) => Self::Condition,
            ElementKind::Branches(_) => Self::Branches,
            ElementKind::Split(_) => Self::Split,
            ElementKind::Fork => Self::Fork,
            ElementKind::GoTo(_) => Self::GoTo,
            ElementKind::End => Self::End,
            ElementKind::Exit => Self::Exit,
            ElementKind::Action(action) => Self::of_action(action),
        }
    }

    /// The icon of what is listened for.
    #[must_use]
    pub fn of_event(event_type: EventType) -> Self {
        match event_type {
            EventType::FieldUpdated => Self::Field,
            EventType::Paused => Self::MapPause,
            EventType::Unpaused => Self::MapUnpause,
            EventType::TagAdded => Self::TagAdd,
            EventType::TagRemoved => Self::TagRemove,
            EventType::ListAdded => Self::ListAdd,
            EventType::ListRemoved => Self::ListRemove,
            EventType::DateMatches => Self::FieldDay,
            EventType::DateRelative => Self::FieldTime,
            EventType::SpecificDate => Self::Calendar,
            EventType::Automation => Self::OtherMap,
            EventType::TaskCompleted => Self::TaskDone,
            EventType::FormSubmitted => Self::Form,
            EventType::CallLogged => Self::Call,
            EventType::Relationship => Self::Relationship,
            EventType::EmailLinkClicked => Self::LinkClick,
            EventType::EmailReceived => Self::EmailIn,
            EventType::SmsReceived => Self::SmsIn,
            EventType::Purchased => Self::Purchase,
            EventType::KeapPurchase => Self::KeapPurchase,
            EventType::Refund => Self::Refund,
            EventType::CheckoutAbandoned => Self::Checkout,
            EventType::PageVisited => Self::Page,
            EventType::PurlVisited => Self::PersonalPage,
            EventType::OpenOrderCreated => Self::OpenOrder,
            EventType::OpenOrder => Self::OpenOrderPayment,
            EventType::Card => Self::Card,
            EventType::UrlVisited => Self::Address,
            EventType::LinkClicked => Self::TrackedLink,
            EventType::MembershipUpdated => Self::Membership,
            EventType::MembershipCreated => Self::MembershipNew,
            EventType::LevelGiven => Self::LevelGive,
            EventType::LevelLost => Self::LevelTake,
            EventType::Created => Self::Created,
            EventType::AddedToAutomation => Self::AddedToAutomation,
        }
    }

    /// The icon of an action.
    #[must_use]
    pub fn of_action(action: &Action) -> Self {
        match action {
            Action::SendEmail(_) => Self::Email,
            Action::SendSms(_) => Self::Sms,
            Action::SendPostcard(_) => Self::Postcard,
            Action::AssignTask { .. } => Self::Task,
            Action::Notify { .. } => Self::Notify,
            Action::UpdateField { .. } => Self::Field,
            Action::ChangeTags { .. } => Self::Tag,
            Action::AddToMap(_) => Self::MapAdd,
            Action::RemoveFromMap(_) => Self::MapRemove,
            Action::PauseOnMap(_) => Self::MapPause,
            Action::UnpauseOnMap(_) => Self::MapUnpause,
            Action::AddToList(_) => Self::ListAdd,
            Action::RemoveFromList(_) => Self::ListRemove,
            Action::RemoveFromAllLists => Self::ListsClear,
            Action::AddPurchase { .. } => Self::PurchaseAdd,
            Action::CancelOpenOrders(_) => Self::Cancel,
            Action::RechargeDeclined => Self::Recharge,
            Action::SetMembership { .. } => Self::Membership,
            Action::GiveLevel(_) => Self::LevelGive,
            Action::RemoveLevel(_) => Self::LevelTake,
            Action::AddRelationship { .. } => Self::Relationship,
            Action::RemoveRelationship { .. } => Self::RelationshipRemove,
            Action::RouteLead(_) => Self::RouteLead,
            Action::Webhook(_) => Self::Webhook,
            Action::CreateRecord(_) => Self::Record,
            Action::Note(_) => Self::Note,
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
