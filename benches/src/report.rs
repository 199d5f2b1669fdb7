//! The table of ratios to tokio.
//!
//! Absolute times drift with the machine, so nothing is judged by them. A round runs every
//! runtime once, one right after the other, in an order that changes from round to round; a
//! ratio is the median of the quotients within the rounds.

mod bounds;
mod lane;
mod machine;
mod monitor;
mod options;
mod probe;
mod process_status;
mod ratios;
mod rounds;
mod scaling;
mod watchdog;

pub use options::{Command, Options};
pub use probe::Request;

use std::io;

use crate::table::Table;

/// Measures what the options ask for and prints it.
fn report(options: &Options) -> io::Result<()> {
    println!("{}", machine::describe());
    let tables = if options.monitor {
        vec![monitor::compare(options)?]
    } else {
        let (ratios, scaling) = compare_workloads(options)?;
        vec![ratios, scaling, probe::compare(options)?]
    };
    if tables.iter().all(Table::is_empty) {
        let message = format!("nothing to measure is called like {:?}", options.only);
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    for table in tables.iter().filter(|table| !table.is_empty()) {
        println!("{}", table.render(options.markdown));
    }
    Ok(())
}

/// Runs the selected workloads; makes the tables of ratios and of what more workers do.
fn compare_workloads(options: &Options) -> io::Result<(Table, Table)> {
    let mut ratio_rows = ratios::table();
    let mut scaling_rows = scaling::table();
    for (index, name) in crate::workload::names().into_iter().enumerate() {
        if options.selects(name) {
            eprintln!("measuring {name}");
            let build = || lane::build_all(index, &options.workers, options.smol);
            let samples = rounds::measure(options, build)?;
            ratios::add_rows(&mut ratio_rows, name, &samples);
            scaling::add_rows(&mut scaling_rows, name, &samples);
        }
    }
    Ok((ratio_rows, scaling_rows))
}
