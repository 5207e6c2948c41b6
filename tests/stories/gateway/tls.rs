//! Subgraphs behind TLS: `https://` for questions, `wss://` for subscriptions.

use super::{
    bookshop::{self, Seen},
    process::Gateway,
};
use crate::socket::Events;
use serde_json::json;
use std::{net::SocketAddr, sync::Arc};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
    server::TlsStream,
};

/// Accepts connections that speak TLS.
struct Secure {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl axum::serve::Listener for Secure {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        loop {
            let (stream, address) = self.listener.accept().await.unwrap();
            // Who does not trust the certificate hangs up.
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A certificate for `localhost` that nobody has signed, as PEM, and a way to speak with it.
fn certificate() -> (String, TlsAcceptor) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    (made.cert.pem(), TlsAcceptor::from(Arc::new(config)))
}

async fn listen(routes: axum::Router, acceptor: &TlsAcceptor) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let listener = Secure {
        listener,
        acceptor: acceptor.clone(),
    };
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    format!("https://localhost:{port}")
}

#[tokio::test(flavor = "multi_thread")]
async fn subgraphs_behind_tls_are_asked_and_listened_to() {
    let (pem, acceptor) = certificate();
    let folder = tempfile::tempdir().unwrap();
    let roots = folder.path().join("roots.pem");
    std::fs::write(&roots, pem).unwrap();
    let (books, reviews) = (Arc::<Seen>::default(), Arc::<Seen>::default());
    let books_at = listen(bookshop::books("/books", "", &books), &acceptor).await;
    let reviews_at = listen(bookshop::reviews("/reviews", &reviews), &acceptor).await;
    let file = folder.path().join("supergraph.graphql");
    let urls = [format!("{books_at}/books"), format!("{reviews_at}/reviews")];
    std::fs::write(&file, bookshop::supergraph(&urls[0], &urls[1])).unwrap();

    let trusting = [("SSL_CERT_FILE", roots.to_str().unwrap())];
    let gateway = Gateway::start(&file, &[], &trusting).await;
    let answer = gateway.ask("{ books { title stars } }").await;
    assert_eq!(answer["data"]["books"][0]["stars"], 5, "{answer}");
    let query = "subscription { reviewed { title stars } }";
    let mut events = Events::open(&gateway.url, None, query, json!({})).await;
    assert_eq!(
        events.next().await.unwrap(),
        json!({"reviewed": {"title": "Ulysses", "stars": 5}})
    );
    drop(events);
    reviews.open_is(0).await;

    // Without that root the certificate is anybody's.
    let wary = Gateway::start(&file, &[], &[]).await;
    let answer = wary.ask("{ books { title } }").await;
    assert_eq!(
        answer["errors"][0]["extensions"]["code"],
        "SUBGRAPH_UNAVAILABLE"
    );
    let socket = wary.post(query).header("accept", "text/event-stream");
    let said = socket.send().await.unwrap().text().await.unwrap();
    assert!(said.contains("SUBGRAPH_UNAVAILABLE"), "{said}");
}
