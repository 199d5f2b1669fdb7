//! A file beside one of the standard library: the same operations, in any order, with the same
//! answers.

use std::fs::{File as StdFile, OpenOptions as StdOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};

use futures_lite::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};
use runtime::fs::{File, OpenOptions};
use runtime_tests::flavor::on_every_flavor;

use crate::harness::{Chance, Directory, pattern};

const SEEDS: u64 = 8;
const OPERATIONS: usize = 150;
/// More than is read ahead at once.
const LENGTH: usize = 30_000;

#[test]
fn any_mix_of_operations_answers_as_std_does() {
    on_every_flavor(|flavor| {
        let directory = Directory::new();
        for seed in 0..SEEDS {
            println!("seed {seed}");
            flavor.build().block_on(compare(&directory, seed));
        }
    });
}

/// The file, its twin, and what happens to both.
struct Pair {
    ours: File,
    theirs: StdFile,
    chance: Chance,
}

async fn compare(directory: &Directory, seed: u64) {
    let mut chance = Chance::new(seed);
    let paths = ["ours", "theirs"].map(|name| directory.file(name, pattern(LENGTH)));
    let mut options = StdOptions::new();
    options.read(true).write(true).append(chance.below(4) == 0);
    let mut pair = Pair {
        ours: OpenOptions::from(options.clone())
            .open(&paths[0])
            .await
            .unwrap(),
        theirs: options.open(&paths[1]).unwrap(),
        chance,
    };
    pair.ours
        .set_max_buf_size([100, 9_000, 2_000_000][pair.chance.below(3)]);
    for _ in 0..OPERATIONS {
        pair.step().await;
    }
    pair.ours.flush().await.unwrap();
    let [ours, theirs] = paths.map(|path| std::fs::read(path).unwrap());
    assert!(ours == theirs, "the files differ");
}

impl Pair {
    async fn step(&mut self) {
        match self.chance.below(10) {
            0..=3 => self.read().await,
            4..=5 => self.write().await,
            6..=7 => self.seek().await,
            8 => self.set_len().await,
            _ => self.go_through_std().await,
        }
    }

    fn size(&mut self) -> usize {
        let most = [10, 1_000, 12_000][self.chance.below(3)];
        self.chance.below(most)
    }

    async fn read(&mut self) {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        let size = self.size() as u64;
        (&mut self.ours)
            .take(size)
            .read_to_end(&mut ours)
            .await
            .unwrap();
        (&self.theirs).take(size).read_to_end(&mut theirs).unwrap();
        assert!(ours == theirs, "other bytes");
    }

    async fn write(&mut self) {
        let size = self.size();
        let bytes = self.chance.bytes(size);
        self.ours.write_all(&bytes).await.unwrap();
        self.theirs.write_all(&bytes).unwrap();
    }

    async fn seek(&mut self) {
        let to = self.size() as i64;
        let to = match self.chance.below(4) {
            0 => SeekFrom::Start(to as u64),
            1 => SeekFrom::Current(to),
            2 => SeekFrom::Current(-to),
            _ => SeekFrom::End(-to),
        };
        match (self.ours.seek(to).await, self.theirs.seek(to)) {
            (Ok(ours), Ok(theirs)) => assert_eq!(ours, theirs, "{to:?}"),
            (Err(ours), Err(theirs)) => assert_eq!(ours.kind(), theirs.kind(), "{to:?}"),
            (ours, theirs) => panic!("{to:?}: {ours:?}, {theirs:?}"),
        }
        let position = self.theirs.stream_position().unwrap();
        assert_eq!(
            self.ours.seek(SeekFrom::Current(0)).await.unwrap(),
            position
        );
    }

    async fn set_len(&mut self) {
        let size = (LENGTH / 2 + self.size()) as u64;
        self.ours.set_len(size).await.unwrap();
        self.theirs.set_len(size).unwrap();
        assert_eq!(self.ours.metadata().await.unwrap().len(), size);
    }

    /// To the standard library and back, or to a clone, which keeps the position.
    async fn go_through_std(&mut self) {
        let file = match self.chance.below(2) {
            0 => self.ours.try_clone().await.unwrap(),
            _ => std::mem::replace(
                &mut self.ours,
                File::from_std(self.theirs.try_clone().unwrap()),
            ),
        };
        let mut std = file.into_std().await;
        assert_eq!(
            std.stream_position().unwrap(),
            self.theirs.stream_position().unwrap()
        );
        self.ours = File::from_std(std);
    }
}

#[test]
fn a_seek_that_fails_moves_nothing() {
    on_every_flavor(|flavor| {
        let directory = Directory::new();
        let path = directory.file("file", pattern(LENGTH));
        flavor.build().block_on(async {
            let mut file = File::open(path).await.unwrap();
            file.read_exact(&mut [0; 10]).await.unwrap();
            for to in [
                SeekFrom::Current(-11),
                SeekFrom::Current(i64::MIN),
                SeekFrom::End(-40_000),
            ] {
                let error = file.seek(to).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::InvalidInput, "{to:?}");
            }
            let mut next = [0; 10];
            file.read_exact(&mut next).await.unwrap();
            assert_eq!(next, pattern(LENGTH)[10..20]);
        });
    });
}
