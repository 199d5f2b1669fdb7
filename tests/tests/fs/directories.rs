//! Making, reading and removing directories.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::os::unix::fs::{DirEntryExt, PermissionsExt};

use runtime::fs::{self, DirBuilder};

use crate::harness::{Directory, on_every, polled};

fn fill(directory: &Directory, entries: usize) -> BTreeSet<String> {
    let names = (0..entries).map(|number| format!("entry-{number}"));
    names
        .inspect(|name| drop(directory.file(name, "")))
        .collect()
}

#[test]
fn every_entry_is_told_once() {
    on_every(async |directory| {
        for entries in [0, 1, 31, 32, 33, 64, 1_000] {
            let names = fill(directory, entries);
            let mut seen = BTreeSet::new();
            let mut listing = fs::read_dir(directory.root()).await.unwrap();
            while let Some(entry) = listing.next_entry().await.unwrap() {
                assert!(seen.insert(entry.file_name().into_string().unwrap()));
                assert_eq!(entry.path(), directory.root().join(entry.file_name()));
            }
            assert_eq!(seen, names);
            assert!(listing.next_entry().await.unwrap().is_none());
        }
    });
}

#[test]
fn dropped_futures_lose_no_entry() {
    on_every(async |directory| {
        let names = fill(directory, 200);
        let mut listing = fs::read_dir(directory.root()).await.unwrap();
        let mut seen = BTreeSet::new();
        for turn in 0.. {
            let entry = match polled(turn % 3, listing.next_entry()).await {
                Some(entry) => entry.unwrap(),
                None if turn % 2 == 0 => continue,
                None => listing.next_entry().await.unwrap(),
            };
            let Some(entry) = entry else { break };
            assert!(seen.insert(entry.file_name().into_string().unwrap()));
        }
        assert_eq!(seen, names);
    });
}

#[test]
fn an_entry_knows_what_it_is() {
    on_every(async |directory| {
        directory.file("file", "12345");
        let mut listing = fs::read_dir(directory.root()).await.unwrap();
        let ours = listing.next_entry().await.unwrap().unwrap();
        let theirs = std::fs::read_dir(directory.root()).unwrap().next();
        assert_eq!(ours.ino(), theirs.unwrap().unwrap().ino());
        assert!(ours.file_type().await.unwrap().is_file());
        assert_eq!(ours.metadata().await.unwrap().len(), 5);
        fs::remove_file(ours.path()).await.unwrap();
        let gone = ours.metadata().await.unwrap_err();
        assert_eq!(gone.kind(), ErrorKind::NotFound);
    });
}

#[test]
fn directories_are_made_and_removed_as_std_does() {
    on_every(async |directory| {
        let (one, deep) = (directory.path("one"), directory.path("one/two/three"));
        let orphan = fs::create_dir(&deep).await.unwrap_err();
        assert_eq!(orphan.kind(), ErrorKind::NotFound);
        fs::create_dir(&one).await.unwrap();
        let twice = fs::create_dir(&one).await.unwrap_err();
        assert_eq!(twice.kind(), ErrorKind::AlreadyExists);
        fs::create_dir_all(&deep).await.unwrap();
        fs::create_dir_all(&deep).await.unwrap();
        let full = fs::remove_dir(&one).await.unwrap_err();
        assert_eq!(full.kind(), ErrorKind::DirectoryNotEmpty);
        fs::remove_dir(&deep).await.unwrap();
        fs::remove_dir_all(&one).await.unwrap();
        assert!(!fs::try_exists(&one).await.unwrap());
    });
}

#[test]
fn a_builder_makes_what_it_is_told() {
    on_every(async |directory| {
        let deep = directory.path("one/two");
        let mut builder = DirBuilder::new();
        assert!(builder.create(&deep).await.is_err());
        builder.recursive(true).mode(0o700);
        builder.create(&deep).await.unwrap();
        let mode = std::fs::metadata(&deep).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    });
}
