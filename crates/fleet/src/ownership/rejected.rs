//! The devices of a report that the service rejected with error 808.

use std::error::Error;
use std::fmt;

use serde::Deserialize;

use crate::report::{EarlierRegistration, OTHER_ORGANIZATION, Report, ReportRow};

/// The id of [`EarlierRegistration::FormerCustomer`].
const FORMER_CUSTOMER: &str = "formerCustomer";

/// A device that another organization has registered, and the request that was rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedDevice {
    /// The customer's id.
    pub customer: String,
    /// The batch.
    pub batch: Option<String>,
    /// The serial number.
    pub serial_number: Option<String>,
    /// The product key.
    pub product_key: Option<String>,
    /// The tracking id of the job.
    pub tracking_id: Option<String>,
    /// The `MS-RequestId` of the request.
    pub request_id: Option<String>,
    /// The `MS-CorrelationId` of the request.
    pub correlation_id: Option<String>,
    /// The `MS-CV` of the response.
    pub cv: Option<String>,
    /// The time at which the device was last sent, in RFC 3339.
    pub sent: Option<String>,
    /// The id of another customer of the same partner, if that one has the device, or had it: then no stranger has it.
    pub other_customer: Option<String>,
    /// True if that customer no longer has the device, so that it can be sent again.
    pub is_former: bool,
}

/// A file is not a report of `upload`.
#[derive(Debug)]
pub struct NotAReport(Box<dyn Error + Send + Sync>);

impl fmt::Display for NotAReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the file is not a report of an upload in JSON or CSV")
    }
}

impl Error for NotAReport {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

/// The cells of a report's row that the letters need.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    /// Null for a row without a customer.
    customer: Option<String>,
    code: Option<String>,
    serial_number: Option<String>,
    product_key: Option<String>,
    batch: Option<String>,
    tracking_id: Option<String>,
    request_id: Option<String>,
    correlation_id: Option<String>,
    cv: Option<String>,
    sent: Option<String>,
    /// Missing in reports of earlier versions.
    #[serde(default)]
    earlier_customer: Option<String>,
    /// Missing in reports of earlier versions.
    #[serde(default)]
    earlier_registration: Option<String>,
}

impl Row {
    fn device(self) -> Option<RejectedDevice> {
        self.code.filter(|code| code == OTHER_ORGANIZATION)?;
        Some(RejectedDevice {
            customer: self.customer?,
            batch: self.batch,
            serial_number: self.serial_number,
            product_key: self.product_key,
            tracking_id: self.tracking_id,
            request_id: self.request_id,
            correlation_id: self.correlation_id,
            cv: self.cv,
            sent: self.sent,
            other_customer: self.earlier_customer.filter(|id| !id.is_empty()),
            is_former: self.earlier_registration.as_deref() == Some(FORMER_CUSTOMER),
        })
    }
}

impl Report {
    /// Returns the devices that are registered with another organization (error 808), also if it is another customer of this partner.
    pub fn registered_elsewhere(&self) -> impl Iterator<Item = RejectedDevice> {
        self.rows().iter().filter_map(of_row)
    }
}

fn of_row(row: &ReportRow) -> Option<RejectedDevice> {
    let text = |text: Option<&str>| text.map(str::to_owned);
    let destination = row.destination()?;
    let earlier = row.earlier_registration();
    let other_customer = earlier.and_then(EarlierRegistration::customer);
    (row.code() == Some(OTHER_ORGANIZATION)).then(|| RejectedDevice {
        customer: destination.customer().to_string(),
        batch: Some(destination.batch().to_string()),
        serial_number: text(row.serial_number()),
        product_key: text(row.product_key()),
        tracking_id: row.tracking_id().map(ToString::to_string),
        request_id: text(row.request_id()),
        correlation_id: text(row.correlation_id()),
        cv: text(row.cv()),
        sent: row.exchange.as_ref().map(|exchange| exchange.sent.to_string()),
        other_customer: other_customer.map(ToString::to_string),
        is_former: earlier.is_some_and(|earlier| earlier.id() == FORMER_CUSTOMER),
    })
}

