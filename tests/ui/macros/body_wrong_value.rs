//! A value of the wrong type is reported where it stands, not at the attribute.

#[runtime::main]
async fn main() -> Result<(), std::io::Error> {
    let port = 80;
    println!("{port}");
}

#[runtime::main]
async fn nothing_expected() {
    println!("a statement");
    17
}

#[runtime::main]
async fn wrong_last_expression() -> Result<(), std::io::Error> {
    std::thread::yield_now();
    Ok(17)
}

#[runtime::main]
async fn wrong_return() -> u8 {
    if std::env::args().count() > 1 {
        return "one";
    }
    1
}

#[runtime::main]
async fn forgotten_await() -> u8 {
    async fn number() -> u8 {
        1
    }
    number()
}

#[runtime::main]
async fn error_cannot_be_converted() -> Result<(), std::num::ParseIntError> {
    std::io::stdout().lock();
    std::fs::read("file")?;
    Ok(())
}

#[runtime::main]
async fn empty() -> u8 {}
