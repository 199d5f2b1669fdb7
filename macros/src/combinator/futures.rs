//! The futures of a combinator, in a tuple that is pinned as a whole.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::{Expr, Index};

use super::{generated, generated_at};

/// `let (future0,) = (first,);` and so on.
///
/// A statement each, so that a temporary lives as long as in a `let` of the user's, and no longer;
/// in tuples, where the user's parentheses are no fault; and by names of their own, so that once a
/// future is moved on its place is free.
pub(super) fn bind<'a>(futures: impl Iterator<Item = &'a Expr>) -> TokenStream {
    let bindings = futures.enumerate().map(|(number, future)| {
        let name = name(number);
        quote_spanned!(generated()=> let (#name,) = (#future,);)
    });
    bindings.collect()
}

/// `(wrap(future0), wrap(future1))`, where an error about a type is shown at the user's future.
pub(super) fn collect<'a>(
    futures: impl Iterator<Item = &'a Expr>,
    wrap: impl Fn(&Ident, Span) -> TokenStream,
) -> TokenStream {
    let wrapped = futures.enumerate().map(|(number, future)| {
        let place = generated_at(future);
        let mut name = name(number);
        name.set_span(place);
        wrap(&name, place)
    });
    quote_spanned!(generated()=> (#(#wrapped,)*))
}

/// The pinned future of that number, taken from the pinned tuple `futures`.
pub(super) fn project(number: usize) -> TokenStream {
    let field = Index {
        index: u32::try_from(number).expect("a program has fewer futures"),
        span: generated(),
    };
    // Sound where `futures` is pinned: the tuple is never taken apart, so its fields are pinned too.
    quote_spanned! {generated()=>
        unsafe { ::core::pin::Pin::map_unchecked_mut(futures, |futures| &mut futures.#field) }
    }
}

/// `|futures, branch, cx| match branch { .. }` with an arm a branch; the last one takes the rest.
pub(super) fn dispatch(arms: impl ExactSizeIterator<Item = TokenStream>) -> TokenStream {
    let last = arms.len() - 1;
    let arms = arms.enumerate().map(|(number, arm)| {
        if number == last {
            return quote_spanned!(generated()=> _ => #arm);
        }
        let number = Literal::usize_unsuffixed(number);
        quote_spanned!(generated()=> #number => #arm,)
    });
    quote_spanned!(generated()=> |futures, branch, cx| match branch { #(#arms)* })
}

fn name(number: usize) -> Ident {
    format_ident!("future{number}", span = generated())
}
