use runtime::task::scope;

#[runtime::main]
async fn main() {
    let words = vec!["one", "two"];
    let lent = &words;
    scope(|scope| async move {
        drop(scope.spawn(async { lent.len() }));
    })
    .await;
}
