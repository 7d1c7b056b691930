// @generated from spec/device-deployment.yaml by `cargo xtask codegen`; do not edit.

use crate::operation::operations;

operations! {
    /// List the audit records of the partner.
    ListAuditRecords = "list_audit_records" {
        method: GET, path: "/v1/auditrecords",
        effect: Idempotent, response_body: true, requires_user: false,
        response_properties: Some(&["attributes", "continuationToken", "items", "links", "totalCount"]),
    },
    /// List the customers of the partner.
    ListCustomers = "list_customers" {
        method: GET, path: "/v1/customers",
        effect: Idempotent, response_body: true, requires_user: false,
        response_properties: Some(&["attributes", "continuationToken", "items", "links", "totalCount"]),
    },
    /// Get a customer.
    GetCustomer = "get_customer" {
        method: GET, path: "/v1/customers/{customer_id}",
        effect: Idempotent, response_body: true, requires_user: false,
        response_properties: Some(&["allowDelegatedAccess", "associatedPartnerId", "attributes", "billingProfile", "commerceId", "companyProfile", "customDomains", "enableGDAPByDefault", "id", "links", "relationshipToPartner", "tags"]),
    },
    /// Assign policies to many devices.
    UpdateDevicePolicies = "update_device_policies" {
        method: PATCH, path: "/v1/customers/{customer_id}/DevicePolicyUpdates",
        effect: Once, response_body: false, requires_user: false,
        response_properties: Some(&[]),
    },
    /// Get the status of a batch job.
    GetBatchJobStatus = "get_batch_job_status" {
        method: GET, path: "/v1/customers/{customer_id}/batchJobStatus/{batch_tracking_id}",
        effect: Idempotent, response_body: true, requires_user: false,
        response_properties: Some(&["attributes", "batchTrackingId", "completedTime", "devicesStatus", "startedTime", "status"]),
    },
    /// List the device batches of a customer.
    ListDeviceBatches = "list_device_batches" {
        method: GET, path: "/v1/customers/{customer_id}/deviceBatches",
        effect: Idempotent, response_body: true, requires_user: false,
        response_properties: Some(&["attributes", "continuationToken", "items", "links", "totalCount", "createdBy", "creationDate", "deviceCount", "devicesCount", "devicesLink", "id", "status"]),
    },
    /// Create a device batch with its devices.
    CreateDeviceBatch = "create_device_batch" {
        method: POST, path: "/v1/customers/{customer_id}/deviceBatches",
        effect: Once, response_body: false, requires_user: true,
        response_properties: Some(&[]),
    },
    /// List the devices of a batch.
    ListDevices = "list_devices" {
        method: GET, path: "/v1/customers/{customer_id}/deviceBatches/{batch_id}/devices",
        effect: Idempotent, response_body: true, requires_user: false,
        response_properties: Some(&["attributes", "continuationToken", "items", "links", "totalCount"]),
    },
    /// Add devices to an existing batch.
    AddDevices = "add_devices" {
        method: POST, path: "/v1/customers/{customer_id}/deviceBatches/{batch_id}/devices",
        effect: Once, response_body: false, requires_user: false,
        response_properties: Some(&[]),
    },
    /// Delete one device.
    DeleteDevice = "delete_device" {
        method: DELETE, path: "/v1/customers/{customer_id}/deviceBatches/{batch_id}/devices/{device_id}",
        effect: Idempotent, response_body: false, requires_user: false,
        response_properties: None,
    },
    /// Update one device.
    UpdateDevice = "update_device" {
        method: PUT, path: "/v1/customers/{customer_id}/deviceBatches/{batch_id}/devices/{device_id}",
        effect: Idempotent, response_body: true, requires_user: false,
        response_properties: Some(&["allowedOperations", "attributes", "deviceBatchId", "hardwareHash", "id", "links", "modelName", "oemManufacturerName", "policies", "productKey", "serialNumber", "uploadedBy", "uploadedDate"]),
    },
    /// List the configuration policies of a customer.
    ListPolicies = "list_policies" {
        method: GET, path: "/v1/customers/{customer_id}/policies",
        effect: Idempotent, response_body: true, requires_user: false,
        response_properties: Some(&["attributes", "continuationToken", "items", "links", "totalCount"]),
    },
    /// Create a configuration policy.
    CreatePolicy = "create_policy" {
        method: POST, path: "/v1/customers/{customer_id}/policies",
        effect: Once, response_body: true, requires_user: false,
        response_properties: Some(&["attributes", "category", "createdDate", "description", "devicesAssigned", "devicesAssignedCount", "id", "lastModifiedDate", "links", "name", "policySettings"]),
    },
    /// Delete a configuration policy.
    DeletePolicy = "delete_policy" {
        method: DELETE, path: "/v1/customers/{customer_id}/policies/{policy_id}",
        effect: Idempotent, response_body: false, requires_user: false,
        response_properties: Some(&[]),
    },
    /// Get a configuration policy.
    GetPolicy = "get_policy" {
        method: GET, path: "/v1/customers/{customer_id}/policies/{policy_id}",
        effect: Idempotent, response_body: true, requires_user: false,
        response_properties: Some(&["attributes", "category", "createdDate", "description", "devicesAssigned", "devicesAssignedCount", "id", "lastModifiedDate", "links", "name", "policySettings"]),
    },
    /// Replace a configuration policy.
    ReplacePolicy = "replace_policy" {
        method: PUT, path: "/v1/customers/{customer_id}/policies/{policy_id}",
        effect: Idempotent, response_body: true, requires_user: false,
        response_properties: Some(&["attributes", "category", "createdDate", "description", "devicesAssigned", "devicesAssignedCount", "id", "lastModifiedDate", "links", "name", "policySettings"]),
    },
    /// List the indirect partners of a customer.
    ListCustomerRelationships = "list_customer_relationships" {
        method: GET, path: "/v1/customers/{customer_id}/relationships",
        effect: Idempotent, response_body: true, requires_user: true,
        response_properties: Some(&["attributes", "continuationToken", "items", "links", "totalCount"]),
    },
    /// Get the organization profile of the partner.
    GetOrganizationProfile = "get_organization_profile" {
        method: GET, path: "/v1/profiles/organization",
        effect: Idempotent, response_body: true, requires_user: true,
        response_properties: Some(&["attributes", "companyName", "culture", "defaultAddress", "domain", "email", "id", "language", "links", "profileType", "tenantId"]),
    },
    /// List the indirect partners of the partner.
    ListRelationships = "list_relationships" {
        method: GET, path: "/v1/relationships",
        effect: Idempotent, response_body: true, requires_user: true,
        response_properties: Some(&["attributes", "continuationToken", "items", "links", "totalCount"]),
    },
}
