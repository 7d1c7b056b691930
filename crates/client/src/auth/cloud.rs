//! The addresses of a cloud.

use crate::base_url::PUBLIC_CLOUD;

/// The addresses of a cloud: its API and its sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cloud {
    /// The root of the API.
    pub api: String,
    /// The root of the sign-in endpoints.
    pub authority: String,
}

impl Cloud {
    fn new(api: &str, authority: &str) -> Self {
        Self { api: api.to_owned(), authority: authority.to_owned() }
    }

    /// Returns the public cloud
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/partner-center-rest-urls>).
    #[must_use]
    pub fn public() -> Self {
        Self::new(PUBLIC_CLOUD, "https://login.microsoftonline.com")
    }

    /// Returns the addresses of an emulator, which serves the API and the sign-in at the same URL.
    #[must_use]
    pub fn emulator(url: &str) -> Self {
        Self::new(url, url)
    }

    /// Returns the US Government cloud: the public API with a different sign-in
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/developing-for-partner-center-for-a-microsoft-national-cloud>).
    #[must_use]
    pub fn us_government() -> Self {
        Self::new(PUBLIC_CLOUD, "https://login.microsoftonline.us")
    }

    /// Returns the cloud of Partner Center operated by 21Vianet
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/partner-center-rest-urls>). The documentation of
    /// the device API does not mention it.
    #[must_use]
    pub fn china() -> Self {
        Self::new(
            "https://partner.partnercenterapi.microsoftonline.cn",
            "https://login.partner.microsoftonline.cn",
        )
    }
}
