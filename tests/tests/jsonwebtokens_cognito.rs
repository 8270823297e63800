//! The second opinion: every token of the vectors through the crate `jsonwebtokens-cognito`, as the adapter wraps it.
//!
//! The crate fetches from the pool's real address and can be told no other. So this process starts itself once more
//! with a proxy in its environment, which ends the TLS connection with a certificate of its own.

use std::net::TcpListener as Port;
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use conformance::issuer::{Behaviour, KeyServer, NOW, access_claims, key_set};
use conformance::tokens::{Case, ISSUER, code, keys};
use host_lambda::keys::Ages;
use host_lambda::settings::IssuerSetting;
use host_lambda::verify::{JsonwebtokensCognito, Leeway, TokenVerifier as _};
use rcgen::{CertificateParams, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

const HOST: &str = "cognito-idp.eu-west-1.amazonaws.com";
const POOL: &str = "eu-west-1_Ab12Cd34E";

/// Where the crate says otherwise than our own verifier: the vectors, what it says, and why.
const DEVIATIONS: [(&[&str], &str, &str); 3] = [
    (
        &[
            "alg_None_without_signature",
            "alg_None_with_signature",
            "alg_NONE_without_signature",
            "alg_NONE_with_signature",
            "alg_nOnE_without_signature",
            "alg_nOnE_with_signature",
            "psychic_EdDSA",
            "psychic_Ed25519",
            "alg_small_letters",
            "alg_blank_before",
            "alg_blank_after",
            "alg_nul",
            "alg_full_width",
            "alg_line",
        ],
        "token-malformed",
        "a name of an algorithm that it does not know is no header to it",
    ),
    (&["updated_issuer_form"], "token-issuer", "it knows only the classic issuer of a pool"),
    (&["exp_with_a_fraction"], "token-malformed", "it takes whole seconds only"),
];

fn main() -> ExitCode {
    if std::env::var_os("CLAIMWRIGHT_TEST_PROXY").is_some() {
        tokio::runtime::Runtime::new().expect("a runtime starts").block_on(checks());
        return ExitCode::SUCCESS;
    }
    let key = KeyPair::generate().expect("a key can be made");
    let params = CertificateParams::new(vec![HOST.to_owned()]).expect("the host is a name");
    let certificate = params.self_signed(&key).expect("a certificate can be made");
    let folder = std::env::temp_dir().join(format!("claimwright-proxy-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let (certificate_file, key_file) = (folder.join("certificate.pem"), folder.join("key.pem"));
    std::fs::write(&certificate_file, certificate.pem()).expect("a file can be written");
    std::fs::write(&key_file, key.serialize_pem()).expect("a file can be written");
    // The port is only known by taking it, and the environment only read at the start.
    let port = Port::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a port is free");
    let status = Command::new(std::env::current_exe().expect("a test has a path"))
        .env("CLAIMWRIGHT_TEST_PROXY", port.to_string())
        .env("CLAIMWRIGHT_TEST_FOLDER", &folder)
        .env("HTTPS_PROXY", format!("http://{port}"))
        .env("https_proxy", format!("http://{port}"))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .env("SSL_CERT_FILE", &certificate_file)
        .status()
        .expect("the test starts once more");
    std::fs::remove_dir_all(&folder).expect("the folder goes away");
    if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Stands where the pool is, for whoever goes through the proxy.
async fn pool(behaviour: Behaviour) -> KeyServer {
    let server = KeyServer::start(behaviour).await;
    let variable = |name: &str| std::env::var(name).expect("the parent has set it");
    let folder = std::path::PathBuf::from(variable("CLAIMWRIGHT_TEST_FOLDER"));
    let pem = |name: &str| std::fs::read_to_string(folder.join(name)).expect("the parent has written it");
    let certificate =
        CertificateDer::from_pem_slice(pem("certificate.pem").as_bytes()).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(KeyPair::from_pem(&pem("key.pem")).expect("a key").serialize_der().into());
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("the certificate fits its key");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener =
        TcpListener::bind(variable("CLAIMWRIGHT_TEST_PROXY")).await.expect("the port is still free");
    let answering = server.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (server, acceptor) = (answering.clone(), acceptor.clone());
            tokio::spawn(async move {
                let mut asked = Vec::new();
                while !asked.ends_with(b"\r\n\r\n") {
                    match stream.read_u8().await {
                        Ok(byte) => asked.push(byte),
                        Err(_) => return,
                    }
                }
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap_or_default();
                if let Ok(stream) = acceptor.accept(stream).await {
                    server.answer_on(stream).await;
                }
            });
        }
    });
    server
}

fn verifier() -> JsonwebtokensCognito {
    let setting = IssuerSetting {
        issuers: vec![ISSUER.to_owned()],
        clients: vec!["c1".to_owned(), "c2".to_owned()],
        name: POOL.to_owned(),
        keys_at: None,
    };
    JsonwebtokensCognito::from_settings(&[setting], Ages::default(), Leeway::default())
        .expect("the settings fit")
}

fn after(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW + seconds)
}

