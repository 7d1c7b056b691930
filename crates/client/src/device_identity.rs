//! The fields that identify a device. The service accepts six combinations
//! (<https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources>), and a [`DeviceIdentity`]
//! can only be one of them.

use std::fmt;

use partner_center_devices_raw::types as wire;
use partner_center_devices_raw::types::HardwareHash;
use serde::{Deserialize, Deserializer};

/// The identity of a device: one of the six combinations of fields that the service accepts.
///
/// | combination | constructor |
/// |---|---|
/// | hardware hash | [`from_hash`](Self::from_hash) |
/// | hardware hash, product key | `from_hash` and [`with_product_key`](Self::with_product_key) |
/// | hardware hash, serial number | `from_hash` and [`with_serial_number`](Self::with_serial_number) |
/// | hardware hash, product key, serial number | `from_hash` and both |
/// | product key | [`from_product_key`](Self::from_product_key) |
/// | serial number, manufacturer, model | [`from_model`](Self::from_model) |
///
/// `Debug` shortens the hash.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeviceIdentity(Combination);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Combination {
    Hash { hash: HardwareHash, product_key: Option<Box<str>>, serial_number: Option<Box<str>> },
    ProductKey(Box<str>),
    Model { serial_number: Box<str>, manufacturer: Box<str>, model: Box<str> },
}

/// The kind of a [`DeviceIdentity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeviceKind {
    /// A hardware hash, with or without a product key and a serial number.
    HardwareHash,
    /// Only a product key (PKID).
    ProductKey,
    /// Serial number, manufacturer and model.
    Model,
}

/// The error for a field that is empty, or that does not fit into any accepted combination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidIdentity {
    field: &'static str,
    empty: bool,
}

impl InvalidIdentity {
    /// Returns the field: `hardware hash`, `product key`, `serial number`, `manufacturer` or `model`.
    #[must_use]
    pub fn field(&self) -> &'static str {
        self.field
    }
}

impl fmt::Display for InvalidIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, .. } = self;
        if self.empty {
            write!(f, "the {field} is empty")
        } else {
            write!(f, "the {field} cannot be combined with these fields, only with a hardware hash")
        }
    }
}

impl std::error::Error for InvalidIdentity {}

impl DeviceIdentity {
    /// Identifies a device by its hardware hash: a base64 text from Windows or the manufacturer, usually a few thousand
    /// characters long (<https://learn.microsoft.com/en-us/autopilot/add-devices>).
    ///
    /// # Errors
    /// If the hash is empty. Its format is not checked.
    pub fn from_hash(hash: impl Into<Box<str>>) -> Result<Self, InvalidIdentity> {
        let hash = HardwareHash::new(filled("hardware hash", hash)?);
        Ok(Self(Combination::Hash { hash, product_key: None, serial_number: None }))
    }

    /// Identifies a device by its product key (PKID): 13 digits that most manufacturers print on the box.
    ///
    /// # Errors
    /// If the key is empty. Its format is not checked, because the documents show other formats too.
    pub fn from_product_key(product_key: impl Into<Box<str>>) -> Result<Self, InvalidIdentity> {
        Ok(Self(Combination::ProductKey(filled("product key", product_key)?)))
    }

    /// Identifies a device by serial number, manufacturer and model. Match the manufacturer's spelling exactly, including
    /// case.
    ///
    /// # Errors
    /// If one of them is empty.
    pub fn from_model(
        serial_number: impl Into<Box<str>>,
        manufacturer: impl Into<Box<str>>,
        model: impl Into<Box<str>>,
    ) -> Result<Self, InvalidIdentity> {
        Ok(Self(Combination::Model {
            serial_number: filled("serial number", serial_number)?,
            manufacturer: filled("manufacturer", manufacturer)?,
            model: filled("model", model)?,
        }))
    }

    /// Adds the product key to a hardware hash.
    ///
    /// # Errors
    /// If the key is empty, or if this is not a hardware hash: no other combination accepts it.
    pub fn with_product_key(mut self, key: impl Into<Box<str>>) -> Result<Self, InvalidIdentity> {
        let key = filled("product key", key)?;
        let Combination::Hash { product_key, .. } = &mut self.0 else {
            return Err(InvalidIdentity { field: "product key", empty: false });
        };
        *product_key = Some(key);
        Ok(self)
    }

