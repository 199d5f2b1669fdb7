//! The functions for whole files and for paths.

use std::fs::Permissions;
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use runtime::fs;

use crate::harness::{Directory, on_every, pattern};

#[test]
fn what_is_written_is_read() {
    on_every(async |directory| {
        let path = directory.path("file");
        for len in [0, 1, 8 * 1024, 3_000_000] {
            let bytes = pattern(len);
            fs::write(&path, &bytes).await.unwrap();
            assert_eq!(fs::read(&path).await.unwrap(), bytes);
            assert_eq!(fs::metadata(&path).await.unwrap().len(), len as u64);
        }
        fs::write(&path, "text").await.unwrap();
        assert_eq!(fs::read_to_string(&path).await.unwrap(), "text");
    });
}

#[test]
fn a_copy_has_the_bytes_and_the_permissions() {
    on_every(async |directory| {
        let from = directory.file("from", pattern(100_000));
        let to = directory.file("to", "something longer than nothing");
        let mode = Permissions::from_mode(0o640);
        fs::set_permissions(&from, mode).await.unwrap();
        assert_eq!(fs::copy(&from, &to).await.unwrap(), 100_000);
        assert_eq!(fs::read(&to).await.unwrap(), pattern(100_000));
        let metadata = fs::metadata(&to).await.unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o640);
    });
}

#[test]
fn renamed_and_removed_files_are_not_where_they_were() {
    on_every(async |directory| {
        let (old, new) = (directory.file("old", "1"), directory.file("new", "2"));
        fs::rename(&old, &new).await.unwrap();
        assert!(!fs::try_exists(&old).await.unwrap());
        assert_eq!(fs::read(&new).await.unwrap(), b"1");
        fs::remove_file(&new).await.unwrap();
        assert!(!fs::try_exists(&new).await.unwrap());
    });
}

#[test]
fn links_lead_to_the_file() {
    on_every(async |directory| {
        let file = directory.file("file", "linked");
        let (hard, soft) = (directory.path("hard"), directory.path("soft"));
        fs::hard_link(&file, &hard).await.unwrap();
        fs::symlink(&file, &soft).await.unwrap();
        assert_eq!(fs::metadata(&hard).await.unwrap().nlink(), 2);
        assert_eq!(fs::read(&soft).await.unwrap(), b"linked");
        assert_eq!(fs::read_link(&soft).await.unwrap(), file);
        let real = std::fs::canonicalize(&file).unwrap();
        assert_eq!(fs::canonicalize(&soft).await.unwrap(), real);
        assert!(fs::metadata(&soft).await.unwrap().is_file());
        assert!(fs::symlink_metadata(&soft).await.unwrap().is_symlink());
    });
}

#[test]
fn errors_keep_their_kind() {
    on_every(async |directory| {
        let (nowhere, file) = (directory.path("no/where"), directory.file("file", [0xff]));
        let kinds = [
            fs::read(&nowhere).await.unwrap_err().kind(),
            fs::write(&nowhere, "").await.unwrap_err().kind(),
            fs::copy(&nowhere, &file).await.unwrap_err().kind(),
            fs::metadata(&nowhere).await.unwrap_err().kind(),
            fs::remove_file(&nowhere).await.unwrap_err().kind(),
            fs::File::open(&nowhere).await.unwrap_err().kind(),
            fs::read_dir(&nowhere).await.unwrap_err().kind(),
        ];
        assert_eq!(kinds, [ErrorKind::NotFound; 7]);
        let text = fs::read_to_string(&file).await;
        assert_eq!(text.unwrap_err().kind(), ErrorKind::InvalidData);
        let listing = fs::read_dir(&file).await;
        assert_eq!(listing.unwrap_err().kind(), ErrorKind::NotADirectory);
        let again = fs::File::create_new(&file).await;
        assert_eq!(again.unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(
            fs::remove_file(directory.root()).await.unwrap_err().kind(),
            std::fs::remove_file(directory.root()).unwrap_err().kind()
        );
    });
}

/// A thread of the pool goes on with what it has begun.
#[test]
fn a_dropped_call_that_has_begun_is_made() {
    on_every(async |directory: &Directory| {
        let path = directory.path("file");
        let _ = crate::harness::polled(1, fs::write(&path, "written")).await;
        while std::fs::read(&path).unwrap_or_default() != b"written" {
            runtime::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    });
}
