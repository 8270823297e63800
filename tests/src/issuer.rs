//! A user pool of a test's own: keys, tokens good and bad, and a server for the keys that can misbehave.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RsaEncoding,
    RsaKeyPair,
};
pub use host_cli::dev::base64url;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::Mutex;

/// The time at which the tokens of tests are good.
pub const NOW: u64 = 1_800_000_000;

/// A key pair with its name.
pub struct SigningKey {
    kid: String,
    pair: RsaKeyPair,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.kid)
    }
}

impl SigningKey {
    /// Makes a key of 2,048 bits.
    ///
    /// # Panics
    ///
    /// Panics if there is no randomness.
    #[must_use]
    pub fn new(kid: &str) -> Self {
        Self { kid: kid.to_owned(), pair: RsaKeyPair::generate(KeySize::Rsa2048).expect("a key can be made") }
    }

    /// The public half as a JSON Web Key.
    #[must_use]
    pub fn jwk(&self) -> Value {
        let key = self.pair.public_key();
        let (n, e) = (key.modulus(), key.exponent());
        json!({
            "kid": self.kid, "kty": "RSA", "alg": "RS256", "use": "sig",
            "n": base64url(n.big_endian_without_leading_zero()),
            "e": base64url(e.big_endian_without_leading_zero()),
        })
    }

    /// The public half in DER.
    #[must_use]
    pub fn der(&self) -> Vec<u8> {
        self.pair.public_key().as_ref().to_vec()
    }

    fn sign_with(&self, encoding: &'static dyn RsaEncoding, signed: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair.sign(encoding, &SystemRandom::new(), signed, &mut signature).expect("a key signs");
        signature
    }

    /// Signs a text in a way that a vector names.
    ///
    /// # Panics
    ///
    /// Panics if the way is not known.
    #[must_use]
    pub fn sign(&self, how: &str, signed: &str) -> Vec<u8> {
        let signed_bytes = signed.as_bytes();
        let mac =
            |key: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), signed_bytes).as_ref().to_vec();
        match how {
            "rs256" => self.sign_with(&RSA_PKCS1_SHA256, signed_bytes),
            "rs384" => self.sign_with(&RSA_PKCS1_SHA384, signed_bytes),
            "rs512" => self.sign_with(&RSA_PKCS1_SHA512, signed_bytes),
            "ps256" => self.sign_with(&RSA_PSS_SHA256, signed_bytes),
            "sha1" => digest(&SHA1_FOR_LEGACY_USE_ONLY, signed_bytes).as_ref().to_vec(),
            "none" => Vec::new(),
            "zeros" => vec![0; 256],
            "zeros-64" => vec![0; 64],
            "hs256-der" => mac(&self.der()),
            "hs256-n" => mac(self.jwk()["n"].as_str().unwrap_or_default().as_bytes()),
            "hs256-jwk" => mac(self.jwk().to_string().as_bytes()),
            "hs256-kid" => mac(self.kid.as_bytes()),
            "hs256-empty" => mac(b""),
            other => panic!("there is no way `{other}` to sign"),
        }
    }

    /// Signs a header and claims.
    #[must_use]
    pub fn token(&self, claims: &Value) -> String {
        let header = json!({ "alg": "RS256", "kid": self.kid }).to_string();
        let signed = format!("{}.{}", base64url(header.as_bytes()), base64url(claims.to_string().as_bytes()));
        let signature = base64url(&self.sign("rs256", &signed));
        format!("{signed}.{signature}")
    }
}

/// The claims of a good access token of an issuer, at [`NOW`].
#[must_use]
pub fn access_claims(issuer: &str) -> Value {
    json!({
        "sub": "u-1", "iss": issuer, "token_use": "access", "client_id": "c1", "username": "kim",
        "scope": "openid reports/read", "cognito:groups": ["staff"], "version": 2,
        "auth_time": NOW - 10, "iat": NOW - 10, "exp": NOW + 3_590, "jti": "j-1",
    })
}

