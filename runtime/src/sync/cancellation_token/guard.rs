//! Guards that cancel a token when they are dropped.

use super::CancellationToken;

const HELD: &str = "only `disarm` and the drop take the token";

/// Cancels its token when dropped; made by [`CancellationToken::drop_guard`].
///
/// # Examples
///
/// ```
/// use runtime::sync::CancellationToken;
///
/// let token = CancellationToken::new();
/// let guard = token.clone().drop_guard();
/// assert!(!token.is_cancelled());
/// drop(guard);
/// assert!(token.is_cancelled());
/// ```
#[derive(Debug)]
#[must_use = "dropping it at once cancels the token at once"]
pub struct DropGuard {
    token: Option<CancellationToken>,
}

impl DropGuard {
    pub(super) fn new(token: CancellationToken) -> Self {
        DropGuard { token: Some(token) }
    }

    /// Returns the token.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::CancellationToken;
    ///
    /// let guard = CancellationToken::new().drop_guard();
    /// let below = guard.token().child_token();
    /// drop(guard);
    /// assert!(below.is_cancelled());
    /// ```
    pub fn token(&self) -> &CancellationToken {
        self.token.as_ref().expect(HELD)
    }

    /// Gives the token back without cancelling it.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::CancellationToken;
    ///
    /// let guard = CancellationToken::new().drop_guard();
    /// let token = guard.disarm();
    /// assert!(!token.is_cancelled());
    /// ```
    pub fn disarm(mut self) -> CancellationToken {
        self.token.take().expect(HELD)
    }
}

impl Drop for DropGuard {
    fn drop(&mut self) {
        if let Some(token) = &self.token {
            token.cancel();
        }
    }
}

/// Cancels the token that it borrows when dropped; made by [`CancellationToken::drop_guard_ref`].
///
/// # Examples
///
/// ```
/// use runtime::sync::CancellationToken;
///
/// let token = CancellationToken::new();
/// let guard = token.drop_guard_ref();
/// assert!(!token.is_cancelled());
/// drop(guard);
/// assert!(token.is_cancelled());
/// ```
#[derive(Debug)]
#[must_use = "dropping it at once cancels the token at once"]
pub struct DropGuardRef<'a> {
    token: Option<&'a CancellationToken>,
}

impl<'a> DropGuardRef<'a> {
    pub(super) fn new(token: &'a CancellationToken) -> Self {
        DropGuardRef { token: Some(token) }
    }

    /// Returns the token.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::CancellationToken;
    ///
    /// let token = CancellationToken::new();
    /// let guard = token.drop_guard_ref();
    /// let below = guard.token().child_token();
    /// drop(guard);
    /// assert!(below.is_cancelled());
    /// ```
    pub fn token(&self) -> &CancellationToken {
        self.token.expect(HELD)
    }

    /// Gives the token back without cancelling it.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::CancellationToken;
    ///
    /// let token = CancellationToken::new();
    /// let guard = token.drop_guard_ref();
    /// guard.disarm();
    /// assert!(!token.is_cancelled());
    /// ```
    pub fn disarm(mut self) -> &'a CancellationToken {
        self.token.take().expect(HELD)
    }
}

impl Drop for DropGuardRef<'_> {
    fn drop(&mut self) {
        if let Some(token) = self.token {
            token.cancel();
        }
    }
}
