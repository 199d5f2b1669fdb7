//! Writes the expansion of `select!`:
//!
//! ```text
//! {
//!     enum __Selected<T0, T1> { Branch0(T0), Branch1(T1) }
//!     let selected = {
//!         let enabled: [bool; 2] = [guard0, true];
//!         let (future0,) = (first,);
//!         let (future1,) = (second,);
//!         let selected = $crate::macros::select(
//!             $crate::macros::AtRandom::<2>,
//!             enabled,
//!             (into_future(future0), into_future(future1)),
//!             |futures, branch, cx| match branch { .. },
//!         ).await;
//!         selected
//!     };
//!     match selected {
//!         Some(__Selected::Branch0(pattern0)) => handler0,
//!         Some(__Selected::Branch1(pattern1)) => handler1,
//!         None => otherwise,
//!         _ => unreachable!(),
//!     }
//! }
//! ```
//!
//! The futures end with the inner block: a handler may use what they have borrowed. It stands in no
//! closure, so that `break`, `return`, `?` and `.await` mean what they mean around the macro.

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote_spanned};

use super::branches::{Branch, Handler, Select};
use super::{futures, generated, generated_at};

/// A block that waits for the first branch, and runs its handler.
pub(super) fn expand(krate: &TokenTree, select: &Select) -> TokenStream {
    let otherwise = match &select.otherwise {
        Some(Handler::Expression(handler)) => quote_spanned!(generated()=> { #handler }),
        Some(Handler::Block(handler)) => handler.to_token_stream(),
        None => quote_spanned!(generated()=> { #krate::macros::no_branch_left() }),
    };
    if select.branches.is_empty() {
        return otherwise;
    }
    let outputs = output_enum(select.branches.len());
    let selected = await_first(krate, select);
    let handlers = select.branches.iter().enumerate().map(handler);
    quote_spanned! {generated()=> {
        #outputs
        let mut selected = #selected;
        match selected {
            #(#handlers)*
            ::core::option::Option::None => #otherwise,
            #[allow(unreachable_patterns)]
            _ => ::core::unreachable!("the pattern has matched before"),
        }
    }}
}

/// One variant a branch. The name must not hide one of the user's: items are visible to handlers.
fn output_enum(branches: usize) -> TokenStream {
    let types = (0..branches).map(|number| format_ident!("T{number}", span = generated()));
    let types: Vec<Ident> = types.collect();
    let variants = (0..branches).map(variant);
    quote_spanned!(generated()=> enum __Selected<#(#types),*> { #(#variants(#types)),* })
}

/// A block that gives the output of the first branch that matches, and drops all futures.
fn await_first(krate: &TokenTree, select: &Select) -> TokenStream {
    let branches = &select.branches;
    let count = Literal::usize_unsuffixed(branches.len());
    let order = if select.biased {
        quote_spanned!(generated()=> #krate::macros::InOrder::<#count>)
    } else {
        quote_spanned!(generated()=> #krate::macros::AtRandom::<#count>)
    };
    let guards = branches.iter().map(guard);
    let all = || branches.iter().map(|branch| &branch.future);
    let bind = futures::bind(all());
    let into_futures = futures::collect(
        all(),
        |future, place| quote_spanned!(place=> ::core::future::IntoFuture::into_future(#future)),
    );
    let poll_branch = futures::dispatch(branches.iter().enumerate().map(poll));
    quote_spanned! {generated()=> {
        let enabled: [bool; #count] = [#(#guards),*];
        #bind
        let selected =
            #krate::macros::select(#order, enabled, #into_futures, #poll_branch).await;
        selected
    }}
}

fn guard(branch: &Branch) -> TokenStream {
    match &branch.guard {
        Some(condition) => quote_spanned!(generated()=> #condition),
        None => quote_spanned!(generated()=> true),
    }
}

/// Polls a branch: `Some` output if it matches the pattern, `None` if not.
///
/// The pattern is tried as a guarded arm that never runs: its bindings, of whatever mode, move
/// nothing out of the output. So they are unused here, a pattern that always matches makes the second
/// arm unreachable, and a future that never ends the rest: none of that is the caller's mistake.
///
/// The early return lets the compiler find an output type that nothing says, as of `poll_fn(|_| panic!())`.
fn poll((number, branch): (usize, &Branch)) -> TokenStream {
    let future = futures::project(number);
    let poll = quote_spanned!(generated_at(&branch.future)=> ::core::future::Future::poll);
    let pattern = &branch.pattern;
    let variant = variant(number);
    quote_spanned! {generated()=> {
        let future = #future;
        let mut output = match #poll(future, cx) {
            ::core::task::Poll::Ready(output) => output,
            ::core::task::Poll::Pending => return ::core::task::Poll::Pending,
        };
        #[allow(unreachable_code)]
        let mut matches = false;
        #[allow(unused_variables, unused_mut, unreachable_patterns)]
        match output {
            #pattern if { matches = true; false } => ::core::unreachable!(),
            _ => {}
        }
        #[allow(unreachable_code)]
        let taken = matches.then_some(__Selected::#variant(output));
        ::core::task::Poll::Ready(taken)
    }}
}

fn handler((number, branch): (usize, &Branch)) -> TokenStream {
    let Branch {
        pattern, handler, ..
    } = branch;
    let variant = variant(number);
    quote_spanned! {generated()=>
        ::core::option::Option::Some(__Selected::#variant(#pattern)) => #handler,
    }
}

fn variant(number: usize) -> Ident {
    format_ident!("Branch{number}", span = generated())
}
