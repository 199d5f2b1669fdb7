//! The values that arguments take.
//!
//! A fault is worded to follow the name of its argument: "takes an integer, such as 4".

use syn::{Expr, ExprLit, Lit, Path};

use super::suggest;

/// A value, or what is wrong with it.
pub(super) type Result<T> = std::result::Result<T, String>;

/// The scheduler to run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavor {
    MultiThread,
    CurrentThread,
    Local,
}

impl Flavor {
    pub(super) fn from_expr(expr: &Expr) -> Result<Self> {
        let choices = [
            ("multi_thread", Self::MultiThread),
            ("current_thread", Self::CurrentThread),
            ("local", Self::Local),
        ];
        choice(expr, &choices)
    }
}

/// What a panic does that nobody joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnhandledPanic {
    Ignore,
    ShutdownRuntime,
}

impl UnhandledPanic {
    pub(super) fn from_expr(expr: &Expr) -> Result<Self> {
        choice(
            expr,
            &[
                ("ignore", Self::Ignore),
                ("shutdown_runtime", Self::ShutdownRuntime),
            ],
        )
    }
}

pub(super) fn worker_threads(expr: &Expr) -> Result<usize> {
    let Some(Lit::Int(literal)) = literal(expr) else {
        return Err("takes an integer of at least 1, such as 4".to_owned());
    };
    match literal.base10_parse::<usize>() {
        Ok(0) => Err("must be at least 1; leave it out for one worker a core".to_owned()),
        Ok(number) => Ok(number),
        Err(fault) => Err(format!(
            "takes an integer of at least 1, such as 4: {fault}"
        )),
    }
}

pub(super) fn boolean(expr: &Expr) -> Result<bool> {
    match literal(expr) {
        Some(Lit::Bool(literal)) => Ok(literal.value),
        _ => Err("takes `true` or `false`, without quotes".to_owned()),
    }
}

pub(super) fn string(expr: &Expr) -> Result<String> {
    match literal(expr) {
        Some(Lit::Str(literal)) => Ok(literal.value()),
        _ => Err(r#"takes a string, such as "api""#.to_owned()),
    }
}

pub(super) fn path(expr: &Expr) -> Result<Path> {
    match literal(expr) {
        Some(Lit::Str(literal)) => literal.parse_with(Path::parse_mod_style).ok(),
        _ => None,
    }
    .ok_or_else(|| r#"takes a path in quotes, such as "my_crate::runtime""#.to_owned())
}

fn choice<T: Copy>(expr: &Expr, choices: &[(&str, T)]) -> Result<T> {
    let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
    let Some(Lit::Str(literal)) = literal(expr) else {
        return Err(format!("takes {} as a string", suggest::one_of(&names)));
    };
    let given = literal.value();
    match choices.iter().find(|(name, _)| *name == given) {
        Some((_, value)) => Ok(*value),
        None => Err(format!(
            "cannot be `{given}`; {}",
            suggest::instead_of(&given, &names)
        )),
    }
}

/// The literal in `expr`, also when a `macro_rules` macro has wrapped it in an invisible group.
fn literal(expr: &Expr) -> Option<&Lit> {
    match expr {
        Expr::Lit(ExprLit { lit, .. }) => Some(lit),
        Expr::Group(group) => literal(&group.expr),
        _ => None,
    }
}
