//! Public types can be sent to other threads and shared. This depends on private fields, so the test fails to compile
//! if a field breaks it.

use partner_center_devices::{
    AppOnly, BatchUploadDetails, Call, Client, ClientBuilder, Customer, Device, DeviceBatches,
    DeviceCode, Devices, Error, Job, List, Network, Page, Policies, RawResponse, RefreshToken,
    Retry, Statuses, TokenError, Wait,
};

fn send<T: Send>() {}
fn send_and_sync<T: Send + Sync>() {}

#[test]
fn public_types_can_be_sent_and_shared() {
    send_and_sync::<(Client, ClientBuilder, Customer, Network, Retry, Wait, Job)>();
    send_and_sync::<(DeviceBatches, Devices, Policies, Device, BatchUploadDetails)>();
    send_and_sync::<(Error, TokenError, RawResponse, Page<Device>)>();
    send_and_sync::<(AppOnly, RefreshToken, DeviceCode)>();
    send::<(Call<Job>, List<Device>, Statuses)>();
}
