//! A file of devices with hardware hashes of 4,000 characters that hold, made while it is read.

use std::io::{self, Read};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

const HEADER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";
const HEADER_OF_MANY: &str = "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model,Tenant ID,Group Tag\n";
/// Where the bytes of a hash change from row to row: its serial number is the last record, then the checksum.
const RECORDS: usize = 1260;
const SERIAL: usize = 10;
/// Its last four digits are those of its number.
const CUSTOMER: &str = "00000000-0000-4000-8000-000000000000";
const BATCH: &str = ",Berlin";

/// A file of hashes that hold, each with the serial number of its row, as cheap to make as may be.
pub(crate) struct File {
    header: &'static [u8],
    rows: usize,
    /// They have their turns; 0 if the file does not say any.
    customers: usize,
    /// How many are made.
    made: usize,
    /// What is given out, and how much of it was.
    row: Vec<u8>,
    given: usize,
    /// Where the hash begins in a row, and the state of the checksum before the serial number.
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
        // Something to fill, as the key of the TPM and the names of parts do.
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
        let given = row.len();
        Self {
            header: if customers > 0 { HEADER_OF_MANY } else { HEADER }.as_bytes(),
            rows,
            customers,
            made: 0,
            row,
            given,
            hash: start.len(),
            sum,
        }
    }

    fn make(&mut self) {
        let serial = format!("S{:0width$}", self.made, width = SERIAL - 1);
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
        if let Some(turn) = self.made.checked_rem(self.customers) {
            let place = self.row.len() - BATCH.len() - 1 - 4;
            self.row[place..place + 4].copy_from_slice(format!("{turn:04}").as_bytes());
        }
        (self.made, self.given) = (self.made + 1, 0);
    }
}

impl Read for File {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = self.header.read(buffer)?;
        while filled < buffer.len() {
            if self.given == self.row.len() {
                if self.made == self.rows {
                    break;
                }
                self.make();
            }
            let count = (buffer.len() - filled).min(self.row.len() - self.given);
            let from = &self.row[self.given..self.given + count];
            buffer[filled..filled + count].copy_from_slice(from);
            (filled, self.given) = (filled + count, self.given + count);
        }
        Ok(filled)
    }
}
