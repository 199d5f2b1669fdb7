//! tokio's multi-threaded runtime.

super::tokio_shaped::tokio_shaped!(
    /// tokio, the yardstick.
    Tokio,
    tokio,
    "tokio",
    |_| ()
);
