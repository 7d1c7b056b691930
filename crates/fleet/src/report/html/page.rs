//! The values of the page template.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};
use std::sync::Arc;

use askama::Template as _;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

use super::chart::Counts;
use super::count_table::CountTable;
use super::data::{Data, Rows, StatusData, write_json};
// `time` is called by the template.
use super::format::{date, grouped, percentage, time};
use super::line::{KINDS, Line, Lines, has_english_notes};
use super::options::HtmlOptions;
use super::problems::{Problem, problems};
use super::status::{Actor, Status};
use super::texts::{Text, fill};
use crate::language::Language;
use crate::report::destination::Destination;
use crate::report::proof::Proof;
use crate::report::row::ReportRow;
use crate::report::upload_report::Report;
use crate::timestamp::Timestamp;

const STYLE: &str = include_str!("../../../templates/report.css");
const SCRIPT: &str = include_str!("../../../templates/report.js");
/// The maximum number of files named at the top.
const MAX_FILES: usize = 5;
/// The number of rows on a page of the list, and in the list without scripts.
const ROWS_ON_PAGE: usize = 100;

/// The page up to the data of its script.
#[derive(askama::Template)]
#[template(path = "report.html", whitespace = "minimize")]
pub(super) struct Page<'a> {
    style: &'static str,
    policy: String,
    options: &'a HtmlOptions,
    report: &'a Report,
    counts: Counts,
    lines: Lines<'a>,
    destinations: Vec<DestinationRow<'a>>,
    /// The customer, if there is only one.
    customer: Option<&'a str>,
    /// The times of the first request and of the last response.
    sent: Option<(Timestamp, Timestamp)>,
    problems: Vec<Problem<'a>>,
    /// The proofs of rows, unless the job's result proves all of them.
    proofs: Vec<Proof>,
}

/// A row in the table of batches.
struct DestinationRow<'a> {
    customer: &'a str,
    batch: &'a str,
    stopped: Option<&'a str>,
    counts: Counts,
}

impl<'a> Page<'a> {
    pub(super) fn new(report: &'a Report, options: &'a HtmlOptions) -> Self {
        let destinations = destinations(report, options);
        let customers: BTreeSet<_> = report
            .destinations
            .iter()
            .map(|one| one.customer.as_str().to_ascii_lowercase())
            .collect();
        Self {
            style: STYLE,
            policy: content_security_policy(),
            options,
            report,
            counts: Counts::of(&report.rows),
            lines: Lines::new(report, options),
            customer: destinations.first().filter(|_| customers.len() == 1).map(|one| one.customer),
            destinations,
            sent: sent(&report.rows),
            problems: problems(report),
            proofs: proofs(&report.rows),
        }
    }

    /// Writes the page.
    pub(super) fn write(&self, mut writer: impl Write) -> io::Result<()> {
        self.write_into(&mut writer)?;
        if self.counts.rows() > 0 {
            writer.write_all(b"\n<script type=\"application/json\" id=\"data\">")?;
            write_json(&mut writer, &self.data())?;
            write!(writer, "</script>\n<script>{SCRIPT}</script>")?;
        }
        writer.write_all(b"\n</body>\n</html>\n")
    }

    fn data(&self) -> Data<'_, Rows<impl Iterator<Item = Line<'_>>>> {
        let texts = [
            ("line", Text::Line),
            ("lineOfFile", Text::LineOfFile),
            ("shown", Text::Shown),
            ("noneShown", Text::NoneShown),
            ("printed", Text::PrintedRows),
            ("kind", Text::Kind),
            ("list", Text::List),
            ("model", Text::Model),
            ("policy", Text::Policy),
        ];
        let status = |status: Status| {
            let actor = status.actor();
            let label = self.text(status.label());
            StatusData(label, actor.class(), actor.sign(), has_english_notes(status))
        };
        Data {
            texts: texts.map(|(name, text)| (name, self.text(text))).into(),
            kinds: KINDS.map(|kind| self.text(kind)).into(),
            files: &self.lines.files,
            destinations: (0..self.destinations.len())
                .map(|one| self.destination(one + 1))
                .collect(),
            models: self.lines.models.all.iter().map(|name| &**name).collect(),
            policies: self.lines.policies.all.iter().map(|name| &**name).collect(),
            statuses: Status::ALL.map(status).into(),
            rows: Rows(Cell::new(Some(self.lines.all()))),
        }
    }

