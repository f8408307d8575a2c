//! Before the window opens: is there a display, and is everything installed that a window needs?
//!
//! The windowing libraries are loaded while the program runs, so a machine without them (a server, a minimal
//! container) still runs the command line. Asked for the window there, the program says what is missing and
//! how to get it, instead of failing deep inside a library.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::process::Command;

/// Why no window can be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisplayProblem {
    /// No desktop session is announced to this program.
    NoDisplay,
    /// There is a display, but libraries to draw on it are not installed.
    MissingLibraries {
        /// The kind of display found.
        kind: DisplayKind,
        /// What is missing, in the order of the table of needs.
        missing: Vec<Library>,
    },
}

/// The two kinds of display a Linux desktop has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisplayKind {
    /// Announced by `WAYLAND_DISPLAY` or `WAYLAND_SOCKET`; preferred where both are there.
    Wayland,
    /// Announced by `DISPLAY`.
    X11,
}

/// A shared library and the Debian packages that bring it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Library {
    /// File name the loader looks for.
    pub file: &'static str,
    /// Packages, separated by spaces.
    pub packages: &'static str,
}

const fn library(file: &'static str, packages: &'static str) -> Library {
    Library { file, packages }
}

const X11: &[Library] = &[
    library("libX11.so.6", "libx11-6"),
    library("libX11-xcb.so.1", "libx11-xcb1"),
    library("libXcursor.so.1", "libxcursor1"),
    library("libXi.so.6", "libxi6"),
    library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
];
const WAYLAND: &[Library] = &[
    library("libwayland-client.so.0", "libwayland-client0"),
    library("libxkbcommon.so.0", "libxkbcommon0"),
    library("libwayland-egl.so.1", "libwayland-egl1"),
];
/// The drivers have no file name of their own to look for, so they come along with the library that loads them.
const DRAWING: &[Library] = &[library("libEGL.so.1", "libegl1 libgl1-mesa-dri")];

/// Checks this process' surroundings. On systems other than Linux there is nothing to check.
///
/// # Errors
/// What stands in the way of a window, in words for the person at the terminal.
pub fn check() -> Result<(), DisplayProblem> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let libraries = Libraries::installed();
    check_with(
        |name| std::env::var_os(name).is_some_and(|value| !value.is_empty()),
        |file| libraries.has(file),
    )
}

/// Checks surroundings given by two questions: is this environment variable set to something, and can this
/// shared library be found?
///
/// # Errors
/// As [`check`].
pub fn check_with(
    is_set: impl Fn(&str) -> bool,
    is_installed: impl Fn(&str) -> bool,
) -> Result<(), DisplayProblem> {
    // The same order of preference as the window library has; it does not fall back from one to the other.
    let (kind, needs) = if is_set("WAYLAND_DISPLAY") || is_set("WAYLAND_SOCKET") {
        (DisplayKind::Wayland, WAYLAND)
    } else if is_set("DISPLAY") {
        (DisplayKind::X11, X11)
    } else {
        return Err(DisplayProblem::NoDisplay);
    };
    let missing: Vec<Library> =
        needs.iter().chain(DRAWING).filter(|need| !is_installed(need.file)).copied().collect();
    if missing.is_empty() { Ok(()) } else { Err(DisplayProblem::MissingLibraries { kind, missing }) }
}

impl fmt::Display for DisplayKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wayland => "Wayland",
            Self::X11 => "X11",
        })
    }
}

impl fmt::Display for DisplayProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDisplay => {
                writeln!(f, "cannot open a window: no display (neither DISPLAY nor WAYLAND_DISPLAY is set)")?;
                writeln!(f, "Start it from a desktop session, or through `ssh -X`.")?;
            }
            Self::MissingLibraries { kind, missing } => {
                let files: Vec<&str> = missing.iter().map(|library| library.file).collect();
                let packages: Vec<&str> = missing.iter().map(|library| library.packages).collect();
                writeln!(f, "cannot open a window on {kind}: not installed: {}", files.join(", "))?;
                writeln!(f, "On Debian and Ubuntu: sudo apt-get install {}", packages.join(" "))?;
            }
        }
        write!(f, "Without a window: gateline report flow FILE")
    }
}

