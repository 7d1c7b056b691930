//! The letters and the checklist.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io;
use std::io::Write;

use askama::Template;
use partner_center_devices::raw::printable;

use super::rejected::RejectedDevice;
use crate::language::Language;
use crate::report::csv_writer::write_csv;

/// The number of devices that a letter lists itself.
const LISTED: usize = 20;

/// The devices of one customer that another organization has registered.
#[derive(Clone, Debug)]
pub struct OwnershipCase {
    customer_id: String,
    customer: Option<String>,
    devices: Vec<RejectedDevice>,
}

/// Returns the placeholder for a name that is not known.
fn unknown_customer(language: Language) -> &'static str {
    match language {
        Language::English => "[name of the customer]",
        Language::German => "[Name des Kunden]",
        Language::French => "[nom du client]",
        Language::Japanese => "［お客様の名前］",
    }
}

/// The values of the templates.
struct Values<'a> {
    customer: &'a str,
    customer_id: &'a str,
    count: usize,
    first: Vec<Cow<'a, str>>,
    more: usize,
    tracking_ids: BTreeSet<Cow<'a, str>>,
}

/// Defines a function that renders the template of a language.
macro_rules! document {
    ($name:ident, $en:literal, $de:literal, $fr:literal, $ja:literal) => {
        fn $name(values: &Values<'_>, language: Language) -> Result<String, askama::Error> {
            macro_rules! render {
                ($path:literal) => {{
                    #[derive(Template)]
                    #[template(path = $path, escape = "none")]
                    struct Document<'a> {
                        values: &'a Values<'a>,
                    }
                    Document { values }.render()
                }};
            }
            match language {
                Language::English => render!($en),
                Language::German => render!($de),
                Language::French => render!($fr),
                Language::Japanese => render!($ja),
            }
        }
    };
}

document!(
    seller,
    "ownership/seller.en.txt",
    "ownership/seller.de.txt",
    "ownership/seller.fr.txt",
    "ownership/seller.ja.txt"
);
document!(
    microsoft,
    "ownership/microsoft.en.txt",
    "ownership/microsoft.de.txt",
    "ownership/microsoft.fr.txt",
    "ownership/microsoft.ja.txt"
);
document!(
    checklist,
    "ownership/checklist.en.txt",
    "ownership/checklist.de.txt",
    "ownership/checklist.fr.txt",
    "ownership/checklist.ja.txt"
);

impl OwnershipCase {
    /// Groups devices by customer, in the order of the report.
    #[must_use]
    pub fn by_customer(devices: impl IntoIterator<Item = RejectedDevice>) -> Vec<Self> {
        let mut cases: Vec<Self> = Vec::new();
        for device in devices {
            let is_same =
                |case: &&mut Self| case.customer_id.eq_ignore_ascii_case(&device.customer);
            match cases.iter_mut().find(is_same) {
                Some(case) => case.devices.push(device),
                None => cases.push(Self {
                    customer_id: device.customer.clone(),
                    customer: None,
                    devices: vec![device],
                }),
            }
        }
        cases
    }

    /// Sets the name of the customer. Without it the letters have a placeholder.
    #[must_use]
    pub fn named(self, customer: Option<String>) -> Self {
        Self { customer, ..self }
    }

    /// Returns the id of the customer.
    #[must_use]
    pub fn customer_id(&self) -> &str {
        &self.customer_id
    }

    /// Returns the devices.
    #[must_use]
    pub fn devices(&self) -> &[RejectedDevice] {
        &self.devices
    }

