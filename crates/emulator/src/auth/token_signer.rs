//! Signs and verifies tokens with Ed25519. Refresh tokens have the same format as JSON Web Tokens but another header,
//! so a token of one kind cannot be used as the other.
//!
//! The key is derived from the emulator's seed, so tokens of an earlier run with the same seed stay valid. Anyone who
//! knows the seed, which is 0 by default, can sign tokens. They protect nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_compact::{KeyPair, Seed, Signature};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// The kind of a token.
#[derive(Clone, Copy)]
pub(super) enum TokenKind {
    /// An access token or an id token.
    Jwt,
    Refresh,
}

pub(super) struct TokenSigner {
    seed: u64,
    keys: KeyPair,
    key_id: String,
}

impl TokenSigner {
    pub(super) fn new(seed: u64) -> Self {
        let keys = KeyPair::from_seed(Seed::new(hash(seed, "key", "")));
        let key_id = URL_SAFE_NO_PAD.encode(&Sha256::digest(*keys.pk)[..20]);
        Self { seed, keys, key_id }
    }

    fn header(&self, kind: TokenKind) -> String {
        match kind {
            TokenKind::Jwt => encode(&json!({ "typ": "JWT", "alg": "EdDSA", "kid": self.key_id })),
            TokenKind::Refresh => "1".to_owned(),
        }
    }

    /// Returns a signed token with this content, which is not encrypted.
    pub(super) fn sign(&self, kind: TokenKind, content: &Value) -> String {
        let mut token = format!("{}.{}", self.header(kind), encode(content));
        let signature = self.keys.sk.sign(&token, None);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(*signature, &mut token);
        token
    }

    /// Returns the content of a token that was signed by this emulator, or by one with the same seed.
    pub(super) fn verify(&self, kind: TokenKind, token: &str) -> Option<Value> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, content) = signed.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let signature = Signature::from_slice(&signature).ok()?;
        (header == self.header(kind)).then_some(())?;
        self.keys.pk.verify(signed, &signature).ok()?;
        decode(content)
    }

    /// Returns the public key as a JSON Web Key Set.
    pub(super) fn key_set(&self) -> Value {
        json!({ "keys": [{
            "kty": "OKP",
            "crv": "Ed25519",
            "use": "sig",
            "alg": "EdDSA",
            "kid": self.key_id,
            "x": URL_SAFE_NO_PAD.encode(*self.keys.pk),
        }] })
    }

    /// Derives an id from a name, ignoring case. The same seed, kind and name produce the same id.
    pub(super) fn id_of(&self, kind: &str, name: &str) -> Uuid {
        let hash = hash(self.seed, kind, &name.to_lowercase());
        let mut bits = [0; 16];
        bits.copy_from_slice(&hash[..16]);
        Builder::from_random_bytes(bits).into_uuid()
    }
}

/// Returns the claims of a token without verifying its signature, or `None` if it is not a JSON Web Token.
pub(super) fn read_unverified(token: &str) -> Option<Value> {
    let mut parts = token.split('.');
    let (_, content, _) = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().is_none().then(|| decode(content))?
}

/// Returns the PKCE challenge of a verifier: its SHA-256 hash in Base64url.
pub(super) fn pkce_challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

fn encode(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

fn decode(text: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok().filter(Value::is_object)
}

fn hash(seed: u64, kind: &str, name: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [b"partner-center-devices-emulator".as_slice(), &seed.to_be_bytes()] {
        hash.update(part);
    }
    for part in [kind, name] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verifies_only_tokens_signed_with_the_same_seed() {
        let content = json!({ "a": "b" });
        let token = TokenSigner::new(7).sign(TokenKind::Jwt, &content);
        assert_eq!(TokenSigner::new(7).verify(TokenKind::Jwt, &token), Some(content.clone()));
        assert_eq!(read_unverified(&token), Some(content.clone()));
        assert!(TokenSigner::new(8).verify(TokenKind::Jwt, &token).is_none());
        assert!(TokenSigner::new(7).verify(TokenKind::Refresh, &token).is_none());

        let parts: Vec<&str> = token.split('.').collect();
        let other = encode(&json!({ "a": "c" }));
        let unsigned = encode(&json!({ "alg": "none" }));
        for bad in [
            format!("{}.{other}.{}", parts[0], parts[2]),
            format!("{unsigned}.{}.{}", parts[1], parts[2]),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{}.{}", parts[0], parts[1]),
            format!("{token}A"),
            String::new(),
        ] {
            assert!(TokenSigner::new(7).verify(TokenKind::Jwt, &bad).is_none(), "{bad}");
        }
        let refresh = TokenSigner::new(7).sign(TokenKind::Refresh, &content);
        assert_eq!(TokenSigner::new(7).verify(TokenKind::Refresh, &refresh), Some(content));
        assert!(TokenSigner::new(7).verify(TokenKind::Jwt, &refresh).is_none());
    }

    #[test]
    fn the_key_set_verifies_a_token() {
        let signer = TokenSigner::new(0);
        let token = signer.sign(TokenKind::Jwt, &json!({ "iss": "x" }));
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let key = &signer.key_set()["keys"][0];
        let x = URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
        let header: Value = decode(signed.split_once('.').unwrap().0).unwrap();
        assert_eq!(header["kid"], key["kid"]);
        let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
        ed25519_compact::PublicKey::from_slice(&x).unwrap().verify(signed, &signature).unwrap();
    }

    #[test]
    fn computes_the_pkce_challenge_of_rfc_7636() {
        assert_eq!(
            pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn ignores_case_when_deriving_an_id_from_a_name() {
        let signer = TokenSigner::new(0);
        assert_eq!(signer.id_of("user", "A@b"), signer.id_of("user", "a@B"));
        assert_ne!(signer.id_of("user", "a"), signer.id_of("app", "a"));
    }
}
