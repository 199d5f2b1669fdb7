//! The arguments of the attributes: `name = value`, separated by commas.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, Ident, Path, Result, Token};

use super::suggest;
use super::value::{self, Flavor, UnhandledPanic};
use super::{Entry, Faults};

/// Each argument with an example of its use, for error messages.
const ARGUMENTS: [(&str, &str); 6] = [
    ("flavor", r#"flavor = "multi_thread""#),
    ("worker_threads", "worker_threads = 4"),
    ("start_paused", "start_paused = true"),
    ("unhandled_panic", r#"unhandled_panic = "shutdown_runtime""#),
    ("name", r#"name = "api""#),
    ("crate", r#"crate = "::runtime""#),
];

/// What earlier runtimes called something, and what it is called here.
const OLD_NAMES: [(&str, &str); 6] = [
    ("core_threads", "worker_threads = ..."),
    ("threaded_scheduler", r#"flavor = "multi_thread""#),
    ("multi_thread", r#"flavor = "multi_thread""#),
    ("basic_scheduler", r#"flavor = "current_thread""#),
    ("current_thread", r#"flavor = "current_thread""#),
    ("local", r#"flavor = "local""#),
];

/// What was given to the attribute; `None` where an argument was left out or is at fault.
#[derive(Default)]
pub(super) struct Args {
    pub(super) flavor: Option<Given<Flavor>>,
    pub(super) worker_threads: Option<Given<usize>>,
    pub(super) start_paused: Option<Given<bool>>,
    pub(super) unhandled_panic: Option<Given<UnhandledPanic>>,
    pub(super) name: Option<Given<String>>,
    pub(super) krate: Option<Given<Path>>,
}

/// A value, with the tokens of its argument to report errors at.
pub(super) struct Given<T> {
    pub(super) value: T,
    pub(super) source: TokenStream,
}

impl<T> Given<T> {
    pub(super) fn error(&self, message: &str) -> Error {
        Error::new_spanned(&self.source, message)
    }
}

impl Args {
    /// The flavor to use: `main` is for servers, a test should run the same way each time.
    pub(super) fn flavor(&self, entry: Entry) -> Flavor {
        match (&self.flavor, entry) {
            (Some(given), _) => given.value,
            (None, Entry::Main) => Flavor::MultiThread,
            (None, Entry::Test) => Flavor::CurrentThread,
        }
    }

    /// Reads the arguments, keeps those that are right and reports all that are wrong.
    pub(super) fn parse(tokens: TokenStream) -> (Self, Faults) {
        let mut args = Self::default();
        let mut faults = Faults::default();
        match Punctuated::<Argument, Token![,]>::parse_terminated.parse2(tokens) {
            Ok(list) => list
                .iter()
                .for_each(|argument| faults.add(args.set(argument))),
            Err(error) => faults.add(Err(error)),
        }
        (args, faults)
    }

    fn set(&mut self, argument: &Argument) -> Result<()> {
        let name = argument.name.unraw().to_string();
        match name.as_str() {
            "flavor" => argument.store(&mut self.flavor, Flavor::from_expr),
            "worker_threads" => argument.store(&mut self.worker_threads, value::worker_threads),
            "start_paused" => argument.store(&mut self.start_paused, value::boolean),
            "unhandled_panic" => {
                argument.store(&mut self.unhandled_panic, UnhandledPanic::from_expr)
            }
            "name" => argument.store(&mut self.name, value::string),
            "crate" => argument.store(&mut self.krate, value::path),
            _ => Err(argument.unknown(&name)),
        }
    }
}

/// One argument as written; what follows its name may be missing or wrong.
struct Argument {
    name: Ident,
    value: Option<Expr>,
    source: TokenStream,
}

impl Argument {
    /// Converts the value and puts it into its `place`, which must be free.
    fn store<T>(
        &self,
        place: &mut Option<Given<T>>,
        convert: impl FnOnce(&Expr) -> value::Result<T>,
    ) -> Result<()> {
        let name = &self.name;
        if place.is_some() {
            return Err(self.error(format!("`{name}` is given twice; keep one of the two")));
        }
        let Some(expr) = &self.value else {
            return Err(self.error(format!("`{name}` needs a value, as in `{}`", example(name))));
        };
        let value =
            convert(expr).map_err(|fault| Error::new_spanned(expr, format!("`{name}` {fault}")))?;
        *place = Some(Given {
            value,
            source: self.source.clone(),
        });
        Ok(())
    }

    fn unknown(&self, name: &str) -> Error {
        if let Some((_, new)) = OLD_NAMES.iter().find(|(old, _)| *old == name) {
            return self.error(format!("unknown argument `{name}`; write `{new}`"));
        }
        let advice = suggest::instead_of(name, &ARGUMENTS.map(|(known, _)| known));
        self.error(format!("unknown argument `{name}`; {advice}"))
    }

    fn error(&self, message: String) -> Error {
        Error::new_spanned(&self.source, message)
    }
}

fn example(name: &Ident) -> &'static str {
    ARGUMENTS
        .iter()
        .find(|(known, _)| name == known)
        .map_or("", |(_, example)| example)
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let at_end = || input.is_empty() || input.peek(Token![,]);
        let name = input.call(Ident::parse_any)?;
        if !at_end() && !input.peek(Token![=]) {
            return Err(input.error(format!("expected `=`, as in `{name} = ...`")));
        }
        let equals: Option<Token![=]> = input.parse()?;
        let value: Option<Expr> = if at_end() { None } else { Some(input.parse()?) };
        let source = quote!(#name #equals #value);
        Ok(Self {
            name,
            value,
            source,
        })
    }
}
