//! One sheet of paper between a monitor, which asks, and a signal handler, which answers on it.
//!
//! | state | whose the sheet is | leaves it by |
//! |---|---|---|
//! | `IDLE` | the monitor's | `ask`: `WANTED` |
//! | `WANTED` | nobody's: the question stands | `answer`: `ANSWERING`; the next `ask` or `withdraw`: `IDLE` |
//! | `ANSWERING` | the handler's | `answer`, when it is done: `ANSWERED` |
//! | `ANSWERED` | the monitor's | `take` or the next `ask`: `IDLE` |
//!
//! There is one monitor; `withdraw` and `ask` are under one lock of the caller's. Neither side waits for the other, nor locks, nor allocates: a handler that
//! comes late finds no question, a monitor that finds the handler at work comes back later.

use crate::primitive::cell::UnsafeCell;
use crate::primitive::sync::atomic::{AtomicU32, Ordering};

const IDLE: u32 = 0;
const WANTED: u32 = 1;
const ANSWERING: u32 = 2;
const ANSWERED: u32 = 3;

#[derive(Debug)]
pub(super) struct Mailbox<T> {
    state: AtomicU32,
    sheet: UnsafeCell<T>,
}

// SAFETY: the states let one thread at a time at the sheet.
unsafe impl<T: Send> Sync for Mailbox<T> {}

impl<T> Mailbox<T> {
    pub(super) fn new(sheet: T) -> Self {
        Mailbox {
            state: AtomicU32::new(IDLE),
            sheet: UnsafeCell::new(sheet),
        }
    }

    /// For the monitor: puts a question in the place of an earlier one; `false` if that is being
    /// answered just now.
    #[must_use]
    pub(super) fn ask(&self, write: impl FnOnce(&mut T)) -> bool {
        let is_mine = match self.state.load(Ordering::Relaxed) {
            IDLE => true,
            WANTED => self.transition_from(WANTED, IDLE),
            _ => self.transition_from(ANSWERED, IDLE),
        };
        if is_mine {
            // SAFETY: the state is IDLE, which only the monitor changes.
            self.sheet.with_mut(|sheet| write(unsafe { &mut *sheet }));
            // Release: publishes the question; pairs with the Acquire in answer().
            self.state.store(WANTED, Ordering::Release);
        }
        is_mine
    }

    /// Takes the question back if it stands, so that no handler answers it; never during an
    /// [`ask`](Self::ask).
    pub(super) fn withdraw(&self) {
        self.transition_from(WANTED, IDLE);
    }

    /// For the handler: answers the question if there is one. It is done when this returns.
    pub(super) fn answer(&self, write: impl FnOnce(&mut T)) {
        if self.transition_from(WANTED, ANSWERING) {
            // SAFETY: the state is ANSWERING, which only this call changes.
            self.sheet.with_mut(|sheet| write(unsafe { &mut *sheet }));
            // Release: publishes the answer; pairs with the Acquire in take() and ask().
            self.state.store(ANSWERED, Ordering::Release);
        }
    }

    /// For the monitor: reads the answer, once, if it has come.
    pub(super) fn take<R>(&self, read: impl FnOnce(&T) -> R) -> Option<R> {
        self.transition_from(ANSWERED, IDLE).then(|| {
            // SAFETY: the state is IDLE, which only the monitor changes.
            self.sheet.with(|sheet| read(unsafe { &*sheet }))
        })
    }

    fn transition_from(&self, from: u32, to: u32) -> bool {
        // Acquire: what the other side wrote on the sheet; pairs with the Release of its store.
        self.state
            .compare_exchange(from, to, Ordering::Acquire, Ordering::Relaxed)
            .is_ok()
    }
}

#[cfg(all(test, not(runtime_loom)))]
mod tests {
    use super::Mailbox;

    #[test]
    fn an_answer_is_read_once() {
        let mailbox = Mailbox::new(0);
        assert_eq!(mailbox.take(|sheet| *sheet), None);
        assert!(mailbox.ask(|sheet| *sheet = 20));
        assert_eq!(mailbox.take(|sheet| *sheet), None);
        mailbox.answer(|sheet| *sheet += 1);
        mailbox.answer(|_| unreachable!("the question is answered"));
        assert_eq!(mailbox.take(|sheet| *sheet), Some(21));
        assert_eq!(mailbox.take(|sheet| *sheet), None);
    }

    #[test]
    fn a_question_takes_the_place_of_the_one_before() {
        let mailbox = Mailbox::new(0);
        assert!(mailbox.ask(|sheet| *sheet = 1));
        assert!(mailbox.ask(|sheet| *sheet = 2));
        mailbox.answer(|sheet| *sheet *= 10);
        assert!(mailbox.ask(|sheet| *sheet = 3));
        assert_eq!(mailbox.take(|sheet| *sheet), None, "the old answer");
        mailbox.answer(|sheet| *sheet *= 10);
        assert_eq!(mailbox.take(|sheet| *sheet), Some(30));
    }

    #[test]
    fn a_question_that_was_withdrawn_is_not_answered() {
        let mailbox = Mailbox::new(0);
        assert!(mailbox.ask(|_| ()));
        mailbox.withdraw();
        mailbox.answer(|_| unreachable!("nothing is asked"));
        assert_eq!(mailbox.take(|_| ()), None);
    }

    #[test]
    fn nothing_is_asked_while_an_answer_is_written() {
        let mailbox = Mailbox::new(0);
        assert!(mailbox.ask(|_| ()));
        mailbox.answer(|sheet| {
            assert!(!mailbox.ask(|_| unreachable!("the sheet is the handler's")));
            assert_eq!(mailbox.take(|_| ()), None);
            *sheet = 7;
        });
        assert_eq!(mailbox.take(|sheet| *sheet), Some(7));
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models {
    use super::Mailbox;
    use crate::primitive::sync::Arc;

    /// Question and answer of one exchange.
    type Sheet = (u32, Option<u32>);

    fn ask(mailbox: &Mailbox<Sheet>, question: u32) -> bool {
        mailbox.ask(|sheet| *sheet = (question, None))
    }

    /// loom itself sees to it that the sheet is one side's at a time.
    #[test]
    fn loom_an_answer_is_whole_and_to_the_last_question() {
        loom::model(|| {
            let mailbox = Arc::new(Mailbox::new((0, None)));
            let handler = {
                let mailbox = mailbox.clone();
                loom::thread::spawn(move || {
                    for _ in 0..2 {
                        mailbox.answer(|(question, answer)| *answer = Some(*question));
                    }
                })
            };
            let mut last = 0;
            for question in 1..=2 {
                if ask(&mailbox, question) {
                    last = question;
                }
            }
            if let Some(sheet) = mailbox.take(|sheet| *sheet) {
                assert_eq!(sheet, (last, Some(last)));
            }
            handler.join().expect("the handler ends");
        });
    }
}
