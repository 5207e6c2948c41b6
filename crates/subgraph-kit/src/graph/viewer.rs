//! Who is asking, inside a resolver.

use super::error::{OrRefuse, refuse};
use async_graphql::{Context, Result};
use djinn_kernel::{Code, Scope, Viewer, viewer::Identity};

/// `ctx.viewer()` and `ctx.require(scope)`.
pub trait ViewerExt {
    /// Who is asking.
    fn viewer(&self) -> &Viewer;
    /// Who is asking, if their credential has `scope`; a coded error otherwise.
    fn require(&self, scope: Scope) -> Result<&Identity>;
    /// Whoever is signed in, whatever their scopes.
    fn signed_in(&self) -> Result<&Identity>;
}

impl ViewerExt for Context<'_> {
    fn viewer(&self) -> &Viewer {
        // `Local` puts one into every request; without one, nobody is asking.
        self.data_opt::<Viewer>().unwrap_or(&Viewer::Anonymous)
    }

    fn require(&self, scope: Scope) -> Result<&Identity> {
        self.viewer().require(scope).or_refuse()
    }

    fn signed_in(&self) -> Result<&Identity> {
        self.viewer()
            .identity()
            .ok_or_else(|| refuse(Code::Unauthenticated, "sign in first"))
    }
}
