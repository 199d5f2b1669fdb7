//! Futures dropped after some polls, at whatever moment that is: position and bytes stay right.

use std::io::SeekFrom;

use futures_lite::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};
use runtime::fs::{File, OpenOptions};
use runtime_tests::flavor::on_every_flavor;

use crate::harness::{Chance, Directory, pattern, polled};

const SEEDS: u64 = 12;
const OPERATIONS: usize = 200;
const LENGTH: usize = 20_000;

#[test]
fn any_mix_of_dropped_operations_leaves_bytes_and_position_right() {
    on_every_flavor(|flavor| {
        let directory = Directory::new();
        for seed in 0..SEEDS {
            println!("seed {seed}");
            let path = directory.file("file", pattern(LENGTH));
            let bytes = flavor.build().block_on(async {
                let mut options = OpenOptions::new();
                let file = options.read(true).write(true).open(&path).await.unwrap();
                let mut model = Model::new(file, seed);
                for _ in 0..OPERATIONS {
                    model.step().await;
                }
                model.file.flush().await.unwrap();
                model.bytes
            });
            assert!(std::fs::read(&path).unwrap() == bytes, "other bytes");
        }
    });
}

/// What the file must hold, and where it must be.
struct Model {
    file: File,
    bytes: Vec<u8>,
    position: usize,
    chance: Chance,
}

impl Model {
    fn new(file: File, seed: u64) -> Model {
        let bytes = pattern(LENGTH);
        let mut chance = Chance::new(seed);
        let file = match chance.below(2) {
            0 => file,
            // One that does not read ahead, and seeks on a thread.
            _ => File::from_std(file.try_into_std().unwrap()),
        };
        Model {
            file,
            bytes,
            position: 0,
            chance,
        }
    }

    async fn step(&mut self) {
        let polls = self.chance.below(4);
        match self.chance.below(4) {
            0 => self.read(polls).await,
            1 => self.write(polls).await,
            2 => self.seek(polls).await,
            _ => self.call(polls).await,
        }
    }

    async fn read(&mut self, polls: usize) {
        let mut buf = vec![0; self.chance.below(300)];
        if let Some(read) = polled(polls, self.file.read(&mut buf)).await {
            let read = read.unwrap();
            let there = self.bytes.len().saturating_sub(self.position);
            assert_eq!(read == 0, buf.is_empty() || there == 0);
            assert!(buf[..read] == self.bytes[self.position.min(self.bytes.len())..][..read]);
            self.position += read;
        }
    }

    async fn write(&mut self, polls: usize) {
        let size = self.chance.below(300);
        let bytes = self.chance.bytes(size);
        if let Some(written) = polled(polls, self.file.write(&bytes)).await {
            let written = written.unwrap();
            let end = self.position + written;
            if written > 0 && end > self.bytes.len() {
                self.bytes.resize(end, 0);
            }
            self.bytes[self.position.min(end)..end].copy_from_slice(&bytes[..written]);
            self.position = end;
        }
    }

    /// A dropped one has happened or not.
    async fn seek(&mut self, polls: usize) {
        let target = self.chance.below(LENGTH);
        let to = match self.chance.below(3) {
            0 => SeekFrom::Start(target as u64),
            1 => SeekFrom::Current(target as i64 - self.position as i64),
            _ => SeekFrom::End(target as i64 - self.bytes.len() as i64),
        };
        let answer = polled(polls, self.file.seek(to)).await;
        let now = self.file.seek(SeekFrom::Current(0)).await.unwrap() as usize;
        match answer {
            Some(position) => assert_eq!(position.unwrap() as usize, now),
            None => assert!(
                [self.position, target].contains(&now),
                "at {now} after {to:?}"
            ),
        }
        self.position = now;
    }

    async fn call(&mut self, polls: usize) {
        let _ = match self.chance.below(3) {
            0 => polled(polls, self.file.sync_data()).await.map(drop),
            1 => polled(polls, self.file.try_clone()).await.map(drop),
            _ => polled(polls, self.file.metadata()).await.map(drop),
        };
    }
}
