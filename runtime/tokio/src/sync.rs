//! Channels, locks and signals between tasks.

pub use ::runtime::sync::{
    AcquireError, Barrier, BarrierWaitResult, MappedMutexGuard, Mutex, MutexGuard, Notify,
    OnceCell, OwnedMappedMutexGuard, OwnedMutexGuard, OwnedRwLockMappedWriteGuard,
    OwnedRwLockReadGuard, OwnedRwLockWriteGuard, OwnedSemaphorePermit, RwLock,
    RwLockMappedWriteGuard, RwLockReadGuard, RwLockWriteGuard, Semaphore, SemaphorePermit,
    SetError, SetOnce, SetOnceError, TryAcquireError, TryLockError,
};

pub mod futures {
    //! The futures that have names.
    pub use ::runtime::sync::futures::{Notified, OwnedNotified};
}

pub mod broadcast {
    //! A channel whose receivers each get every value.
    pub use ::runtime::sync::broadcast::{Receiver, Sender, WeakSender, channel};

    pub mod error {
        //! What goes wrong with it.
        pub use ::runtime::sync::broadcast::error::{RecvError, SendError, TryRecvError};
    }
}

pub mod mpsc {
    //! A channel of many senders and one receiver.
    pub use ::runtime::sync::mpsc::{
        OwnedPermit, Permit, PermitIterator, Receiver, Sender, UnboundedReceiver, UnboundedSender,
        WeakSender, WeakUnboundedSender, channel, unbounded_channel,
    };

    pub mod error {
        //! What goes wrong with it.
        pub use ::runtime::sync::mpsc::error::{
            SendError, SendTimeoutError, TryRecvError, TrySendError,
        };
    }
}

pub mod oneshot {
    //! A channel for one value.
    pub use ::runtime::sync::oneshot::{Receiver, Sender, channel};

    pub mod error {
        //! What goes wrong with it.
        pub use ::runtime::sync::oneshot::error::{RecvError, TryRecvError};
    }
}

pub mod watch {
    //! A channel that keeps the latest value.
    pub use ::runtime::sync::watch::{Receiver, Ref, Sender, channel};

    pub mod error {
        //! What goes wrong with it.
        pub use ::runtime::sync::watch::error::{RecvError, SendError};
    }
}
