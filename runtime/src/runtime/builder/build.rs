//! How a runtime is built from its settings.

use std::io;

use super::{Builder, UnhandledPanic};
use crate::blocking;
use crate::clock::Clock;
use crate::current::Origin;
use crate::primitive::sync::{Arc, OnceLock};
use crate::roster::Roster;
use crate::runtime::threads::{default_workers, numbered};
use crate::runtime::{LocalOptions, LocalRuntime, Runtime};
use crate::scheduler::current_thread::{self, OwnerThread};
use crate::scheduler::{BlockingPool, Config, Handle, WeakHandle, context, multi_thread};
use crate::util::callback::Callback;
use crate::util::random::SeedSource;
use crate::util::thread_builder::ThreadName;

impl Builder {
    /// Builds the runtime; its workers start at once.
    ///
    /// # Errors
    ///
    /// A thread or a descriptor cannot be had (the error is the system's), or a setting makes no
    /// sense: a paused clock on a multi-threaded runtime, or a `RUNTIME_WORKER_THREADS` (or `TOKIO_WORKER_THREADS`) that is no
    /// number above zero. Nothing is left behind.
    pub fn build(&mut self) -> io::Result<Runtime> {
        match self.multi_thread {
            true => self.build_multi_thread(),
            false => self.build_current_thread(OwnerThread::Any),
        }
    }

    /// Builds a runtime for this thread alone, whose tasks need not be `Send`.
    ///
    /// # Errors
    ///
    /// A descriptor cannot be had (or a thread, to watch for stalls), or the builder was made by
    /// [`new_multi_thread`](Self::new_multi_thread). Nothing is left behind.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::runtime::{Builder, LocalOptions};
    ///
    /// let rt = Builder::new_current_thread().build_local(LocalOptions::default()).unwrap();
    /// let name = std::rc::Rc::new("ferris");
    /// let task = rt.spawn_local(async move { name.len() });
    /// assert_eq!(rt.block_on(task).unwrap(), 6);
    /// ```
    pub fn build_local(&mut self, _options: LocalOptions) -> io::Result<LocalRuntime> {
        match self.multi_thread {
            true => Err(senseless(
                "a local runtime has one thread: use `new_current_thread`",
            )),
            false => Ok(LocalRuntime::at_home(
                self.build_current_thread(OwnerThread::here())?,
            )),
        }
    }

    fn build_multi_thread(&self) -> io::Result<Runtime> {
        if self.start_paused {
            return Err(senseless(
                "only a current-thread runtime can pause its clock: use `new_current_thread`",
            ));
        }
        let settings = multi_thread::ThreadSettings {
            workers: self.workers.map_or_else(default_workers, Ok)?,
            max_spares: self.max_spares,
            keep_alive: self.keep_alive,
            spare_name: self.names_of("spare"),
            thread_name: self.names_of("worker"),
            stack_size: self.stack_size,
        };
        let config = self.config();
        let (blocking, announce) = self.blocking_pool(config.roster.clone());
        let (shared, threads) = multi_thread::launch(settings, config, blocking, |shared| {
            announce(Handle::MultiThread(shared.clone()));
        })?;
        Ok(Runtime::from_parts(
            Handle::MultiThread(shared),
            Some(threads),
        ))
    }

    fn build_current_thread(&self, owner: OwnerThread) -> io::Result<Runtime> {
        let clock = Clock::pausable();
        if self.start_paused {
            clock
                .pause()
                .expect("a new clock is running and can be paused");
        }
        let config = self.config();
        let (blocking, announce) = self.blocking_pool(config.roster.clone());
        let watch = self.stalls_matter;
        let shared = current_thread::Shared::new(config, clock, blocking, owner, watch)?;
        current_thread::start_monitor(&shared)?;
        let handle = Handle::CurrentThread(shared);
        announce(handle.clone());
        Ok(Runtime::from_parts(handle, None))
    }

    /// The pool, and what tells its threads to which runtime they belong.
    fn blocking_pool(&self, roster: Arc<Roster>) -> (BlockingPool, impl FnOnce(Handle)) {
        let context = Arc::new(OnceLock::new());
        let blocking = BlockingPool::new(self.blocking_config(context.clone(), roster));
        let announce = move |handle: Handle| {
            let first = context.set(handle.downgrade()).is_ok();
            debug_assert!(first, "a pool belongs to one runtime");
        };
        (blocking, announce)
    }

    fn config(&self) -> Config {
        Config {
            origin: Origin::here(),
            name: self.name.clone(),
            roster: Arc::default(),
            global_queue_interval: self.global_queue_interval,
            event_interval: self.event_interval,
            max_io_events: self.max_io_events,
            max_busy_io_events: self.max_busy_io_events.unwrap_or(self.max_io_events),
            lifo_slot: self.lifo_slot,
            vigilance: self.vigilance.clone(),
            panics_shut_down: self.unhandled_panic == UnhandledPanic::ShutdownRuntime,
            poll_times: self.poll_times.scale(),
            seeds: match &self.seed {
                Some(seed) => SeedSource::new(seed.0),
                None => SeedSource::from_entropy(),
            },
            task_hooks: self.task_hooks.clone(),
            on_thread_start: self.on_thread_start.clone(),
            on_thread_stop: self.on_thread_stop.clone(),
            on_thread_park: self.on_thread_park.clone(),
            on_thread_unpark: self.on_thread_unpark.clone(),
        }
    }

    /// A thread of the pool is in the runtime for its whole life, without keeping it alive.
    fn blocking_config(
        &self,
        context: Arc<OnceLock<WeakHandle>>,
        roster: Arc<Roster>,
    ) -> blocking::Config {
        let on_start = self.on_thread_start.clone();
        let mut config = blocking::Config::new(self.names_of("blocking"));
        config.max_threads = self.max_blocking_threads;
        config.keep_alive = self.keep_alive;
        config.stack_size = self.stack_size;
        config.on_stop = self.on_thread_stop.clone();
        config.on_start = Callback::new(move || {
            Roster::enlist(&roster);
            if let Some(handle) = context.get().and_then(WeakHandle::upgrade) {
                context::enter_for_good(handle);
            }
            on_start.call();
        });
        config
    }

    fn names_of(&self, kind: &str) -> ThreadName {
        let numbered = || numbered(self.name.as_deref().unwrap_or("rt"), kind);
        self.thread_name.clone().unwrap_or_else(numbered)
    }
}

/// A combination of settings that cannot be built.
fn senseless(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}
