//! By what address a request came, for links in its answer that are read elsewhere.

use axum::{
    Router,
    extract::{Request, State},
    http::header,
    middleware::{self, Next},
    response::Response,
};
use djinn_operations::Base;

/// Tells `routes` by what address each request came: that of the configuration, or the `Host` that the
/// client names. Whoever is reached by HTTPS has a proxy before them, and says so in `public_url`.
pub fn known(routes: Router, public_url: Option<&str>) -> Router {
    let public = public_url.map(|url| Base(url.trim_end_matches('/').into()));
    routes.layer(middleware::from_fn_with_state(public, note))
}

async fn note(State(public): State<Option<Base>>, mut request: Request, next: Next) -> Response {
    let base = public.or_else(|| {
        let host = request.headers().get(header::HOST)?.to_str().ok()?;
        Some(Base(format!("http://{host}").into()))
    });
    if let Some(base) = base {
        request.extensions_mut().insert(base);
    }
    next.run(request).await
}
