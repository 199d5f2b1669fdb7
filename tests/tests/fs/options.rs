//! The ways to open a file.

use std::os::unix::fs::PermissionsExt;

use futures_lite::{AsyncReadExt, AsyncWriteExt};
use runtime::fs::{self, File, OpenOptions};

use crate::harness::on_every;

#[test]
fn each_way_to_open_does_what_it_says() {
    on_every(async |directory| {
        let path = directory.file("file", "old");
        let mut file = File::open(&path).await.unwrap();
        file.write_all(b"x").await.unwrap();
        assert!(file.flush().await.is_err(), "it is open to be read");

        let mut file = OpenOptions::new().append(true).open(&path).await.unwrap();
        file.write_all(b" new").await.unwrap();
        file.flush().await.unwrap();
        assert_eq!(fs::read_to_string(&path).await.unwrap(), "old new");
        assert!(
            file.read(&mut [0]).await.is_err(),
            "it is open to be written"
        );

        drop(File::create(&path).await.unwrap());
        assert_eq!(fs::read_to_string(&path).await.unwrap(), "");
        drop(File::create_new(directory.path("other")).await.unwrap());
    });
}

#[test]
fn mode_and_flags_reach_the_system() {
    on_every(async |directory| {
        let path = directory.path("file");
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        let file = options.open(&path).await.unwrap();
        let mode = file.metadata().await.unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::symlink(&path, directory.path("link")).await.unwrap();
        let mut options = OpenOptions::new();
        options.read(true).custom_flags(libc::O_NOFOLLOW);
        let refused = options.open(directory.path("link")).await.unwrap_err();
        assert_eq!(refused.raw_os_error(), Some(libc::ELOOP));
    });
}
