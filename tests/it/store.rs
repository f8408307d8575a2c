//! Files: what is saved comes back, and what cannot be read says why.

use gateline::store;

use crate::format::one_of_everything;

#[test]
fn both_forms_bring_everything_back() {
    let project = one_of_everything();
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.gateline", "a.ron"] {
        let path = folder.path().join(name);
        store::save(&path, &project, false).unwrap();
        assert_eq!(store::load(&path).unwrap().project, project, "{name}");
    }
}
