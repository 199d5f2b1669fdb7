#[runtime::main]
struct Main;

#[runtime::test]
mod tests {}

trait Service {
    #[runtime::main]
    async fn run();
}

fn main() {}
