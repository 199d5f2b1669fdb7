//! The grammar of `select!`:
//!
//! ```text
//! select   = ["biased" ";"] branch* [else]
//! branch   = pattern "=" future ["," "if" guard] "=>" handler
//! else     = "else" "=>" handler
//! handler  = block [","]  |  expression ("," | end)
//! ```
//!
//! A block ends its handler as it ends an arm of `match`. It is not looked into: what is wrong in
//! there is the compiler's to explain. A wrong call is refused at the first token that cannot stand
//! where it stands, with what to write instead.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Error, Expr, Pat, Result, Token, token};

use super::biased;

/// How many branches there may be: the set of those that are left is a word of as many bits.
const MAX_BRANCHES: usize = 64;

const A_BRANCH: &str = "`pattern = future => handler`";
const A_GUARD: &str = "`pattern = future, if condition => handler`";

/// What is in a `select!`.
pub(super) struct Select {
    pub(super) biased: bool,
    pub(super) branches: Vec<Branch>,
    /// What runs when no branch is left.
    pub(super) otherwise: Option<Handler>,
}

/// One future, and what is done with its output.
pub(super) struct Branch {
    pub(super) pattern: Pat,
    pub(super) future: Expr,
    pub(super) guard: Option<Expr>,
    pub(super) handler: Handler,
}

/// The right side of `=>`.
pub(super) enum Handler {
    /// In braces, and not looked into.
    Block(TokenTree),
    Expression(Expr),
}

impl ToTokens for Handler {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Block(block) => block.to_tokens(tokens),
            Self::Expression(expression) => expression.to_tokens(tokens),
        }
    }
}

impl Parse for Select {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let biased = biased::parse(input)?;
        let mut branches = Vec::new();
        while !input.is_empty() && !input.peek(Token![else]) {
            if branches.len() == MAX_BRANCHES {
                return Err(input.error(format!(
                    "`select!` takes at most {MAX_BRANCHES} branches: put some of them into a \
                     future of their own"
                )));
            }
            branches.push(input.parse()?);
        }
        let otherwise = parse_else(input)?;
        if branches.is_empty() && otherwise.is_none() {
            return Err(Error::new(
                input.span(),
                format!("`select!` needs at least one branch: {A_BRANCH}"),
            ));
        }
        Ok(Self {
            biased,
            branches,
            otherwise,
        })
    }
}

impl Parse for Branch {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let pattern = parse_pattern(input)?;
        let future = parse_future(input)?;
        let guard = parse_guard(&future, input)?;
        let handler = parse_arrow_and_handler(guard.as_ref().unwrap_or(&future), input)?;
        Ok(Self {
            pattern,
            future,
            guard,
            handler,
        })
    }
}

/// Reads `pattern =`.
fn parse_pattern(input: ParseStream<'_>) -> Result<Pat> {
    if input.peek(Token![if]) {
        return Err(input.error(format!("a guard stands before the `=>`: {A_GUARD}")));
    }
    let start = input.span();
    let pattern = Pat::parse_multi_with_leading_vert(input)
        .map_err(|_| Error::new(start, format!("expected a branch: {A_BRANCH}")))?;
    if input.peek(Token![=]) && !input.peek(Token![=>]) {
        input.parse::<Token![=]>()?;
        return Ok(pattern);
    }
    biased::refuse_as_name(&pattern, input)?;
    let message = if input.peek(Token![if]) {
        format!("a guard stands behind the future: {A_GUARD}")
    } else if input.peek(Token![=>]) {
        format!("this branch has no pattern, or no future: {A_BRANCH}; a pattern may be `_`")
    } else {
        format!("expected `=` and a future: {A_BRANCH}")
    };
    Err(fault_behind(&pattern, input, message))
}

fn parse_future(input: ParseStream<'_>) -> Result<Expr> {
    if input.peek(Token![=>]) || input.is_empty() {
        let message = format!("expected a future: {A_BRANCH}");
        return Err(Error::new(input.span(), message));
    }
    input.parse()
}

/// Reads `, if guard`, if there is one.
fn parse_guard(future: &Expr, input: ParseStream<'_>) -> Result<Option<Expr>> {
    if input.peek(Token![if]) {
        return Err(input.error(format!("write a comma before the guard: {A_GUARD}")));
    }
    if !input.peek(Token![,]) {
        return Ok(None);
    }
    if !input.peek2(Token![if]) {
        let message = format!("expected `=>` and a handler, or a guard: {A_BRANCH} or {A_GUARD}");
        return Err(Error::new_spanned(future, message));
    }
    input.parse::<Token![,]>()?;
    input.parse::<Token![if]>()?;
    input.parse().map(Some)
}

/// Reads `=> handler` behind what was `read` before.
fn parse_arrow_and_handler(read: &impl ToTokens, input: ParseStream<'_>) -> Result<Handler> {
    match input.parse::<Option<Token![=>]>>()? {
        Some(arrow) => parse_handler(&arrow, input),
        None => {
            let message = format!("expected `=>` and a handler: {A_BRANCH}");
            Err(fault_behind(read, input, message))
        }
    }
}

fn parse_handler(arrow: &Token![=>], input: ParseStream<'_>) -> Result<Handler> {
    if input.is_empty() || input.peek(Token![,]) {
        let message = "expected a handler behind `=>`; one that does nothing is `{}`";
        return Err(Error::new_spanned(arrow, message));
    }
    if input.peek(token::Brace) {
        let block = input.parse()?;
        if input.peek(Token![.]) || input.peek(Token![?]) {
            return Err(input.error(
                "a handler that begins with a brace ends with it: put it into parentheses",
            ));
        }
        input.parse::<Option<Token![,]>>()?;
        return Ok(Handler::Block(block));
    }
    let expression = input.parse()?;
    if input.parse::<Option<Token![,]>>()?.is_none() && !input.is_empty() {
        return Err(input.error(
            "expected a comma between two branches: only a handler in braces goes without",
        ));
    }
    Ok(Handler::Expression(expression))
}

/// Reads `else => handler`, which is the last thing in a call, if there is one.
fn parse_else(input: ParseStream<'_>) -> Result<Option<Handler>> {
    let Some(word) = input.parse::<Option<Token![else]>>()? else {
        return Ok(None);
    };
    if input.peek(Token![if]) || (input.peek(Token![,]) && input.peek2(Token![if])) {
        return Err(input.error("`else` takes no guard: it runs when no branch is left"));
    }
    let Some(arrow) = input.parse()? else {
        let message = "expected `=>` and a handler, as in `else => handler`";
        return Err(fault_behind(&word, input, message.to_owned()));
    };
    let handler = parse_handler(&arrow, input)?;
    if input.peek(Token![else]) {
        return Err(input.error("there is an `else` already: keep one of the two"));
    }
    if !input.is_empty() {
        return Err(input.error("nothing stands behind `else`: move this branch before it"));
    }
    Ok(Some(handler))
}

/// A fault at the next token or, where the call ends, at what was `read` last.
fn fault_behind(read: &impl ToTokens, input: ParseStream<'_>, message: String) -> Error {
    if input.is_empty() {
        Error::new_spanned(read, message)
    } else {
        Error::new(input.span(), message)
    }
}