/// The shared libraries the loader can find.
struct Libraries {
    /// File names in the loader's cache; `None` where the cache cannot be read. Then nothing is reported
    /// missing: better a late failure than refusing a machine that works in its own way.
    cached: Option<BTreeSet<String>>,
    /// Directories searched beside the cache.
    directories: Vec<std::path::PathBuf>,
}

impl Libraries {
    fn installed() -> Self {
        // `ldconfig` is often not in a user's PATH.
        let listing = ["ldconfig", "/sbin/ldconfig", "/usr/sbin/ldconfig"].iter().find_map(|program| {
            let output = Command::new(program).arg("-p").output().ok()?;
            output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
        });
        let extra = std::env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
        let directories = std::env::split_paths(&extra)
            .chain(["/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib"].map(Into::into))
            .collect();
        Self { cached: listing.map(|listing| cached(&listing)), directories }
    }

    fn has(&self, file: &str) -> bool {
        self.cached.as_ref().is_none_or(|cached| cached.contains(file))
            || self.directories.iter().any(|directory| Path::new(directory).join(file).exists())
    }
}

/// The file names in the output of `ldconfig -p`: the first word of each indented line.
fn cached(listing: &str) -> BTreeSet<String> {
    listing
        .lines()
        .filter(|line| line.starts_with([' ', '\t']))
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks with these variables set and these libraries lacking.
    fn checked(set: &[&str], lacking: &[&str]) -> Result<(), DisplayProblem> {
        check_with(|name| set.contains(&name), |file| !lacking.contains(&file))
    }

    #[test]
    fn a_complete_desktop_passes() {
        assert_eq!(checked(&["DISPLAY"], &["libwayland-client.so.0"]), Ok(()));
        assert_eq!(checked(&["WAYLAND_DISPLAY", "DISPLAY"], &["libX11.so.6"]), Ok(()));
        assert_eq!(checked(&["WAYLAND_SOCKET"], &[]), Ok(()));
    }

    #[test]
    fn without_a_display_the_ways_out_are_named() {
        let problem = checked(&[], &[]).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "cannot open a window: no display (neither DISPLAY nor WAYLAND_DISPLAY is set)\n\
             Start it from a desktop session, or through `ssh -X`.\n\
             Without a window: gateline report flow FILE"
        );
    }

    #[test]
    fn missing_libraries_are_named_with_their_packages_and_no_others() {
        let problem = checked(&["DISPLAY"], &["libXi.so.6", "libEGL.so.1"]).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "cannot open a window on X11: not installed: libXi.so.6, libEGL.so.1\n\
             On Debian and Ubuntu: sudo apt-get install libxi6 libegl1 libgl1-mesa-dri\n\
             Without a window: gateline report flow FILE"
        );
        let problem = checked(&["WAYLAND_DISPLAY", "DISPLAY"], &["libxkbcommon.so.0"]).unwrap_err();
        assert!(
            problem.to_string().starts_with("cannot open a window on Wayland: not installed: libxkbcommon")
        );
    }

    #[test]
    fn the_loaders_cache_is_read() {
        let listing = "2 libs found in cache `/etc/ld.so.cache'\n\
                       \tlibXi.so.6 (libc6,x86-64) => /lib/x86_64-linux-gnu/libXi.so.6\n\
                       \tlibEGL.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libEGL.so.1\n\
                       Cache generated by: ldconfig\n";
        let libraries = Libraries { cached: Some(cached(listing)), directories: Vec::new() };
        assert!(libraries.has("libXi.so.6") && libraries.has("libEGL.so.1"));
        assert!(!libraries.has("libX11.so.6") && !libraries.has("Cache"));
    }

    #[test]
    fn an_unreadable_cache_hides_nothing() {
        assert!(Libraries { cached: None, directories: Vec::new() }.has("libX11.so.6"));
    }
}
