//! Running `wrk` and reading its answer.

use std::io;
use std::process::Command;

/// Printed by the script at the end of a run.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/http/wrk.lua");

/// What one run of `wrk` saw.
#[derive(Debug, PartialEq)]
pub(super) struct Load {
    pub(super) requests: f64,
    pub(super) seconds: f64,
    pub(super) p50_micros: f64,
    pub(super) p99_micros: f64,
    pub(super) errors: f64,
}

/// Loads a port of this machine through a number of connections, from one thread.
pub(super) fn load(port: u16, connections: u32, seconds: u32) -> io::Result<Load> {
    let output = Command::new("wrk")
        .args(["-t1", &format!("-c{connections}"), &format!("-d{seconds}s")])
        .args(["--script", SCRIPT, &format!("http://127.0.0.1:{port}/")])
        .output()
        .map_err(explain)?;
    let text = String::from_utf8_lossy(&output.stdout);
    parse(&text).ok_or_else(|| {
        let complaint = String::from_utf8_lossy(&output.stderr);
        io::Error::other(format!(
            "wrk answered nothing that can be read: {text}{complaint}"
        ))
    })
}

fn explain(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::NotFound => io::Error::new(
            io::ErrorKind::NotFound,
            "wrk is not installed: on Debian and Ubuntu, `apt-get install wrk`; \
             elsewhere see https://github.com/wg/wrk",
        ),
        _ => error,
    }
}

fn parse(text: &str) -> Option<Load> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("measured "))?;
    let field = |name: &str| -> Option<f64> {
        let mut pairs = line
            .split_whitespace()
            .filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name)?.1.parse().ok()
    };
    Some(Load {
        requests: field("requests")?,
        seconds: field("duration")? / 1e6,
        p50_micros: field("p50")?,
        p99_micros: field("p99")?,
        errors: field("errors")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_the_script_is_found_among_others() {
        let text = "Running 2s test\nmeasured requests=10 duration=2000000 p50=3 p99=4 errors=0\n";
        let load = Load {
            requests: 10.0,
            seconds: 2.0,
            p50_micros: 3.0,
            p99_micros: 4.0,
            errors: 0.0,
        };
        assert_eq!(parse(text), Some(load));
    }

    #[test]
    fn output_without_the_line_is_no_load() {
        assert_eq!(parse("unable to connect"), None);
    }
}
