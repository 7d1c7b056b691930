//! A CSV file of devices with valid hardware hashes of 4,000 characters, generated while it is read.

use std::io::{self, Read};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use partner_center_devices_testkit::hash::{HashBuilder, encode};
use sha2::{Digest, Sha256};

const HEADER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";
const HEADER_WITH_CUSTOMER: &str = "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model,Tenant ID,Group Tag\n";
/// The number of bytes of a hash that are the same in all rows. The serial number and the checksum come after them.
const SHARED_BYTES: usize = 1260;
const SERIAL_LENGTH: usize = 10;
/// The id of each customer, except for its last four digits.
const CUSTOMER: &str = "00000000-0000-4000-8000-000000000000";
const BATCH: &str = ",Berlin";

/// A file of devices, one per row, with the serial number of the row in its hash. Generating it costs little.
pub(crate) struct DeviceFile {
    header: &'static [u8],
    rows: usize,
    /// The number of customers that the rows go to in turn; 0 for a file without a customer column.
    customers: usize,
    /// The number of rows that were generated.
    generated: usize,
    /// The current row, and the number of its bytes that were read.
    row: Vec<u8>,
    read: usize,
    /// The position of the hash in a row.
    hash_start: usize,
    /// The SHA-256 of the bytes before the serial number.
    checksum: Sha256,
}

impl DeviceFile {
    pub(crate) fn new(rows: usize, customers: usize) -> Self {
        let (maker, model) = ("Dell Inc.", "Latitude 5450");
        // Real hashes have the TPM's key and the names of parts here.
        let filler = SHARED_BYTES - 4 - 4 - (4 + maker.len() + 1) - (4 + model.len() + 1) - 20;
        let shared = HashBuilder::new().text(16, maker).text(17, model).record(12, &[7; 16]);
        let bytes =
            shared.record(25, &vec![0x5A; filler]).text(14, &"0".repeat(SERIAL_LENGTH)).bytes();
        let checksum = Sha256::new_with_prefix(&bytes[..SHARED_BYTES]);

        let start = format!("{},,", "0".repeat(SERIAL_LENGTH));
        let mut row = format!("{start}{},{maker},{model}", encode(&bytes)).into_bytes();
        if customers > 0 {
            row.extend(format!(",{CUSTOMER}{BATCH}").into_bytes());
        }
        row.push(b'\n');
        let read = row.len();
        Self {
            header: if customers > 0 { HEADER_WITH_CUSTOMER } else { HEADER }.as_bytes(),
            rows,
            customers,
            generated: 0,
            row,
            read,
            hash_start: start.len(),
            checksum,
        }
    }

    /// Writes the serial number, the hash and the customer of the next row into the current one.
    fn generate_row(&mut self) {
        let serial = format!("S{:0width$}", self.generated, width = SERIAL_LENGTH - 1);
        let length = (4 + SERIAL_LENGTH + 1) as u8;
        let mut tail = [&[14, 0, length, 0][..], serial.as_bytes(), &[0]].concat();
        let checksum = self.checksum.clone().chain_update(&tail).finalize();
        tail.extend(b"CS\x24\0");
        tail.extend(checksum);
        tail.resize(tail.len().next_multiple_of(3), 0);
        self.row[..SERIAL_LENGTH].copy_from_slice(serial.as_bytes());
        let start = self.hash_start + SHARED_BYTES / 3 * 4;
        let end = start + tail.len() / 3 * 4;
        STANDARD.encode_slice(tail, &mut self.row[start..end]).unwrap();
        if let Some(customer) = self.generated.checked_rem(self.customers) {
            let start = self.row.len() - BATCH.len() - 1 - 4;
            self.row[start..start + 4].copy_from_slice(format!("{customer:04}").as_bytes());
        }
        (self.generated, self.read) = (self.generated + 1, 0);
    }
}

impl Read for DeviceFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = self.header.read(buffer)?;
        while filled < buffer.len() {
            if self.read == self.row.len() {
                if self.generated == self.rows {
                    break;
                }
                self.generate_row();
            }
            let count = (buffer.len() - filled).min(self.row.len() - self.read);
            let from = &self.row[self.read..self.read + count];
            buffer[filled..filled + count].copy_from_slice(from);
            (filled, self.read) = (filled + count, self.read + count);
        }
        Ok(filled)
    }
}
