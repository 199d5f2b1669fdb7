fn main() {
    let rt = runtime::Runtime::new().unwrap();
    rt.handle().scope(|scope| {
        let inside = String::from("dropped when the closure returns");
        let lent = &inside;
        drop(scope.spawn(async move { lent.len() }));
    });
}
