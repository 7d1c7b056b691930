//! A report as people see it: a table with the outcome of each device, then each kind of error with what to do about
//! it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;

use comfy_table::Color;
use indicatif::HumanCount;
use partner_center_devices::raw::printable;
use partner_center_devices_fleet::{
    Destination, EarlierRegistration, Proof, Report, ReportRow, ReportTotals, RowOutcome,
};

use crate::errors::CommandError;
use crate::settings::customers::{Alias, name};
use crate::ui::list::{Column, Layout, Record, note_hidden, table_only};
use crate::ui::output::Ui;
use crate::ui::style::{BOLD, ERROR, SUCCESS, WARNING};
use crate::ui::text_layout::{colored_counts, count, list_of, locations, wrap};

/// The maximum number of rows in the table of a long report.
pub(crate) const MAX_ROWS: usize = 50;

/// A report as text, with the titles of the columns that did not fit.
pub(crate) struct Rendered {
    pub(crate) text: String,
    pub(crate) hidden: Vec<&'static str>,
}

/// Prints a report. `all_rows` describes how to list all rows of a long report; with `None` it lists all.
pub(crate) fn print(
    ui: Ui,
    report: &Report,
    names: &[Alias],
    all_rows: Option<&str>,
) -> Result<(), CommandError> {
    let (width, colors) = ui.screen();
    let Rendered { text, hidden } = render(report, names, width, colors, all_rows);
    note_hidden(ui, &hidden);
    ui.print(&text)
}

/// Renders a report for a terminal of this width. If the rows go to several batches or customers, each row shows its own. The
/// table of a long report has only rows that need attention.
pub(crate) fn render(
    report: &Report,
    names: &[Alias],
    width: Option<u16>,
    colors: bool,
    all_rows: Option<&str>,
) -> Rendered {
    let is_long = report.rows().len() > MAX_ROWS && all_rows.is_some();
    let attention = || report.rows().iter().filter(|row| needs_attention(row));
    let rows: Vec<&ReportRow> = match is_long {
        true => attention().take(MAX_ROWS).collect(),
        false => report.rows().iter().collect(),
    };
    let lines = |is_short| -> Vec<Line> {
        let context = Context::of(report, names, is_short);
        rows.iter().map(|row| context.line(row)).collect()
    };
    // On a narrow terminal, the outcome has the code of an error. Its name is in the explanation below.
    let mut records = lines(false);
    let mut layout = Layout::of(&records, width);
    if !layout.fits() {
        records = lines(true);
        layout = Layout::of(&records, width);
    }
    let mut text: String = match records.is_empty() {
        true => String::new(),
        false => layout.render(&records, colors).collect(),
    };
    if is_long {
        text += &unlisted(rows.len(), attention().count(), report.rows().len(), "row");
    }
    text += &cures(report, width);
    text += &explained_proofs(report, width);
    text += &summary(report, names);
    if let Some(all_rows) = all_rows.filter(|_| is_long) {
        text += &format!("To list all rows: {all_rows}\n");
    }
    Rendered { text, hidden: layout.hidden() }
}

/// Returns true for a row whose device is not registered, or may not be.
fn needs_attention(row: &ReportRow) -> bool {
    urgency(row) < 2
}

/// Counts the rows or devices that a long table does not have.
pub(crate) fn unlisted(listed: usize, attention: usize, all: usize, word: &str) -> String {
    let number = |number: usize| HumanCount(number as u64);
    let plural = |number: usize| if number == 1 { "" } else { "s" };
    let needs = |number: usize| if number == 1 { "s" } else { "" };
    let (rest, others) = (attention - listed, all - attention);
    let rest = match rest {
        0 => String::new(),
        rest => {
            let (plural, needs) = (plural(rest), needs(rest));
            format!("{} more {word}{plural} need{needs} attention. ", number(rest))
        }
    };
    let others = match (others, attention) {
        (0, _) => String::new(),
        (others, 0) => format!("None of the {} {word}s needs attention.", number(others)),
        (others, _) => {
            let (plural, does) = (plural(others), if others == 1 { "es" } else { "" });
            format!("{} other {word}{plural} do{does} not need attention.", number(others))
        }
    };
    (rest + &others).trim_end().to_owned() + "\n"
}

/// A row of the table.
struct Line {
    file_and_line: String,
    line: String,
    device: String,
    outcome: String,
    color: Color,
    note: String,
    proof: &'static str,
    customer: String,
    batch: String,
}

