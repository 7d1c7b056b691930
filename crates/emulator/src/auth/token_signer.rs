//! Decides how a token is signed and read: JSON Web Tokens by Ed25519, and refresh tokens in the same way but
//! with another head, so that neither can be used as the other.
//!
//! The key comes from the emulator's seed: the same seed takes the tokens of an earlier run. Whoever knows the
//! seed, which is 0 unless chosen, can sign too. These tokens keep nothing safe.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_compact::{KeyPair, Seed, Signature};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// What a sealed text is.
#[derive(Clone, Copy)]
pub(super) enum Kind {
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

    fn head(&self, kind: Kind) -> String {
        match kind {
            Kind::Jwt => encode(&json!({ "typ": "JWT", "alg": "EdDSA", "kid": self.key_id })),
            Kind::Refresh => "1".to_owned(),
        }
    }

    /// `content`, readable by everybody and signed.
    pub(super) fn seal(&self, kind: Kind, content: &Value) -> String {
        let mut text = format!("{}.{}", self.head(kind), encode(content));
        let signature = self.keys.sk.sign(&text, None);
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(*signature, &mut text);
        text
    }

    /// The content of a text that this emulator, or one of the same seed, has sealed.
    pub(super) fn open(&self, kind: Kind, text: &str) -> Option<Value> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (head, content) = signed.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let signature = Signature::from_slice(&signature).ok()?;
        (head == self.head(kind)).then_some(())?;
        self.keys.pk.verify(signed, &signature).ok()?;
        decode(content)
    }

    /// The public key, as a key set.
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

    /// The id of something that has no other than its name. The same seed gives it again.
    pub(super) fn id_of(&self, what: &str, name: &str) -> Uuid {
        let hash = hash(self.seed, what, &name.to_lowercase());
        let mut bits = [0; 16];
        bits.copy_from_slice(&hash[..16]);
        Builder::from_random_bytes(bits).into_uuid()
    }
}

/// What a token says of itself, whoever signed it. `None`: it is no JSON Web Token.
pub(super) fn read_unverified(token: &str) -> Option<Value> {
    let mut parts = token.split('.');
    let (_, content, _) = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().is_none().then(|| decode(content))?
}

/// The SHA-256 hash of a PKCE verifier, as its challenge is written.
pub(super) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

fn encode(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

fn decode(text: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok().filter(Value::is_object)
}

fn hash(seed: u64, what: &str, name: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [b"partner-center-devices-emulator".as_slice(), &seed.to_be_bytes()] {
        hash.update(part);
    }
    for part in [what, name] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_what_the_same_seed_has_sealed_and_nothing_else() {
        let content = json!({ "a": "b" });
        let token = TokenSigner::new(7).seal(Kind::Jwt, &content);
        assert_eq!(TokenSigner::new(7).open(Kind::Jwt, &token), Some(content.clone()));
        assert_eq!(read_unverified(&token), Some(content.clone()));
        assert!(TokenSigner::new(8).open(Kind::Jwt, &token).is_none());
        assert!(TokenSigner::new(7).open(Kind::Refresh, &token).is_none());

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
            assert!(TokenSigner::new(7).open(Kind::Jwt, &bad).is_none(), "{bad}");
        }
        let refresh = TokenSigner::new(7).seal(Kind::Refresh, &content);
        assert_eq!(TokenSigner::new(7).open(Kind::Refresh, &refresh), Some(content));
        assert!(TokenSigner::new(7).open(Kind::Jwt, &refresh).is_none());
    }

    #[test]
    fn the_key_set_verifies_a_token() {
        let sealer = TokenSigner::new(0);
        let token = sealer.seal(Kind::Jwt, &json!({ "iss": "x" }));
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let key = &sealer.key_set()["keys"][0];
        let x = URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
        let head: Value = decode(signed.split_once('.').unwrap().0).unwrap();
        assert_eq!(head["kid"], key["kid"]);
        let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
        ed25519_compact::PublicKey::from_slice(&x).unwrap().verify(signed, &signature).unwrap();
    }

    #[test]
    fn a_challenge_is_the_one_of_rfc_7636() {
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn ids_are_their_names_in_any_case() {
        let sealer = TokenSigner::new(0);
        assert_eq!(sealer.id_of("user", "A@b"), sealer.id_of("user", "a@B"));
        assert_ne!(sealer.id_of("user", "a"), sealer.id_of("app", "a"));
    }
}
