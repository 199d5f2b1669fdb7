//! This workspace's runtime.

super::tokio_shaped::tokio_shaped!(
    /// The runtime of this workspace.
    Ours,
    runtime,
    "ours",
    |_| ()
);