impl Record for Line {
    const COLUMNS: &'static [Column<Self>] = &[
        table_only("File and line", |row: &Self| row.file_and_line.clone()).rank(2),
        table_only("Line", |row: &Self| row.line.clone()).rank(2).number(),
        table_only("Device", |row| row.device.clone()),
        table_only("Outcome", |row: &Self| row.outcome.clone()).colored(|row| Some(row.color)),
        table_only("Error", |row: &Self| row.note.clone()).rank(1),
        table_only("Proof", |row: &Self| row.proof.to_owned()).rank(5),
        table_only("Customer", |row: &Self| row.customer.clone()).rank(3),
        table_only("Batch", |row: &Self| row.batch.clone()).rank(4),
    ];
}

/// The properties that all lines of a table share.
struct Context<'a> {
    names: &'a [Alias],
    has_several_files: bool,
    has_several_batches: bool,
    has_several_customers: bool,
    /// True if a row has a proof other than the result of the job. The usual proof of all rows needs no column.
    has_unusual_proof: bool,
    is_short: bool,
}

impl<'a> Context<'a> {
    fn of(report: &Report, names: &'a [Alias], is_short: bool) -> Self {
        Self {
            names,
            has_several_files: sources(report) > 1,
            has_several_batches: report.destinations().len() > 1,
            has_several_customers: has_several_customers(report),
            has_unusual_proof: report
                .rows()
                .iter()
                .any(|row| row.proof().is_some_and(needs_mention)),
            is_short,
        }
    }

    fn line(&self, row: &ReportRow) -> Line {
        let origin = row.origin();
        let destination = row.destination();
        let only = |text: String, is_shown: bool| if is_shown { text } else { String::new() };
        let customer = |to: &Destination| name(self.names, to.customer().as_str()).to_owned();
        let (outcome, color) = outcome(row);
        Line {
            file_and_line: only(origin.to_string(), self.has_several_files),
            line: only(origin.line().to_string(), !self.has_several_files),
            device: device(row),
            outcome: if self.is_short { short_outcome(row) } else { outcome.to_owned() },
            color,
            note: if self.is_short { String::new() } else { note(row) },
            proof: row.proof().filter(|_| self.has_unusual_proof).map_or("", Proof::words),
            customer: only(
                destination.map(customer).unwrap_or_default(),
                self.has_several_customers,
            ),
            batch: only(
                destination.map(|to| to.batch().to_string()).unwrap_or_default(),
                self.has_several_batches,
            ),
        }
    }
}

/// Returns true for a proof other than the result of the job.
fn needs_mention(proof: Proof) -> bool {
    proof != Proof::JobResult
}

/// Explains each proof that is not the result of the job.
fn explained_proofs(report: &Report, width: Option<u16>) -> String {
    let proofs: BTreeSet<_> = report
        .rows()
        .iter()
        .filter_map(ReportRow::proof)
        .filter(|one| needs_mention(*one))
        .collect();
    if proofs.is_empty() {
        return String::new();
    }
    let line = |proof: &Proof| wrap(&format!("{}: {}", proof.words(), proof.meaning()), width);
    format!("\n{BOLD}Proof{BOLD:#}\n{}", proofs.iter().map(line).collect::<String>())
}

/// Returns the number of files that the rows come from.
fn sources(report: &Report) -> usize {
    let sources: HashSet<&str> = report.rows().iter().map(|row| row.origin().source()).collect();
    sources.len()
}

/// Returns true if the rows go to several customers.
fn has_several_customers(report: &Report) -> bool {
    let mut customers = report.destinations().map(Destination::customer);
    let first = customers.next();
    customers.any(|other| Some(other) != first)
}

fn outcome(row: &ReportRow) -> (&'static str, Color) {
    match row.outcome() {
        // The explanation below the table tells who registered it.
        RowOutcome::AlreadyRegistered if !row.is_success() => ("already registered", Color::Yellow),
        RowOutcome::Registered => ("registered", Color::Green),
        RowOutcome::AlreadyRegistered => ("already registered", Color::Green),
        RowOutcome::Failed(_) => ("failed", Color::Red),
        RowOutcome::Duplicate(_) => ("duplicate", Color::Yellow),
        RowOutcome::Invalid(_) => ("not sent", Color::Red),
        RowOutcome::NotSent => ("not sent", Color::Yellow),
        _ => ("unknown", Color::Yellow),
    }
}

