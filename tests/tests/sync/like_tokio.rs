//! The same random calls to a channel of ours and to tokio's, which must answer alike.

use std::fmt::Debug;
use std::sync::Arc;

/// Numbers that are the same for the same seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        // Knuth's linear congruential generator.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// Makes `steps` random calls to a broadcast channel of `$library`; answers with what each said.
macro_rules! broadcast_calls {
    ($library:ident, $seed:expr, $steps:expr) => {{
        use $library::sync::broadcast;

        let mut numbers = Numbers($seed);
        let mut said: Vec<String> = Vec::new();
        let (first, receiver) = broadcast::channel(1 + numbers.below(5));
        let weak = first.downgrade();
        let (mut senders, mut receivers) = (vec![first], vec![receiver]);
        // How many values of this channel there are, wherever they are.
        let values = Arc::new(());
        for step in 0..$steps {
            let call = numbers.below(12);
            let sender = match senders.len() {
                0 => None,
                len => Some(numbers.below(len)),
            };
            let receiver = match receivers.len() {
                0 => None,
                len => Some(numbers.below(len)),
            };
            let answer: Box<dyn Debug> = match (call, sender, receiver) {
                (0..=2, Some(s), _) => Box::new(
                    senders[s]
                        .send((step, values.clone()))
                        .map_err(|error| error.0.0),
                ),
                (3..=5, _, Some(r)) => Box::new(receivers[r].try_recv().map(|value| value.0)),
                (6, Some(s), _) if receivers.len() < 5 => {
                    Box::new(receivers.push(senders[s].subscribe()))
                }
                (7, _, Some(r)) if receivers.len() < 5 => {
                    Box::new(receivers.push(receivers[r].resubscribe()))
                }
                (8, _, Some(r)) => Box::new(drop(receivers.swap_remove(r))),
                (9, Some(s), _) if senders.len() < 3 => Box::new(senders.push(senders[s].clone())),
                (10, Some(s), _) if numbers.below(8) == 0 => Box::new(drop(senders.swap_remove(s))),
                (11, Some(s), Some(r)) => Box::new((
                    senders[s].receiver_count(),
                    receivers[r].sender_strong_count(),
                    receivers[r].sender_weak_count(),
                    weak.upgrade().is_some(),
                )),
                _ => Box::new(()),
            };
            let sides = (
                senders
                    .first()
                    .map(|sender| (sender.len(), sender.is_empty())),
                receivers
                    .iter()
                    .map(|it| (it.len(), it.is_empty(), it.is_closed()))
                    .collect::<Vec<_>>(),
            );
            said.push(format!(
                "{call}: {answer:?} {sides:?} {}",
                Arc::strong_count(&values)
            ));
        }
        said
    }};
}

#[test]
fn a_broadcast_channel_answers_like_tokios() {
    for seed in 0..300 {
        let ours = broadcast_calls!(runtime, seed, 300);
        let theirs = broadcast_calls!(tokio, seed, 300);
        for (step, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
            assert_eq!(ours, theirs, "seed {seed}, step {step}");
        }
    }
}

/// Makes random calls to oneshot channels of `$library`; answers with what each said.
macro_rules! oneshot_calls {
    ($library:ident, $seed:expr, $steps:expr) => {{
        use $library::sync::oneshot;

        let mut numbers = Numbers($seed);
        let mut said: Vec<String> = Vec::new();
        let (sender, receiver) = oneshot::channel();
        let (mut sender, mut receiver) = (Some(sender), Some(receiver));
        let value = Arc::new(());
        for _ in 0..$steps {
            let call = numbers.below(8);
            let answer: Box<dyn Debug> = match (call, &mut sender, &mut receiver) {
                (0, Some(_), _) => Box::new(sender.take().map(|it| it.send(value.clone()))),
                (1, Some(_), _) if numbers.below(3) == 0 => Box::new(drop(sender.take())),
                (2, Some(sender), _) => Box::new(sender.is_closed()),
                (3, _, Some(receiver)) => Box::new(receiver.close()),
                (4, _, Some(receiver)) => Box::new(receiver.try_recv()),
                (5, _, Some(_)) if numbers.below(3) == 0 => Box::new(drop(receiver.take())),
                (6, _, Some(receiver)) if !receiver.is_terminated() => Box::new(
                    futures_lite::future::block_on(futures_lite::future::poll_once(receiver)),
                ),
                (7, Some(sender), _) => Box::new(futures_lite::future::block_on(
                    futures_lite::future::poll_once(sender.closed()),
                )),
                _ => Box::new(()),
            };
            let side = receiver
                .as_ref()
                .map(|it| (it.is_empty(), it.is_terminated()));
            said.push(format!(
                "{call}: {answer:?} {side:?} {}",
                Arc::strong_count(&value)
            ));
        }
        said
    }};
}

#[test]
fn a_oneshot_channel_answers_like_tokios() {
    for seed in 0..5_000 {
        let ours = oneshot_calls!(runtime, seed, 12);
        let theirs = oneshot_calls!(tokio, seed, 12);
        assert_eq!(ours, theirs, "seed {seed}");
    }
}
