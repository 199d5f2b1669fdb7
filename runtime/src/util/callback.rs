//! A function of the user's that the runtime calls, and whose panics stay in it.

use std::fmt;

use crate::primitive::sync::Arc;
use crate::util::panic::contain;

/// A function that may be set; one that is not does nothing.
#[derive(Clone, Default)]
pub(crate) struct Callback(Option<Arc<dyn Fn() + Send + Sync>>);

impl Callback {
    #[cfg(not(runtime_loom))]
    pub(crate) fn new(f: impl Fn() + Send + Sync + 'static) -> Self {
        Callback(Some(Arc::new(f)))
    }

    #[inline]
    pub(crate) fn call(&self) {
        if let Some(f) = &self.0 {
            contain(|| f());
        }
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "set" } else { "unset" })
    }
}
