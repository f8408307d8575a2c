//! Files appear whole or not at all: written beside under another name, brought to disk, then renamed. The only place
//! that writes plain files.

use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::StoreError;

/// Writes a whole file. Until it is complete and on disk the path keeps what was there; an error changes nothing.
/// Without `overwrite` a file that is there stays and is an error.
pub fn write_whole(
    path: &Path,
    overwrite: bool,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), StoreError> {
    build_whole(path, overwrite, |beside| {
        let written = File::options().write(true).open(beside).and_then(|file| {
            let mut out = BufWriter::with_capacity(1 << 16, file);
            write(&mut out)?;
            out.flush()
        });
        written.map_err(|source| StoreError::io(path, "writing", source))
    })
}

/// The same for what writes by itself: `build` gets the path of an empty file beside the wanted one.
pub(super) fn build_whole(
    path: &Path,
    overwrite: bool,
    build: impl FnOnce(&Path) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let io = |doing| move |source| StoreError::io(path, doing, source);
    // A link stays a link: what it leads to is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let there = fs::metadata(&target).ok();
    if there.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err(StoreError::Folder { path: path.to_owned() });
    }
    if there.is_some() && !overwrite {
        return Err(StoreError::Exists { path: path.to_owned() });
    }
    if there.as_ref().is_some_and(|there| there.permissions().readonly()) {
        return Err(StoreError::ReadOnly { path: path.to_owned() });
    }
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".gateline-").suffix(".part");
    if let Some(permissions) = there.map(|there| there.permissions()).or_else(usual_permissions) {
        builder.permissions(permissions);
    }
    let beside = builder.tempfile_in(&folder).map_err(|source| match source.kind() {
        io::ErrorKind::PermissionDenied => StoreError::ReadOnly { path: path.to_owned() },
        _ => StoreError::io(path, "making a file", source),
    })?;
    let beside = beside.into_temp_path();
    build(&beside)?;
    File::open(&beside).and_then(|file| file.sync_all()).map_err(io("bringing the file to disk"))?;
    let renamed = if overwrite { beside.persist(&target) } else { beside.persist_noclobber(&target) };
    renamed.map_err(|error| StoreError::io(path, "putting the file in its place", error.error))?;
    sync_folder(&folder).map_err(io("bringing the folder to disk"))
}

/// Copies a whole file.
pub(super) fn copy_whole(from: &Path, to: &Path) -> Result<(), StoreError> {
    let mut source = File::open(from).map_err(|source| StoreError::io(from, "reading", source))?;
    write_whole(to, false, |out| io::copy(&mut source, out).map(|_| ()))
}

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::io(path, "removing", error)),
        _ => Ok(()),
    }
}

/// What the system gives new files, less what the user's mask takes away.
#[cfg(unix)]
fn usual_permissions() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

/// What the system gives new files.
#[cfg(not(unix))]
fn usual_permissions() -> Option<Permissions> {
    None
}

/// A rename is only safe from a power cut once its folder is on disk.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Folders cannot be opened like files here; the system keeps renames in its own log.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_half_way_leaves_what_was_there_and_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        write_whole(&path, false, |out| out.write_all(b"one")).unwrap();
        let error = write_whole(&path, true, |out| {
            out.write_all(b"tw")?;
            Err(io::Error::other("stop"))
        });
        assert_eq!(error.unwrap_err().to_string(), format!("writing failed: stop: {}", path.display()));
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn replaces_only_when_told_and_never_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        write_whole(&path, false, |out| out.write_all(b"one")).unwrap();
        let error = write_whole(&path, false, |out| out.write_all(b"two")).unwrap_err();
        assert!(matches!(error, StoreError::Exists { .. }), "{error}");
        write_whole(&path, true, |out| out.write_all(b"two")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        let error = write_whole(folder.path(), true, |out| out.write_all(b"two")).unwrap_err();
        assert!(matches!(error, StoreError::Folder { .. }), "{error}");
        let error = write_whole(&folder.path().join("no/such"), true, |_| Ok(())).unwrap_err();
        assert!(matches!(error, StoreError::Missing { .. }), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_rights_stay_as_they_were() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a.txt"), folder.path().join("link.txt"));
        write_whole(&path, false, |out| out.write_all(b"one")).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        write_whole(&link, true, |out| out.write_all(b"two")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
