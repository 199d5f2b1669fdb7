//! What the console would show: tasks, and how they fare.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use console_api::Field;
use console_api::field::{Name, Value};
use console_api::instrument::instrument_client::InstrumentClient;
use console_api::instrument::{InstrumentRequest, Update};
use console_api::tasks::{Stats, Task};
use tokio::time::{sleep, timeout};

use crate::Result;

/// Nothing that is looked for comes later.
const AT_MOST: Duration = Duration::from_secs(20);

/// A task as it was told of last.
#[derive(Default)]
pub struct Row {
    pub id: u64,
    pub name: String,
    pub kind: String,
    pub line: String,
    pub stats: Stats,
}

impl Row {
    pub fn polls(&self) -> u64 {
        self.stats
            .poll_stats
            .as_ref()
            .map_or(0, |polls| polls.polls)
    }

    pub fn has_ended(&self) -> bool {
        self.stats.dropped_at.is_some()
    }

    /// Whether a poll has begun and not ended.
    pub fn is_polled(&self) -> bool {
        let Some(polls) = &self.stats.poll_stats else {
            return false;
        };
        let [begun, ended] = [&polls.last_poll_started, &polls.last_poll_ended]
            .map(|time| time.as_ref().map(|time| (time.seconds, time.nanos)));
        begun > ended
    }

    pub fn wakers(&self) -> i64 {
        self.stats.waker_clones as i64 - self.stats.waker_drops as i64
    }
}

/// Returns the rows of all tasks that were told of, once they are as wanted.
pub async fn watch(address: SocketAddr, wanted: impl Fn(&[&Row]) -> bool) -> Result<Vec<Row>> {
    let mut rows = HashMap::new();
    let watched = timeout(AT_MOST, async {
        let url = format!("http://{address}");
        let mut client = loop {
            // It may not serve yet.
            match InstrumentClient::connect(url.clone()).await {
                Ok(client) => break client,
                Err(_) => sleep(Duration::from_millis(20)).await,
            }
        };
        let mut updates = client
            .watch_updates(InstrumentRequest {})
            .await?
            .into_inner();
        while !wanted(&rows.values().collect::<Vec<_>>()) {
            let update = updates.message().await?.ok_or("the updates have ended")?;
            take_in(&mut rows, update);
        }
        Result::Ok(())
    });
    watched
        .await
        .map_err(|_| "what was looked for did not come")??;
    Ok(rows.into_values().collect())
}

fn take_in(rows: &mut HashMap<u64, Row>, update: Update) {
    let Some(tasks) = update.task_update else {
        return;
    };
    for task in tasks.new_tasks {
        let row = row(&task);
        rows.insert(row.id, row);
    }
    for (id, stats) in tasks.stats_update {
        if let Some(row) = rows.get_mut(&id) {
            row.stats = stats;
        }
    }
}

fn row(task: &Task) -> Row {
    let mut row = Row {
        id: task.id.as_ref().map_or(0, |id| id.id),
        ..Row::default()
    };
    for field in &task.fields {
        match &field.name {
            Some(Name::StrName(name)) if name == "task.name" => row.name = text(field),
            Some(Name::StrName(name)) if name == "kind" => row.kind = text(field),
            _ => {}
        }
    }
    if let Some(location) = &task.location {
        let file = location.file.as_deref().unwrap_or_default();
        let name = Path::new(file).file_name().unwrap_or_default();
        row.line = format!("{}:{}", name.display(), location.line.unwrap_or_default());
    }
    row
}

fn text(field: &Field) -> String {
    match &field.value {
        Some(Value::DebugVal(text) | Value::StrVal(text)) => text.clone(),
        other => format!("{other:?}"),
    }
}
