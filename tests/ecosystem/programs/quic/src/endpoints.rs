//! Sockets of servers and clients, and whom they trust.

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use quinn::crypto::rustls::{QuicClientConfig, QuicServerConfig};
use quinn::{ClientConfig, Endpoint, ServerConfig, TransportConfig};
use rustls::RootCertStore;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::version::TLS13;

use crate::Result;

/// The name in the certificates.
pub const NAME: &str = "localhost";
const PROTOCOL: &[u8] = b"echo";

/// After this without a packet a connection is given up.
const SILENCE: Duration = Duration::from_millis(1_500);

pub const ANY_PORT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// A server's socket, and the certificate by which clients know it.
pub fn server() -> Result<(Endpoint, CertificateDer<'static>)> {
    let made = rcgen::generate_simple_self_signed([NAME.to_owned()])?;
    let certificate = CertificateDer::from(made.cert);
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let mut tls = rustls::ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[&TLS13])?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key.into())?;
    tls.alpn_protocols = vec![PROTOCOL.to_vec()];
    let config = ServerConfig::with_crypto(Arc::new(QuicServerConfig::try_from(tls)?));
    Ok((Endpoint::server(config, ANY_PORT)?, certificate))
}

/// A client's socket, for servers with this certificate.
pub fn client(trusted: CertificateDer<'static>) -> Result<Endpoint> {
    client_for(trusted, PROTOCOL)
}

/// As [`client`], for another protocol than that of [`server`].
pub fn client_of_another_protocol(trusted: CertificateDer<'static>) -> Result<Endpoint> {
    client_for(trusted, b"other")
}

fn client_for(trusted: CertificateDer<'static>, protocol: &[u8]) -> Result<Endpoint> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted)?;
    let mut tls = rustls::ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[&TLS13])?
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.alpn_protocols = vec![protocol.to_vec()];
    let mut transport = TransportConfig::default();
    transport.max_idle_timeout(Some(SILENCE.try_into()?));
    let mut config = ClientConfig::new(Arc::new(QuicClientConfig::try_from(tls)?));
    config.transport_config(Arc::new(transport));
    let mut endpoint = Endpoint::client(ANY_PORT)?;
    endpoint.set_default_client_config(config);
    Ok(endpoint)
}

/// Says what came of something.
pub fn outcome<T, E: Error + 'static>(result: std::result::Result<T, E>) -> String {
    match result {
        Ok(_) => "success".to_owned(),
        Err(error) => {
            let mut root: &dyn Error = &error;
            while let Some(source) = root.source() {
                root = source;
            }
            root.to_string()
        }
    }
}
