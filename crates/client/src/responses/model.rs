//! The macro that defines a model, and the accessors that all models share.

use std::time::SystemTime;

use partner_center_devices_raw::types::PartnerDateTime;

/// Defines a model: a wrapper of one wire type with the same JSON and accessors instead of fields.
macro_rules! model {
    ($(#[$doc:meta])* $name:ident of $wire:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name($wire);

        impl From<$wire> for $name {
            fn from(wire: $wire) -> Self {
                Self(wire)
            }
        }

        impl $name {
            /// Returns the wire type, with every field as the service sent it.
            #[must_use]
            pub fn as_raw(&self) -> &$wire {
                &self.0
            }
        }
    };
}

pub(crate) use model;

/// Returns the instant of a time of the service.
pub(crate) fn time(text: &Option<PartnerDateTime>) -> Option<SystemTime> {
    text.as_ref().and_then(PartnerDateTime::to_system_time)
}

/// Returns the id if it is valid in a path.
pub(crate) fn valid_id<'a, T: TryFrom<&'a str>>(text: Option<&'a str>) -> Option<T> {
    T::try_from(text?).ok()
}