/// Returns the outcome for a narrow terminal, with the code of the error or the line of the first row of the device.
fn short_outcome(row: &ReportRow) -> String {
    let word = match row.outcome() {
        RowOutcome::AlreadyRegistered => "already",
        RowOutcome::Duplicate(first) => return format!("same as {}", first.line()),
        _ => outcome(row).0,
    };
    row.code().map_or_else(|| word.to_owned(), |code| format!("{word} {code}"))
}

fn device(row: &ReportRow) -> String {
    let key = || row.product_key().map(|key| format!("key {key}"));
    let hash = || row.short_hash().map(|hash| format!("hash {hash}"));
    row.serial_number().map(ToOwned::to_owned).or_else(key).or_else(hash).unwrap_or_default()
}

/// Returns the last cell of a row: its error, or the row that it duplicates.
fn note(row: &ReportRow) -> String {
    match row.outcome() {
        RowOutcome::Duplicate(first) if first.source() != row.origin().source() => {
            format!("same device as {first}")
        }
        RowOutcome::Duplicate(first) => format!("same device as line {}", first.line()),
        _ => error(row).unwrap_or_default(),
    }
}

/// Returns the code and the name of an error, or the one that is known.
fn error(row: &ReportRow) -> Option<String> {
    let parts = [row.code().map(Cow::from), row.name()];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// A kind of problem. Kinds are shown in their sort order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Kind<'a> {
    urgency: u8,
    title: String,
    meaning: Cow<'a, str>,
    cure: &'a str,
    /// True if the tracking id of the job is needed to find out more.
    names_jobs: bool,
}

impl<'a> Kind<'a> {
    /// Returns `None` for a row without a problem.
    fn of(row: &'a ReportRow) -> Option<Self> {
        let outcome = row.outcome();
        let (word, _) = self::outcome(row);
        let mut kind = Self {
            urgency: urgency(row),
            title: error(row).unwrap_or_else(|| word.to_owned()),
            meaning: row.meaning().unwrap_or_default(),
            cure: row.cure().unwrap_or_default(),
            names_jobs: matches!(outcome, RowOutcome::Unknown) && row.tracking_id().is_some(),
        };
        match outcome {
            RowOutcome::Registered => return None,
            // All duplicates are one kind: the table names the row that each one duplicates.
            RowOutcome::Duplicate(_) => {
                kind.meaning = "the same device is in another row, so this one was not sent".into();
            }
            RowOutcome::Failed(_) if kind.meaning.is_empty() && kind.cure.is_empty() => {
                kind.meaning = "this error is unknown".into();
                kind.cure = "give Microsoft support the tracking id of the job";
                kind.names_jobs = true;
            }
            _ => {}
        }
        Some(kind)
    }
}

/// Renders each kind of problem once: its name and lines, what it means and what to do.
fn cures(report: &Report, width: Option<u16>) -> String {
    let mut kinds: BTreeMap<Kind<'_>, Vec<&ReportRow>> = BTreeMap::new();
    for row in report.rows() {
        if let Some(kind) = Kind::of(row) {
            kinds.entry(kind).or_default().push(row);
        }
    }
    let several = sources(report) > 1;
    let mut text = String::new();
    for (kind, rows) in kinds {
        let rows_at: Vec<_> =
            rows.iter().map(|row| (row.origin().source(), Some(row.origin().line()))).collect();
        let places = locations(&rows_at, several);
        let _ = write!(text, "\n{BOLD}{}{BOLD:#} ({places})\n", kind.title);
        if !kind.meaning.is_empty() {
            text += &wrap(&kind.meaning, width);
        }
        if !kind.cure.is_empty() {
            text += &wrap(&format!("-> {}", kind.cure), width);
        }
        text += &earlier_places(&rows, width);
        let jobs: Vec<_> = rows.iter().filter_map(|row| row.tracking_id()).collect();
        if kind.names_jobs && !jobs.is_empty() {
            text += &wrap(&list_of("tracking id", &jobs), width);
        }
    }
    text
}

/// Maximum number of devices that a line names.
const MAX_NAMED: usize = 12;

/// Names the batches of devices that were registered before, with their devices.
fn earlier_places(rows: &[&ReportRow], width: Option<u16>) -> String {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows {
        if let Some(place) = row.earlier_registration().and_then(EarlierRegistration::place) {
            places.entry(place).or_default().push(device(row));
        }
    }
    let line = |(place, devices): (String, Vec<String>)| {
        let (named, rest) = devices.split_at(devices.len().min(MAX_NAMED));
        let more =
            if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        wrap(&printable::line(&format!("{place}: {}{more}", named.join(", "))), width)
    };
    places.into_iter().map(line).collect()
}

