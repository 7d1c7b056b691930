//! Recognizes cells that say in words that they have no value, such as `N/A` or `keine Angabe`.
//!
//! Scripts write such words (`NULL`, `None`), and so do database exports and people in their own language. As values, they
//! would be the same for many devices. Values that firmware reports, such as `Default string`, are not among them; see
//! [`placeholder`](crate::check::placeholder).

use std::collections::HashSet;
use std::sync::LazyLock;

/// The [`WORDS`], because most makers and models are compared with them.
static WORD_SET: LazyLock<HashSet<&[u8]>> =
    LazyLock::new(|| WORDS.iter().map(|word| word.as_bytes()).collect());

/// The words in lower case, reduced to letters.
const WORDS: &[&str] = &[
    // English, and the words that programs write.
    "na",
    "null",
    "none",
    "nil",
    "nan",
    "nothing",
    "blank",
    "empty",
    "missing",
    "unknown",
    "undefined",
    "unspecified",
    "unavailable",
    "tbd",
    "tba",
    "tbc",
    "nodata",
    "novalue",
    "noinfo",
    "notavailable",
    "notapplicable",
    "notassigned",
    "notspecified",
    "notprovided",
    "notfound",
    "notknown",
    "notset",
    "notcollected",
    "notreported",
    "notrecorded",
    "notpresent",
    "nullvalue",
    "tobedetermined",
    "tobeconfirmed",
    "dbnull",
    // German
    "kein",
    "keine",
    "keiner",
    "keines",
    "keineangabe",
    "keineangaben",
    "keinedaten",
    "leer",
    "ohne",
    "fehlt",
    "entfällt",
    "unbekannt",
    "nichtbekannt",
    "nichtverfügbar",
    "nichtvorhanden",
    "nichtangegeben",
    "nichtzutreffend",
    "nichtgesetzt",
    "nichtermittelt",
    "nichtgefunden",
    "keinwert",
    "keineintrag",
    // French
    "aucun",
    "aucune",
    "néant",
    "vide",
    "sans",
    "inconnu",
    "inconnue",
    "indisponible",
    "sansobjet",
    "nondisponible",
    "nonapplicable",
    "nonrenseigné",
    "nonspécifié",
    "nondéfini",
    "nontrouvé",
    "noncommuniqué",
    "nonattribué",
    "pasdisponible",
    "aucunevaleur",
    // Spanish
    "ninguno",
    "ninguna",
    "nulo",
    "vacío",
    "vacio",
    "desconocido",
    "desconocida",
    "sindatos",
    "sinvalor",
    "nodisponible",
    "noaplica",
    "noaplicable",
    "noespecificado",
    "noencontrado",
    "sinasignar",
    // Portuguese
    "nenhum",
    "nenhuma",
    "vazio",
    "desconhecido",
    "desconhecida",
    "semdados",
    "nãodisponível",
    "nãoaplicável",
    "nãoseaplica",
    "nãoespecificado",
    "nãoinformado",
    "semvalor",
    // Italian
    "nessuno",
    "nessuna",
    "vuoto",
    "sconosciuto",
    "nondisponibile",
    "nonapplicabile",
    // Dutch
    "geen",
    "leeg",
    "onbekend",
    "nietbekend",
    "nietbeschikbaar",
    "nvt",
    // Japanese
    "なし",
    "ナシ",
    "無し",
    "無",
    "空",
    "空白",
    "不明",
    "未定",
    "未設定",
    "未記入",
    "未登録",
    "該当なし",
    "該当無し",
    "データなし",
    "情報なし",
    "取得不可",
    "未入力",
    "未取得",
    "空欄",
    // Chinese
    "无",
    "暂无",
    "未知",
    "不详",
    "不適用",
    "不适用",
    "没有",
    "未记录",
    "未填写",
    "暂无数据",
    "不可用",
    // Korean
    "없음",
    // Polish, Czech
    "brak",
    "brakdanych",
    "niedotyczy",
    "nieznany",
    "není",
    "neznámý",
    // Danish, Norwegian, Swedish
    "ingen",
    "mangler",
    "saknas",
    "ukendt",
    "ukjent",
    "okänd",
    // Turkish
    "yok",
    "bilinmiyor",
    // Russian
    "нет",
    "неизвестно",
    "отсутствует",
];