    /// Adds the serial number to a hardware hash.
    ///
    /// # Errors
    /// If the number is empty, or if this is not a hardware hash.
    pub fn with_serial_number(
        mut self,
        serial: impl Into<Box<str>>,
    ) -> Result<Self, InvalidIdentity> {
        let serial = filled("serial number", serial)?;
        let Combination::Hash { serial_number, .. } = &mut self.0 else {
            return Err(InvalidIdentity { field: "serial number", empty: false });
        };
        *serial_number = Some(serial);
        Ok(self)
    }

    /// Returns the kind of combination.
    #[must_use]
    pub fn kind(&self) -> DeviceKind {
        match &self.0 {
            Combination::Hash { .. } => DeviceKind::HardwareHash,
            Combination::ProductKey(_) => DeviceKind::ProductKey,
            Combination::Model { .. } => DeviceKind::Model,
        }
    }

    /// Returns the hardware hash, if the combination has one.
    #[must_use]
    pub fn hardware_hash(&self) -> Option<&HardwareHash> {
        match &self.0 {
            Combination::Hash { hash, .. } => Some(hash),
            _ => None,
        }
    }

    /// Returns the product key, if the combination has one.
    #[must_use]
    pub fn product_key(&self) -> Option<&str> {
        match &self.0 {
            Combination::Hash { product_key, .. } => product_key.as_deref(),
            Combination::ProductKey(key) => Some(key),
            Combination::Model { .. } => None,
        }
    }

    /// Returns the serial number, if the combination has one.
    #[must_use]
    pub fn serial_number(&self) -> Option<&str> {
        match &self.0 {
            Combination::Hash { serial_number, .. } => serial_number.as_deref(),
            Combination::Model { serial_number, .. } => Some(serial_number),
            Combination::ProductKey(_) => None,
        }
    }

    /// Returns the manufacturer, if the combination has one.
    #[must_use]
    pub fn manufacturer(&self) -> Option<&str> {
        match &self.0 {
            Combination::Model { manufacturer, .. } => Some(manufacturer),
            _ => None,
        }
    }

    /// Returns the model, if the combination has one.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        match &self.0 {
            Combination::Model { model, .. } => Some(model),
            _ => None,
        }
    }

    /// Converts to the wire type, with only these fields.
    pub(crate) fn into_wire(self) -> wire::Device {
        let mut device = wire::Device::default();
        match self.0 {
            Combination::Hash { hash, product_key, serial_number } => {
                device.hardware_hash = Some(hash);
                device.product_key = product_key.map(Into::into);
                device.serial_number = serial_number.map(Into::into);
            }
            Combination::ProductKey(key) => device.product_key = Some(key.into()),
            Combination::Model { serial_number, manufacturer, model } => {
                device.serial_number = Some(serial_number.into());
                device.oem_manufacturer_name = Some(manufacturer.into());
                device.model_name = Some(model.into());
            }
        }
        device
    }
}

/// Reads an object with the names of the service: `hardwareHash`, `productKey`, `serialNumber`, `oemManufacturerName`
/// (or `manufacturer`) and `modelName` (or `model`). If it has several combinations, the best one is used, as
/// [`IdentityFields::choose`] does.
impl<'de> Deserialize<'de> for DeviceIdentity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = IdentityFields::deserialize(deserializer)?;
        fields.choose().map_err(serde::de::Error::custom)
    }
}

/// Returns the text without surrounding white space, which comes from files and never matches.
fn filled(field: &'static str, text: impl Into<Box<str>>) -> Result<Box<str>, InvalidIdentity> {
    let text = text.into();
    match text.trim() {
        "" => Err(InvalidIdentity { field, empty: true }),
        trimmed if trimmed.len() == text.len() => Ok(text),
        trimmed => Ok(trimmed.into()),
    }
}

/// All known fields of a device, for example from a row of a vendor's file. They may contain several accepted
/// combinations, or none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct IdentityFields {
    /// The hardware hash.
    pub hardware_hash: Option<HardwareHash>,
    /// The product key (PKID).
    pub product_key: Option<String>,
    /// The serial number.
    pub serial_number: Option<String>,
    /// The manufacturer's name.
    #[serde(alias = "oemManufacturerName")]
    pub manufacturer: Option<String>,
    /// The model's name.
    #[serde(alias = "modelName")]
    pub model: Option<String>,
}