    /// Returns the names and texts of the documents in a language.
    ///
    /// # Errors
    /// If a text does not fit in memory.
    pub fn documents(&self, language: Language) -> io::Result<[(String, String); 3]> {
        let identifiers = self.devices.iter().map(|device| {
            let value = device.serial_number.as_deref().or(device.product_key.as_deref());
            printable::line(value.unwrap_or("?"))
        });
        let customer = self.customer.as_deref().unwrap_or(unknown_customer(language));
        let values = Values {
            customer: &printable::line(customer),
            customer_id: &printable::line(&self.customer_id),
            count: self.devices.len(),
            first: identifiers.take(LISTED).collect(),
            more: self.devices.len().saturating_sub(LISTED),
            tracking_ids: self
                .devices
                .iter()
                .filter_map(|device| device.tracking_id.as_deref())
                .map(printable::line)
                .take(LISTED)
                .collect(),
        };
        let code = language.code();
        let document = |name: &str, text: Result<String, askama::Error>| {
            Ok::<_, io::Error>((format!("{name}.{code}.txt"), text.map_err(io::Error::other)?))
        };
        Ok([
            document("checklist", checklist(&values, language))?,
            document("letter-to-microsoft-support", microsoft(&values, language))?,
            document("letter-to-seller", seller(&values, language))?,
        ])
    }

    /// Writes the devices as CSV, with the ids that a support case needs.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn write_devices(&self, writer: impl Write) -> io::Result<()> {
        const COLUMNS: [&str; 9] = [
            "serialNumber",
            "productKey",
            "customer",
            "batch",
            "trackingId",
            "requestId",
            "correlationId",
            "cv",
            "sent",
        ];
        fn text(text: Option<&String>) -> &str {
            text.map(String::as_str).unwrap_or_default()
        }
        let rows = self.devices.iter().map(|device| {
            [
                text(device.serial_number.as_ref()),
                text(device.product_key.as_ref()),
                &device.customer,
                text(device.batch.as_ref()),
                text(device.tracking_id.as_ref()),
                text(device.request_id.as_ref()),
                text(device.correlation_id.as_ref()),
                text(device.cv.as_ref()),
                text(device.sent.as_ref()),
            ]
        });
        write_csv(writer, &COLUMNS, rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(customer: &str, serial: usize) -> RejectedDevice {
        RejectedDevice {
            customer: customer.to_owned(),
            batch: Some("b1".to_owned()),
            serial_number: Some(format!("SN-{serial:04}")),
            product_key: None,
            tracking_id: Some("t1".to_owned()),
            request_id: None,
            correlation_id: Some("x1".to_owned()),
            cv: None,
            sent: None,
            other_customer: None,
            is_former: false,
        }
    }

    #[test]
    fn a_letter_lists_the_first_devices() {
        let devices = (0..22).map(|serial| device("C1", serial)).chain([device("c2", 99)]);
        let cases = OwnershipCase::by_customer(devices.chain([device("c1", 22)]));
        assert_eq!(cases.iter().map(|case| case.devices().len()).collect::<Vec<_>>(), [23, 1]);
        let case = cases[0].clone().named(Some("Contoso <GmbH>".to_owned()));
        for language in Language::ALL {
            let documents = case.documents(language).unwrap();
            for (name, text) in &documents {
                assert!(name.ends_with(&format!(".{}.txt", language.code())), "{name}");
                assert!(text.contains("Contoso <GmbH>") && text.contains("23"), "{text}");
                assert!(!text.contains("{{") && !text.contains("{%"), "{text}");
            }
            let [_, microsoft, seller] = &documents;
            for (_, letter) in [microsoft, seller] {
                assert!(letter.contains("- SN-0000\n") && letter.contains("- SN-0019\n"));
                assert!(!letter.contains("SN-0020") && letter.contains("(+3)"), "{letter}");
            }
            assert!(microsoft.1.contains("Tracking id: t1\n") && microsoft.1.contains("C1"));
            let [_, _, (_, unnamed)] = cases[1].documents(language).unwrap();
            assert!(unnamed.contains(unknown_customer(language)), "{unnamed}");
        }
        insta::assert_snapshot!(cases[1].documents(Language::English).unwrap()[1].1);
    }

    #[test]
    fn the_list_has_the_ids_for_a_support_case() {
        let mut bytes = Vec::new();
        OwnershipCase::by_customer([device("c1", 1)])[0].write_devices(&mut bytes).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "serialNumber,productKey,customer,batch,trackingId,requestId,correlationId,cv,sent\n\
             SN-0001,,c1,b1,t1,,x1,,\n"
        );
    }
}
