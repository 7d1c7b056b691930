//! The operations of the API as data. `generated_operations.rs` lists them; this file defines their properties.

/// The effect of sending a request of an operation more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Several requests have the same effect as one: a read, a delete or a replace.
    Idempotent,
    /// Each request starts a job or creates something, unless it has the `MS-RequestId` of an earlier one.
    Once,
}

macro_rules! operations {
    ($(
        $(#[doc = $doc:literal])* $name:ident = $id:literal {
            method: $method:ident, path: $path:literal,
            effect: $effect:ident, response_body: $response_body:literal, requires_user: $requires_user:literal,
            response_properties: $response_properties:expr,
        },
    )+) => {
        /// An operation of the API. Serialized as its id.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum Operation {
            $($(#[doc = $doc])* #[serde(rename = $id)] $name,)+
        }

        impl Operation {
            /// Every operation, sorted by path.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Returns the `operationId` of the spec, such as `get_policy`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)+
                }
            }

            /// Returns a short description in the imperative, such as `Get a configuration policy`.
            #[must_use]
            pub fn summary(self) -> &'static str {
                let doc: &[&'static str] = match self {
                    $(Self::$name => &[$($doc),*],)+
                };
                doc.first().copied().unwrap_or_default().trim().trim_end_matches('.')
            }

            /// Returns the operation with this `operationId`.
            #[must_use]
            pub fn from_id(id: &str) -> Option<Self> {
                match id {
                    $($id => Some(Self::$name),)+
                    _ => None,
                }
            }

            /// Returns the HTTP method.
            #[must_use]
            pub const fn method(self) -> http::Method {
                match self {
                    $(Self::$name => http::Method::$method,)+
                }
            }

            /// Returns the path below the base URL, with placeholders such as `{customer_id}`.
            #[must_use]
            pub const fn path(self) -> &'static str {
                match self {
                    $(Self::$name => $path,)+
                }
            }

            /// Returns the effect of repeated requests.
            #[must_use]
            pub const fn effect(self) -> $crate::Effect {
                match self {
                    $(Self::$name => $crate::Effect::$effect,)+
                }
            }

            /// Returns true if a success has a body. Otherwise status and headers are the whole response.
            #[must_use]
            pub const fn has_response_body(self) -> bool {
                match self {
                    $(Self::$name => $response_body,)+
                }
            }

            /// Returns the documented properties of a success; none if the documents do not describe the object, and
            /// `None` if they show no body at all.
            #[must_use]
            pub const fn response_properties(self) -> Option<&'static [&'static str]> {
                match self {
                    $(Self::$name => $response_properties,)+
                }
            }

            /// Returns true if the service only accepts the token of a signed-in user (403, code 900329).
            #[must_use]
            pub const fn requires_user(self) -> bool {
                match self {
                    $(Self::$name => $requires_user,)+
                }
            }
        }

        impl std::fmt::Display for Operation {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.id())
            }
        }
    };
}

pub(crate) use operations;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Operation;

    #[test]
    fn lists_every_operation_of_the_spec() {
        let mut spec = partner_center_devices_testkit::operations();
        let mut listed: Vec<_> = Operation::ALL.iter().map(|operation| operation.id()).collect();
        spec.sort();
        listed.sort_unstable();
        assert_eq!(listed, spec);
        for operation in Operation::ALL {
            assert_eq!(Operation::from_id(operation.id()), Some(*operation));
            let is_imperative = operation.summary().starts_with(|first: char| first.is_uppercase());
            assert!(is_imperative && !operation.summary().ends_with('.'), "{operation}");
            let json = serde_json::to_value(operation).unwrap();
            assert_eq!(json, operation.to_string());
            assert_eq!(serde_json::from_value::<Operation>(json).unwrap(), *operation);
        }
        assert_eq!(Operation::from_id("request"), None);
    }

    #[test]
    fn only_reads_replaces_and_deletes_are_idempotent() {
        for operation in Operation::ALL {
            let is_idempotent = operation.effect() == Effect::Idempotent;
            assert_eq!(is_idempotent, operation.method().is_idempotent(), "{operation}");
        }
    }

    #[test]
    fn some_operations_require_a_user() {
        let requires_user =
            Operation::ALL.iter().filter(|operation| operation.requires_user()).map(|it| it.id());
        assert_eq!(
            requires_user.collect::<Vec<_>>(),
            [
                "create_device_batch",
                "list_customer_relationships",
                "get_organization_profile",
                "list_relationships",
            ]
        );
    }

    #[test]
    fn jobs_and_deletes_have_no_response_body() {
        let bodiless: Vec<_> = Operation::ALL
            .iter()
            .filter(|operation| !operation.has_response_body())
            .map(|operation| operation.id())
            .collect();
        assert_eq!(
            bodiless,
            [
                "update_device_policies",
                "create_device_batch",
                "add_devices",
                "delete_device",
                "delete_policy",
            ]
        );
    }
}
