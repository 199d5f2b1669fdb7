//! `join!` and `try_join!`, which differ in how they poll a future and in what they end with:
//!
//! ```text
//! {
//!     let (future0,) = (first,);
//!     let (future1,) = (second,);
//!     $crate::macros::join(
//!         $crate::macros::InTurn::<2>::new(),
//!         (maybe_done(future0), maybe_done(future1)),
//!         |futures, branch, cx| match branch { .. },
//!         |futures| (take_output(..), take_output(..)),
//!     ).await
//! }
//! ```

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::parse::{Parse, ParseStream};
use syn::{Error, Expr, Result, Token};

use super::{biased, crate_at, futures, generated, generated_at};

/// What is in a `join!` or a `try_join!`.
pub(super) struct Join {
    biased: bool,
    futures: Vec<Expr>,
}

impl Parse for Join {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let biased = biased::parse(input)?;
        let mut futures = Vec::new();
        while !input.is_empty() {
            futures.push(parse_future(input)?);
        }
        Ok(Self { biased, futures })
    }
}

/// Reads a future and the comma behind it.
fn parse_future(input: ParseStream<'_>) -> Result<Expr> {
    let future: Expr = input.parse()?;
    if input.parse::<Option<Token![,]>>()?.is_none() && !input.is_empty() {
        biased::refuse_as_name(&future, input)?;
        let message = "expected a comma between two futures";
        return Err(Error::new(input.span(), message));
    }
    Ok(future)
}

/// A block that waits for all futures: their outputs, as a tuple.
pub(super) fn expand(krate: &TokenTree, join: &Join) -> TokenStream {
    if join.futures.is_empty() {
        return quote_spanned!(generated()=> async {}.await);
    }
    let waiting = quote_spanned!(generated()=> #krate::macros::join);
    join_with(krate, &waiting, "poll", join)
}

/// A block that waits for all futures or for the first error: `Ok` of the tuple, or that `Err`.
pub(super) fn expand_try(krate: &TokenTree, join: &Join) -> TokenStream {
    if join.futures.is_empty() {
        return quote_spanned!(generated()=> async { ::core::result::Result::Ok(()) }.await);
    }
    let waiting = quote_spanned!(generated()=> #krate::macros::try_join);
    join_with(krate, &waiting, "try_poll", join)
}

/// A block that awaits what `waiting` makes of the futures; `poll` polls one.
fn join_with(krate: &TokenTree, waiting: &TokenStream, poll: &str, join: &Join) -> TokenStream {
    let bind = futures::bind(join.futures.iter());
    let order = order(krate, join);
    let slots = futures::collect(join.futures.iter(), |future, place| {
        let krate = crate_at(krate, place);
        quote_spanned!(place=> #krate::macros::maybe_done(#future))
    });
    let poll_branch = futures::dispatch(join.futures.iter().enumerate().map(|(number, future)| {
        let place = generated_at(future);
        let krate = crate_at(krate, place);
        let poll = Ident::new(poll, place);
        let slot = futures::project(number);
        quote_spanned!(place=> #krate::macros::MaybeDone::#poll(#slot, cx))
    }));
    let outputs = (0..join.futures.len()).map(|number| {
        let slot = futures::project(number);
        quote_spanned! {generated()=> {
            let futures = ::core::pin::Pin::as_mut(&mut futures);
            #krate::macros::MaybeDone::take_output(#slot)
        }}
    });
    quote_spanned! {generated()=> {
        #bind
        #waiting(#order, #slots, #poll_branch, |mut futures| (#(#outputs,)*)).await
    }}
}

fn order(krate: &TokenTree, join: &Join) -> TokenStream {
    let count = Literal::usize_unsuffixed(join.futures.len());
    if join.biased {
        quote_spanned!(generated()=> #krate::macros::InOrder::<#count>)
    } else {
        quote_spanned!(generated()=> #krate::macros::InTurn::<#count>::new())
    }
}
