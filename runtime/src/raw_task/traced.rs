//! What subscribers of `tracing` are told of tasks, in the words by which the console for tokio knows them.
//!
//! A task's span is made at its birth and has no parent: a task outlives whoever spawned it. It is entered for each poll and
//! for the drop of the future, and closes with that. Each operation on a waker of the task is an event. Subscribers
//! are user code, and where they are called so are futures and wakers.

use std::panic::Location;

use tracing::instrument::{Instrument, Instrumented};
use tracing::{Span, trace, trace_span};

use super::{Id, Meta};

/// A future in the span of its task.
pub(super) type Traced<F> = Instrumented<F>;

/// Puts the future of a task, which is of the given kind, into a span.
pub(super) fn traced<F: Future>(future: F, meta: &Meta, kind: &str) -> (Traced<F>, SpanId) {
    let name = meta.name.as_deref().unwrap_or_default();
    let span = span::<F>(kind, name, meta.id, meta.location);
    let id = SpanId(span.id());
    (future.instrument(span), id)
}

/// Puts a future that is no task, as it is given to `block_on`, into a span like a task's.
#[track_caller]
pub(crate) fn traced_root<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let span = span::<F>("block_on", "", Id::next(), Location::caller());
    future.instrument(span)
}

fn span<F>(kind: &str, name: &str, id: Id, location: &Location<'_>) -> Span {
    trace_span!(
        target: "tokio::task",
        parent: None,
        "runtime.spawn",
        %kind,
        task.name = %name,
        task.id = id.get(),
        size.bytes = size_of::<F>(),
        loc.file = location.file(),
        loc.line = location.line(),
        loc.col = location.column(),
    )
}

/// Names the span of a task to its wakers; nothing, if nobody wanted the span.
#[derive(Debug)]
pub(super) struct SpanId(Option<tracing::Id>);

impl SpanId {
    /// Tells of an operation on a waker of the task.
    #[inline]
    pub(super) fn waker(&self, op: &'static str) {
        if let Some(id) = &self.0 {
            trace!(target: "tokio::task::waker", op, task.id = id.into_u64());
        }
    }
}
