//! Sizes of the canvas that no other part of the window has, in points at 100 % unless said otherwise.

/// Below this zoom a card says only its title and one number.
pub const FULL_FROM: f32 = 0.6;
/// Below this zoom a card is a block of its family with a number or its icon.
pub const TITLE_FROM: f32 = 0.3;
/// Below this zoom a card is a plain block.
pub const NUMBER_FROM: f32 = 0.12;
/// Below this zoom there are no handles, no + and no labels on lines.
pub const LABELS_FROM: f32 = 0.45;
/// Below this zoom the canvas has no dots.
pub const DOTS_FROM: f32 = 0.5;

/// From the left edge of a card to its text.
pub const TEXT_LEFT: f32 = 54.0;
/// From the text to the right edge of the card.
pub const TEXT_RIGHT: f32 = 12.0;
/// Middle of the icon's disc from the left edge of the card.
pub const DISC_LEFT: f32 = 30.0;
/// Smallest text on a card that is shown in full, at any zoom, in points of the screen.
pub const LEAST_TEXT: f32 = 9.0;
/// Height of the bar of the chosen measure.
pub const BAR: f32 = 3.0;
/// How far the signs of the families stand out of the left edge.
pub const NOTCH: f32 = 5.0;
/// Height of the gaps in the left edge of filters.
pub const EDGE_GAP: f32 = 4.0;
/// Middle of the mark of a draft from the right edge of the card.
pub const DRAFT_RIGHT: f32 = 40.0;
/// Dot before the number of contacts that are here.
pub const DOT: f32 = 3.5;
/// Dot of a contact that is followed.
pub const LIVE_DOT: f32 = 6.0;

/// Distance of the dots of the background.
pub const DOT_GRID: i32 = 24;
/// Side of a dot of the background, in points of the screen.
pub const GRID_DOT: f32 = 1.5;

/// From the steps of a sequence to its frame.
pub const SEQUENCE_FRAME: i32 = 12;
/// Height of the room for its name, above the first step and where lines join before it.
pub const SEQUENCE_NAME: i32 = 32;
/// Middle of its name from the top of the frame.
pub const SEQUENCE_NAME_AT: f32 = 10.0;
/// The same under the label of a line that leads into it.
pub const SEQUENCE_NAME_UNDER: f32 = 31.0;

/// Radius of the bends of lines.
pub const BEND: f32 = 8.0;
/// Widest line in Performance.
pub const WIDEST: f32 = 8.0;
/// Height of the label pills on lines.
pub const PILL: f32 = 20.0;
/// Radius of the + on lines.
pub const PLUS: f32 = 10.0;
/// Radius of the handles from which lines are drawn.
pub const HANDLE: f32 = 4.5;

/// How near the pointer has to be to a line, a handle or a +, in points of the screen.
pub const REACH: f32 = 9.0;
/// How near edges of cards have to come to snap to each other, in points of the screen.
pub const SNAP: f32 = 6.0;
/// How near the edge of the canvas dragging scrolls, in points of the screen.
pub const SCROLL_EDGE: f32 = 32.0;
/// How fast it scrolls at the edge, in points of the screen per second.
pub const SCROLL_SPEED: f32 = 900.0;
/// Zoom of one notch of the wheel, per point of scrolling.
pub const WHEEL: f32 = 1.0 / 240.0;

/// Longest side of the minimap, in points of the screen.
pub const MINIMAP: f32 = 176.0;
/// Shortest side of the minimap.
pub const MINIMAP_LEAST: f32 = 64.0;
/// So many cards at most have a node of their own in the accessibility tree.
pub const MOST_NODES: usize = 600;
/// How far beside an open end a dropped element still joins it.
pub const MAGNET: f32 = 40.0;
