// @generated from spec/device-deployment.yaml by `cargo xtask codegen`; do not edit.

use crate::open_enum::open_enum;

open_enum! {
    /// The state of the operation of an audit record.
    ///
    /// The service may return other values, which must be preserved: the archived SDK replaces them with its
    /// first value. Source: [.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET),
    /// [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/audit-operations/gets-audit-records),
    /// [DEV](https://learn.microsoft.com/en-us/partner-center/developer/auditing-resources).
    AuditOperationStatus {
        /// `succeeded`: done
        Succeeded = "succeeded",
        /// `failed`: not done
        Failed = "failed",
        /// `progress`: running
        Progress = "progress",
        /// `decline`: declined; only in the SDK and in REF
        Decline = "decline",
    }
}

open_enum! {
    /// The operation of an audit record. "Attempted" probably means that the job was accepted (inferred). No
    /// record of a device or policy is in any example.
    ///
    /// The service may return other values, which must be preserved: the archived SDK replaces them with its
    /// first value. Source: [.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET),
    /// [DEV](https://learn.microsoft.com/en-us/partner-center/developer/auditing-resources).
    AuditOperationType {
        /// `undefined`: not known
        Undefined = "undefined",
        /// `update_customer_qualification`
        UpdateCustomerQualification = "update_customer_qualification",
        /// `update_subscription`
        UpdateSubscription = "update_subscription",
        /// `upgrade_subscription`
        UpgradeSubscription = "upgrade_subscription",
        /// `convert_trial_subscription`
        ConvertTrialSubscription = "convert_trial_subscription",
        /// `add_customer`: a customer was added
        AddCustomer = "add_customer",
        /// `update_customer_billing_profile`
        UpdateCustomerBillingProfile = "update_customer_billing_profile",
        /// `update_customer_partner_contract_company_name`
        UpdateCustomerPartnerContractCompanyName = "update_customer_partner_contract_company_name",
        /// `update_customer_spending_budget`
        UpdateCustomerSpendingBudget = "update_customer_spending_budget",
        /// `delete_customer`: a customer was deleted, in a sandbox only
        DeleteCustomer = "delete_customer",
        /// `remove_partner_customer_relationship`: the relationship to a customer was removed
        RemovePartnerCustomerRelationship = "remove_partner_customer_relationship",
        /// `create_order`
        CreateOrder = "create_order",
        /// `update_order`
        UpdateOrder = "update_order",
        /// `create_customer_user`
        CreateCustomerUser = "create_customer_user",
        /// `delete_customer_user`
        DeleteCustomerUser = "delete_customer_user",
        /// `update_customer_user`
        UpdateCustomerUser = "update_customer_user",
        /// `update_customer_user_licenses`
        UpdateCustomerUserLicenses = "update_customer_user_licenses",
        /// `reset_customer_user_password`
        ResetCustomerUserPassword = "reset_customer_user_password",
        /// `update_customer_user_principal_name`
        UpdateCustomerUserPrincipalName = "update_customer_user_principal_name",
        /// `restore_customer_user`
        RestoreCustomerUser = "restore_customer_user",
        /// `create_mpn_association`
        CreateMpnAssociation = "create_mpn_association",
        /// `update_mpn_association`
        UpdateMpnAssociation = "update_mpn_association",
        /// `update_sfb_customer_user_licenses`
        UpdateSfbCustomerUserLicenses = "update_sfb_customer_user_licenses",
        /// `update_transfer`
        UpdateTransfer = "update_transfer",
        /// `create_partner_relationship`: a relationship between partners was created
        CreatePartnerRelationship = "create_partner_relationship",
        /// `register_application`
        RegisterApplication = "register_application",
        /// `unregister_application`
        UnregisterApplication = "unregister_application",
        /// `add_application_credential`
        AddApplicationCredential = "add_application_credential",
        /// `remove_application_credential`
        RemoveApplicationCredential = "remove_application_credential",
        /// `create_partner_user`
        CreatePartnerUser = "create_partner_user",
        /// `update_partner_user`
        UpdatePartnerUser = "update_partner_user",
        /// `remove_partner_user`
        RemovePartnerUser = "remove_partner_user",
        /// `create_referral`
        CreateReferral = "create_referral",
        /// `update_referral`
        UpdateReferral = "update_referral",
        /// `get_software_key`
        GetSoftwareKey = "get_software_key",
        /// `get_software_download_link`
        GetSoftwareDownloadLink = "get_software_download_link",
        /// `increase_spending_limit`
        IncreaseSpendingLimit = "increase_spending_limit",
        /// `ready_invoice`
        ReadyInvoice = "ready_invoice",
        /// `create_agreement`
        CreateAgreement = "create_agreement",
        /// `extend_relationship`
        ExtendRelationship = "extend_relationship",
        /// `create_transfer`
        CreateTransfer = "create_transfer",
        /// `create_self_serve_policy`
        CreateSelfServePolicy = "create_self_serve_policy",
        /// `update_self_serve_policy`
        UpdateSelfServePolicy = "update_self_serve_policy",
        /// `delete_self_serve_policy`
        DeleteSelfServePolicy = "delete_self_serve_policy",
        /// `remove_partner_relationship`: a relationship between partners was removed
        RemovePartnerRelationship = "remove_partner_relationship",
        /// `delete_tip_customer`
        DeleteTipCustomer = "delete_tip_customer",
        /// `create_related_referral`
        CreateRelatedReferral = "create_related_referral",
        /// `update_related_referral`
        UpdateRelatedReferral = "update_related_referral",
        /// `granular_admin_relationship_approved`
        GranularAdminRelationshipApproved = "granular_admin_relationship_approved",
        /// `granular_admin_relationship_activated`
        GranularAdminRelationshipActivated = "granular_admin_relationship_activated",
        /// `granular_admin_relationship_termination_requested`
        GranularAdminRelationshipTerminationRequested = "granular_admin_relationship_termination_requested",
        /// `granular_admin_relationship_terminated`: a granular admin relationship ended
        GranularAdminRelationshipTerminated = "granular_admin_relationship_terminated",
        /// `granular_admin_relationship_expired`
        GranularAdminRelationshipExpired = "granular_admin_relationship_expired",
        /// `granular_admin_access_assignment_created`
        GranularAdminAccessAssignmentCreated = "granular_admin_access_assignment_created",
        /// `granular_admin_access_assignment_updated`
        GranularAdminAccessAssignmentUpdated = "granular_admin_access_assignment_updated",
        /// `granular_admin_access_assignment_deleted`
        GranularAdminAccessAssignmentDeleted = "granular_admin_access_assignment_deleted",
        /// `dap_admin_relationship_approved`
        DapAdminRelationshipApproved = "dap_admin_relationship_approved",
        /// `dap_admin_relationship_terminated`: delegated admin privileges ended
        DapAdminRelationshipTerminated = "dap_admin_relationship_terminated",
        /// `create_credit`
        CreateCredit = "create_credit",
        /// `update_credit`
        UpdateCredit = "update_credit",
        /// `cancel_credit`
        CancelCredit = "cancel_credit",
        /// `add_user_member`
        AddUserMember = "add_user_member",
        /// `remove_user_member`
        RemoveUserMember = "remove_user_member",
        /// `granular_admin_access_assignment_activated`
        GranularAdminAccessAssignmentActivated = "granular_admin_access_assignment_activated",
        /// `software_attestation`
        SoftwareAttestation = "software_attestation",
        /// `granular_admin_relationship_cleaned_up`
        GranularAdminRelationshipCleanedUp = "granular_admin_relationship_cleaned_up",
        /// `update_company_info`
        UpdateCompanyInfo = "update_company_info",
        /// `policy_created`: a configuration policy was created
        PolicyCreated = "policy_created",
        /// `policy_updated`: a configuration policy was changed
        PolicyUpdated = "policy_updated",
        /// `policy_deleted`: a configuration policy was deleted
        PolicyDeleted = "policy_deleted",
        /// `device_updated`: one device was changed
        DeviceUpdated = "device_updated",
        /// `devices_update_attempted`: policies were assigned to devices
        DevicesUpdateAttempted = "devices_update_attempted",
        /// `device_deleted`: a device was deleted
        DeviceDeleted = "device_deleted",
        /// `devices_upload_to_new_batch_attempted`: devices were uploaded to a new batch
        DevicesUploadToNewBatchAttempted = "devices_upload_to_new_batch_attempted",
        /// `devices_upload_to_existing_batch_attempted`: devices were uploaded to an existing batch
        DevicesUploadToExistingBatchAttempted = "devices_upload_to_existing_batch_attempted",
        /// `manage_overage`
        ManageOverage = "manage_overage",
        /// `dap_admin_relationship_terminated_by_microsoft`
        DapAdminRelationshipTerminatedByMicrosoft = "dap_admin_relationship_terminated_by_microsoft",
        /// `azure_fraud_event_detected`
        AzureFraudEventDetected = "azure_fraud_event_detected",
        /// `create_new_commerce_migration`
        CreateNewCommerceMigration = "create_new_commerce_migration",
        /// `complete_transfer`
        CompleteTransfer = "complete_transfer",
        /// `fail_transfer`
        FailTransfer = "fail_transfer",
    }
}