/// The error for [`IdentityFields`] that contain no accepted combination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncompleteIdentity {
    /// The fields that are not empty, for the message.
    present: Vec<&'static str>,
}

impl fmt::Display for IncompleteIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.present.as_slice() {
            [] => f.write_str("no field identifies the device")?,
            [one] => write!(f, "the {one} does not identify a device without other fields")?,
            [most @ .., last] => {
                write!(
                    f,
                    "{} and {last} do not identify a device without other fields",
                    most.join(", ")
                )?;
            }
        }
        f.write_str(
            "; add the hardware hash, the product key, or the serial number with manufacturer and model",
        )
    }
}

impl std::error::Error for IncompleteIdentity {}

impl IdentityFields {
    /// Chooses the best accepted combination. Empty fields do not count.
    ///
    /// A hardware hash comes first, with the product key and the serial number if they exist: it still works after a
    /// motherboard change. Then the product key, which Microsoft asks partners to prefer over the model
    /// (<https://learn.microsoft.com/en-us/autopilot/partner-registration>). Then serial number, manufacturer and
    /// model. Fields outside the combination are not sent.
    ///
    /// # Errors
    /// If the fields contain no accepted combination.
    pub fn choose(self) -> Result<DeviceIdentity, IncompleteIdentity> {
        let fill = |text: Option<String>| {
            text.filter(|text| !text.trim().is_empty()).map(String::into_boxed_str)
        };
        let hash = self.hardware_hash.and_then(|hash| match hash.expose().trim() {
            "" => None,
            trimmed if trimmed.len() == hash.expose().len() => Some(hash), // thousands of characters
            trimmed => Some(HardwareHash::new(trimmed)),
        });
        let (product_key, serial_number) = (fill(self.product_key), fill(self.serial_number));
        let (manufacturer, model) = (fill(self.manufacturer), fill(self.model));
        Ok(DeviceIdentity(match (hash, product_key, serial_number, manufacturer, model) {
            (Some(hash), product_key, serial_number, ..) => {
                Combination::Hash { hash, product_key, serial_number }
            }
            (None, Some(key), ..) => Combination::ProductKey(key),
            (None, None, Some(serial_number), Some(manufacturer), Some(model)) => {
                Combination::Model { serial_number, manufacturer, model }
            }
            (None, None, serial_number, manufacturer, model) => {
                let present = [
                    ("serial number", serial_number.is_some()),
                    ("manufacturer", manufacturer.is_some()),
                    ("model", model.is_some()),
                ];
                let present =
                    present.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect();
                return Err(IncompleteIdentity { present });
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(identity: DeviceIdentity) -> String {
        serde_json::to_string(&identity.into_wire()).unwrap()
    }

    #[test]
    fn reads_what_the_service_and_people_write() {
        for (json_text, sent) in [
            (
                r#"{"hardwareHash":"T0E","serialNumber":"2"}"#,
                r#"{"hardwareHash":"T0E","serialNumber":"2"}"#,
            ),
            (r#"{"productKey":"1","x":[]}"#, r#"{"productKey":"1"}"#),
            (
                r#"{"serialNumber":"2","manufacturer":"M","model":"N"}"#,
                r#"{"modelName":"N","oemManufacturerName":"M","serialNumber":"2"}"#,
            ),
            (
                r#"{"serialNumber":"2","oemManufacturerName":"M","modelName":"N","productKey":null}"#,
                r#"{"modelName":"N","oemManufacturerName":"M","serialNumber":"2"}"#,
            ),
        ] {
            assert_eq!(json(serde_json::from_str(json_text).unwrap()), sent, "{json_text}");
        }
        let error = serde_json::from_str::<DeviceIdentity>(r#"{"serialNumber":"2"}"#).unwrap_err();
        assert!(
            error.to_string().contains("the serial number does not identify a device"),
            "{error}"
        );
    }

    #[test]
    fn each_combination_sends_only_its_fields() {
        let hash = || DeviceIdentity::from_hash("T0E").unwrap();
        for (identity, sent) in [
            (hash(), r#"{"hardwareHash":"T0E"}"#),
            (hash().with_product_key("1").unwrap(), r#"{"hardwareHash":"T0E","productKey":"1"}"#),
            (
                hash().with_serial_number("2").unwrap(),
                r#"{"hardwareHash":"T0E","serialNumber":"2"}"#,
            ),
            (
                hash().with_product_key("1").unwrap().with_serial_number("2").unwrap(),
                r#"{"hardwareHash":"T0E","productKey":"1","serialNumber":"2"}"#,
            ),
            (DeviceIdentity::from_product_key("1").unwrap(), r#"{"productKey":"1"}"#),
            (
                DeviceIdentity::from_model("2", "Dell Inc.", "Latitude").unwrap(),
                r#"{"modelName":"Latitude","oemManufacturerName":"Dell Inc.","serialNumber":"2"}"#,
            ),
        ] {
            assert_eq!(json(identity), sent);
        }
    }

    #[test]
    fn a_field_outside_the_combination_is_an_error() {
        let key = DeviceIdentity::from_product_key("1").unwrap();
        let error = key.with_serial_number("2").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the serial number cannot be combined with these fields, only with a hardware hash"
        );
        let model = DeviceIdentity::from_model("1", "m", "n").unwrap();
        assert_eq!(model.with_product_key("2").unwrap_err().field(), "product key");
    }

    #[test]
    fn surrounding_white_space_is_not_sent() {
        assert_eq!(
            json(DeviceIdentity::from_product_key(" 1\t").unwrap()),
            r#"{"productKey":"1"}"#
        );
    }

    #[test]
    fn an_empty_field_is_named() {
        assert_eq!(
            DeviceIdentity::from_hash(" ").unwrap_err().to_string(),
            "the hardware hash is empty"
        );
        assert_eq!(DeviceIdentity::from_model("1", "", "x").unwrap_err().field(), "manufacturer");
    }

    /// Checks that a subset of the five fields is accepted if, and only if, it contains an accepted combination.
    #[test]
    fn chooses_the_best_combination() {
        for bits in 0..32_u32 {
            let field = |bit: u32, name: &str| (bits & (1 << bit) != 0).then(|| name.to_owned());
            let [hash, key, serial, maker, model] =
                [field(0, "h"), field(1, "k"), field(2, "s"), field(3, "m"), field(4, "n")];
            let fields = IdentityFields {
                hardware_hash: hash.clone().map(HardwareHash::new),
                product_key: key.clone(),
                serial_number: serial.clone(),
                manufacturer: maker.clone(),
                model: model.clone(),
            };
            let tuple = serial.is_some() && maker.is_some() && model.is_some();
            match fields.choose() {
                Ok(chosen) if hash.is_some() => {
                    assert_eq!(chosen.kind(), DeviceKind::HardwareHash);
                    assert_eq!(chosen.product_key(), key.as_deref());
                    assert_eq!(chosen.serial_number(), serial.as_deref());
                    assert_eq!(chosen.model(), None);
                }
                Ok(chosen) if key.is_some() => {
                    assert_eq!(chosen, DeviceIdentity::from_product_key("k").unwrap())
                }
                Ok(chosen) => {
                    assert!(tuple);
                    assert_eq!(chosen, DeviceIdentity::from_model("s", "m", "n").unwrap());
                }
                Err(_) => assert!(hash.is_none() && key.is_none() && !tuple, "{bits:b}"),
            }
        }
    }

    #[test]
    fn the_error_lists_present_and_missing_fields() {
        let message = |serial: &str, model: &str| {
            let fields = IdentityFields {
                serial_number: Some(serial.to_owned()),
                model: Some(model.to_owned()),
                ..Default::default()
            };
            fields.choose().unwrap_err().to_string()
        };
        insta::assert_snapshot!(message("", " "), @"no field identifies the device; add the hardware hash, the product key, or the serial number with manufacturer and model");
        insta::assert_snapshot!(message("1", ""), @"the serial number does not identify a device without other fields; add the hardware hash, the product key, or the serial number with manufacturer and model");
        insta::assert_snapshot!(message("1", "x"), @"serial number and model do not identify a device without other fields; add the hardware hash, the product key, or the serial number with manufacturer and model");
    }
}