/// Abbreviations that are only recognized with punctuation, such as `k. A.` and `n/d`, because two letters may be a name.
const ABBREVIATIONS: &[&str] = &["ka", "nv", "nd", "nc", "nr", "so", "sd", "sn", "oa"];

/// Characters that mean nothing if a cell has no others.
const PUNCTUATION: &str = "-‐‑‒–—―_.…·*?/\\|()[]<>{}:;,~ （）－";

/// The longest word in bytes, with punctuation around and inside it.
const MAX_LENGTH: usize = 40;

/// Returns true if the text says that there is no value. Ignores case, spaces and punctuation.
pub(crate) fn is_empty_word(text: &str) -> bool {
    // Rules out most values: only a word can be as short, and no word has a digit.
    if text.is_empty() || text.len() > MAX_LENGTH || text.bytes().any(|byte| byte.is_ascii_digit())
    {
        return text == "0";
    }
    // `#N/A` is an error of a spreadsheet, and a quotation mark or a formula has its own finding.
    if text.starts_with(['#', '=', '"', '\'', '@', '+']) {
        return false;
    }
    // Most makers and models come this far, so the letters of ASCII are collected without an allocation.
    let mut buffer = [0; MAX_LENGTH];
    let mut length = 0;
    let lowercase;
    let letters = if text.is_ascii() {
        for letter in text.bytes().filter(u8::is_ascii_alphabetic) {
            buffer[length] = letter.to_ascii_lowercase();
            length += 1;
        }
        &buffer[..length]
    } else {
        let letters = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
        lowercase = letters.collect::<String>();
        lowercase.as_bytes()
    };
    let is_abbreviation = || ABBREVIATIONS.iter().any(|word| word.as_bytes() == letters);
    let is_punctuation = || letters.is_empty() && text.chars().all(|c| PUNCTUATION.contains(c));
    // `None None`, where two values were joined.
    let is_twice_a_word = || {
        let (first, second) = letters.split_at(letters.len() / 2);
        first == second && WORD_SET.contains(first)
    };
    WORD_SET.contains(letters)
        || is_twice_a_word()
        || is_punctuation()
        || text.contains(['.', '/']) && is_abbreviation()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_words_for_nothing() {
        for text in [
            "N/A",
            "n/a",
            "NA",
            "NULL",
            "<null>",
            "(null)",
            "None",
            "nil",
            "-",
            "--",
            "—",
            "?",
            "…",
            "0",
            "Not Available",
            "NOT_APPLICABLE",
            "not specified",
            "Unknown",
            "(blank)",
            "Not collected",
            "To be determined",
            "nicht ermittelt",
            "Non trouvé",
            "não informado",
            "未入力",
            "NaN",
            "None None",
            "N/A, N/A",
            "brak",
            "YOK",
            "keine Angabe",
            "k. A.",
            "k.A.",
            "nicht verfügbar",
            "Nicht Verfügbar",
            "ENTFÄLLT",
            "n.v.",
            "n.v.t.",
            "néant",
            "Non disponible",
            "n/d",
            "s.o.",
            "N.C.",
            "ninguno",
            "No disponible",
            "s/d",
            "não disponível",
            "nessuno",
            "なし",
            "該当なし",
            "不明",
            "（無し）",
            "无",
            "없음",
        ] {
            assert!(is_empty_word(text), "{text}");
        }
    }

    #[test]
    fn names_and_other_values_do_not_mean_nothing() {
        for text in [
            "",
            "S1",
            "00",
            "N1",
            "NAS",
            "KA",
            "SO",
            "ND",
            "Dell Inc.",
            "Nulltech",
            "Default string",
            "System Serial Number",
            "To be filled by O.E.M.",
            "O.E.M.",
            "#N/A",
            "########",
            "=",
            "'",
            "NONE1",
            "x",
            "XXXX",
            "Unknown Worlds",
            "Blank & Co",
            "Model 0",
            "Aucune SARL",
        ] {
            assert!(!is_empty_word(text), "{text}");
        }
    }
}
