// @generated from spec/device-deployment.yaml by `cargo xtask codegen`; do not edit.

use crate::open_enum::open_enum;

open_enum! {
    /// State of a batch or of its job.
    ///
    /// The service may return other values, which must be preserved: the archived SDK replaces them with its
    /// first value. Source:
    /// [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-batch-job-status),
    /// [.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET).
    BatchUploadStatus {
        /// `unknown`: the service does not know
        Unknown = "unknown",
        /// `queued`: waiting to start
        Queued = "queued",
        /// `processing`: running
        Processing = "processing",
        /// `finished`: done, though single devices may still have failed
        Finished = "finished",
        /// `finished_with_errors`: done, with at least one error
        FinishedWithErrors = "finished_with_errors",
    }
}

open_enum! {
    /// State of one device within a job.
    ///
    /// The service may return other values, which must be preserved: the archived SDK replaces them with its
    /// first value. Source:
    /// [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources),
    /// [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-batch-job-status),
    /// [.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET).
    DeviceUploadStatus {
        /// `unknown`: the service does not know
        Unknown = "unknown",
        /// `queued`: waiting to start
        Queued = "queued",
        /// `processing`: running
        Processing = "processing",
        /// `finished`: done
        Finished = "finished",
        /// `finished_with_errors`: failed, see the error code
        FinishedWithErrors = "finished_with_errors",
        /// `in-progress`: running; only the DEV table has this spelling
        InProgress = "in-progress",
    }
}

open_enum! {
    /// Kind of a configuration policy.
    ///
    /// The service may return other values, which must be preserved: the archived SDK replaces them with its
    /// first value. Source:
    /// [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/create-policies),
    /// [.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET).
    PolicyCategory {
        /// `none`: no kind
        None = "none",
        /// `o_o_b_e`: settings of the out-of-box experience, the first start of Windows
        Oobe = "o_o_b_e",
    }
}

open_enum! {
    /// One setting of a configuration policy.
    ///
    /// The service may return other values, which must be preserved: the archived SDK replaces them with its
    /// first value. Source:
    /// [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [.NET
    /// SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET).
    PolicySetting {
        /// `none`: no setting
        None = "none",
        /// `remove_oem_preinstalls`: remove the apps that the manufacturer installed
        RemoveOemPreinstalls = "remove_oem_preinstalls",
        /// `oobe_user_not_local_admin`: the user who sets up the device does not become its administrator
        OobeUserNotLocalAdmin = "oobe_user_not_local_admin",
        /// `skip_express_settings`: do not show the express settings page
        SkipExpressSettings = "skip_express_settings",
        /// `skip_oem_registration`: do not show the manufacturer's registration page
        SkipOemRegistration = "skip_oem_registration",
        /// `skip_eula`: do not show the license terms
        SkipEula = "skip_eula",
    }
}

/// Known values of `DeviceUploadDetails.errorCode`, each with its name. The service may return others.
pub const DEVICE_UPLOAD_DETAILS_ERROR_CODES: &[(&str, &str)] = &[
    ("640", "StorageError"),
    ("801", "InvalidZtdRequestBody"),
    ("802", "InvalidZtdHardwareHash"),
    ("803", "MissingZtdSerialNumberAndProductKey"),
    ("806", "ZtdDeviceAlreadyAssigned"),
    ("807", "ZtdDeviceIsNotRegistered"),
    ("808", "ZtdDeviceAssignedToOtherTenant"),
    ("809", "ZtdProfileIsNotRegistered"),
    ("810", "ZtdProfileAssignedToOtherTenant"),
    ("811", "ZtdDeviceRegisteredByOtherTenant"),
    ("812", "ZtdDeviceNotFound"),
    ("813", "ZtdDeviceIsNotUnique"),
    ("814", "ZtdDeviceAlreadyAadRegistered"),
];
