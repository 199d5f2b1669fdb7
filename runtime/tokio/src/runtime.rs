//! The runtime, and how it is built, entered and looked at.

pub use ::runtime::runtime::{
    Builder, EnterGuard, Handle, HistogramConfiguration, HistogramScale, Id,
    InvalidHistogramConfiguration, LocalOptions, LocalRuntime, LogHistogram, LogHistogramBuilder,
    RngSeed, Runtime, RuntimeFlavor, RuntimeMetrics, TaskMeta, TryCurrentError, UnhandledPanic,
    is_rt_shutdown_err, worker_index,
};