open_enum! {
    /// The kind of resource of an audit record.
    ///
    /// The service may return other values, which must be preserved: the archived SDK replaces them with its
    /// first value. Source: [.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET),
    /// [DEV](https://learn.microsoft.com/en-us/partner-center/developer/auditing-resources).
    AuditResourceType {
        /// `undefined`: not known
        Undefined = "undefined",
        /// `customer`: a customer
        Customer = "customer",
        /// `customer_user`
        CustomerUser = "customer_user",
        /// `order`
        Order = "order",
        /// `subscription`
        Subscription = "subscription",
        /// `license`
        License = "license",
        /// `third_party_add_on`
        ThirdPartyAddOn = "third_party_add_on",
        /// `mpn_association`
        MpnAssociation = "mpn_association",
        /// `transfer`
        Transfer = "transfer",
        /// `application`
        Application = "application",
        /// `application_credential`
        ApplicationCredential = "application_credential",
        /// `partner_user`
        PartnerUser = "partner_user",
        /// `partner_relationship`: a relationship between partners
        PartnerRelationship = "partner_relationship",
        /// `referral`
        Referral = "referral",
        /// `software_key`
        SoftwareKey = "software_key",
        /// `software_download_link`
        SoftwareDownloadLink = "software_download_link",
        /// `spending_limit`
        SpendingLimit = "spending_limit",
        /// `invoice`
        Invoice = "invoice",
        /// `agreement`
        Agreement = "agreement",
        /// `partner_customer_relationship`: the relationship to a customer
        PartnerCustomerRelationship = "partner_customer_relationship",
        /// `self_serve_policy`: a policy about purchases, not a configuration policy
        SelfServePolicy = "self_serve_policy",
        /// `granular_admin_relationship`
        GranularAdminRelationship = "granular_admin_relationship",
        /// `granular_admin_access_assignment`
        GranularAdminAccessAssignment = "granular_admin_access_assignment",
        /// `partner_customer_dap`
        PartnerCustomerDap = "partner_customer_dap",
        /// `credit`
        Credit = "credit",
        /// `customer_directory_role`
        CustomerDirectoryRole = "customer_directory_role",
        /// `software_page`
        SoftwarePage = "software_page",
        /// `device`: devices and batches
        Device = "device",
        /// `policy`: configuration policies
        Policy = "policy",
        /// `overage`
        Overage = "overage",
        /// `new_commerce_migration`
        NewCommerceMigration = "new_commerce_migration",
        /// `azure_entitlement`
        AzureEntitlement = "azure_entitlement",
        /// `indirect_provider_indirect_reseller_dap`
        IndirectProviderIndirectResellerDap = "indirect_provider_indirect_reseller_dap",
    }
}

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
    /// The relationship of a customer to the partner.
    ///
    /// The service may return other values, which must be preserved: the archived SDK replaces them with its
    /// first value. Source:
    /// [DEV](https://learn.microsoft.com/en-us/partner-center/developer/customer-resources), [.NET
    /// SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET).
    CustomerPartnerRelationship {
        /// `unknown`: the service does not know; only in the SDK
        Unknown = "unknown",
        /// `reseller`: the partner sells to the customer, which device deployment needs
        Reseller = "reseller",
        /// `advisor`: the partner advises the customer and sells nothing
        Advisor = "advisor",
        /// `syndication`: the partner sells under its own name
        Syndication = "syndication",
        /// `microsoft_support`: support by Microsoft
        MicrosoftSupport = "microsoft_support",
        /// `none`: the relationship ended
        None = "none",
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
    /// The kind of a relationship between partners. DEV prints the names of the SDK, in PascalCase.
    ///
    /// The service may return other values, which must be preserved: the archived SDK replaces them with its
    /// first value. Source:
    /// [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-list-of-indirect-resellers),
    /// [DEV](https://learn.microsoft.com/en-us/partner-center/developer/relationships-resources),
    /// [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-partner-relationships).
    PartnerRelationshipType {
        /// `none`: no relationship; only in REF
        None = "none",
        /// `is_indirect_reseller_of`: the other partner provides, and this one resells
        IsIndirectResellerOf = "is_indirect_reseller_of",
        /// `is_indirect_cloud_solution_provider_of`: this partner provides, and the other one resells
        IsIndirectCloudSolutionProviderOf = "is_indirect_cloud_solution_provider_of",
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