/// Returns 0 for outcomes that need action first, and 2 for those without a problem.
fn urgency(row: &ReportRow) -> u8 {
    match row.outcome() {
        RowOutcome::Failed(_) | RowOutcome::Invalid(_) => 0,
        RowOutcome::AlreadyRegistered if !row.is_success() => 1,
        RowOutcome::Registered | RowOutcome::AlreadyRegistered | RowOutcome::Duplicate(_) => 2,
        _ => 1,
    }
}

/// Formats the totals, and the totals of each batch if there are several.
fn summary(report: &Report, names: &[Alias]) -> String {
    let rows = count(report.rows().len(), "row");
    let mut destinations = report.destinations();
    let target = match (destinations.next(), destinations.len()) {
        (Some(only), 0) => format!(" for batch '{}'", only.batch()),
        (Some(_), others) => format!(" for {} batches", others + 1),
        (None, _) => String::new(),
    };
    let mut text = format!("\n{rows}{target}: {}\n", outcomes(report.totals()));
    if report.destinations().len() > 1 {
        let customers = has_several_customers(report);
        for (destination, totals) in report.totals_by_batch() {
            let of_customer = match customers {
                true => format!(" of {}", name(names, destination.customer().as_str())),
                false => String::new(),
            };
            let totals = outcomes(totals);
            text += &format!("  {}{of_customer}: {totals}\n", destination.batch());
        }
    }
    text
}

