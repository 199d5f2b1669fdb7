fn main() {
    let rt = runtime::Runtime::new().unwrap();
    let task = rt.handle().scope(|scope| scope.spawn(async { 1 }));
    drop(task);
}
