//! The pending device codes: approval by a person, and polling by the client (RFC 8628).

use super::oauth_error::OAuthError;
use super::scope::RequestedAccess;

/// How long a device code is valid, in seconds.
pub(super) const DEVICE_CODE_LIFETIME: i64 = 15 * 60;
/// Seconds that each `slow_down` error adds to the polling interval (RFC 8628, 3.5).
const SLOW_DOWN_INCREMENT: i64 = 5;

/// A sign-in that waits for approval by a person.
pub(super) struct DeviceCode {
    pub(super) code: String,
    pub(super) user_code: String,
    pub(super) client_id: String,
    pub(super) access: RequestedAccess,
    pub(super) issued: i64,
    pub(super) interval: i64,
    pub(super) last_poll: Option<i64>,
    pub(super) approval: Approval,
}

pub(super) enum Approval {
    Pending,
    /// Approved by the user with this name.
    Approved(String),
    Declined,
    Redeemed,
}

impl DeviceCode {
    /// Polls the code. After approval, the first poll returns the user; later ones fail.
    fn poll(&mut self, client_id: &str, now: i64) -> Result<(String, RequestedAccess), OAuthError> {
        if !self.client_id.eq_ignore_ascii_case(client_id) {
            return Err(OAuthError::wrong_client());
        }
        if now >= self.issued + DEVICE_CODE_LIFETIME {
            return Err(OAuthError::device_code_expired());
        }
        match &self.approval {
            Approval::Approved(user) => {
                let approved = (user.clone(), self.access.clone());
                self.approval = Approval::Redeemed;
                Ok(approved)
            }
            Approval::Declined => Err(OAuthError::declined()),
            Approval::Redeemed => Err(OAuthError::code_redeemed()),
            Approval::Pending => {
                let too_early =
                    self.last_poll.is_some_and(|last_poll| now - last_poll < self.interval);
                self.last_poll = Some(now);
                if too_early {
                    self.interval += SLOW_DOWN_INCREMENT;
                    return Err(OAuthError::slow_down(self.interval));
                }
                Err(OAuthError::pending())
            }
        }
    }
}

/// The issued device codes.
#[derive(Default)]
pub(super) struct DeviceCodes(Vec<DeviceCode>);

impl DeviceCodes {
    pub(super) fn add(&mut self, code: DeviceCode) {
        // Expired codes are kept for another lifetime, so that their clients get the right error.
        self.0.retain(|old| code.issued < old.issued + 2 * DEVICE_CODE_LIFETIME);
        self.0.push(code);
    }

    /// Approves the codes that have been pending for `delay` seconds.
    pub(super) fn auto_approve(&mut self, delay: i64, user: &str, now: i64) {
        for code in &mut self.0 {
            let is_pending = matches!(code.approval, Approval::Pending);
            if is_pending && now >= code.issued.saturating_add(delay) {
                code.approval = Approval::Approved(user.to_owned());
            }
        }
    }

    /// Approves or declines the code that a person typed, ignoring case, spaces and hyphens. Returns `false` if no pending
    /// code matches.
    pub(super) fn set_approval(&mut self, typed: &str, approval: Approval, now: i64) -> bool {
        let typed: String =
            typed.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
        let mut codes = self.0.iter_mut().filter(|code| now < code.issued + DEVICE_CODE_LIFETIME);
        let is_pending = |code: &&mut DeviceCode| {
            code.user_code == typed && matches!(code.approval, Approval::Pending)
        };
        codes.find(is_pending).map(|code| code.approval = approval).is_some()
    }

    pub(super) fn poll(
        &mut self,
        code: &str,
        client_id: &str,
        now: i64,
    ) -> Result<(String, RequestedAccess), OAuthError> {
        let found = self.0.iter_mut().find(|issued| issued.code == code);
        found.ok_or_else(OAuthError::unknown_device_code)?.poll(client_id, now)
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
            client_id: "app".into(),
            access: RequestedAccess::from_scope("User.Read").unwrap(),
            issued: 0,
            interval: 5,
            last_poll: None,
            approval: Approval::Pending,
        });
        codes
    }

    #[test]
    fn polling_returns_the_state_of_the_code() {
        // Each row: polls (by their second) and decisions, then the error code of the last poll, or 0 for a token.
        for (events, expected) in [
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
            for &event in events {
                match event {
                    APPROVE => {
                        let approved = Approval::Approved("u".into());
                        codes.set_approval("abc-123", approved, 0);
                    }
                    DECLINE => {
                        codes.set_approval("abc 123", Approval::Declined, 0);
                    }
                    now => last = Some(codes.poll("secret", "APP", now)),
                }
            }
            let actual = last.unwrap().map_or_else(|error| error.code, |_| 0);
            assert_eq!(actual, expected, "{events:?}");
        }
        assert_eq!(codes().poll("other", "app", 0).unwrap_err().code, 70018);
        assert_eq!(codes().poll("secret", "other", 0).unwrap_err().code, 70000);
    }

    #[test]
    fn each_early_poll_makes_the_interval_longer() {
        let mut codes = codes();
        let must_slow_down = |codes: &mut DeviceCodes, now| {
            format!("{:?}", codes.poll("secret", "app", now).unwrap_err()).contains("\"slow_down\"")
        };
        // Second 4 is too early for an interval of 5, and second 13 for one of 10. The next interval is 15.
        let times = [(0, false), (4, true), (13, true), (27, true), (47, false)];
        for (now, expected) in times {
            assert_eq!(must_slow_down(&mut codes, now), expected, "{now}");
        }
    }

    #[test]
    fn auto_approves_codes_after_the_delay() {
        let mut codes = codes();
        codes.auto_approve(30, "u", 29);
        assert_eq!(codes.poll("secret", "app", 29).unwrap_err().code, 70016);
        codes.auto_approve(30, "u", 30);
        assert_eq!(codes.poll("secret", "app", 30).unwrap().0, "u");
    }

    #[test]
    fn rejects_decisions_for_unknown_and_expired_codes() {
        assert!(!codes().set_approval("abc124", Approval::Declined, 0));
        assert!(!codes().set_approval("abc123", Approval::Declined, DEVICE_CODE_LIFETIME));
        assert!(!codes().set_approval("", Approval::Declined, 0));
    }
}
