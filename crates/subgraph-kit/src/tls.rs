//! Whom this process believes: the roots of the system, or of `SSL_CERT_FILE`, read once for all
//! its HTTP clients and sockets. Reading some hundred files for each would be felt at each start.

use std::sync::{Arc, OnceLock};
use tokio_rustls::rustls::{ClientConfig, Error, crypto::aws_lc_rs};

/// The system's roots cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no TLS client can be made: {0}")]
pub struct NoRoots(String);

/// What a client of TLS needs, for HTTP/1.1. For reqwest: `tls_backend_preconfigured`.
pub fn client() -> Result<ClientConfig, NoRoots> {
    static ROOTS: OnceLock<Result<ClientConfig, NoRoots>> = OnceLock::new();
    ROOTS
        .get_or_init(|| read().map_err(|error| NoRoots(error.to_string())))
        .clone()
}

fn read() -> Result<ClientConfig, Error> {
    use rustls_platform_verifier::BuilderVerifierExt;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
