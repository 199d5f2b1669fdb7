//! Every message arrives once, from many senders on many workers.

use std::thread;

use runtime::sync::mpsc::{Receiver, UnboundedReceiver, channel, unbounded_channel};
use runtime::task::yield_now;
use runtime_tests::count::Counter;
use runtime_tests::flavor::on_every_flavor;

const SENDERS: usize = 8;
const EACH: usize = 2_000;

/// What arrived, checked: of each sender all in order.
#[derive(Default)]
struct Ledger([usize; SENDERS]);

impl Ledger {
    fn note(&mut self, (sender, number): (usize, usize)) {
        assert_eq!(self.0[sender], number, "of sender {sender}");
        self.0[sender] += 1;
    }

    #[track_caller]
    fn assert_complete(self) {
        assert_eq!(self.0, [EACH; SENDERS]);
    }
}

async fn receive_all(mut rx: Receiver<(usize, usize)>) -> Ledger {
    let mut ledger = Ledger::default();
    while let Some(message) = rx.recv().await {
        ledger.note(message);
    }
    ledger
}

async fn receive_all_in_batches(mut rx: UnboundedReceiver<(usize, usize)>) -> Ledger {
    let (mut ledger, mut batch) = (Ledger::default(), Vec::new());
    while rx.recv_many(&mut batch, 50).await > 0 {
        batch.drain(..).for_each(|message| ledger.note(message));
    }
    ledger
}

#[test]
fn each_message_arrives_once_and_in_the_order_of_its_sender() {
    on_every_flavor(|flavor| {
        for capacity in [1, 3, 100] {
            let rt = flavor.build();
            let (tx, rx) = channel(capacity);
            for sender in 0..SENDERS {
                let tx = tx.clone();
                rt.spawn(async move {
                    for number in 0..EACH {
                        match (sender + number) % 5 {
                            0 => tx.reserve().await.unwrap().send((sender, number)),
                            1 if tx.try_send((sender, number)).is_ok() => {}
                            _ => tx.send((sender, number)).await.unwrap(),
                        }
                    }
                });
            }
            drop(tx);
            let received = rt.block_on(rt.spawn(receive_all(rx)));
            received.unwrap().assert_complete();
        }
    });
}

#[test]
fn threads_send_without_a_limit_to_a_task() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (tx, rx) = unbounded_channel();
        let threads: Vec<_> = (0..SENDERS)
            .map(|sender| {
                let tx = tx.clone();
                thread::spawn(move || (0..EACH).for_each(|n| tx.send((sender, n)).unwrap()))
            })
            .collect();
        drop(tx);
        let received = rt.block_on(rt.spawn(receive_all_in_batches(rx)));
        received.unwrap().assert_complete();
        threads
            .into_iter()
            .for_each(|thread| thread.join().unwrap());
    });
}

#[test]
fn what_was_sent_while_the_channel_closes_arrives_or_comes_back() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        for round in 0..200 {
            let (tx, mut rx) = channel(4);
            let (utx, mut urx) = unbounded_channel();
            let (sent, drops) = (Counter::new(), Counter::new());
            let senders: Vec<_> = (0..4)
                .map(|_| {
                    let (tx, utx) = (tx.clone(), utx.clone());
                    let (sent, drops) = (sent.clone(), drops.clone());
                    rt.spawn(async move {
                        while tx.send(drops.on_drop()).await.is_ok() {
                            sent.raise();
                            if utx.send(drops.on_drop()).is_err() {
                                return;
                            }
                            sent.raise();
                            yield_now().await;
                        }
                    })
                })
                .collect();
            drop((tx, utx));
            let received = rt.block_on(async move {
                let mut received = 0;
                for _ in 0..round % 10 {
                    received += usize::from(rx.recv().await.is_some());
                    yield_now().await;
                }
                urx.close();
                while urx.recv().await.is_some() {
                    received += 1;
                }
                rx.close();
                while rx.recv().await.is_some() {
                    received += 1;
                }
                for sender in senders {
                    sender.await.unwrap();
                }
                assert!(rx.try_recv().is_err() && urx.try_recv().is_err());
                received
            });
            assert_eq!(received, sent.get());
            assert!(drops.get() >= received, "each is dropped");
        }
    });
}

#[test]
fn a_receiver_that_is_dropped_drops_each_message_once() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        for _ in 0..100 {
            let (tx, mut rx) = unbounded_channel();
            let (made, drops) = (Counter::new(), Counter::new());
            let senders: Vec<_> = (0..4)
                .map(|_| {
                    let (tx, made, drops) = (tx.clone(), made.clone(), drops.clone());
                    rt.spawn(async move {
                        loop {
                            made.raise();
                            if tx.send(drops.on_drop()).is_err() {
                                return;
                            }
                            yield_now().await;
                        }
                    })
                })
                .collect();
            rt.block_on(async move {
                rx.recv().await.unwrap();
                drop(rx);
                for sender in senders {
                    sender.await.unwrap();
                }
            });
            assert_eq!(drops.get(), made.get());
            assert!(tx.is_closed());
        }
    });
}