/// Formats the number of rows by outcome.
fn outcomes(totals: ReportTotals) -> String {
    let managed = totals.already_registered - totals.registered_by_customer - totals.in_no_batch;
    colored_counts(&[
        (totals.registered, "registered", SUCCESS),
        (managed, "already registered", SUCCESS),
        (totals.registered_by_customer, "registered by the customer", WARNING),
        (totals.in_no_batch, "in no batch", WARNING),
        (totals.failed, "failed", ERROR),
        (totals.duplicate, if totals.duplicate == 1 { "duplicate" } else { "duplicates" }, WARNING),
        (totals.invalid, "invalid", ERROR),
        (totals.not_sent, "not sent", WARNING),
        (totals.unknown, "unknown", WARNING),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::{Exit, exit_of_report};
    use bytes::Bytes;
    use http::{Request, Response};
    use partner_center_devices::{BatchId, Client, CustomerId};
    use partner_center_devices_emulator::Emulator;
    use partner_center_devices_fleet::{ChunkSize, Fleet, Upload};

    const HEADER: &str = "Serial,Make,Model\n";

    /// Uploads to an in-process emulator. `change` edits the status of a job.
    async fn upload(csv: &str, change: fn(&mut serde_json::Value)) -> Report {
        let emulator = Emulator::builder().in_process();
        let service = move |request: Request<Bytes>| -> Response<Bytes> {
            let is_job = request.uri().path().to_lowercase().contains("batchjobstatus");
            let answer = emulator.handle(&request).response().unwrap();
            if request.method() == http::Method::GET && request.uri().path().ends_with("/devices") {
                // The batch has no devices either.
                return answer.map(|_| Bytes::from_static(br#"{"totalCount":0,"items":[]}"#));
            }
            if !is_job {
                return answer;
            }
            answer.map(|body| {
                let mut body: serde_json::Value = serde_json::from_slice(&body).unwrap();
                change(&mut body);
                body.to_string().into()
            })
        };
        let client = Client::builder().in_process(service).build().unwrap();
        let customer = client.customer(CustomerId::new("c").unwrap());
        let fleet = Fleet::read(csv.as_bytes(), "f.csv");
        let upload = Upload::new(customer, BatchId::new("Contoso first fleet").unwrap(), fleet);
        upload.chunk_size(ChunkSize::MAX).run(|_| ()).await.unwrap()
    }

    async fn sample(name: &str) -> Report {
        let path = format!("{}/../../samples/{name}", env!("CARGO_MANIFEST_DIR"));
        upload(&std::fs::read_to_string(path).unwrap(), |_| ()).await
    }

    fn plain(report: &Report, width: Option<u16>) -> String {
        anstream::adapter::strip_str(&render(report, &[], width, false, None).text).to_string()
    }

    #[tokio::test(start_paused = true)]
    async fn the_sample_reports_fit_the_terminal() {
        let (contoso, trouble) = (sample("contoso-fleet.csv").await, sample("trouble.csv").await);
        insta::assert_snapshot!("contoso-40", plain(&contoso, Some(40)));
        insta::assert_snapshot!("contoso-80", plain(&contoso, Some(80)));
        insta::assert_snapshot!("trouble-40", plain(&trouble, Some(40)));
        insta::assert_snapshot!("trouble-80", plain(&trouble, Some(80)));
        for width in 0..40 {
            assert!(plain(&trouble, Some(width)).contains("12 rows for batch"), "{width}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn colors_do_not_change_the_text() {
        let report = sample("trouble.csv").await;
        let colored = render(&report, &[], Some(80), true, None).text;
        assert!(colored.contains("\u{1b}["));
        let stripped = anstream::adapter::strip_str(&colored).to_string();
        // Trailing spaces come before the end of the color.
        assert!(stripped.lines().map(str::trim_end).eq(plain(&report, Some(80)).lines()));
    }

    #[tokio::test(start_paused = true)]
    async fn an_unknown_error_keeps_its_code_and_names_the_job() {
        let csv = format!("{HEADER}ZTD808-1,M,N\nZTD812-2,M,N\nZTD813-3,M,N\nZTD814-4,M,N\n");
        let report = upload(&csv, |body| {
            for device in body["devicesStatus"].as_array_mut().unwrap() {
                let (code, name) = match device["serialNumber"].as_str() {
                    Some("ZTD808-1" | "ZTD812-2") => ("815", ""),
                    Some("ZTD813-3") => ("816", "SomethingNew"),
                    _ => ("", "NameOnly"),
                };
                if device["errorDescription"].is_string() {
                    device["errorCode"] = code.into();
                    device["errorDescription"] = name.into();
                }
            }
        })
        .await;
        let job = report.rows()[0].tracking_id().unwrap().to_string();
        insta::assert_snapshot!("unknown-errors", plain(&report, None).replace(&job, "JOB"));
        assert_eq!(exit_of_report(&report), Exit::SomeFailed);
    }

    #[tokio::test(start_paused = true)]
    async fn rows_that_the_service_does_not_report_are_unknown() {
        let csv = format!("{HEADER}S1,M,N\nS2,M,N\nZTD808-3,M,N\nS4,M,N\n");
        let report = upload(&csv, |body| {
            body["devicesStatus"]
                .as_array_mut()
                .unwrap()
                .retain(|device| !matches!(device["serialNumber"].as_str(), Some("S2" | "S4")));
        })
        .await;
        let job = report.rows()[0].tracking_id().unwrap().to_string();
        insta::assert_snapshot!("not-known", plain(&report, None).replace(&job, "JOB"));
        assert_eq!(exit_of_report(&report), Exit::OutcomeUnknown);
    }

    #[tokio::test(start_paused = true)]
    async fn all_duplicates_are_one_group() {
        let csv = format!("{HEADER}S1,M,N\nS1,M,N\nS2,M,N\nS2,M,N\nS1,M,N\n");
        let report = upload(&csv, |_| ()).await;
        insta::assert_snapshot!("duplicates", plain(&report, None));
        insta::assert_snapshot!("duplicates-40", plain(&report, Some(40)));
        assert_eq!(exit_of_report(&report), Exit::Success);
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_report_lists_the_rows_that_need_attention() {
        let rows = |failed: i32| -> String {
            let serial = |row| if row % 30 < failed { "ZTD808-" } else { "" };
            (0..300).map(|row| format!("{}S{row},M,N\n", serial(row))).collect()
        };
        let some = upload(&format!("{HEADER}{}", rows(1)), |_| ()).await;
        let all_rows = Some("pcdevices journals show J --all");
        let long = |report| render(report, &[], Some(80), false, all_rows).text;
        insta::assert_snapshot!("long", anstream::adapter::strip_str(&long(&some)).to_string());
        let many = upload(&format!("{HEADER}{}", rows(10)), |_| ()).await;
        let text = long(&many);
        assert_eq!(text.matches(" failed ").count(), 50, "{text}");
        assert!(
            text.contains("\n50 more rows need attention. 200 other rows do not need attention.\n"),
            "{text}"
        );
        let none = upload(&format!("{HEADER}{}", rows(0)), |_| ()).await;
        assert!(long(&none).starts_with("None of the 300 rows needs attention.\n"));
        // With --all, and up to 50 rows, each row is listed.
        assert_eq!(plain(&none, None).matches(" registered").count(), 300 + 1);
        let few = upload(&format!("{HEADER}S1,M,N\n"), |_| ()).await;
        assert!(!long(&few).contains("--all"));
    }
}
