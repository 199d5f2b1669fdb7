//! `biased;`: the futures are polled in the order in which they are written.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::{Error, Result, Token};

syn::custom_keyword!(biased);

/// Reads `biased;` if it is there. A variable of that name is not taken for it.
pub(super) fn parse(input: ParseStream<'_>) -> Result<bool> {
    let is_there = input.peek(biased) && input.peek2(Token![;]);
    if is_there {
        input.parse::<biased>()?;
        input.parse::<Token![;]>()?;
    }
    Ok(is_there)
}

/// Refuses a `read` name of `biased` where the tokens that follow say that no variable is meant.
pub(super) fn refuse_as_name(read: impl ToTokens, input: ParseStream<'_>) -> Result<()> {
    let read: TokenStream = read.into_token_stream();
    if syn::parse2::<biased>(read.clone()).is_err() {
        return Ok(());
    }
    let message = if input.peek(Token![;]) {
        "write `biased;` once, before everything else"
    } else {
        "write a semicolon behind `biased`, as in `biased;`"
    };
    Err(Error::new_spanned(read, message))
}
