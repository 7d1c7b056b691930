//! The files of a fleet and the expected result of each row: several files, rows of all customers in each file,
//! devices of every kind, and rows that cannot be sent.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use partner_center_devices_testkit::hash::{HashBuilder, encode};

const HEADER: &str = "Tenant ID,Group Tag,Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";
const FILES: usize = 4;

/// The expected result of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Planned {
    Registered,
    /// 806, requested by a special serial number.
    AlreadyRegistered,
    /// 808, requested by a special serial number.
    Failed,
    Duplicate,
    Refused,
}

#[derive(Default)]
pub(crate) struct Files {
    /// The rows by file and line.
    pub(crate) rows: HashMap<(String, u64), Planned>,
    /// The names of the devices registered at the end, by customer and batch. `None` for a device without a name.
    pub(crate) registered: HashMap<(String, String), Vec<Option<String>>>,
    /// The number of devices sent.
    pub(crate) sent: usize,
}

impl Files {
    /// Writes the files. A list of a batch finds each device if `is_findable`: each one has a name and is registered.
    pub(crate) fn write(
        folder: &Path,
        devices: usize,
        customers: usize,
        is_findable: bool,
        random: &mut fastrand::Rng,
    ) -> Self {
        fs::create_dir_all(folder).unwrap();
        let mut files = Self::default();
        let mut texts = vec![(HEADER.to_owned(), 1); FILES];
        for number in 0..devices {
            let place = random.usize(..FILES);
            let (text, lines) = &mut texts[place];
            *lines += 1;
            let at = (format!("{place}.csv"), *lines);
            let customer = format!("00000000-0000-4000-8000-{:012}", random.usize(..customers));
            let batch = "Kills".to_owned();
            let (mut serial, mut key) = (format!("S{number:07}"), String::new());
            let (mut hash, mut maker, mut model) = (String::new(), "Contoso", "Model 7");
            let mut planned = Planned::Registered;
            match random.u8(..100) {
                0..30 => hash = hardware_hash(number),
                // Only its position in the job identifies it.
                30..40 if !is_findable => (hash, serial) = (hardware_hash(number), String::new()),
                40..60 => (key, serial) = (format!("33050{number:08}"), String::new()),
                60 if !is_findable => {
                    (serial, planned) = (format!("ZTD806-{number}"), Planned::AlreadyRegistered)
                }
                61 if !is_findable => {
                    (serial, planned) = (format!("ZTD808-{number}"), Planned::Failed)
                }
                62 => (model, planned) = ("", Planned::Refused),
                _ => {}
            }
            if planned == Planned::Refused {
                maker = "";
            }
            writeln!(text, "{customer},{batch},{serial},{key},{hash},{maker},{model}").unwrap();
            if random.u8(..100) == 0 && planned != Planned::Refused {
                writeln!(text, "{customer},{batch},{serial},{key},{hash},{maker},{model}").unwrap();
                *lines += 1;
                files.rows.insert((at.0.clone(), *lines), Planned::Duplicate);
            }
            files.rows.insert(at, planned);
            files.sent += usize::from(planned != Planned::Refused);
            if planned == Planned::Registered {
                let name = [serial, key].into_iter().find(|name| !name.is_empty());
                files.registered.entry((customer, batch)).or_default().push(name);
            }
        }
        for (place, (text, _)) in texts.iter().enumerate() {
            fs::write(folder.join(format!("{place}.csv")), text).unwrap();
        }
        files
    }
}

/// Returns a valid hash that is unique to this device. It has little padding, so that the files stay small.
fn hardware_hash(number: usize) -> String {
    let hash = HashBuilder::of_device(&format!("S{number:07}"), "Contoso", "Model 7");
    encode(&hash.record(12, &(number as u128).to_le_bytes()).bytes()[..300])
}
