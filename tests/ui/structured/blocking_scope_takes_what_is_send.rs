use std::rc::Rc;

fn main() {
    let rt = runtime::Runtime::new().unwrap();
    let number = Rc::new(1);
    rt.handle().scope(|scope| {
        drop(scope.spawn(async { *number }));
    });
}