/// The claims of a good ID token of an issuer, at [`NOW`].
#[must_use]
pub fn id_claims(issuer: &str) -> Value {
    json!({
        "sub": "u-1", "iss": issuer, "token_use": "id", "aud": "c1", "cognito:username": "kim",
        "email": "kim@example.org", "auth_time": NOW - 10, "iat": NOW - 10, "exp": NOW + 3_590, "jti": "j-2",
    })
}

/// What the server of a pool answers next.
#[derive(Clone, Debug)]
pub enum Behaviour {
    /// The keys of this text.
    Keys(String),
    /// A status without keys.
    Status(u16),
    /// A redirect to another address, where the keys are.
    Redirect(String),
    /// More bytes than anybody should read.
    Huge,
    /// Nothing, for a long time.
    Silent,
    /// The connection ends without a byte.
    Reset,
    /// The head and half of the keys, and then nothing for a long time.
    Half(String),
    /// The keys, after some time.
    Slow(Duration, String),
}

/// A server for the keys of one pool, on loopback.
#[derive(Clone, Debug)]
pub struct KeyServer {
    address: String,
    behaviour: Arc<Mutex<Behaviour>>,
    requests: Arc<AtomicUsize>,
}

impl KeyServer {
    /// Starts the server.
    ///
    /// # Panics
    ///
    /// Panics if there is no port.
    pub async fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("the listener has an address").to_string();
        let server = Self { address, behaviour: Arc::new(Mutex::new(behaviour)), requests: Arc::default() };
        let answering = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = answering.clone();
                tokio::spawn(async move { server.answer_on(stream).await });
            }
        });
        server
    }

    /// Answers one request on a connection.
    pub async fn answer_on(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        let mut buffer = [0; 4_096];
        if stream.read(&mut buffer).await.unwrap_or(0) == 0 {
            return;
        }
        self.requests.fetch_add(1, Ordering::SeqCst);
        let behaviour = self.behaviour.lock().await.clone();
        if let Behaviour::Half(keys) = &behaviour {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", keys.len());
            stream.write_all(head.as_bytes()).await.unwrap_or_default();
            stream.write_all(&keys.as_bytes()[..keys.len() / 2]).await.unwrap_or_default();
            tokio::time::sleep(Duration::from_mins(1)).await;
            return;
        }
        stream.write_all(&answer(behaviour).await).await.unwrap_or_default();
        stream.shutdown().await.unwrap_or_default();
    }

    /// The issuer whose keys these are.
    #[must_use]
    pub fn issuer(&self) -> String {
        format!("http://{}/pool", self.address)
    }

    /// How many requests came.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// Answers otherwise from now on.
    pub async fn behave(&self, behaviour: Behaviour) {
        *self.behaviour.lock().await = behaviour;
    }
}

async fn answer(behaviour: Behaviour) -> Vec<u8> {
    let ok = |body: &str| {
        format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())
            .into_bytes()
    };
    match behaviour {
        Behaviour::Keys(keys) => ok(&keys),
        Behaviour::Status(status) => {
            format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").into_bytes()
        }
        Behaviour::Redirect(to) => {
            format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
                .into_bytes()
        }
        Behaviour::Huge => ok(&format!("{{\"keys\":[],\"x\":\"{}\"}}", "a".repeat(1_000_000))),
        Behaviour::Silent => {
            tokio::time::sleep(Duration::from_mins(1)).await;
            Vec::new()
        }
        Behaviour::Reset | Behaviour::Half(_) => Vec::new(),
        Behaviour::Slow(time, keys) => {
            tokio::time::sleep(time).await;
            ok(&keys)
        }
    }
}

/// The text of a key set.
#[must_use]
pub fn key_set(keys: &[&SigningKey]) -> String {
    json!({ "keys": keys.iter().map(|key| key.jwk()).collect::<Vec<_>>() }).to_string()
}
