//! Blocks both workers of a server, on each runtime, and asks for another page meanwhile.

use std::io;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use beside::{On, Profile, Site, ask};

/// Longer than a page blocks, on a machine that has other things to do.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(5);
/// Answers that show that a server goes on; there is time for some hundred.
const ENOUGH: usize = 10;

fn main() -> io::Result<ExitCode> {
    println!("A server of axum with two workers. Two handlers block them for 3 s: one sleeps, one");
    println!("computes. Meanwhile others ask for another page, each on a new connection.");
    println!("The same sources, built twice (the first time takes a minute or more):\n");
    println!(
        "{:32}{:>24}{:>16}",
        "", "answered meanwhile", "longest wait"
    );
    let mut answered = Vec::new();
    for on in On::BOTH {
        let seen = watch(&mut Site::start(on, Profile::Debug)?)?;
        let (longest, count) = (format!("{:.1?}", seen.longest), seen.meanwhile);
        println!("{:32}{count:>24}{longest:>16}", on.name());
        answered.push(count);
    }
    let shown = answered[0] >= ENOUGH;
    if !shown {
        println!("\nthe server did not go on as it should");
    }
    Ok(if shown {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What those saw who asked for the other page.
struct Seen {
    /// Answers that came while both handlers blocked.
    meanwhile: usize,
    longest: Duration,
}

/// Blocks both workers and asks for the other page until one is free again.
fn watch(site: &mut Site) -> io::Result<Seen> {
    let port = site.port;
    let mut blocked = Vec::new();
    for path in ["/block", "/compute"] {
        blocked.push(thread::spawn(move || ask(port, path, PATIENCE)));
        // The handler says that it has begun.
        site.line()?;
    }
    let mut seen = Seen {
        meanwhile: 0,
        longest: Duration::ZERO,
    };
    while !blocked.iter().any(|blocked| blocked.is_finished()) {
        let asked = Instant::now();
        let answer = ask(port, "/", PATIENCE)?;
        seen.longest = seen.longest.max(asked.elapsed());
        let over = blocked.iter().any(|blocked| blocked.is_finished());
        if answer.ends_with("hello") && !over {
            seen.meanwhile += 1;
        }
        thread::sleep(PAUSE);
    }
    for blocked in blocked {
        blocked.join().expect("asking does not panic")?;
    }
    Ok(seen)
}
