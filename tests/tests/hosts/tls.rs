//! Whom the trigger takes for DynamoDB: nobody whose certificate it cannot trace to a root that it was given.

use std::path::PathBuf;
use std::sync::Arc;

use claim_core::contract::compile;
use claim_core::{FactOutcome, Lookup};
use conformance::issuer::{Behaviour, KeyServer};
use conformance::{binary, machine_code, scratch};
use host_cli::dev::{Answer, Function, Start};
use host_lambda::facts::{DynamoFacts, FactSource as _};
use host_lambda::settings::{Roots, TriggerSettings};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

const CONTRACT: &str = "\
version: 1
facts: { p: { table: t, key: { id: user.name }, onMissing: empty, onError: empty } }
claims: { tier: { from: /facts/p/tier, tokens: [id], default: unknown } }
";

const EVENT: &str = r#"{"version":"2","triggerSource":"TokenGeneration_Authentication","region":"eu-west-1","userPoolId":"eu-west-1_Ab12Cd34E","userName":"kim","callerContext":{"clientId":"c"},"request":{"userAttributes":{"sub":"u-1"}},"response":null}"#;

/// A table behind TLS, under a root that only this test has. Every record says `gold`.
struct Table {
    endpoint: String,
    root: PathBuf,
}

impl Table {
    async fn start() -> Self {
        let key = || KeyPair::generate().expect("a key can be made");
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, key()).expect("a root can be made");
        let root = scratch("tls").join("root.pem");
        std::fs::write(&root, issuer.pem()).expect("a file can be written");
        let own = key();
        let certificate = CertificateParams::new(vec!["127.0.0.1".to_owned()])
            .and_then(|params| params.signed_by(&own, &issuer))
            .expect("a certificate can be made");
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(own.serialize_der().into()),
            )
            .expect("the certificate fits its key");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let port = listener.local_addr().expect("the listener has an address").port();
        let server = KeyServer::start(Behaviour::Keys(r#"{"Item":{"tier":{"S":"gold"}}}"#.to_owned())).await;
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (server, acceptor) = (server.clone(), acceptor.clone());
                tokio::spawn(async move {
                    // Who does not trust it ends the handshake.
                    if let Ok(stream) = acceptor.accept(stream).await {
                        server.answer_on(stream).await;
                    }
                });
            }
        });
        Self { endpoint: format!("https://127.0.0.1:{port}"), root }
    }

    /// What the trigger answers to a sign-in.
    async fn sign_in(&self, settings: &[(&str, &str)]) -> String {
        let bundle = compile(CONTRACT).bundle.expect("no mistakes").to_text();
        let start = Start {
            binary: &binary(),
            logic: machine_code(),
            custom: &[],
            bundle: Some(&bundle),
            endpoint: &self.endpoint,
            settings,
        };
        let function = Function::start_quiet(&start).await.expect("the function starts");
        match function.invoke(EVENT).await.expect("an answer") {
            Answer::Response(text) => text,
            Answer::Error(text) => panic!("{text}"),
        }
    }
}

#[tokio::test]
async fn a_table_is_read_under_the_roots_that_are_named_and_no_others() {
    let table = Table::start().await;
    let root = table.root.to_str().expect("a path");
    let read = table.sign_in(&[("SSL_CERT_FILE", root)]).await;
    assert!(read.contains("\"tier\":\"gold\""), "{read}");
    let unread = table.sign_in(&[]).await;
    assert!(unread.contains("\"tier\":\"unknown\""), "{unread}");
}

#[tokio::test]
async fn who_is_not_under_amazons_roots_is_not_dynamodb() {
    let table = Table::start().await;
    let variable = |name: &str| match name {
        "AWS_REGION" => Some("eu-west-1".to_owned()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("local".to_owned()),
        "AWS_ENDPOINT_URL_DYNAMODB" => Some(table.endpoint.clone()),
        _ => None,
    };
    let settings = TriggerSettings::read(variable).expect("the settings fit");
    assert_eq!(settings.roots, Roots::System);
    let facts = DynamoFacts::new(&TriggerSettings { roots: Roots::Amazon, ..settings });
    let key = vec![("id".to_owned(), "kim".into())];
    let lookup = Lookup {
        fact: "p".to_owned(),
        table: "t".to_owned(),
        key: key.into_iter().collect(),
        fields: Vec::new(),
        consistent: false,
    };
    let fetched = facts.fetch(&lookup).await;
    assert_eq!((fetched.outcome, fetched.reason.as_deref()), (FactOutcome::Failed, Some("connection")));
}
