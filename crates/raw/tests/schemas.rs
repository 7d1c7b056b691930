//! Every wire type of the spec has a JSON Schema with the `schemars` feature.
#![cfg(feature = "schemars")]

use partner_center_devices_raw::types;

macro_rules! schemas {
    ($($name:ident),+ $(,)?) => {
        vec![$((stringify!($name), schemars::schema_for!(types::$name))),+]
    };
}

#[test]
fn every_wire_type_has_a_schema() {
    let schemas = schemas![
        Address,
        ApiFault,
        AuditOperationStatus,
        AuditOperationType,
        AuditRecord,
        AuditRecordDetail,
        AuditResourceType,
        BatchId,
        BatchTrackingId,
        BatchUploadDetails,
        BatchUploadStatus,
        ConfigurationPolicy,
        Customer,
        CustomerBillingProfile,
        CustomerCompanyProfile,
        CustomerId,
        CustomerPartnerRelationship,
        Device,
        DeviceBatch,
        DeviceBatchCreationRequest,
        DeviceErrorCode,
        DeviceId,
        DevicePolicy,
        DevicePolicyUpdateRequest,
        DeviceUploadDetails,
        DeviceUploadStatus,
        FaultCode,
        GatewayFault,
        HardwareHash,
        HeaderPair,
        Link,
        NewConfigurationPolicy,
        OrganizationProfile,
        PartnerDateTime,
        PartnerRelationship,
        PartnerRelationshipType,
        PersonalText,
        PolicyCategory,
        PolicyId,
        PolicySetting,
        ResourceAttributes,
        ResourceLinks,
    ];
    let lists = [
        schemars::schema_for!(types::Collection<types::Device>),
        schemars::schema_for!(types::Collection<types::DeviceBatch>),
        schemars::schema_for!(types::Collection<types::ConfigurationPolicy>),
        schemars::schema_for!(types::Collection<types::AuditRecord>),
        schemars::schema_for!(types::Collection<types::Customer>),
        schemars::schema_for!(types::Collection<types::PartnerRelationship>),
    ];
    let named = partner_center_devices_testkit::schemas();
    for name in named.iter().filter(|name| !name.ends_with("Collection")) {
        assert!(
            schemas.iter().any(|(covered, _)| covered == name),
            "{name} has no schema in this test"
        );
    }
    for (name, schema) in &schemas {
        let text = serde_json::to_string(schema).unwrap();
        let is_text = text.contains("\"string\"");
        let is_object = text.contains("\"properties\"");
        assert!(is_text || is_object, "{name}: {text}");
        assert!(text.contains("description"), "{name} has no description: {text}");
    }
    assert_eq!(named.len(), schemas.len() + lists.len());
    for schema in lists {
        assert!(schema.to_value()["properties"]["items"].is_object());
    }
}
