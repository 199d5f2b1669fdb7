//! The function that an attribute stands on.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{AttrStyle, Attribute, Error, Meta, Result, ReturnType, Signature, Type, Visibility};

/// A function whose body is only tokens: what the body means, and what is wrong in it, is
/// for the compiler to say.
pub(super) struct Function {
    /// The attributes, with those at the start of the body moved in front of the function.
    pub(super) attributes: Vec<Attribute>,
    pub(super) visibility: Visibility,
    pub(super) signature: Signature,
    /// The body in its braces.
    pub(super) body: Group,
}

impl Function {
    /// Whether this looks like the entry of the program.
    pub(super) fn is_called_main(&self) -> bool {
        self.signature.ident == "main"
    }

    /// Whether the type of the function's value is `!`.
    pub(super) fn never_returns(&self) -> bool {
        matches!(&self.signature.output, ReturnType::Type(_, output) if matches!(**output, Type::Never(_)))
    }

    /// Where to report what concerns the type that the body evaluates to.
    pub(super) fn output_span(&self) -> Span {
        match &self.signature.output {
            ReturnType::Default => self.signature.ident.span(),
            ReturnType::Type(_, output) => output.span(),
        }
    }

    /// Where the body's last statement starts, or the body where it has none.
    ///
    /// Statements that end without a semicolon count as part of the next one.
    pub(super) fn last_statement_span(&self) -> Span {
        let mut start = self.body.span();
        let mut after_semicolon = true;
        for token in self.body.stream() {
            let semicolon = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';');
            if after_semicolon && !semicolon {
                start = token.span();
            }
            after_semicolon = semicolon;
        }
        start
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let signature = input.parse()?;
        let body = match input.parse()? {
            TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => body,
            other => return Err(Error::new(other.span(), "expected a body in braces")),
        };
        let (inner, body) = split_inner_attributes(body)?;
        attributes.extend(inner);
        Ok(Self {
            attributes,
            visibility,
            signature,
            body,
        })
    }
}

/// Takes the attributes from the start of `body`, as attributes of the function; the block they
/// stood in becomes an expression, where they are not allowed.
fn split_inner_attributes(body: Group) -> Result<(Vec<Attribute>, Group)> {
    let split = |input: ParseStream<'_>| {
        Ok((
            Attribute::parse_inner(input)?,
            input.parse::<TokenStream>()?,
        ))
    };
    let (mut attributes, rest) = split.parse2(body.stream())?;
    if attributes.is_empty() {
        return Ok((attributes, body));
    }
    for attribute in &mut attributes {
        attribute.style = AttrStyle::Outer;
    }
    let mut stripped = Group::new(Delimiter::Brace, rest);
    stripped.set_span(body.span());
    Ok((attributes, stripped))
}

/// Whether this is the language's own `#[test]`, by its short name or from a prelude.
pub(super) fn marks_a_test(attribute: &Attribute) -> bool {
    let Meta::Path(path) = &attribute.meta else {
        return false;
    };
    let names: Vec<String> = path
        .segments
        .iter()
        .map(|segment| segment.ident.to_string())
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    matches!(names[..], ["test"] | ["core" | "std", "prelude", _, "test"])
}
