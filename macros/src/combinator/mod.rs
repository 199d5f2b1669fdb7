//! `select!`, `join!` and `try_join!`: futures that one task polls side by side.
//!
//! What a user writes reaches these macros through a `macro_rules!` of the `runtime` crate, which
//! puts its own `$crate;` in front: so an expansion finds the crate under any name. An expansion
//! stores the futures in a tuple and gives it, with a closure that polls the one of a given number,
//! to a future of `runtime::macros`; that one knows in which order to poll and when to end.
//!
//! [`branches`] reads what is in a `select!` and [`select`] writes its expansion; [`join`] does both
//! for the other two. [`biased`] and [`futures`] are what the three have in common.

mod biased;
mod branches;
mod futures;
mod join;
mod select;
#[cfg(test)]
mod tests;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Error, Result, Token};

/// Which of the macros is being expanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Combinator {
    Select,
    Join,
    TryJoin,
}

/// Expands a call, or explains what is wrong with it.
pub(crate) fn expand(combinator: Combinator, call: TokenStream) -> TokenStream {
    let expand_call = |input: ParseStream<'_>| expand_call(combinator, input);
    expand_call
        .parse2(call)
        .unwrap_or_else(Error::into_compile_error)
}

fn expand_call(combinator: Combinator, input: ParseStream<'_>) -> Result<TokenStream> {
    let krate: TokenTree = input.parse()?;
    input.parse::<Token![;]>()?;
    Ok(match combinator {
        Combinator::Select => select::expand(&krate, &input.parse()?),
        Combinator::Join => join::expand(&krate, &input.parse()?),
        Combinator::TryJoin => join::expand_try(&krate, &input.parse()?),
    })
}

/// A span for generated tokens: their local names are invisible to the user's code.
fn generated() -> Span {
    Span::mixed_site()
}

/// A span for generated tokens about which an error is shown at `place`.
fn generated_at(place: impl Spanned) -> Span {
    generated().located_at(place.span())
}

/// The path of the crate, for a path about which an error is shown at `place`.
fn crate_at(krate: &TokenTree, place: Span) -> TokenTree {
    let mut krate = krate.clone();
    krate.set_span(krate.span().located_at(place));
    krate
}
