//! The service.

use std::future;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::{Notify, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt};
use tonic::{Request, Response, Status, Streaming};
use trap::Trap;

use crate::messages::{Number, Terms};
use crate::sums::sums_server::Sums;

/// Numbers that may wait for a client who reads slowly.
const NUMBERS_AHEAD: usize = 4;

/// Adds numbers up, in whatever way they come.
#[derive(Clone, Default)]
pub struct Adder(pub Arc<Shared>);

/// What calls share with the program that looks on.
#[derive(Default)]
pub struct Shared {
    pub trap: Trap,
    /// A call that waits has begun, and was given up.
    pub waiting: Notify,
    pub given_up: Notify,
}

type Numbers = Pin<Box<dyn Stream<Item = Result<Number, Status>> + Send>>;

#[tonic::async_trait]
impl Sums for Adder {
    type CountStream = ReceiverStream<Result<Number, Status>>;
    type RunningStream = Numbers;

    async fn add(&self, request: Request<Terms>) -> Result<Response<Number>, Status> {
        let mut sum = 0_i64;
        for term in request.into_inner().values {
            sum = plus(sum, term)?;
        }
        Ok(Response::new(sum.into()))
    }

    /// Counts up to the number, as fast as the client reads.
    async fn count(&self, request: Request<Number>) -> Result<Response<Self::CountStream>, Status> {
        let last = request.into_inner().value;
        let shared = self.0.clone();
        let (numbers, stream) = mpsc::channel(NUMBERS_AHEAD);
        tokio::spawn(async move {
            for number in 1..=last {
                if numbers.send(Ok(number.into())).await.is_err() {
                    shared.given_up.notify_one();
                    return;
                }
            }
        });
        Ok(Response::new(ReceiverStream::new(stream)))
    }

    async fn total(&self, request: Request<Streaming<Number>>) -> Result<Response<Number>, Status> {
        let mut numbers = request.into_inner();
        let mut sum = 0;
        while let Some(number) = numbers.message().await? {
            sum = plus(sum, number.value)?;
        }
        Ok(Response::new(sum.into()))
    }

    /// Answers each number with the sum so far.
    async fn running(
        &self,
        request: Request<Streaming<Number>>,
    ) -> Result<Response<Numbers>, Status> {
        let mut sum = 0;
        let sums = request.into_inner().map(move |number| {
            sum = plus(sum, number?.value)?;
            Ok(sum.into())
        });
        Ok(Response::new(Box::pin(sums)))
    }

    /// Never answers.
    async fn wait(&self, _: Request<Number>) -> Result<Response<Number>, Status> {
        let _told = TellWhenDropped(&self.0.given_up);
        self.0.waiting.notify_one();
        future::pending().await
    }

    /// Keeps its thread: computes if the number is odd, blocks if it is even.
    async fn keep(&self, request: Request<Number>) -> Result<Response<Number>, Status> {
        let number = request.into_inner();
        if number.value % 2 == 1 {
            self.0.trap.compute();
        } else {
            self.0.trap.block();
        }
        Ok(Response::new(number))
    }
}

fn plus(sum: i64, term: i64) -> Result<i64, Status> {
    sum.checked_add(term)
        .ok_or_else(|| Status::out_of_range("the sum does not fit"))
}

struct TellWhenDropped<'a>(&'a Notify);

impl Drop for TellWhenDropped<'_> {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}
