//! What the runtime knows of itself, as plain text that a person and Prometheus can both read.

use std::fmt::{Display, Write};

use runtime::runtime::{Handle, RuntimeMetrics};

pub(crate) fn render() -> String {
    let metrics = Handle::current().metrics();
    let mut page = Page::default();
    page.show_runtime(&metrics);
    for worker in 0..metrics.num_workers() {
        page.show_worker(&metrics, worker);
    }
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn show_runtime(&mut self, of: &RuntimeMetrics) {
        self.line("workers", of.num_workers());
        self.line("alive_tasks", of.num_alive_tasks());
        self.line("global_queue_depth", of.global_queue_depth());
        self.line("forced_yields_total", of.budget_forced_yield_count());
        self.line("blocking_threads", of.num_blocking_threads());
        self.line("blocking_threads_idle", of.num_idle_blocking_threads());
        self.line("blocking_queue_depth", of.blocking_queue_depth());
        self.line("io_registered_total", of.io_driver_fd_registered_count());
        self.line(
            "io_deregistered_total",
            of.io_driver_fd_deregistered_count(),
        );
        self.line("io_ready_total", of.io_driver_ready_count());
    }

    fn show_worker(&mut self, of: &RuntimeMetrics, worker: usize) {
        let busy = of.worker_total_busy_duration(worker);
        let mut line = |name, value: &dyn Display| {
            self.line(&format!("worker_{name}{{worker=\"{worker}\"}}"), value);
        };
        line("queue_depth", &of.worker_local_queue_depth(worker));
        line("polls_total", &of.worker_poll_count(worker));
        line("steals_total", &of.worker_steal_count(worker));
        line("parks_total", &of.worker_park_count(worker));
        line("busy_microseconds_total", &busy.as_micros());
    }

    fn line(&mut self, name: &str, value: impl Display) {
        writeln!(self.text, "runtime_{name} {value}").expect("a String takes all that is written");
    }
}