/// Returns the devices of a report in JSON that are registered with another organization (error 808).
///
/// # Errors
/// If the text is not a report.
pub fn rejected_in_json(text: &str) -> Result<Vec<RejectedDevice>, NotAReport> {
    #[derive(Deserialize)]
    struct Document {
        rows: Vec<Row>,
    }
    let document: Document =
        serde_json::from_str(text).map_err(|error| NotAReport(error.into()))?;
    Ok(document.rows.into_iter().filter_map(Row::device).collect())
}

/// Returns the devices of a report in CSV that are registered with another organization (error 808). A spreadsheet may have
/// changed the separator to a semicolon or a tab.
///
/// # Errors
/// If the text is not a report.
pub fn rejected_in_csv(text: &str) -> Result<Vec<RejectedDevice>, NotAReport> {
    let header = text.lines().next().unwrap_or_default();
    let separator = b",;\t"
        .iter()
        .copied()
        .max_by_key(|separator| header.bytes().filter(|byte| byte == separator).count());
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator.unwrap_or(b',')).from_reader(text.as_bytes());
    let columns = reader.headers().map_err(|error| NotAReport(error.into()))?;
    if let Some(missing) =
        ["customer", "code"].iter().find(|name| !columns.iter().any(|it| it == **name))
    {
        return Err(NotAReport(format!("there is no column '{missing}'").into()));
    }
    let rows = reader.deserialize().filter_map(|row: Result<Row, csv::Error>| {
        row.map(|row| row.device().map(without_escapes)).transpose()
    });
    rows.collect::<Result<_, _>>().map_err(|error| NotAReport(error.into()))
}

/// Removes the apostrophes that stop a spreadsheet from reading a cell as a formula.
fn without_escapes(device: RejectedDevice) -> RejectedDevice {
    let unescaped = |text: Option<String>| {
        let text = text?;
        let rest = text.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@']));
        Some(rest.map(str::to_owned).unwrap_or(text))
    };
    RejectedDevice {
        batch: unescaped(device.batch),
        serial_number: unescaped(device.serial_number),
        product_key: unescaped(device.product_key),
        ..device
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_devices_of_a_report_in_each_format() {
        let json = r#"{"allWell":false,"rows":[
            {"customer":"c1","code":"808","serialNumber":"S1","batch":"-b","correlationId":"x","new":1},
            {"customer":"c1","code":"806","serialNumber":"S2"},
            {"customer":"c1","code":"808","serialNumber":"S4","batch":"b","earlierCustomer":"c2","earlierRegistration":"otherCustomer"},
            {"customer":"c1","code":"808","serialNumber":"S5","earlierCustomer":"c2","earlierRegistration":"formerCustomer"},
            {"customer":null,"code":"808","serialNumber":"S3"}]}"#;
        let found = rejected_in_json(json).unwrap();
        assert_eq!(found.len(), 3);
        let csv = "line,customer,batch,serialNumber,productKey,code,trackingId,requestId,correlationId,cv,sent,earlierCustomer,earlierRegistration\n\
            1,c1,'-b,S1,,808,,,x,,,,\n2,c1,'-b,S2,,806,,,,,,,\n3,c1,b,S4,,808,,,,,,c2,otherCustomer\n\
            4,c1,,S5,,808,,,,,,c2,formerCustomer\n";
        for separator in [",", ";", "\t"] {
            let text = csv.replace(',', separator);
            assert_eq!(rejected_in_csv(&text).unwrap(), found, "{separator}");
        }
        assert_eq!(found[0].serial_number.as_deref(), Some("S1"));
        assert_eq!(found[0].batch.as_deref(), Some("-b"));
        let others: Vec<_> = found
            .iter()
            .map(|device| (device.other_customer.as_deref(), device.is_former))
            .collect();
        assert_eq!(others, [(None, false), (Some("c2"), false), (Some("c2"), true)]);
        // Reports of earlier versions do not have these columns.
        let earlier = csv.lines().map(|line| line.rsplitn(3, ',').last().unwrap());
        let earlier = earlier.collect::<Vec<_>>().join("\n");
        let found = rejected_in_csv(&earlier).unwrap();
        let is_old = |device: &RejectedDevice| device.other_customer.is_none() && !device.is_former;
        assert!(found.len() == 3 && found.iter().all(is_old));
        for text in ["", "[]", "a,b\n1,2\n", "serial\nS1\n", "{\"rows\":1}"] {
            assert!(rejected_in_json(text).is_err(), "{text}");
            assert!(rejected_in_csv(text).is_err(), "{text}");
        }
    }
}
