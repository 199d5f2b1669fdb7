//! The future behind every `notified`, whatever holds the `Notify`.

use std::fmt;
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use pin_project_lite::pin_project;

use super::state::Calls;
use super::{Grant, Mail, Notify};
use crate::coop::poll_proceed;
use crate::sync::wait_list::Place;

pin_project! {
    /// Waits for a notification, and passes it on if it is dropped before it could say so.
    ///
    /// Polling it as a future costs no poll budget: that is for futures built on it.
    pub(crate) struct Wait<N>
    where
        N: Deref<Target = Notify>,
    {
        // A reference, an `Arc` or what holds one: moving it leaves the `Notify` in place.
        notify: N,
        seen: Calls,
        progress: Progress,
        #[pin]
        place: Place<Mail>,
    }

    impl<N> PinnedDrop for Wait<N>
    where
        N: Deref<Target = Notify>,
    {
        fn drop(this: Pin<&mut Self>) {
            this.give_up();
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    New,
    Enrolled,
    /// Notified, and nobody has been told.
    Granted(Grant),
    Done,
}

impl<N: Deref<Target = Notify>> Wait<N> {
    pub(crate) fn new(notify: N) -> Self {
        let seen = notify.state.calls();
        Wait {
            notify,
            seen,
            progress: Progress::New,
            place: Place::new(Mail::Waits(seen)),
        }
    }

    /// What holds the `Notify`.
    pub(crate) fn holder(&self) -> &N {
        &self.notify
    }

    /// Polls, and spends a unit of the poll budget if it is ready. It is in the queue also if there was no
    /// budget: who was polled is served.
    pub(super) fn poll_in_budget(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.progress != Progress::Done {
            ready!(self.as_mut().poll_granted(Some(cx.waker())));
            ready!(poll_proceed(cx)).made_progress();
            *self.project().progress = Progress::Done;
        }
        Poll::Ready(())
    }

    /// Enters the queue without a waker; whether the notification is there already.
    pub(super) fn enable(mut self: Pin<&mut Self>) -> bool {
        let is_granted = self.as_mut().poll_granted(None).is_ready();
        if is_granted {
            *self.project().progress = Progress::Done;
        }
        is_granted
    }

    pub(crate) fn describe(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }

    fn poll_granted(mut self: Pin<&mut Self>, waker: Option<&Waker>) -> Poll<()> {
        match self.progress {
            Progress::New => self.as_mut().come(waker.unwrap_or(Waker::noop())),
            Progress::Enrolled => self.as_mut().look(waker),
            Progress::Granted(_) | Progress::Done => {}
        }
        match self.progress {
            Progress::Granted(_) | Progress::Done => Poll::Ready(()),
            Progress::New | Progress::Enrolled => Poll::Pending,
        }
    }

    fn come(self: Pin<&mut Self>, waker: &Waker) {
        let this = self.project();
        let notify: &Notify = this.notify;
        if let Some(grant) = notify.state.take(*this.seen) {
            *this.progress = Progress::Granted(grant);
            return;
        }
        let waker = waker.clone();
        let mut locked = notify.list.lock();
        *this.progress = match notify.state.enter(*this.seen) {
            Some(grant) => Progress::Granted(grant),
            None => {
                // SAFETY: `notify` stays in place as long as `self`, whose drop leaves the list.
                unsafe { locked.enqueue(this.place, waker) };
                Progress::Enrolled
            }
        };
    }

    fn look(mut self: Pin<&mut Self>, waker: Option<&Waker>) {
        let this = self.as_mut().project();
        let mut locked = this.notify.list.lock();
        match *locked.value(&this.place) {
            Mail::Waits(seen) if seen == this.notify.state.calls() => {
                if waker.is_some_and(|waker| !locked.will_wake(&this.place, waker)) {
                    drop(locked);
                    self.renew(waker.cloned());
                }
            }
            mail => {
                let left = locked.leave(this.place);
                drop(locked);
                *this.progress = Progress::Granted(mail.grant());
                drop(left);
            }
        }
    }

    /// Waits with another waker, which was cloned while no lock was held.
    fn renew(mut self: Pin<&mut Self>, waker: Option<Waker>) {
        let this = self.as_mut().project();
        let mut locked = this.notify.list.lock();
        let unneeded = waker.map(|waker| locked.renew_waker(&this.place, waker));
        drop(locked);
        drop(unneeded);
        // It may have been notified meanwhile, and its former waker woken.
        self.look(None);
    }

    fn give_up(self: Pin<&mut Self>) {
        let this = self.project();
        let notify: &Notify = this.notify;
        match std::mem::replace(this.progress, Progress::Done) {
            Progress::Enrolled => {
                let mut locked = notify.list.lock();
                let left = locked.leave(this.place);
                match left.value {
                    Mail::Waits(_) => notify.settle(locked, None),
                    Mail::Granted(grant) => notify.settle(locked, Some(grant)),
                }
            }
            Progress::Granted(grant) => notify.pass_on(grant),
            Progress::New | Progress::Done => {}
        }
    }
}

impl<N: Deref<Target = Notify>> Future for Wait<N> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        ready!(self.as_mut().poll_granted(Some(cx.waker())));
        *self.project().progress = Progress::Done;
        Poll::Ready(())
    }
}
