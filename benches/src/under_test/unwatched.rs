//! This workspace's runtime with a monitor that sleeps.

/// Longer than anything is measured.
const LONG: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

super::tokio_shaped::tokio_shaped!(
    /// The runtime of this workspace, whose monitor looks at nothing for hours.
    Unwatched,
    runtime,
    "unwatched",
    |builder| {
        builder.rescue_threshold(LONG).stall_threshold(LONG);
    }
);