    fn text(&self, text: Text) -> &'static str {
        text.in_language(self.options.language)
    }

    fn title(&self) -> &str {
        self.options.title.as_deref().unwrap_or(self.text(Text::Title))
    }

    fn number(&self, number: usize) -> String {
        grouped(number, self.options.language)
    }

    fn date(&self, time: &Timestamp) -> String {
        date(*time, self.options.language)
    }

    fn share(&self, count: usize) -> String {
        percentage(count, self.counts.rows(), self.options.language)
    }

    /// Returns the width of a bar, in percent: at least so much that it is visible.
    fn width(&self, count: usize) -> String {
        format!("{:.2}", (count as f64 * 100.0 / self.counts.rows() as f64).max(0.8))
    }

    fn summary(&self) -> String {
        let (all, registered) = (self.counts.devices(), self.counts.registered());
        let text = match (registered, all) {
            (_, 0) => Text::NoDevice,
            (1, 1) => Text::OneDone,
            (0, 1) => Text::OneOpen,
            (registered, all) if registered == all => Text::AllDone,
            _ => Text::SomeDone,
        };
        let values = [("all", &*self.number(all)), ("registered", &*self.number(registered))];
        fill(self.text(text), &values)
    }

    fn chart_caption(&self) -> String {
        let text = if self.counts.rows() == 1 { Text::OneRow } else { Text::ChartCaption };
        fill(self.text(text), &[("all", &self.number(self.counts.rows()))])
    }

    /// Returns the names of the first files, and the number of the others.
    fn file_names(&self) -> String {
        let files = &self.lines.files;
        let separator = if self.options.language == Language::Japanese { "、" } else { ", " };
        let named = files[..files.len().min(MAX_FILES)].join(separator);
        match files.len().saturating_sub(MAX_FILES) {
            0 => named,
            more => fill(
                self.text(Text::MoreFiles),
                &[("files", &named), ("count", &self.number(more))],
            ),
        }
    }

    /// Returns who acts next, with each status that occurs and its number of rows.
    fn plan(&self) -> impl Iterator<Item = (Actor, Vec<(Status, usize)>)> {
        let statuses = |actor| -> Vec<_> {
            self.counts.present().filter(|(status, _)| status.actor() == actor).collect()
        };
        [Actor::NoOne, Actor::Customer, Actor::Partner]
            .into_iter()
            .map(move |actor| (actor, statuses(actor)))
            .filter(|(_, statuses)| !statuses.is_empty())
    }

    fn customer_acts(&self) -> bool {
        self.counts.present().any(|(status, _)| status.actor() == Actor::Customer)
    }

    /// Returns the number of devices by model, if a model is known.
    fn models(&self) -> Option<CountTable<'_>> {
        CountTable::new(&self.report.rows, &self.lines.models, |_| true)
    }

    /// Returns the number of registered devices by policy, if a policy is known.
    fn policies(&self) -> Option<CountTable<'_>> {
        let is_registered =
            |status| matches!(status, Status::Registered | Status::AlreadyRegistered);
        CountTable::new(&self.report.rows, &self.lines.policies, is_registered)
    }

    /// Returns the name of the row for names that a table leaves out.
    fn others(&self, text: Text, table: &CountTable<'_>) -> String {
        let count = table.others.map_or(0, |(count, _)| count);
        fill(self.text(text), &[("count", &self.number(count))])
    }

    fn model_of(&self, line: &Line<'_>) -> Option<&str> {
        self.lines.models.get(line.7)
    }

    fn has_several_customers(&self) -> bool {
        self.customer.is_none()
    }

    /// Returns the batch of a row, with its customer if there are several.
    fn destination(&self, number: usize) -> String {
        match number.checked_sub(1).and_then(|index| self.destinations.get(index)) {
            None => String::new(),
            Some(one) if self.has_several_customers() => format!("{}, {}", one.customer, one.batch),
            Some(one) => one.batch.to_owned(),
        }
    }

    fn kind_of(&self, line: &Line<'_>) -> &'static str {
        self.text(KINDS[line.1])
    }

    fn place_of(&self, line: &Line<'_>) -> String {
        self.lines.place(line.2, line.3)
    }

    fn destination_of(&self, line: &Line<'_>) -> String {
        self.destination(line.4)
    }

    fn first_lines(&self) -> Vec<Line<'_>> {
        self.lines.all().take(ROWS_ON_PAGE).collect()
    }

    /// Returns the text of a page without scripts that does not have all rows.
    fn first_rows(&self) -> Option<String> {
        let (all, count) = (self.counts.rows(), self.number(ROWS_ON_PAGE));
        let text =
            fill(self.text(Text::FirstRows), &[("all", &self.number(all)), ("count", &count)]);
        (all > ROWS_ON_PAGE).then_some(text)
    }
}

/// Returns a policy that blocks loading anything, and allows only the page's own style and script.
fn content_security_policy() -> String {
    let [style, script] = [STYLE, SCRIPT].map(|text| BASE64_STANDARD.encode(Sha256::digest(text)));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'"
    )
}

/// Returns the times of the first request and of the last response; `None` if nothing was sent.
fn sent(rows: &[ReportRow]) -> Option<(Timestamp, Timestamp)> {
    let exchanges = || rows.iter().filter_map(|row| row.exchange.as_deref());
    let first = exchanges().map(|exchange| exchange.sent).min()?;
    let last = exchanges().map(|exchange| exchange.finished.unwrap_or(exchange.sent)).max()?;
    Some((first, last))
}

/// Returns the proofs of rows, unless the job's result proves all of them.
fn proofs(rows: &[ReportRow]) -> Vec<Proof> {
    let proofs: BTreeSet<_> = rows.iter().filter_map(ReportRow::proof).collect();
    if proofs.iter().all(|proof| *proof == Proof::JobResult) {
        return Vec::new();
    }
    proofs.into_iter().collect()
}

fn destinations<'a>(report: &'a Report, options: &'a HtmlOptions) -> Vec<DestinationRow<'a>> {
    let mut counts_by_destination: HashMap<_, Counts> = HashMap::new();
    for row in &report.rows {
        if let Some(destination) = &row.destination {
            let counts = counts_by_destination.entry(Arc::as_ptr(destination)).or_default();
            counts.add(Status::of(row));
        }
    }
    let row = |destination: &'a Arc<Destination>| DestinationRow {
        customer: options.name_of(&destination.customer),
        batch: destination.batch.as_str(),
        stopped: destination.stopped(),
        counts: counts_by_destination.remove(&Arc::as_ptr(destination)).unwrap_or_default(),
    };
    report.destinations.iter().map(row).collect()
}
