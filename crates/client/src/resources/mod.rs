//! The resource tree, modeled on the archived .NET SDK: customer, batch, device, job, policy. Each method takes typed
//! ids and returns a call of one operation.

mod accepted_job;
pub(crate) mod batch_upload;
pub(crate) mod customer;
pub(crate) mod customers;
pub(crate) mod device_batches;
pub(crate) mod device_policies;
pub(crate) mod devices;
pub(crate) mod policies;
pub(crate) mod relationships;
mod resource;
