//! What the attributes refuse.

use syn::{Attribute, Error, GenericParam, Result};

use super::Entry;
use super::args::{Args, Given};
use super::function::{Function, marks_a_test};
use super::value::Flavor;

/// Refuses a function that cannot be run as `entry`.
pub(super) fn function(attribute: &str, entry: Entry, function: &Function) -> Result<()> {
    if entry == Entry::Test {
        not_yet_a_test(function)?;
    }
    is_async(attribute, function)?;
    let is_run_as_it_stands = match entry {
        Entry::Main => function.is_called_main(),
        Entry::Test => function.attributes.iter().all(is_of_the_language),
    };
    if is_run_as_it_stands {
        needs_nothing_from_a_caller(entry, function)?;
    }
    Ok(())
}

/// Whether `attribute` leaves its function as it is. Those of test tools, such as `rstest`, come after ours and may
/// take the arguments away.
fn is_of_the_language(attribute: &Attribute) -> bool {
    const NAMES: [&str; 14] = [
        "allow",
        "cfg",
        "cold",
        "deny",
        "deprecated",
        "doc",
        "expect",
        "forbid",
        "ignore",
        "inline",
        "must_use",
        "should_panic",
        "track_caller",
        "warn",
    ];
    NAMES.iter().any(|name| attribute.path().is_ident(name))
}

/// Refuses to make a test of what is one already, as it would run twice.
///
/// A second `#[runtime::test]` is caught as well: by the time it is expanded, the first one has
/// left a `#[test]` behind.
fn not_yet_a_test(function: &Function) -> Result<()> {
    match function
        .attributes
        .iter()
        .find(|attribute| marks_a_test(attribute))
    {
        Some(attribute) => Err(Error::new_spanned(
            attribute,
            "this function is a test already: keep one of the two attributes",
        )),
        None => Ok(()),
    }
}

fn is_async(attribute: &str, function: &Function) -> Result<()> {
    if function.signature.asyncness.is_some() {
        return Ok(());
    }
    let message = format!("`{attribute}` needs an `async fn`: write `async` before `fn`");
    Err(Error::new(function.signature.fn_token.span, message))
}

fn needs_nothing_from_a_caller(entry: Entry, function: &Function) -> Result<()> {
    let signature = &function.signature;
    if !signature.inputs.is_empty() {
        let message = match entry {
            Entry::Main => "`main` takes no arguments: read `std::env::args()` in its body",
            Entry::Test => "a test takes no arguments: make the values in its body",
        };
        return Err(Error::new_spanned(&signature.inputs, message));
    }
    let parameters = &signature.generics.params;
    if parameters
        .iter()
        .any(|parameter| !matches!(parameter, GenericParam::Lifetime(_)))
    {
        let message = match entry {
            Entry::Main => "`main` cannot be generic: nobody chooses its type parameters",
            Entry::Test => "a test cannot be generic: nobody chooses its type parameters",
        };
        return Err(Error::new_spanned(parameters, message));
    }
    Ok(())
}

/// Refuses arguments that the chosen flavor does not know.
pub(super) fn combinations(entry: Entry, args: &Args) -> Result<()> {
    if args.flavor(entry) == Flavor::MultiThread {
        needs_one_thread(&args.start_paused, "start_paused")?;
        needs_one_thread(&args.unhandled_panic, "unhandled_panic")
    } else if let Some(given) = &args.worker_threads {
        Err(given.error(
            "`worker_threads` needs a flavor that has workers: add `flavor = \"multi_thread\"`",
        ))
    } else {
        Ok(())
    }
}

fn needs_one_thread<T>(argument: &Option<Given<T>>, name: &str) -> Result<()> {
    let Some(given) = argument else { return Ok(()) };
    let remedy = "add `flavor = \"current_thread\"`";
    Err(given.error(&format!(
        "`{name}` needs a flavor that runs on one thread: {remedy}"
    )))
}
