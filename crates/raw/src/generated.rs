// @generated from spec/device-deployment.yaml by `cargo xtask codegen`; do not edit.

#[allow(unused_imports)]
pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
#[allow(unused_imports)]
use progenitor_client::{encode_path, ClientHooks, OperationInfo, RequestBuilderExt};
/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    ///An address with its contact: personal data. An example has `region` in the address of the company, and `state` in the one for invoices. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-customers).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct Address {
        ///First line. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(
            rename = "addressLine1",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "AddressLine1")]
        pub address_line1: ::std::option::Option<crate::types::PersonalText>,
        ///Second line. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-an-organization-profile).
        #[serde(
            rename = "addressLine2",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "AddressLine2")]
        pub address_line2: ::std::option::Option<crate::types::PersonalText>,
        ///Third line. Only in REF. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-customers).
        #[serde(
            rename = "addressLine3",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "AddressLine3")]
        pub address_line3: ::std::option::Option<crate::types::PersonalText>,
        ///City. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "City")]
        pub city: ::std::option::Option<crate::types::PersonalText>,
        ///Country, as an ISO code of two letters. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Country")]
        pub country: ::std::option::Option<::std::string::String>,
        ///District. Only in REF. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-customers).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "District")]
        pub district: ::std::option::Option<crate::types::PersonalText>,
        ///Mail address of the contact. Only in REF. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-customers).
        #[serde(
            rename = "emailAddress",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "EmailAddress")]
        pub email_address: ::std::option::Option<crate::types::PersonalText>,
        ///First name of the contact. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(
            rename = "firstName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "FirstName")]
        pub first_name: ::std::option::Option<crate::types::PersonalText>,
        ///Id of the address. Only in REF. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-customers).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Id")]
        pub id: ::std::option::Option<::std::string::String>,
        ///Last name of the contact. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(
            rename = "lastName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "LastName")]
        pub last_name: ::std::option::Option<crate::types::PersonalText>,
        ///Middle name of the contact. Only in REF and in the SDK. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-customers), [.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET).
        #[serde(
            rename = "middleName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "MiddleName")]
        pub middle_name: ::std::option::Option<crate::types::PersonalText>,
        ///Phone number of the contact. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(
            rename = "phoneNumber",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "PhoneNumber")]
        pub phone_number: ::std::option::Option<crate::types::PersonalText>,
        ///Postal code. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(
            rename = "postalCode",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "PostalCode")]
        pub postal_code: ::std::option::Option<crate::types::PersonalText>,
        ///Region. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Region")]
        pub region: ::std::option::Option<::std::string::String>,
        ///State. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "State")]
        pub state: ::std::option::Option<::std::string::String>,
    }
    ///A fault reported by the service. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/error-codes).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct ApiFault {
        ///Error code, such as `2055`. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/error-codes).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Code")]
        pub code: ::std::option::Option<crate::types::FaultCode>,
        ///Details; only some errors have them, and their form is not described. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/error-codes).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Data")]
        pub data: ::std::option::Option<::std::vec::Vec<::serde_json::Value>>,
        ///Description of the problem, for people. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/error-codes).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Description")]
        pub description: ::std::option::Option<::std::string::String>,
        ///Part of the service that reports the error. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/error-codes).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Source")]
        pub source: ::std::option::Option<::std::string::String>,
    }
    ///One operation of a user or an app of the partner. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/auditing-resources), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/audit-operations/gets-audit-records), [.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct AuditRecord {
        ///The app: a GUID, or a name such as `FulfillmentService`. Absent in one example, though REF calls it required. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/api-throttling-guidance), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/audit-operations/gets-audit-records).
        #[serde(
            rename = "applicationId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "ApplicationId")]
        pub application_id: ::std::option::Option<::std::string::String>,
        ///Type name and entity tag. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Attributes", alias = " attributes")]
        pub attributes: ::std::option::Option<ResourceAttributes>,
        ///Tenant id of the customer. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/audit-operations/gets-audit-records).
        #[serde(
            rename = "customerId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "CustomerId")]
        pub customer_id: ::std::option::Option<::std::string::String>,
        ///Name of the customer. Absent in one example. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/api-throttling-guidance).
        #[serde(
            rename = "customerName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "CustomerName")]
        pub customer_name: ::std::option::Option<::std::string::String>,
        ///Details. The keys depend on the operation. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user).
        #[serde(
            rename = "customizedData",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "CustomizedData")]
        pub customized_data: ::std::option::Option<::std::vec::Vec<AuditRecordDetail>>,
        ///Id of the record: partner id, customer id, resource id if there is one, operation without underscores, and the ticks of .NET of the operation's date, joined by underscores. Absent in the example of 2017. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/api-throttling-guidance), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/audit-operations/gets-audit-records).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Id")]
        pub id: ::std::option::Option<::std::string::String>,
        ///When the operation happened: UTC, with seven fraction digits. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user).
        #[serde(
            rename = "operationDate",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "OperationDate")]
        pub operation_date: ::std::option::Option<crate::types::PartnerDateTime>,
        ///State of the operation. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user).
        #[serde(
            rename = "operationStatus",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "OperationStatus")]
        pub operation_status: ::std::option::Option<crate::types::AuditOperationStatus>,
        ///The operation. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user).
        #[serde(
            rename = "operationType",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "OperationType")]
        pub operation_type: ::std::option::Option<crate::types::AuditOperationType>,
        ///Correlation id of the operation that made the record. No example shows whether it is the `MS-CorrelationId` of the request. Absent in the example of 2017. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/api-throttling-guidance), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/audit-operations/gets-audit-records), [.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET).
        #[serde(
            rename = "originalCorrelationId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "OriginalCorrelationId")]
        pub original_correlation_id: ::std::option::Option<::std::string::String>,
        ///Ids of partners. In no model. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/api-throttling-guidance).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Participants")]
        pub participants: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
        ///Tenant id of the partner. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/audit-operations/gets-audit-records).
        #[serde(
            rename = "partnerId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "PartnerId")]
        pub partner_id: ::std::option::Option<::std::string::String>,
        ///The resource after the operation, as JSON in a string with PascalCase keys. It may contain anything. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user).
        #[serde(
            rename = "resourceNewValue",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "ResourceNewValue")]
        pub resource_new_value: ::std::option::Option<crate::types::PersonalText>,
        ///The resource before the operation, as JSON in a string. It may contain anything. In no example. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/auditing-resources).
        #[serde(
            rename = "resourceOldValue",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "ResourceOldValue")]
        pub resource_old_value: ::std::option::Option<crate::types::PersonalText>,
        ///Kind of the resource. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user).
        #[serde(
            rename = "resourceType",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "ResourceType")]
        pub resource_type: ::std::option::Option<crate::types::AuditResourceType>,
        ///Id of the session. Only in REF. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/audit-operations/gets-audit-records).
        #[serde(
            rename = "sessionId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "SessionId")]
        pub session_id: ::std::option::Option<::std::string::String>,
        ///Name of the user: personal data. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user).
        #[serde(
            rename = "userPrincipalName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "UserPrincipalName")]
        pub user_principal_name: ::std::option::Option<crate::types::PersonalText>,
    }
    ///One detail of an audit record. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/audit-operations/gets-audit-records).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct AuditRecordDetail {
        ///Name of the detail, such as `OrderId`. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Key")]
        pub key: ::std::option::Option<::std::string::String>,
        ///Its value; may be null, and may contain personal data. Enum values are PascalCase here. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Value")]
        pub value: ::std::option::Option<crate::types::PersonalText>,
    }
    ///State of a job. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-batch-job-status).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct BatchUploadDetails {
        ///Type name and entity tag. REF does not list it here. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Attributes", alias = " attributes")]
        pub attributes: ::std::option::Option<ResourceAttributes>,
        ///Id of the job. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
        #[serde(
            rename = "batchTrackingId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "BatchTrackingId")]
        pub batch_tracking_id: ::std::option::Option<::std::string::String>,
        ///The end of the job. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
        #[serde(
            rename = "completedTime",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "CompletedTime")]
        pub completed_time: ::std::option::Option<crate::types::PartnerDateTime>,
        ///State of each device. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
        #[serde(
            rename = "devicesStatus",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "DevicesStatus")]
        pub devices_status: ::std::option::Option<::std::vec::Vec<DeviceUploadDetails>>,
        ///The start of the job. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
        #[serde(
            rename = "startedTime",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "StartedTime")]
        pub started_time: ::std::option::Option<crate::types::PartnerDateTime>,
        ///State of the whole job; `finished` does not mean that each device succeeded. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Status")]
        pub status: ::std::option::Option<crate::types::BatchUploadStatus>,
    }
    ///A configuration policy, in responses and as the body that replaces one. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/create-policies).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct ConfigurationPolicy {
        ///Type name and entity tag. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-customer-s-configuration-policy), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/create-policies).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Attributes", alias = " attributes")]
        pub attributes: ::std::option::Option<ResourceAttributes>,
        ///Kind of the policy. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-customer-s-configuration-policy).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Category")]
        pub category: ::std::option::Option<crate::types::PolicyCategory>,
        ///The creation time of the policy. It differs between responses: do not use it as a version. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-customer-s-configuration-policy), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-a-customer-s-policies).
        #[serde(
            rename = "createdDate",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "CreatedDate")]
        pub created_date: ::std::option::Option<crate::types::PartnerDateTime>,
        ///Description of the policy. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-customer-s-configuration-policy).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Description")]
        pub description: ::std::option::Option<::std::string::String>,
        ///The counter as spelled in every example. REF has only `devicesAssignedCount`, as int32. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-customer-s-configuration-policy), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/update-a-configuration-policy-for-the-specified-customer).
        #[serde(
            rename = "devicesAssigned",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "DevicesAssigned")]
        pub devices_assigned: ::std::option::Option<i64>,
        ///The number of devices with the policy, as spelled in the models. REF types it as int32. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/create-policies).
        #[serde(
            rename = "devicesAssignedCount",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "DevicesAssignedCount")]
        pub devices_assigned_count: ::std::option::Option<i64>,
        ///Id of the policy, assigned by the service. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-customer-s-configuration-policy).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Id")]
        pub id: ::std::option::Option<::std::string::String>,
        ///The time of the last change. It differs between responses: do not use it as a version. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-customer-s-configuration-policy), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-a-customer-s-policies).
        #[serde(
            rename = "lastModifiedDate",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "LastModifiedDate")]
        pub last_modified_date: ::std::option::Option<crate::types::PartnerDateTime>,
        ///Links to the resource and its neighbors. Only in REF. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/create-policies).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Links")]
        #[serde(default, deserialize_with = "crate::resource_links::of_element")]
        pub links: ::std::option::Option<ResourceLinks>,
        ///Name of the policy. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-customer-s-configuration-policy).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Name")]
        pub name: ::std::option::Option<::std::string::String>,
        ///The settings of the policy. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-customer-s-configuration-policy).
        #[serde(
            rename = "policySettings",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "PolicySettings")]
        pub policy_settings: ::std::option::Option<
            ::std::vec::Vec<crate::types::PolicySetting>,
        >,
    }
    ///A customer of the partner. The list leaves out most members. The SDK also has `userCredentials`, which only the response to the creation of a customer fills; it is not described here, so that no client decodes a password. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/customer-resources), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-customers), [.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct Customer {
        ///True if the partner has delegated admin privileges (DAP). Never in the list. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/customer-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(
            rename = "allowDelegatedAccess",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "AllowDelegatedAccess")]
        pub allow_delegated_access: ::std::option::Option<bool>,
        ///The indirect reseller of the customer, set by an indirect provider. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/customer-resources), [.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET).
        #[serde(
            rename = "associatedPartnerId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "AssociatedPartnerId")]
        pub associated_partner_id: ::std::option::Option<::std::string::String>,
        ///Type name and entity tag. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-name).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Attributes", alias = " attributes")]
        pub attributes: ::std::option::Option<ResourceAttributes>,
        ///Billing profile: personal data. Not in the list. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/customer-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(
            rename = "billingProfile",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "BillingProfile")]
        pub billing_profile: ::std::option::Option<CustomerBillingProfile>,
        ///Id of the customer in the commerce system. Not in the list. The newest page prints it as `commerceID`. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/customer-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(
            rename = "commerceId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "CommerceId")]
        pub commerce_id: ::std::option::Option<::std::string::String>,
        ///Name, domain and address. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/customer-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-name).
        #[serde(
            rename = "companyProfile",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "CompanyProfile")]
        pub company_profile: ::std::option::Option<CustomerCompanyProfile>,
        ///Domains of the customer. Only with delegated access, and not in the list. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(
            rename = "customDomains",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "CustomDomains")]
        pub custom_domains: ::std::option::Option<
            ::std::vec::Vec<::std::string::String>,
        >,
        ///True if granular delegated admin privileges are the default. Only on the newest page, as `EnableGDAPByDefault`; clients send this spelling when they create a customer. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/customer-resources), [CIPP](https://github.com/KelvinTegelaar/CIPP-API).
        #[serde(
            rename = "enableGDAPByDefault",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "EnableGDAPByDefault")]
        pub enable_gdap_by_default: ::std::option::Option<bool>,
        ///Tenant id of the customer. The newest page prints it as `ID`. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/customer-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-name).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Id")]
        pub id: ::std::option::Option<::std::string::String>,
        ///Links to the customer. The list of 2015 does not have them. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-name), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-customers).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Links")]
        #[serde(default, deserialize_with = "crate::resource_links::of_element")]
        pub links: ::std::option::Option<ResourceLinks>,
        ///The relationship of the customer to the partner. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/customer-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-name).
        #[serde(
            rename = "relationshipToPartner",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "RelationshipToPartner")]
        pub relationship_to_partner: ::std::option::Option<
            crate::types::CustomerPartnerRelationship,
        >,
        ///Labels of the customer. Only on the newest page, as `Tags`; no example shows them. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/customer-resources).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Tags")]
        pub tags: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    }
    ///Billing profile of a customer: personal data. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/customer-resources), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-customers).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct CustomerBillingProfile {
        ///Type name and entity tag. The tag is a signed decimal number. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Attributes", alias = " attributes")]
        pub attributes: ::std::option::Option<ResourceAttributes>,
        ///Name of the company. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(
            rename = "companyName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "CompanyName")]
        pub company_name: ::std::option::Option<::std::string::String>,
        ///Culture, such as `en-US`. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Culture")]
        pub culture: ::std::option::Option<::std::string::String>,
        ///Address for invoices. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(
            rename = "defaultAddress",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "DefaultAddress")]
        pub default_address: ::std::option::Option<Address>,
        ///Mail address of the contact. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Email")]
        pub email: ::std::option::Option<crate::types::PersonalText>,
        ///First name of the contact. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(
            rename = "firstName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "FirstName")]
        pub first_name: ::std::option::Option<crate::types::PersonalText>,
        ///Id of the profile. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Id")]
        pub id: ::std::option::Option<::std::string::String>,
        ///Language, such as `en`. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Language")]
        pub language: ::std::option::Option<::std::string::String>,
        ///Last name of the contact. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(
            rename = "lastName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "LastName")]
        pub last_name: ::std::option::Option<crate::types::PersonalText>,
        ///Links to the profile. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Links")]
        #[serde(default, deserialize_with = "crate::resource_links::of_element")]
        pub links: ::std::option::Option<ResourceLinks>,
    }
    ///Name, domain and address of a customer. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/customer-resources), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-customers).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct CustomerCompanyProfile {
        ///Address of the company: personal data. Only with delegated access, and in no table. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-customers).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Address")]
        pub address: ::std::option::Option<Address>,
        ///Type name and entity tag. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-name).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Attributes", alias = " attributes")]
        pub attributes: ::std::option::Option<ResourceAttributes>,
        ///Name of the company. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-name).
        #[serde(
            rename = "companyName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "CompanyName")]
        pub company_name: ::std::option::Option<::std::string::String>,
        ///The domain by which the service knows the customer. Other domains of the tenant are not in the list. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-name).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Domain")]
        pub domain: ::std::option::Option<::std::string::String>,
        ///Mail address: personal data. Only with delegated access, and in no table. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-customers).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Email")]
        pub email: ::std::option::Option<crate::types::PersonalText>,
        ///Links to the profile. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-name).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Links")]
        #[serde(default, deserialize_with = "crate::resource_links::of_element")]
        pub links: ::std::option::Option<ResourceLinks>,
        ///Number in the commercial register. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/customer-resources), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-customers).
        #[serde(
            rename = "organizationRegistrationNumber",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "OrganizationRegistrationNumber")]
        pub organization_registration_number: ::std::option::Option<
            ::std::string::String,
        >,
        ///Tenant id of the customer, the same as its id. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-name).
        #[serde(
            rename = "tenantId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "TenantId")]
        pub tenant_id: ::std::option::Option<::std::string::String>,
    }
    /**A device, in responses and requests. Registration requires one of these six combinations; any other is
invalid:

- `hardwareHash` and `productKey`;
- `hardwareHash` and `serialNumber`;
- `hardwareHash`, `productKey` and `serialNumber`;
- `hardwareHash`;
- `productKey`;
- `serialNumber`, `oemManufacturerName` and `modelName`.

Source:
[DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources),
[DEV](https://learn.microsoft.com/en-us/partner-center/developer/upload-a-list-of-devices-to-create-a-new-batch-for-the-specified-customer),
[REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-devices).*/
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct Device {
        ///HTTP methods the caller may use on the device. The model text has PATCH, but the API has PUT. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources).
        #[serde(
            rename = "allowedOperations",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "AllowedOperations")]
        pub allowed_operations: ::std::option::Option<
            ::std::vec::Vec<::std::string::String>,
        >,
        ///Type name and entity tag. One documented response spells the key ` attributes`, with a leading space. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-devices-for-the-specified-batch-and-customer).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Attributes", alias = " attributes")]
        pub attributes: ::std::option::Option<ResourceAttributes>,
        ///Batch of the device. In no model; sent by CIPP when adding devices. Source: [CIPP](https://github.com/KelvinTegelaar/CIPP-API).
        #[serde(
            rename = "deviceBatchId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "DeviceBatchId")]
        pub device_batch_id: ::std::option::Option<::std::string::String>,
        ///Hardware hash. It identifies the device, so keep it out of logs. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources).
        #[serde(
            rename = "hardwareHash",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "HardwareHash")]
        pub hardware_hash: ::std::option::Option<crate::types::HardwareHash>,
        ///Id of the device, given by the service. Not always a GUID. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/update-a-list-of-devices-with-a-policy).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Id")]
        pub id: ::std::option::Option<::std::string::String>,
        ///Links to the resource and its neighbors. Only in REF. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-devices).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Links")]
        #[serde(default, deserialize_with = "crate::resource_links::of_element")]
        pub links: ::std::option::Option<ResourceLinks>,
        ///Model, in the manufacturer's spelling. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources).
        #[serde(
            rename = "modelName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "ModelName")]
        pub model_name: ::std::option::Option<::std::string::String>,
        ///Manufacturer, in the manufacturer's spelling. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources).
        #[serde(
            rename = "oemManufacturerName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "OemManufacturerName")]
        pub oem_manufacturer_name: ::std::option::Option<::std::string::String>,
        ///Policies of the device, by category. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-devices-for-the-specified-batch-and-customer).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Policies")]
        pub policies: ::std::option::Option<::std::vec::Vec<DevicePolicy>>,
        ///Product key. The samples look like product ids or 25-digit keys; in practice it is the Windows product id. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-devices-for-the-specified-batch-and-customer).
        #[serde(
            rename = "productKey",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "ProductKey")]
        pub product_key: ::std::option::Option<::std::string::String>,
        ///Serial number given by the manufacturer. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources).
        #[serde(
            rename = "serialNumber",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "SerialNumber")]
        pub serial_number: ::std::option::Option<::std::string::String>,
        ///The uploader of the device. Only in REF; SDK requests have a `CreatedBy` instead, which is in no model. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-devices), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/upload-a-list-of-devices-to-create-a-new-batch-for-the-specified-customer).
        #[serde(
            rename = "uploadedBy",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "UploadedBy")]
        pub uploaded_by: ::std::option::Option<::std::string::String>,
        ///When the device was uploaded. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-devices-for-the-specified-batch-and-customer).
        #[serde(
            rename = "uploadedDate",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "UploadedDate")]
        pub uploaded_date: ::std::option::Option<crate::types::PartnerDateTime>,
    }
    ///A batch of devices. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-device-batches).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct DeviceBatch {
        ///Type name and entity tag. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-list-of-device-batches-for-the-specified-customer).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Attributes", alias = " attributes")]
        pub attributes: ::std::option::Option<ResourceAttributes>,
        ///The creator of the batch. In the models, not in the example. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-device-batches).
        #[serde(
            rename = "createdBy",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "CreatedBy")]
        pub created_by: ::std::option::Option<::std::string::String>,
        ///The creation time of the batch. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-list-of-device-batches-for-the-specified-customer).
        #[serde(
            rename = "creationDate",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "CreationDate")]
        pub creation_date: ::std::option::Option<crate::types::PartnerDateTime>,
        ///The counter as spelled in the model table; no example has it. REF has only `devicesCount`, as int32. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources).
        #[serde(
            rename = "deviceCount",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "DeviceCount")]
        pub device_count: ::std::option::Option<i64>,
        ///Number of devices in the batch. REF types it as int32. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-list-of-device-batches-for-the-specified-customer), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-device-batches).
        #[serde(
            rename = "devicesCount",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "DevicesCount")]
        pub devices_count: ::std::option::Option<i64>,
        ///Link to the devices of the batch. The example has an unencoded space in the address. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-list-of-device-batches-for-the-specified-customer).
        #[serde(
            rename = "devicesLink",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "DevicesLink")]
        pub devices_link: ::std::option::Option<Link>,
        ///Name of the batch. Free text, although the model table calls it GUID-formatted. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-list-of-device-batches-for-the-specified-customer).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Id")]
        pub id: ::std::option::Option<::std::string::String>,
        ///Links to the resource and its neighbors. Only in REF. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-device-batches).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Links")]
        #[serde(default, deserialize_with = "crate::resource_links::of_element")]
        pub links: ::std::option::Option<ResourceLinks>,
        ///State of the batch. Seen on the wire, in no model. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-list-of-device-batches-for-the-specified-customer).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Status")]
        pub status: ::std::option::Option<crate::types::BatchUploadStatus>,
    }
    ///Body that creates a batch. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/upload-a-list-of-devices-to-create-a-new-batch-for-the-specified-customer), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/uploaded-customer-devices).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct DeviceBatchCreationRequest {
        ///Type name and entity tag. Optional; CIPP omits it. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/upload-a-list-of-devices-to-create-a-new-batch-for-the-specified-customer).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Attributes", alias = " attributes")]
        pub attributes: ::std::option::Option<ResourceAttributes>,
        ///Name of the new batch, chosen by the caller; free text, not blank (inferred: no path could name such a batch). Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/upload-a-list-of-devices-to-create-a-new-batch-for-the-specified-customer).
        #[serde(rename = "batchId")]
        #[serde(alias = "BatchId")]
        pub batch_id: ::std::string::String,
        ///The devices to register. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/upload-a-list-of-devices-to-create-a-new-batch-for-the-specified-customer).
        #[serde(alias = "Devices")]
        pub devices: ::std::vec::Vec<Device>,
    }
    ///The policy a device has in one category. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-devices).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct DevicePolicy {
        ///The category. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-devices-for-the-specified-batch-and-customer), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-devices).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Key")]
        pub key: ::std::option::Option<crate::types::PolicyCategory>,
        ///Id of the policy; null if the device has no policy. Sending null to remove a policy is plausible but not documented. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-devices-for-the-specified-batch-and-customer), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/update-a-list-of-devices-with-a-policy).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Value")]
        pub value: ::std::option::Option<::std::string::String>,
    }
    ///Body that sets policies on devices. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/update-a-list-of-devices-with-a-policy), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/update-device-policy).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct DevicePolicyUpdateRequest {
        ///Type name and entity tag. Optional. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/update-a-list-of-devices-with-a-policy).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Attributes", alias = " attributes")]
        pub attributes: ::std::option::Option<ResourceAttributes>,
        ///The devices, each with its id and its policies. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/update-a-list-of-devices-with-a-policy).
        #[serde(alias = "Devices")]
        pub devices: ::std::vec::Vec<Device>,
    }
    ///State of one device within a job. A device that was sent with only its hash is returned without id, serial number and product key, so that only its position identifies it ([CIPP](https://github.com/KelvinTegelaar/CIPP-API)). Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-batch-job-status).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct DeviceUploadDetails {
        ///Type name and entity tag. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Attributes", alias = " attributes")]
        pub attributes: ::std::option::Option<ResourceAttributes>,
        ///Id of the device; missing in the example. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
        #[serde(
            rename = "deviceId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "DeviceId")]
        pub device_id: ::std::option::Option<::std::string::String>,
        ///Error code, such as `808`. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources). The codes come from the Autopilot registration service and are not listed in the Partner Center documentation; those below come from [Autopilot](https://learn.microsoft.com/en-us/autopilot/add-devices) and [its product manager's notes](https://oofhours.com/2019/07/07/what-happens-when-you-register-a-device-with-windows-autopilot/).
        #[serde(
            rename = "errorCode",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "ErrorCode")]
        pub error_code: ::std::option::Option<crate::types::DeviceErrorCode>,
        ///Name of the error, such as `ZtdDeviceAssignedToOtherTenant`. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
        #[serde(
            rename = "errorDescription",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "ErrorDescription")]
        pub error_description: ::std::option::Option<::std::string::String>,
        ///Product key as sent. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
        #[serde(
            rename = "productKey",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "ProductKey")]
        pub product_key: ::std::option::Option<::std::string::String>,
        ///Serial number as sent. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
        #[serde(
            rename = "serialNumber",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "SerialNumber")]
        pub serial_number: ::std::option::Option<::std::string::String>,
        ///State of the device. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Status")]
        pub status: ::std::option::Option<crate::types::DeviceUploadStatus>,
    }
    ///A fault reported by the gateway in front of the service. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/api-throttling-guidance).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct GatewayFault {
        ///Description of the problem, for people. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/api-throttling-guidance).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Message")]
        pub message: ::std::option::Option<::std::string::String>,
        ///The HTTP status again, such as 429. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/api-throttling-guidance).
        #[serde(
            rename = "statusCode",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "StatusCode")]
        pub status_code: ::std::option::Option<i64>,
    }
    ///One header to send when following a link. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-device-batches), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-invoice-billed-consumption-lineitems).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct HeaderPair {
        ///Name of the header. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-invoice-billed-consumption-lineitems).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Key")]
        pub key: ::std::option::Option<::std::string::String>,
        ///Value of the header. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-invoice-billed-consumption-lineitems).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Value")]
        pub value: ::std::option::Option<::std::string::String>,
    }
    ///A link to another call. Check the address before you use it: the list of batches shows one with an unencoded space and without `/v1`. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-device-batches), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-list-of-device-batches-for-the-specified-customer).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct Link {
        ///Body to send with the call. Only in REF. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-device-batches).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Body")]
        pub body: ::std::option::Option<::std::string::String>,
        ///Headers to send with the call. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-list-of-device-batches-for-the-specified-customer), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-invoice-billed-consumption-lineitems).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Headers")]
        pub headers: ::std::option::Option<::std::vec::Vec<HeaderPair>>,
        ///HTTP method of the link, such as `GET`. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-list-of-device-batches-for-the-specified-customer).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Method")]
        pub method: ::std::option::Option<::std::string::String>,
        ///Address of the link; relative, without `/v1`, and not always encoded. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-list-of-device-batches-for-the-specified-customer).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Uri")]
        pub uri: ::std::option::Option<::std::string::String>,
    }
    ///Body that creates a configuration policy. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/create-a-new-configuration-policy-for-the-specified-customer), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/create-policies).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct NewConfigurationPolicy {
        ///Type name and entity tag. Optional; the example omits it. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/create-policies).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Attributes", alias = " attributes")]
        pub attributes: ::std::option::Option<ResourceAttributes>,
        ///Kind of the policy. The table calls it required, but the C# sample omits it. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/create-a-new-configuration-policy-for-the-specified-customer).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Category")]
        pub category: ::std::option::Option<crate::types::PolicyCategory>,
        ///Description of the policy. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/create-a-new-configuration-policy-for-the-specified-customer).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Description")]
        pub description: ::std::option::Option<::std::string::String>,
        ///Name of the policy, not blank (inferred: the field is required). Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/create-a-new-configuration-policy-for-the-specified-customer).
        #[serde(alias = "Name")]
        pub name: ::std::string::String,
        ///The settings. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/create-a-new-configuration-policy-for-the-specified-customer).
        #[serde(rename = "policySettings")]
        #[serde(alias = "PolicySettings")]
        pub policy_settings: ::std::vec::Vec<crate::types::PolicySetting>,
    }
    ///The partner that a token belongs to. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/profile-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-an-organization-profile).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct OrganizationProfile {
        ///Type name and entity tag. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-an-organization-profile).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Attributes", alias = " attributes")]
        pub attributes: ::std::option::Option<ResourceAttributes>,
        ///Name of the partner. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-an-organization-profile).
        #[serde(
            rename = "companyName",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "CompanyName")]
        pub company_name: ::std::option::Option<::std::string::String>,
        ///Culture, such as `es-US`. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-an-organization-profile).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Culture")]
        pub culture: ::std::option::Option<::std::string::String>,
        ///Address of the partner: personal data. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-an-organization-profile).
        #[serde(
            rename = "defaultAddress",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "DefaultAddress")]
        pub default_address: ::std::option::Option<Address>,
        ///Domain of the partner. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-an-organization-profile).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Domain")]
        pub domain: ::std::option::Option<::std::string::String>,
        ///Mail address of the partner: personal data. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-an-organization-profile).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Email")]
        pub email: ::std::option::Option<crate::types::PersonalText>,
        ///Id of the profile. The example prints a placeholder without quotes. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-an-organization-profile).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Id")]
        pub id: ::std::option::Option<::std::string::String>,
        ///Language, such as `es`. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-an-organization-profile).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Language")]
        pub language: ::std::option::Option<::std::string::String>,
        ///Links to the profile. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-an-organization-profile).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Links")]
        #[serde(default, deserialize_with = "crate::resource_links::of_element")]
        pub links: ::std::option::Option<ResourceLinks>,
        ///`OrganizationProfile`. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-an-organization-profile).
        #[serde(
            rename = "profileType",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "ProfileType")]
        pub profile_type: ::std::option::Option<::std::string::String>,
        ///Tenant id of the partner. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-an-organization-profile).
        #[serde(
            rename = "tenantId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "TenantId")]
        pub tenant_id: ::std::option::Option<::std::string::String>,
    }
    ///A relationship to another partner. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/relationships-resources), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-list-of-indirect-resellers), [.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct PartnerRelationship {
        ///Type name and entity tag. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-list-of-indirect-resellers).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Attributes", alias = " attributes")]
        pub attributes: ::std::option::Option<ResourceAttributes>,
        ///Tenant id of the other partner. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-list-of-indirect-resellers).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Id")]
        pub id: ::std::option::Option<::std::string::String>,
        ///Country of the other partner. Absent in the relationships of a customer. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-list-of-indirect-resellers), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-indirect-resellers-of-a-customer).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Location")]
        pub location: ::std::option::Option<::std::string::String>,
        ///Partner id of the other partner. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-list-of-indirect-resellers).
        #[serde(
            rename = "mpnId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "MpnId")]
        pub mpn_id: ::std::option::Option<::std::string::String>,
        ///Name of the other partner. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-list-of-indirect-resellers).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Name")]
        pub name: ::std::option::Option<::std::string::String>,
        ///Kind of the relationship. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-list-of-indirect-resellers).
        #[serde(
            rename = "relationshipType",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "RelationshipType")]
        pub relationship_type: ::std::option::Option<
            crate::types::PartnerRelationshipType,
        >,
        ///State. The example has `Active`, the table `active`; other values are not known. Absent in the relationships of a customer. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-list-of-indirect-resellers), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-indirect-resellers-of-a-customer).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "State")]
        pub state: ::std::option::Option<::std::string::String>,
    }
    ///The type of a resource, and its version. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-devices).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct ResourceAttributes {
        ///Entity tag of the resource. Device deployment examples do not have one. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-devices).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Etag")]
        pub etag: ::std::option::Option<::std::string::String>,
        ///Name of the type, such as `Device`. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-devices-for-the-specified-batch-and-customer).
        #[serde(
            rename = "objectType",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(alias = "ObjectType")]
        pub object_type: ::std::option::Option<::std::string::String>,
    }
    ///Links of a resource or of a page. Only in REF for this API. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-devices).
    #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct ResourceLinks {
        ///The next page. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-devices), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-invoice-billed-consumption-lineitems).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Next")]
        pub next: ::std::option::Option<Link>,
        ///The previous page. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-devices).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Previous")]
        pub previous: ::std::option::Option<Link>,
        ///The resource itself. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-devices).
        #[serde(rename = "self", skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(alias = "Self")]
        pub self_: ::std::option::Option<Link>,
    }
    /// Error types.
    pub mod error {
        /// Error from a `TryFrom` or `FromStr` implementation.
        pub struct ConversionError(::std::borrow::Cow<'static, str>);
        impl ::std::error::Error for ConversionError {}
        impl ::std::fmt::Display for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl ::std::fmt::Debug for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }
        impl From<&'static str> for ConversionError {
            fn from(value: &'static str) -> Self {
                Self(value.into())
            }
        }
        impl From<String> for ConversionError {
            fn from(value: String) -> Self {
                Self(value.into())
            }
        }
    }
}
#[derive(Clone, Debug)]
/**Client for Microsoft Partner Center device deployment

Windows Autopilot devices, device batches and configuration policies of a partner's customers, in thirteen
operations. Six more operations belong to other parts of Partner Center: the list of customers, a customer, the audit
log, relationships between partners (two), and the partner's own profile. This is an independent description, not made
by Microsoft.

In all texts DEV marks a page of Microsoft's [Partner Center developer
guide](https://learn.microsoft.com/en-us/partner-center/developer/), and REF a page of its [REST
description](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment). The two
disagree in places; these places are marked. REF groups its pages: those of policies and customers are in [manage
customer accounts](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts).

Paths are case-insensitive: DEV itself writes `batchJobStatus` and `batchjobstatus`, and CIPP sends
`DeviceBatches`. Only `application/json` is described, although REF lists other media types.

There is no operation that reads or deletes one batch, that reads one device, or that searches for a
device.

A UTF-8 byte order mark may precede the body of any success, so a client must remove it. One DEV example prints it;
a fifth of the successful examples of all DEV pages declare a length of three bytes more than their body, while
examples of errors never do; and [a client of 2018](https://github.com/pliancy/microsoft-partnercenter-node) cut the first character
of every response.

Version: v1*/
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: crate::Inner,
}
impl Client {
    /// Create a new client.
    ///
    /// `baseurl` is the base URL provided to the internal
    /// `reqwest::Client`, and should include a scheme and hostname,
    /// as well as port and a path stem if applicable.
    #[doc(hidden)]
    pub fn new(baseurl: &str, inner: crate::Inner) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        let client = {
            let dur = ::std::time::Duration::from_secs(15u64);
            reqwest::ClientBuilder::new().connect_timeout(dur).timeout(dur)
        };
        #[cfg(target_arch = "wasm32")]
        let client = reqwest::ClientBuilder::new();
        Self::new_with_client(baseurl, client.build().unwrap(), inner)
    }
    /// Construct a new client with an existing `reqwest::Client`,
    /// allowing more control over its configuration.
    ///
    /// `baseurl` is the base URL provided to the internal
    /// `reqwest::Client`, and should include a scheme and hostname,
    /// as well as port and a path stem if applicable.
    pub fn new_with_client(
        baseurl: &str,
        client: reqwest::Client,
        inner: crate::Inner,
    ) -> Self {
        Self {
            baseurl: baseurl.to_string(),
            client,
            inner,
        }
    }
}
impl ClientInfo<crate::Inner> for Client {
    fn api_version() -> &'static str {
        "v1"
    }
    fn baseurl(&self) -> &str {
        self.baseurl.as_str()
    }
    fn client(&self) -> &reqwest::Client {
        &self.client
    }
    fn inner(&self) -> &crate::Inner {
        &self.inner
    }
}
const _: () = {
    #[allow(dead_code)]
    fn assert_client_hooks()
    where
        Client: ClientHooks<crate::Inner>,
    {}
};
#[allow(clippy::all)]
impl Client {
    /**List the audit records of the partner

Lists the operations of the partner's users and apps, newest first. Auth: app-only or App+User. The service keeps 90 days: an older `startDate` is a 400. REF also limits one call to 30 days. The page does not mention the cloud of 21Vianet. To request the next page, follow `links.next`, or send the `continuationToken` in the header `MS-ContinuationToken`. REF has another path, `/auditactivity/v1/auditrecords`, with parameters such as `auditRequest.startDate`: [Gets Audit Records](https://learn.microsoft.com/en-us/rest/api/partner-center/audit-operations/gets-audit-records).

Sends a `GET` request to `/v1/auditrecords`

Arguments:
- `end_date`: The last day, as `yyyy-mm-dd`; it is included. Today, or the end of the largest window if absent. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/api-throttling-guidance).
- `filter`: JSON with the keys `Field`, `Value` and `Operator`, in this order, percent-encoded: `CompanyName` with `substring`, `CustomerId` with `equals`, or `ResourceType` with `equals`. Case is ignored. One call takes one filter. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user), [.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET).
- `size`: Records a page; 500 if absent, as a link in an example shows. No limit is documented. The parameter table of the page does not have it. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/api-throttling-guidance), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/audit-operations/gets-audit-records).
- `start_date`: The first day, as `yyyy-mm-dd`, at most 90 days ago; 30 days ago if absent. The days are those of UTC, as the dates in examples show. DEV calls the parameter optional, REF required. The DEV example has `6/1/2017 12:00:00 AM`, which the service reads as `2017-06-01`. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user), [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/audit-operations/gets-audit-records).
- `ms_continuation_token`: The token of the next page, from the headers of `links.next` or from `continuationToken`; absent for the first page. No page shows one for this list. Source: [.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET). REF mentions a query parameter `seek` instead, which no client sends.
*/
    pub async fn list_audit_records<'a>(
        &'a self,
        end_date: Option<&'a str>,
        filter: Option<&'a str>,
        size: Option<i64>,
        start_date: Option<&'a str>,
        ms_continuation_token: Option<&'a str>,
    ) -> Result<
        ResponseValue<crate::types::Collection<crate::types::AuditRecord>>,
        Error<()>,
    > {
        let url = format!("{}/v1/auditrecords", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        if let Some(value) = ms_continuation_token {
            header_map.append("MS-ContinuationToken", value.to_string().try_into()?);
        }
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("endDate", &end_date))
            .query(&progenitor_client::QueryParam::new("filter", &filter))
            .query(&progenitor_client::QueryParam::new("size", &size))
            .query(&progenitor_client::QueryParam::new("startDate", &start_date))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "list_audit_records",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200..=299 => crate::transport::target::value(&info, response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /**List the customers of the partner

Lists the customers, 500 a page unless `size` says otherwise, or those that match a filter. Auth: app-only or App+User; with a filter by indirect reseller, App+User only. Roles: admin agent, helpdesk agent or sales agent ([PowerShell module, issue 210](https://github.com/microsoft/Partner-Center-PowerShell/issues/210)). The items have fewer members than [a customer by its id](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id). To request the next page, follow `links.next`, or send its continuation token with `seekOperation=Next` and no other parameter ([.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET)). The order is not documented. Pages with a filter: [by name](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-name), [by indirect reseller](https://learn.microsoft.com/en-us/partner-center/developer/get-customers-of-an-indirect-reseller). REF: [Get Customers](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-customers).

Sends a `GET` request to `/v1/customers`

Arguments:
- `filter`: JSON with the keys `Field`, `Value` and `Operator`, in this order, such as `{"Field":"CompanyName","Value":"cont","Operator":"starts_with"}`, percent-encoded as a whole. Fields: `CompanyName`, `Domain`, `IndirectReseller`, `IndirectCloudSolutionProvider`; REF calls the first two `DisplayName` and `DefaultDomainName`. The only supported operator is `starts_with`, and case is ignored. `Domain` is the start of `companyProfile.domain`; other domains of the tenant are not searched. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-name), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-customers-of-an-indirect-reseller), [.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET).
- `seek_operation`: Direction of paging, sent with the continuation token: `Next`, `Previous`, `First`, `Last` or `PageIndex`. REF types it as an integer from 0 to 4, in the same order; [a link of the service](https://github.com/microsoft/Partner-Center-PowerShell/issues/379) has `seekOperation=Next`. Source: [REF](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-customers), [.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET).
- `size`: Customers a page. The .NET SDK sends 0 with a filter, for the size of the service, which is [500](https://github.com/microsoft/Partner-Center-PowerShell/issues/379). The Java SDK refuses less than 1 and more than 500; no page states a limit of the service. One page calls the parameter required, another one optional. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-customers), [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-name), [Java SDK](https://github.com/microsoft/Partner-Center-Java).
- `ms_continuation_token`: The token of the next page, from the headers of `links.next` or from `continuationToken`; absent for the first page. No page shows one for this list. Source: [.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET). REF mentions a query parameter `seek` instead, which no client sends.
*/
    pub async fn list_customers<'a>(
        &'a self,
        filter: Option<&'a str>,
        seek_operation: Option<&'a str>,
        size: Option<i64>,
        ms_continuation_token: Option<&'a str>,
    ) -> Result<
        ResponseValue<crate::types::Collection<crate::types::Customer>>,
        Error<()>,
    > {
        let url = format!("{}/v1/customers", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        if let Some(value) = ms_continuation_token {
            header_map.append("MS-ContinuationToken", value.to_string().try_into()?);
        }
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("filter", &filter))
            .query(&progenitor_client::QueryParam::new("seekOperation", &seek_operation))
            .query(&progenitor_client::QueryParam::new("size", &size))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "list_customers",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200..=299 => crate::transport::target::value(&info, response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /**Get a customer

Reads one customer with its profiles and its relationship to the partner. Auth: app-only or App+User. Without delegated access (DAP or GDAP) the response has no `companyProfile.address`, `companyProfile.email` and `customDomains`. The operation is throttled: 500 requests a minute for a tenant ([limits](https://learn.microsoft.com/en-us/partner-center/developer/customer-resources)). The response for a tenant that is not a customer is not documented: the error codes 60003 (404) and 20002 (403) fit. REF: [Get Customer By Customer ID](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-customer-by-customer-id).

Sends a `GET` request to `/v1/customers/{customer_id}`

Arguments:
- `customer_id`: The customer's tenant id. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
*/
    pub async fn get_customer<'a>(
        &'a self,
        customer_id: &'a crate::types::CustomerId,
    ) -> Result<ResponseValue<types::Customer>, Error<()>> {
        let url = format!(
            "{}/v1/customers/{}", self.baseurl, encode_path(& customer_id.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "get_customer",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200..=299 => crate::transport::target::value(&info, response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /**Assign policies to many devices

Starts an asynchronous job that sets the policies of the devices in the body. Auth: app-only or App+User. This is a true PATCH, unlike the SDK methods of that name. Its job has the same status call as an upload. DEV: 202, an empty body and a `Location` header; the REF text mentions a link in the body instead. REF: [Update Device Policy](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/update-device-policy).

Sends a `PATCH` request to `/v1/customers/{customer_id}/DevicePolicyUpdates`

Arguments:
- `customer_id`: The customer's tenant id. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
- `body`: The devices, each with its id and its new policies. The service reads body keys case-insensitively: the archived SDK sends PascalCase, CIPP sends camelCase, and both work ([.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET), [CIPP](https://github.com/KelvinTegelaar/CIPP-API)).
*/
    pub async fn update_device_policies<'a>(
        &'a self,
        customer_id: &'a crate::types::CustomerId,
        body: &'a types::DevicePolicyUpdateRequest,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = format!(
            "{}/v1/customers/{}/DevicePolicyUpdates", self.baseurl, encode_path(&
            customer_id.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .patch(url)
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "update_device_policies",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200..=299 => crate::transport::target::empty(&info, response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /**Get the status of a batch job

Reads the state of an upload or policy job and of each of its devices. Auth: app-only or App+User. Roles according to the page: admin agent or sales agent. A job can be `finished` while a device in it is `finished_with_errors`: check every device. The DEV example has a path in lower case, dates without a zone, and no `Content-Type`. REF: [Get BatchJobStatus](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-batch-job-status).

Sends a `GET` request to `/v1/customers/{customer_id}/batchJobStatus/{batch_tracking_id}`

Arguments:
- `customer_id`: The customer's tenant id. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
- `batch_tracking_id`: The job id, which is the last segment of the `Location` header of a 202 response. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
*/
    pub async fn get_batch_job_status<'a>(
        &'a self,
        customer_id: &'a crate::types::CustomerId,
        batch_tracking_id: &'a crate::types::BatchTrackingId,
    ) -> Result<ResponseValue<types::BatchUploadDetails>, Error<()>> {
        let url = format!(
            "{}/v1/customers/{}/batchJobStatus/{}", self.baseurl, encode_path(&
            customer_id.to_string()), encode_path(& batch_tracking_id.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "get_batch_job_status",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200..=299 => crate::transport::target::value(&info, response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /**List the device batches of a customer

Lists the batches that this partner created for the customer. Auth: app-only or App+User. Roles according to the page: admin agent or sales agent. No paging is documented. The DEV response has `totalCount` and `items`; REF declares a single `DeviceBatch`. No operation reads or deletes one batch. REF: [Get DeviceBatches](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-device-batches).

Sends a `GET` request to `/v1/customers/{customer_id}/deviceBatches`

Arguments:
- `customer_id`: The customer's tenant id. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
*/
    pub async fn list_device_batches<'a>(
        &'a self,
        customer_id: &'a crate::types::CustomerId,
    ) -> Result<
        ResponseValue<crate::types::Collection<crate::types::DeviceBatch>>,
        Error<()>,
    > {
        let url = format!(
            "{}/v1/customers/{}/deviceBatches", self.baseurl, encode_path(& customer_id
            .to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "list_device_batches",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200..=299 => crate::transport::target::value(&info, response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /**Create a device batch with its devices

Starts an asynchronous job that creates a batch and registers its devices. Auth: App+User only; this is the only operation whose page excludes app-only tokens. DEV: 202, an empty body and a `Location` header; the REF text mentions a link in the body instead. In the DEV example the request and correlation ids of the response differ from those of the request. The result for a batch id that already exists is not documented, so list the batches first. REF names this operation [Uploaded Customer Devices](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/uploaded-customer-devices).

Sends a `POST` request to `/v1/customers/{customer_id}/deviceBatches`

Arguments:
- `customer_id`: The customer's tenant id. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
- `body`: The new batch and the devices to put in it. The service reads body keys case-insensitively: the archived SDK sends PascalCase, CIPP sends camelCase, and both work ([.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET), [CIPP](https://github.com/KelvinTegelaar/CIPP-API)).
*/
    pub async fn create_device_batch<'a>(
        &'a self,
        customer_id: &'a crate::types::CustomerId,
        body: &'a types::DeviceBatchCreationRequest,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = format!(
            "{}/v1/customers/{}/deviceBatches", self.baseurl, encode_path(& customer_id
            .to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self.client.post(url).json(&body).headers(header_map).build()?;
        let info = OperationInfo {
            operation_id: "create_device_batch",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200..=299 => crate::transport::target::empty(&info, response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /**List the devices of a batch

Lists the devices of one batch, 100 a page. Auth: app-only or App+User. DEV: to request the next page, send the `continuationToken` of the previous body in the header `MS-ContinuationToken`; the example shows neither. REF documents no paging and declares a bare `Device[]`. The DEV example has no `hardwareHash` and no `allowedOperations`. REF: [Get Devices](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/get-devices).

Sends a `GET` request to `/v1/customers/{customer_id}/deviceBatches/{batch_id}/devices`

Arguments:
- `customer_id`: The customer's tenant id. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
- `batch_id`: The batch id; free text, so it must be percent-encoded. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/upload-a-list-of-devices-for-the-specified-customer).
- `seek_operation`: Direction of paging, sent with the continuation token. Documented for invoice line items only, as `seekOperation=Next`; it is unknown whether device lists support it. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-invoice-billed-consumption-lineitems).
- `ms_continuation_token`: The `continuationToken` of the previous page; absent for the first page. REF does not document it. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-devices-for-the-specified-batch-and-customer).
*/
    pub async fn list_devices<'a>(
        &'a self,
        customer_id: &'a crate::types::CustomerId,
        batch_id: &'a crate::types::BatchId,
        seek_operation: Option<&'a str>,
        ms_continuation_token: Option<&'a str>,
    ) -> Result<
        ResponseValue<crate::types::Collection<crate::types::Device>>,
        Error<()>,
    > {
        let url = format!(
            "{}/v1/customers/{}/deviceBatches/{}/devices", self.baseurl, encode_path(&
            customer_id.to_string()), encode_path(& batch_id.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        if let Some(value) = ms_continuation_token {
            header_map.append("MS-ContinuationToken", value.to_string().try_into()?);
        }
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("seekOperation", &seek_operation))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "list_devices",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200..=299 => crate::transport::target::value(&info, response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /**Add devices to an existing batch

Starts an asynchronous job that registers more devices in a batch. Auth: app-only or App+User. DEV, the archived SDK and CIPP send a bare array; REF shows a body parameter called `devices`. DEV: 202, an empty body and a `Location` header; the REF text mentions a link in the body instead. REF calls this operation by the misleading name [Create DeviceBatches](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/create-device-batches).

Sends a `POST` request to `/v1/customers/{customer_id}/deviceBatches/{batch_id}/devices`

Arguments:
- `customer_id`: The customer's tenant id. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
- `batch_id`: The batch id; free text, so it must be percent-encoded. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/upload-a-list-of-devices-for-the-specified-customer).
- `body`: The devices to add. The service reads body keys case-insensitively: the archived SDK sends PascalCase, CIPP sends camelCase, and both work ([.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET), [CIPP](https://github.com/KelvinTegelaar/CIPP-API)).
*/
    pub async fn add_devices<'a>(
        &'a self,
        customer_id: &'a crate::types::CustomerId,
        batch_id: &'a crate::types::BatchId,
        body: &'a ::std::vec::Vec<types::Device>,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = format!(
            "{}/v1/customers/{}/deviceBatches/{}/devices", self.baseurl, encode_path(&
            customer_id.to_string()), encode_path(& batch_id.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self.client.post(url).json(&body).headers(header_map).build()?;
        let info = OperationInfo {
            operation_id: "add_devices",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200..=299 => crate::transport::target::empty(&info, response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /**Update one device

Updates one device of a batch. Auth: not documented. There is no DEV page, and no public document shows an exchange. REF lists this PUT under the misleading name [Update DeviceBatches](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/update-device-batches); the archived SDK sends it from a method called `Patch` and expects a `Device` back ([.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET)).

Sends a `PUT` request to `/v1/customers/{customer_id}/deviceBatches/{batch_id}/devices/{device_id}`

Arguments:
- `customer_id`: The customer's tenant id. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
- `batch_id`: The batch id; free text, so it must be percent-encoded. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/upload-a-list-of-devices-for-the-specified-customer).
- `device_id`: The id of the device, assigned by the service. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/delete-a-device-for-the-specified-customer).
- `body`: The device with its new values. The service reads body keys case-insensitively: the archived SDK sends PascalCase, CIPP sends camelCase, and both work ([.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET), [CIPP](https://github.com/KelvinTegelaar/CIPP-API)).
*/
    pub async fn update_device<'a>(
        &'a self,
        customer_id: &'a crate::types::CustomerId,
        batch_id: &'a crate::types::BatchId,
        device_id: &'a crate::types::DeviceId,
        body: &'a types::Device,
    ) -> Result<ResponseValue<types::Device>, Error<()>> {
        let url = format!(
            "{}/v1/customers/{}/deviceBatches/{}/devices/{}", self.baseurl, encode_path(&
            customer_id.to_string()), encode_path(& batch_id.to_string()), encode_path(&
            device_id.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .put(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "update_device",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200..=299 => crate::transport::target::value(&info, response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /**Delete one device

Removes one device from its batch. Auth: app-only or App+User. The DEV example sends `Content-Type` with an empty body. REF calls this operation by the misleading name [Delete DeviceBatches](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/delete-device-batches); no operation deletes a batch.

Sends a `DELETE` request to `/v1/customers/{customer_id}/deviceBatches/{batch_id}/devices/{device_id}`

Arguments:
- `customer_id`: The customer's tenant id. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
- `batch_id`: The batch id; free text, so it must be percent-encoded. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/upload-a-list-of-devices-for-the-specified-customer).
- `device_id`: The id of the device, assigned by the service. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/delete-a-device-for-the-specified-customer).
*/
    pub async fn delete_device<'a>(
        &'a self,
        customer_id: &'a crate::types::CustomerId,
        batch_id: &'a crate::types::BatchId,
        device_id: &'a crate::types::DeviceId,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = format!(
            "{}/v1/customers/{}/deviceBatches/{}/devices/{}", self.baseurl, encode_path(&
            customer_id.to_string()), encode_path(& batch_id.to_string()), encode_path(&
            device_id.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self.client.delete(url).headers(header_map).build()?;
        let info = OperationInfo {
            operation_id: "delete_device",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200..=299 => crate::transport::target::empty(&info, response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /**List the configuration policies of a customer

Lists the configuration policies of the customer. Auth: app-only or App+User. No paging is documented. REF lists it under customer accounts and declares a bare `ConfigurationPolicy[]`: [Get Policies](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-policies).

Sends a `GET` request to `/v1/customers/{customer_id}/policies`

Arguments:
- `customer_id`: The customer's tenant id. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
*/
    pub async fn list_policies<'a>(
        &'a self,
        customer_id: &'a crate::types::CustomerId,
    ) -> Result<
        ResponseValue<crate::types::Collection<crate::types::ConfigurationPolicy>>,
        Error<()>,
    > {
        let url = format!(
            "{}/v1/customers/{}/policies", self.baseurl, encode_path(& customer_id
            .to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "list_policies",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200..=299 => crate::transport::target::value(&info, response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /**Create a configuration policy

Creates a configuration policy and returns it: 200, not 201, without a `Location`. Auth: app-only or App+User. The DEV table calls `category` required, but its C# sample omits it. DEV writes the counter as `devicesAssigned`, REF as `devicesAssignedCount`. REF: [Create Policies](https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/create-policies).

Sends a `POST` request to `/v1/customers/{customer_id}/policies`

Arguments:
- `customer_id`: The customer's tenant id. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
- `body`: The policy to create. The service reads body keys case-insensitively: the archived SDK sends PascalCase, CIPP sends camelCase, and both work ([.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET), [CIPP](https://github.com/KelvinTegelaar/CIPP-API)).
*/
    pub async fn create_policy<'a>(
        &'a self,
        customer_id: &'a crate::types::CustomerId,
        body: &'a types::NewConfigurationPolicy,
    ) -> Result<ResponseValue<types::ConfigurationPolicy>, Error<()>> {
        let url = format!(
            "{}/v1/customers/{}/policies", self.baseurl, encode_path(& customer_id
            .to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "create_policy",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200..=299 => crate::transport::target::value(&info, response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /**Get a configuration policy

Reads one configuration policy. Auth: app-only or App+User. In the DEV example a UTF-8 byte order mark precedes the body, and there is no `Content-Type`. REF lists it under customer accounts: [Get Policy By Id](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-policy-by-id).

Sends a `GET` request to `/v1/customers/{customer_id}/policies/{policy_id}`

Arguments:
- `customer_id`: The customer's tenant id. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
- `policy_id`: The id of the policy, assigned by the service. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-customer-s-configuration-policy).
*/
    pub async fn get_policy<'a>(
        &'a self,
        customer_id: &'a crate::types::CustomerId,
        policy_id: &'a crate::types::PolicyId,
    ) -> Result<ResponseValue<types::ConfigurationPolicy>, Error<()>> {
        let url = format!(
            "{}/v1/customers/{}/policies/{}", self.baseurl, encode_path(& customer_id
            .to_string()), encode_path(& policy_id.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "get_policy",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200..=299 => crate::transport::target::value(&info, response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /**Replace a configuration policy

Overwrites a policy with the body: settings that the body omits are lost. Auth: app-only or App+User. The archived SDK calls it `Patch` but sends this PUT ([.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET)). The `createdDate` in the DEV response differs from the one on other pages for the same policy. REF lists it under customer accounts: [Update Policies](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/update-policies).

Sends a `PUT` request to `/v1/customers/{customer_id}/policies/{policy_id}`

Arguments:
- `customer_id`: The customer's tenant id. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
- `policy_id`: The id of the policy, assigned by the service. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-customer-s-configuration-policy).
- `body`: The complete policy, with every setting to keep. The service reads body keys case-insensitively: the archived SDK sends PascalCase, CIPP sends camelCase, and both work ([.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET), [CIPP](https://github.com/KelvinTegelaar/CIPP-API)).
*/
    pub async fn replace_policy<'a>(
        &'a self,
        customer_id: &'a crate::types::CustomerId,
        policy_id: &'a crate::types::PolicyId,
        body: &'a types::ConfigurationPolicy,
    ) -> Result<ResponseValue<types::ConfigurationPolicy>, Error<()>> {
        let url = format!(
            "{}/v1/customers/{}/policies/{}", self.baseurl, encode_path(& customer_id
            .to_string()), encode_path(& policy_id.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .put(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "replace_policy",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200..=299 => crate::transport::target::value(&info, response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /**Delete a configuration policy

Deletes one configuration policy. Auth: app-only or App+User. The DEV example sends `Content-Type` with an empty body. REF lists it under customer accounts: [Delete Policies](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/delete-policies).

Sends a `DELETE` request to `/v1/customers/{customer_id}/policies/{policy_id}`

Arguments:
- `customer_id`: The customer's tenant id. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
- `policy_id`: The id of the policy, assigned by the service. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-customer-s-configuration-policy).
*/
    pub async fn delete_policy<'a>(
        &'a self,
        customer_id: &'a crate::types::CustomerId,
        policy_id: &'a crate::types::PolicyId,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = format!(
            "{}/v1/customers/{}/policies/{}", self.baseurl, encode_path(& customer_id
            .to_string()), encode_path(& policy_id.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self.client.delete(url).headers(header_map).build()?;
        let info = OperationInfo {
            operation_id: "delete_policy",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200..=299 => crate::transport::target::empty(&info, response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /**List the indirect partners of a customer

Lists the indirect resellers, or the indirect providers, that work with the customer. Auth: App+User only. The caller must be an indirect provider or an indirect reseller; other partners get the error code 1002, which is in no table ([a posted response](https://github.com/microsoft/PartnerCenterPowerShellModule/issues/83)). No paging is documented. A customer without indirect partners may give `null` ([an answer of Microsoft](https://learn.microsoft.com/en-us/answers/questions/339)). REF: [Get Partner Relationships By Customer ID](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-partner-relationships-by-customer-id).

Sends a `GET` request to `/v1/customers/{customer_id}/relationships`

Arguments:
- `customer_id`: The customer's tenant id. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload).
*/
    pub async fn list_customer_relationships<'a>(
        &'a self,
        customer_id: &'a crate::types::CustomerId,
    ) -> Result<
        ResponseValue<
            ::std::option::Option<
                crate::types::Collection<crate::types::PartnerRelationship>,
            >,
        >,
        Error<()>,
    > {
        let url = format!(
            "{}/v1/customers/{}/relationships", self.baseurl, encode_path(& customer_id
            .to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "list_customer_relationships",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200..=299 => crate::transport::target::value(&info, response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /**Get the organization profile of the partner

Reads the profile of the partner that the token belongs to: its tenant id, name and address. Auth: App+User only.

Sends a `GET` request to `/v1/profiles/organization`

*/
    pub async fn get_organization_profile<'a>(
        &'a self,
    ) -> Result<ResponseValue<types::OrganizationProfile>, Error<()>> {
        let url = format!("{}/v1/profiles/organization", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "get_organization_profile",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200..=299 => crate::transport::target::value(&info, response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /**List the indirect partners of the partner

Lists the indirect resellers of a provider, or the indirect providers of a reseller. Auth: App+User only. Other partners get the error code 1002. No paging is documented. REF: [Get Partner Relationships](https://learn.microsoft.com/en-us/rest/api/partner-center/manage-customer-accounts/get-partner-relationships).

Sends a `GET` request to `/v1/relationships`

Arguments:
- `filter`: JSON as in the filter of customers, with the field `Name` and the operator `starts_with`. Source: [.NET SDK](https://github.com/microsoft/partner-center-sdk-for-dotNET).
- `relationship_type`: `IsIndirectCloudSolutionProviderOf` for the resellers of a provider, `IsIndirectResellerOf` for the providers of a reseller. In query parameters, enum values are PascalCase. DEV calls the parameter required, REF optional. Source: [DEV](https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-list-of-indirect-resellers), [CIPP](https://github.com/KelvinTegelaar/CIPP-API).
*/
    pub async fn list_relationships<'a>(
        &'a self,
        filter: Option<&'a str>,
        relationship_type: Option<&'a str>,
    ) -> Result<
        ResponseValue<
            ::std::option::Option<
                crate::types::Collection<crate::types::PartnerRelationship>,
            >,
        >,
        Error<()>,
    > {
        let url = format!("{}/v1/relationships", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("filter", &filter))
            .query(
                &progenitor_client::QueryParam::new(
                    "relationship_type",
                    &relationship_type,
                ),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "list_relationships",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200..=299 => crate::transport::target::value(&info, response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
/// Items consumers will typically use such as the Client.
pub mod prelude {
    #[allow(unused_imports)]
    pub use super::Client;
}