async fn checks() {
    let server = pool(Behaviour::Keys(key_set(&[&keys().k1, &keys().k2]))).await;
    every_token_has_its_outcome(&server).await;
    the_keys_live_as_ours_do(&server).await;
    pools_that_the_crate_cannot_reach_are_refused();
}

async fn every_token_has_its_outcome(server: &KeyServer) {
    let verifier = verifier();
    verifier.prepare(after(0)).await;
    let mut wrong = Vec::new();
    let (mut same, mut listed) = (0, 0);
    for (file, case) in Case::all() {
        let got = code(&verifier.verify(&case.token(), after(0)).await);
        let known = DEVIATIONS.iter().find(|(names, ..)| names.contains(&case.name.as_str()));
        let want = known.map_or(case.want(), |(_, says, _)| says);
        if got == want {
            *if known.is_some() { &mut listed } else { &mut same } += 1;
        } else {
            wrong.push(format!("{file}::{}: want {want}, got {got}", case.name));
        }
        assert!(got != "accepted" || case.want() == "accepted", "{file}::{} got through", case.name);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let all: usize = DEVIATIONS.iter().map(|(names, ..)| names.len()).sum();
    assert_eq!(listed, all, "a vector of the list is gone");
    assert_eq!(server.requests(), 1);
    println!("jsonwebtokens-cognito: {same} tokens as ours, {listed} otherwise:");
    for (names, says, why) in DEVIATIONS {
        println!("  {} are {says}: {why}", names.len());
    }
}

async fn the_keys_live_as_ours_do(server: &KeyServer) {
    let long_lived = |key: &conformance::issuer::SigningKey| {
        let mut claims = access_claims(ISSUER);
        claims["exp"] = (NOW + 1_000_000).into();
        key.token(&claims)
    };
    let (by_k1, by_k2) = (long_lived(&keys().k1), long_lived(&keys().k2));

    let before = server.requests();
    let concurrent = Arc::new(verifier());
    let tasks: Vec<_> = (0..25)
        .map(|_| {
            let (verifier, token) = (Arc::clone(&concurrent), by_k1.clone());
            tokio::spawn(async move { verifier.verify(&token, after(0)).await.is_ok() })
        })
        .collect();
    for task in tasks {
        assert!(task.await.expect("a task ends"));
    }
    assert_eq!(server.requests() - before, 1, "one fetch serves all who wait");

    server.behave(Behaviour::Keys(key_set(&[&keys().k2]))).await;
    assert_eq!(code(&concurrent.verify(&by_k1, after(3_000)).await), "accepted");
    assert_eq!(
        code(&concurrent.verify(&by_k1, after(3_700)).await),
        "token-unknown-key",
        "a removed key is trusted"
    );
    assert_eq!(code(&concurrent.verify(&by_k2, after(3_700)).await), "accepted");

    server.behave(Behaviour::Status(500)).await;
    let (before, down) = (server.requests(), verifier());
    for _ in 0..25 {
        assert_eq!(code(&down.verify(&by_k1, after(0)).await), "keys-unavailable");
    }
    assert_eq!(server.requests() - before, 1, "an outage is asked about once in ten seconds");

    server.behave(Behaviour::Silent).await;
    let started = Instant::now();
    assert_eq!(code(&verifier().verify(&by_k1, after(0)).await), "keys-unavailable");
    let waited = started.elapsed();
    assert!((Duration::from_millis(2_900)..Duration::from_millis(4_500)).contains(&waited), "{waited:?}");

    // What no wrapper mends: one key of another kind and the whole set is unreadable.
    let mut set: serde_json::Value = serde_json::from_str(&key_set(&[&keys().k1])).expect("a key set");
    set["keys"].as_array_mut().expect("keys").push(serde_json::json!({ "kty": "EC", "kid": "e1" }));
    server.behave(Behaviour::Keys(set.to_string())).await;
    assert_eq!(code(&verifier().verify(&by_k1, after(0)).await), "keys-unavailable");
}

fn pools_that_the_crate_cannot_reach_are_refused() {
    for name in ["http://127.0.0.1:9000/local_1", "cn-north-1_A", "https://login.example.org/eu-west-1_A"] {
        let setting = IssuerSetting {
            issuers: vec![name.to_owned()],
            clients: vec!["c1".to_owned()],
            name: name.to_owned(),
            keys_at: None,
        };
        let made = JsonwebtokensCognito::from_settings(&[setting], Ages::default(), Leeway::default());
        assert!(made.is_err_and(|error| error.contains(name)), "{name}");
    }
}
