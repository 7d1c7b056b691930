//! Decides what becomes of device codes: who waits, who has approved or declined, and what a client that asks is
//! told (RFC 8628).

use super::oauth_error::OAuthError;
use super::scope::RequestedAccess;

/// How long a code can be approved, in seconds.
pub(super) const LIFETIME: i64 = 15 * 60;
/// How much longer a client that was told to slow down has to wait, in seconds (RFC 8628, 3.5).
const SLOWER: i64 = 5;

/// A sign-in that waits for a person.
pub(super) struct DeviceCode {
    pub(super) code: String,
    pub(super) user_code: String,
    pub(super) client: String,
    pub(super) asked: RequestedAccess,
    pub(super) issued: i64,
    pub(super) interval: i64,
    pub(super) polled: Option<i64>,
    pub(super) state: Approval,
}

pub(super) enum Approval {
    Pending,
    /// By the user of this name.
    Approved(String),
    Declined,
    Redeemed,
}

impl DeviceCode {
    /// The user who approved, where a client asks for the tokens. It gets them once.
    fn poll(&mut self, client: &str, now: i64) -> Result<(String, RequestedAccess), OAuthError> {
        if !self.client.eq_ignore_ascii_case(client) {
            return Err(OAuthError::other_client());
        }
        if now >= self.issued + LIFETIME {
            return Err(OAuthError::device_code_expired());
        }
        match &self.state {
            Approval::Approved(user) => {
                let granted = (user.clone(), self.asked.clone());
                self.state = Approval::Redeemed;
                Ok(granted)
            }
            Approval::Declined => Err(OAuthError::declined()),
            Approval::Redeemed => Err(OAuthError::code_redeemed()),
            Approval::Pending => {
                let early = self.polled.is_some_and(|polled| now - polled < self.interval);
                self.polled = Some(now);
                if early {
                    self.interval += SLOWER;
                    return Err(OAuthError::slow_down(self.interval));
                }
                Err(OAuthError::pending())
            }
        }
    }
}

/// The codes that are given out.
#[derive(Default)]
pub(super) struct DeviceCodes(Vec<DeviceCode>);

impl DeviceCodes {
    pub(super) fn add(&mut self, code: DeviceCode) {
        // An expired one is kept for as long again, so that its client can be told.
        self.0.retain(|old| code.issued < old.issued + 2 * LIFETIME);
        self.0.push(code);
    }

    /// Approves what has waited for `after` seconds.
    pub(super) fn approve_old(&mut self, after: i64, user: &str, now: i64) {
        for code in &mut self.0 {
            if matches!(code.state, Approval::Pending) && now >= code.issued.saturating_add(after) {
                code.state = Approval::Approved(user.to_owned());
            }
        }
    }

    /// Decides the code that a person typed, in any case, with blanks or hyphens. False: none waits.
    pub(super) fn decide(&mut self, typed: &str, state: Approval, now: i64) -> bool {
        let typed: String =
            typed.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
        let mut codes = self.0.iter_mut().filter(|code| now < code.issued + LIFETIME);
        let waiting = |code: &&mut DeviceCode| {
            code.user_code == typed && matches!(code.state, Approval::Pending)
        };
        codes.find(waiting).map(|code| code.state = state).is_some()
    }

    pub(super) fn poll(
        &mut self,
        code: &str,
        client: &str,
        now: i64,
    ) -> Result<(String, RequestedAccess), OAuthError> {
        let found = self.0.iter_mut().find(|given| given.code == code);
        found.ok_or_else(OAuthError::unknown_device_code)?.poll(client, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const APPROVE: i64 = -1;
    const DECLINE: i64 = -2;

    fn codes() -> DeviceCodes {
        let mut codes = DeviceCodes::default();
        codes.add(DeviceCode {
            code: "secret".into(),
            user_code: "ABC123".into(),
            client: "app".into(),
            asked: RequestedAccess::of_scope("User.Read").unwrap(),
            issued: 0,
            interval: 5,
            polled: None,
            state: Approval::Pending,
        });
        codes
    }

    #[test]
    fn a_client_that_asks_is_told() {
        // What happens, by its second; then the number that the last question was answered with, 0 for a token.
        for (happens, expected) in [
            (&[0][..], 70016),
            (&[0, 5, 10], 70016),
            (&[0, APPROVE, 1], 0),
            (&[0, APPROVE, 5, 6], 54005),
            (&[0, DECLINE, 5], 65004),
            (&[0, DECLINE, APPROVE, 5], 65004),
            (&[APPROVE, 899], 0),
            (&[APPROVE, 900], 70020),
            (&[900], 70020),
        ] {
            let mut codes = codes();
            let mut last = None;
            for &event in happens {
                match event {
                    APPROVE => drop(codes.decide("abc-123", Approval::Approved("u".into()), 0)),
                    DECLINE => drop(codes.decide("abc 123", Approval::Declined, 0)),
                    now => last = Some(codes.poll("secret", "APP", now)),
                }
            }
            let got = last.unwrap().map_or_else(|refusal| refusal.code, |_| 0);
            assert_eq!(got, expected, "{happens:?}");
        }
        assert_eq!(codes().poll("other", "app", 0).unwrap_err().code, 70018);
        assert_eq!(codes().poll("secret", "other", 0).unwrap_err().code, 70000);
    }

    #[test]
    fn a_client_that_asks_too_often_has_to_wait_longer_each_time() {
        let mut codes = codes();
        let slow = |codes: &mut DeviceCodes, now| {
            format!("{:?}", codes.poll("secret", "app", now).unwrap_err()).contains("\"slow_down\"")
        };
        // 4 is too early for 5 seconds, 13 for the 10 that follow; then it is 15.
        let times = [(0, false), (4, true), (13, true), (27, true), (47, false)];
        for (now, expected) in times {
            assert_eq!(slow(&mut codes, now), expected, "{now}");
        }
    }

    #[test]
    fn what_waits_long_enough_approves_itself() {
        let mut codes = codes();
        codes.approve_old(30, "u", 29);
        assert_eq!(codes.poll("secret", "app", 29).unwrap_err().code, 70016);
        codes.approve_old(30, "u", 30);
        assert_eq!(codes.poll("secret", "app", 30).unwrap().0, "u");
    }

    #[test]
    fn nobody_approves_what_is_not_there_or_over() {
        assert!(!codes().decide("abc124", Approval::Declined, 0));
        assert!(!codes().decide("abc123", Approval::Declined, LIFETIME));
        assert!(!codes().decide("", Approval::Declined, 0));
    }
}
