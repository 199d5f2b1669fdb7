//! Mistakes inside the body keep their place.

#[runtime::main]
async fn main() {
    let listener = "here";
    println!("{listner}");
    let number: u8 = "one";
    std::thread::sleep();
}
