//! `#[main]` and `#[test]`: an `async fn` becomes a function that builds a
//! runtime and blocks on the body.
//!
//! The steps are one module each: [`args`] reads the attribute's arguments, [`check`] refuses those
//! that do not go together, [`function`] reads the annotated function, and [`generate`] writes the
//! new one. A fault never ends the expansion: the error goes out beside a function of the same
//! name, so that one mistake is reported once and an editor still understands the body.

mod args;
mod check;
mod function;
mod generate;
mod suggest;
#[cfg(test)]
mod tests;
mod value;

use args::Args;
use function::Function;
use proc_macro2::TokenStream;
use quote::ToTokens;

/// Which of the two attributes is being expanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Main,
    Test,
}

/// The package by whose name the attribute was reached, where the paths of the expansion begin: a
/// program may depend on one of them only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Package {
    Runtime,
    /// The package named `tokio` that stands for this runtime.
    Tokio,
}

/// The attribute as a user writes it.
fn attribute(entry: Entry, package: Package) -> &'static str {
    match (package, entry) {
        (Package::Runtime, Entry::Main) => "#[runtime::main]",
        (Package::Runtime, Entry::Test) => "#[runtime::test]",
        (Package::Tokio, Entry::Main) => "#[tokio::main]",
        (Package::Tokio, Entry::Test) => "#[tokio::test]",
    }
}

/// Expands the attribute of `package` with arguments `args` on `item`.
pub(crate) fn expand(
    entry: Entry,
    package: Package,
    args: TokenStream,
    item: TokenStream,
) -> TokenStream {
    let function = match syn::parse2::<Function>(item.clone()) {
        Ok(function) => function,
        Err(error) => return beside(item, Some(error)),
    };
    if let Err(error) = check::function(attribute(entry, package), entry, &function) {
        return beside(generate::unchanged(entry, &function), Some(error));
    }
    let (args, mut faults) = Args::parse(args);
    if faults.is_empty() {
        faults.add(check::combinations(entry, &args));
    }
    beside(
        generate::blocking(entry, package, &args, function),
        faults.into_error(),
    )
}

/// `item`, followed by a compile error if there was one.
fn beside(item: impl ToTokens, error: Option<syn::Error>) -> TokenStream {
    let mut tokens = item.into_token_stream();
    tokens.extend(error.map(syn::Error::into_compile_error));
    tokens
}

/// The faults found so far, all of which are reported.
#[derive(Default)]
struct Faults(Option<syn::Error>);

impl Faults {
    /// Notes the fault of `result`, if it has one.
    fn add(&mut self, result: syn::Result<()>) {
        let Err(error) = result else { return };
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }

    fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    fn into_error(self) -> Option<syn::Error> {
        self.0
    }
}
