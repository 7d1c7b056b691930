//! A generated file of devices with valid hardware hashes of 4,000 characters.

use std::io::{self, Read};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

const HEADER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";
const HEADER_OF_MANY: &str = "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model,Tenant ID,Group Tag\n";
/// The offset at which hashes differ: the serial number is the last record, and the checksum follows it.
const RECORDS: usize = 1260;
const SERIAL: usize = 10;
/// The last four digits are replaced by the number of the customer.
const CUSTOMER: &str = "00000000-0000-4000-8000-000000000000";
const BATCH: &str = ",Berlin";

/// A file that is generated while it is read. Each hash contains the serial number of its row.
pub(crate) struct File {
    header: &'static [u8],
    rows: usize,
    /// The number of customers, which take turns; 0 for a file without customers.
    customers: usize,
    /// The number of rows generated so far.
    generated: usize,
    /// The current row, and how much of it was read.
    row: Vec<u8>,
    consumed: usize,
    /// The offset of the hash in a row, and the state of the checksum before the serial number.
    hash: usize,
    sum: Sha256,
}

impl File {
    pub(crate) fn new(rows: usize, customers: usize) -> Self {
        let (maker, model) = ("Dell Inc.", "Latitude 5450");
        let mut records = Vec::new();
        let mut add = |kind: u16, data: &[u8]| {
            records.extend(kind.to_le_bytes());
            records.extend((data.len() as u16 + 4).to_le_bytes());
            records.extend(data);
        };
        add(16, format!("{maker}\0").as_bytes());
        add(17, format!("{model}\0").as_bytes());
        add(12, &[7; 16]);
        // Padding in place of the TPM key and component names of a real hash.
        let rest = RECORDS - 4 - 4 - (4 + maker.len() + 1) - (4 + model.len() + 1) - 20;
        add(13, &vec![0x5A; rest]);
        let end = RECORDS + 4 + SERIAL + 1;
        let mut bytes = [b"OA", &(end as u16).to_le_bytes()[..], &records].concat();
        assert_eq!(bytes.len(), RECORDS);
        let sum = Sha256::new_with_prefix(&bytes);
        bytes.resize(3000, 0);

        let start = format!("{},,", "0".repeat(SERIAL));
        let mut row = format!("{start}{},{maker},{model}", STANDARD.encode(bytes)).into_bytes();
        if customers > 0 {
            row.extend(format!(",{CUSTOMER}{BATCH}").into_bytes());
        }
        row.push(b'\n');
        let consumed = row.len();
        Self {
            header: if customers > 0 { HEADER_OF_MANY } else { HEADER }.as_bytes(),
            rows,
            customers,
            generated: 0,
            row,
            consumed,
            hash: start.len(),
            sum,
        }
    }

    fn generate(&mut self) {
        let serial = format!("S{:0width$}", self.generated, width = SERIAL - 1);
        let length = (4 + SERIAL + 1) as u8;
        let mut tail = [&[14, 0, length, 0][..], serial.as_bytes(), &[0]].concat();
        let sum = self.sum.clone().chain_update(&tail).finalize();
        tail.extend(b"CS\x24\0");
        tail.extend(sum);
        tail.resize(tail.len().next_multiple_of(3), 0);
        self.row[..SERIAL].copy_from_slice(serial.as_bytes());
        let place = self.hash + RECORDS / 3 * 4;
        let end = place + tail.len() / 3 * 4;
        STANDARD.encode_slice(tail, &mut self.row[place..end]).unwrap();
        if let Some(turn) = self.generated.checked_rem(self.customers) {
            let place = self.row.len() - BATCH.len() - 1 - 4;
            self.row[place..place + 4].copy_from_slice(format!("{turn:04}").as_bytes());
        }
        (self.generated, self.consumed) = (self.generated + 1, 0);
    }
}

impl Read for File {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = self.header.read(buffer)?;
        while filled < buffer.len() {
            if self.consumed == self.row.len() {
                if self.generated == self.rows {
                    break;
                }
                self.generate();
            }
            let count = (buffer.len() - filled).min(self.row.len() - self.consumed);
            let from = &self.row[self.consumed..self.consumed + count];
            buffer[filled..filled + count].copy_from_slice(from);
            (filled, self.consumed) = (filled + count, self.consumed + count);
        }
        Ok(filled)
    }
}
