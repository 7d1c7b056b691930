//! The findings of a file as people see them: errors first, each rule once with its lines and what to do. No rule and no
//! number of rows can hide another rule.

use std::cmp::Reverse;

use partner_center_devices_fleet::{Finding, Rule, Severity};

use crate::ui::style::{BOLD, ERROR, WARNING};
use crate::ui::text_layout::{self, hanging_indent, wrap};

/// Returns how many different messages of a rule are shown. The others are counted.
fn max_messages(severity: Severity) -> usize {
    if severity == Severity::Error { 12 } else { 4 }
}

/// Renders all findings for a terminal of this width.
pub(crate) fn render(findings: &[Finding], width: Option<u16>) -> String {
    let mut rules: Vec<(Rule, Vec<&Finding>)> = Vec::new();
    for finding in findings {
        match rules.iter_mut().find(|(rule, _)| *rule == finding.rule()) {
            Some((_, same)) => same.push(finding),
            None => rules.push((finding.rule(), vec![finding])),
        }
    }
    rules.sort_by_key(|(rule, _)| Reverse(rule.severity())); // stable: otherwise in the order of the file
    let mut text = String::new();
    let several = findings.iter().any(|finding| finding.source() != findings[0].source());
    for (rule, findings) in rules {
        block(&mut text, rule, &findings, several, width);
    }
    text
}

/// Renders the findings of one rule: a sentence with the rule and the lines behind it, then what to do. The lines name
/// their file if there are several.
fn block(text: &mut String, rule: Rule, findings: &[&Finding], several: bool, width: Option<u16>) {
    let locations = |findings: &[&Finding]| {
        let locations: Vec<_> =
            findings.iter().map(|finding| (finding.source(), finding.line())).collect();
        text_layout::locations(&locations, several)
    };
    let mut messages: Vec<(&str, Vec<&Finding>)> = Vec::new();
    let mut rest = 0;
    for finding in findings {
        match messages.iter().position(|(message, _)| *message == finding.message()) {
            Some(place) => messages[place].1.push(finding),
            None if messages.len() < max_messages(rule.severity()) => {
                messages.push((finding.message(), vec![finding]));
            }
            None => rest += 1,
        }
    }
    let (sentence, details) = match &messages[..] {
        [(message, _)] => ((*message).to_owned(), &[][..]),
        several => (summary(rule), several),
    };

    let severity = format!("{}:", rule.severity());
    let style = match rule.severity() {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
        _ => BOLD,
    };
    let all = locations(findings);
    let lines = if all.is_empty() { String::new() } else { format!(" ({all})") };
    let head = format!("{style}{severity}{style:#} ");
    let title = format!("{sentence} [{rule}]{lines}");
    *text += &hanging_indent(&head, severity.len() + 1, &title, width);
    for (message, findings) in details {
        let locations = locations(findings);
        // The title already names all lines.
        let line = if locations.is_empty() || locations == all {
            (*message).to_owned()
        } else {
            format!("{locations}: {message}")
        };
        *text += &wrap(&line, width);
    }
    if rest > 0 {
        *text += &wrap(&format!("and {rest} more"), width);
    }
    *text += &wrap(&format!("-> {}", rule.cure()), width);
}

/// Returns the rule's summary, to continue after `error: `.
fn summary(rule: Rule) -> String {
    let sentence = rule.summary();
    let mut letters = sentence.chars();
    match (letters.next(), letters.clone().next()) {
        // Keep the case of words such as UTF-16.
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => sentence.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use partner_center_devices_fleet::Fleet;

    fn render_csv(csv: &str, width: Option<u16>) -> String {
        let fleet = Fleet::read(csv.as_bytes(), "f.csv");
        anstream::adapter::strip_str(&render(fleet.findings(), width)).to_string()
    }

    #[test]
    fn errors_come_first_and_each_rule_appears_once() {
        let rows = "S1,,,M,N,x\nS1,,,M,N,x\nS2,,,,,x\n,,T0-=,,,x\n,,T0E,,,x\nS3,,,,,x\n,12,,,,x\n";
        let csv = format!("Serial,PKID,Hash,Make,Model,Order,Group Tag,Color\n{rows}");
        insta::assert_snapshot!("findings", render_csv(&csv, None));
        insta::assert_snapshot!("findings-40", render_csv(&csv, Some(40)));
    }

    #[test]
    fn many_findings_of_one_rule_do_not_hide_others() {
        let mut csv = "Serial,Make,Model\nS0,M,N\n".to_owned();
        csv.push_str(&"S0,M,N\n".repeat(300));
        (1..300).for_each(|number| csv.push_str(&format!("S{number},M,N\nS{number},M,N\n")));
        csv.push_str("S1,,\n");
        insta::assert_snapshot!("findings-many", render_csv(&csv, None));
    }

    #[test]
    fn a_finding_about_the_file_has_no_line() {
        assert_eq!(
            render_csv("", None),
            "error: the file is empty [empty-file]\n  -> check that it is the right file and that the export finished\n"
        );
    }
}
