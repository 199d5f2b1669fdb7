fn main() {
    let rt = runtime::Runtime::new().unwrap();
    let mut escaped = None;
    rt.handle().scope(|scope| escaped = Some(scope));
    drop(escaped);
}
