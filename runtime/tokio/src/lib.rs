//! The names of tokio 1.54, served by the crate `runtime`.
//!
//! A program that puts this package in tokio's place by `[patch.crates-io]` runs, with all its
//! libraries, on `runtime`. The page "Moving from tokio" of the book says how, and what differs.
//!
//! Every name stands where tokio has it, and behind the same feature, so that a program that
//! compiles here compiles with tokio. What tokio shows under `tokio_unstable` alone is here
//! without that flag, as far as libraries use it. What `runtime` has beyond tokio is reached
//! through `runtime`.
//!
//! ```
//! # #[cfg(all(feature = "macros", feature = "rt"))] {
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() {
//!     let answer = tokio::spawn(async { 42 }).await;
//!     assert_eq!(answer.unwrap(), 42);
//! }
//! # main();
//! # }
//! ```

pub use ::runtime::pin;
#[cfg(feature = "macros")]
pub use ::runtime::{join, select, try_join};
#[cfg(feature = "rt")]
pub use ::runtime::{spawn, task_local};

#[cfg(all(feature = "macros", feature = "rt"))]
pub use ::runtime::macros::{tokio_main as main, tokio_test as test};

#[cfg(feature = "fs")]
pub mod fs {
    //! Files and directories, through the blocking pool.
    pub use ::runtime::fs::{
        DirBuilder, DirEntry, File, FileTimes, OpenOptions, ReadDir, canonicalize, copy,
        create_dir, create_dir_all, hard_link, metadata, read, read_dir, read_link, read_to_string,
        remove_dir, remove_dir_all, remove_file, rename, set_permissions, symlink,
        symlink_metadata, try_exists, write,
    };
}

pub mod io;

#[doc(hidden)]
pub mod macros {
    pub mod support {
        #[cfg(feature = "macros")]
        pub use ::runtime::macros::draw as thread_rng_n;
        pub use std::future::poll_fn;
    }
}

pub mod net;

#[cfg(feature = "process")]
pub mod process {
    //! Child processes.
    pub use ::runtime::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
}

#[cfg(feature = "rt")]
pub mod runtime;

#[cfg(feature = "signal")]
pub mod signal {
    //! Signals of the operating system.
    pub use ::runtime::signal::ctrl_c;

    pub mod unix {
        //! Signals of Unix.
        pub use ::runtime::signal::unix::{Signal, SignalKind, signal};
    }
}

// Empty in tokio, too, which says here where streams are.
#[doc(hidden)]
pub mod stream {}

#[cfg(feature = "sync")]
pub mod sync;
pub mod task;

#[cfg(feature = "time")]
pub mod time {
    //! Sleeps, intervals and time limits.
    #[doc(no_inline)]
    pub use std::time::Duration;

    pub use ::runtime::time::{
        Instant, Interval, MissedTickBehavior, Sleep, Timeout, interval, interval_at, sleep,
        sleep_until, timeout, timeout_at,
    };
    #[cfg(feature = "test-util")]
    pub use ::runtime::time::{advance, pause, resume};

    pub mod error {
        //! What goes wrong with time.
        pub use ::runtime::time::error::{Elapsed, Error};
    }
}
