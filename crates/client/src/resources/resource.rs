//! The macro that defines a resource.

/// Defines a resource: a client, a customer, and the further ids in its path.
macro_rules! resource {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* }) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name {
            shared: std::sync::Arc<$crate::calls::pipeline::Shared>,
            customer: partner_center_devices_raw::types::CustomerId,
            $($field: $type,)*
        }

        impl $name {
            pub(crate) fn new(
                shared: std::sync::Arc<$crate::calls::pipeline::Shared>,
                customer: partner_center_devices_raw::types::CustomerId,
                $($field: $type,)*
            ) -> Self {
                Self { shared, customer, $($field,)* }
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("customer", &self.customer)
                    $(.field(stringify!($field), &self.$field))*
                    .finish()
            }
        }
    };
}

pub(super) use resource;
