//! Files and directories.

use runtime::fs::{self, DirBuilder, DirEntry, File, OpenOptions, ReadDir};

use super::{IsNotUnpin as _, IsSend as _, IsSync as _, of};

table! {
    File:         1 1 1 0 0;
    OpenOptions:  1 1 1 1 1;
    DirBuilder:   1 1 1 1 1;
    ReadDir:      1 1 1 0 0;
    DirEntry:     1 1 1 1 1;
}

#[test]
fn futures_of_files_can_be_sent() {
    let file = File::from_std(std::fs::File::open("/dev/null").unwrap());
    futures! {
        File::open("file") => 1 1 0;
        File::create("file") => 1 1 0;
        OpenOptions::new().open("file") => 1 1 0;
        DirBuilder::new().create("directory") => 1 1 0;
        file.sync_all() => 1 1 0;
        file.metadata() => 1 1 0;
        file.try_clone() => 1 1 0;
        fs::read("file") => 1 1 0;
        fs::write("file", "text") => 1 1 0;
        fs::copy("from", "to") => 1 1 0;
        fs::read_dir("directory") => 1 1 0;
    }
}
