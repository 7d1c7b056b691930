//! Hardware of a strict world, built in code.

use super::world_format::{Hardware, WorldHash};

/// Hardware that exists in a strict world. See
/// [`WorldFile::with_known_hardware`](crate::WorldFile::with_known_hardware).
///
/// The fields must identify it: a hardware hash, a product key, or a serial number with manufacturer and model. They are
/// compared exactly, including upper and lower case.
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use]
pub struct KnownHardware(pub(super) Hardware);

impl KnownHardware {
    /// Creates an entry without fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the serial number.
    pub fn serial_number(mut self, text: impl Into<String>) -> Self {
        self.0.serial_number = Some(text.into());
        self
    }

    /// Sets the manufacturer.
    pub fn manufacturer(mut self, text: impl Into<String>) -> Self {
        self.0.oem_manufacturer_name = Some(text.into());
        self
    }

    /// Sets the model.
    pub fn model(mut self, text: impl Into<String>) -> Self {
        self.0.model_name = Some(text.into());
        self
    }

    /// Sets the product key. Any text is accepted, such as the placeholders in Microsoft's documents.
    pub fn product_key(mut self, text: impl Into<String>) -> Self {
        self.0.product_key = Some(text.into());
        self
    }

    /// Sets the hardware hash. Only its fingerprint is stored; the values inside set the fields that are not set. Any
    /// Base64 is accepted, such as the placeholders in Microsoft's documents.
    pub fn hardware_hash(mut self, text: &str) -> Self {
        self.0.hardware_hash = Some(WorldHash::parse(text));
        self
    }

    /// Marks the hardware as joined to a directory before. It then cannot be registered (814).
    pub fn joined(mut self) -> Self {
        self.0.joined = true;
        self
    }
}
