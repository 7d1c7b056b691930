//! The texts of the page in each language. `{name}` stands for a value.

use crate::language::Language;

/// Defines the texts: English, German, French, Japanese.
macro_rules! texts {
    ($($name:ident: $en:literal, $de:literal, $fr:literal, $ja:literal;)*) => {
        /// A text of the page.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Text { $($name),* }

        impl Text {
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name),*];

            /// Returns the text in a language.
            pub(super) fn in_language(self, language: Language) -> &'static str {
                match (self, language) {
                    $(
                        (Self::$name, Language::English) => $en,
                        (Self::$name, Language::German) => $de,
                        (Self::$name, Language::French) => $fr,
                        (Self::$name, Language::Japanese) => $ja,
                    )*
                }
            }
        }
    };
}

texts! {
    Title: "Registration of your devices", "Registrierung Ihrer Geräte", "Enregistrement de vos appareils", "デバイス登録のご報告";
    Customer: "Customer", "Kunde", "Client", "お客様";
    Contact: "Contact for questions", "Ansprechpartner", "Contact", "お問い合わせ先";
    GroupTag: "Group tag in Intune", "Gruppentag in Intune", "Balise de groupe dans Intune", "Intune のグループ タグ";
    SentOn: "Sent to Microsoft", "An Microsoft gesendet", "Envoyé à Microsoft", "Microsoft への送信日時";
    CreatedOn: "Page created", "Seite erstellt", "Page créée", "ページの作成日時";
    List: "List", "Liste", "Liste", "元のリスト";
    MoreFiles: "{files} and {count} more", "{files} und {count} weitere", "{files} et {count} autres", "{files} ほか {count} 件";
    NoDevice: "There is no device in this report.", "Dieser Bericht enthält keine Geräte.", "Ce rapport ne contient aucun appareil.", "この報告書にデバイスはありません。";
    OneRow: "The row of the list by status", "Die Zeile der Liste nach Status", "La ligne de la liste par statut", "リストの行の状態";
    OneDone: "The device is registered.", "Das Gerät ist registriert.", "L’appareil est enregistré.", "デバイスは登録済みです。";
    OneOpen: "The device is not registered.", "Das Gerät ist nicht registriert.", "L’appareil n’est pas enregistré.", "デバイスは登録されていません。";
    AllDone: "All {all} devices are registered.", "Alle {all} Geräte sind registriert.", "Les {all} appareils sont tous enregistrés.", "{all} 台すべて登録済みです。";
    SomeDone: "Registered: {registered} of {all} devices", "Registriert: {registered} von {all} Geräten", "Appareils enregistrés : {registered} sur {all}.", "{all} 台のうち {registered} 台が登録済みです。";
    Purpose: "Registered devices set themselves up for your organization when they are switched on for the first time (Windows Autopilot).",
        "Registrierte Geräte richten sich beim ersten Einschalten selbst für Ihre Organisation ein (Windows Autopilot).",
        "Les appareils enregistrés se configurent eux-mêmes pour votre organisation au premier démarrage (Windows Autopilot).",
        "登録済みのデバイスは、初めて電源を入れたときにお客様の組織向けに自動で設定されます（Windows Autopilot）。";
    ChartCaption: "The {all} rows of the list by status", "Die {all} Zeilen der Liste nach Status", "Les {all} lignes de la liste par statut", "リストの {all} 行の状態別内訳";
    Status: "Status", "Status", "Statut", "状態";
    Share: "Share", "Anteil", "Part", "割合";
    Rows: "Rows", "Zeilen", "Lignes", "行数";
    Done: "Done", "Erledigt", "Terminé", "完了したこと";
    YouDo: "Your next steps", "Ihre nächsten Schritte", "Vos prochaines étapes", "お客様にお願いすること";
    WeDo: "Our next steps", "Unsere nächsten Schritte", "Nos prochaines étapes", "弊社で対応すること";
    NothingForYou: "You do not need to do anything.", "Sie müssen nichts tun.", "Vous n’avez rien à faire.", "お客様の作業は不要です。";
    ShowRows: "Show these devices", "Diese Geräte zeigen", "Afficher ces appareils", "該当デバイスを表示";
    Registered: "Registered", "Registriert", "Enregistré", "登録済み";
    RegisteredAdvice: "These devices are registered with your organization.", "Diese Geräte sind für Ihre Organisation registriert.", "Ces appareils sont enregistrés pour votre organisation.", "お客様の組織に登録されました。";
    AlreadyRegistered: "Already registered", "Bereits registriert", "Déjà enregistré", "以前から登録済み";
    AlreadyRegisteredAdvice: "These devices were registered with your organization before, and stay registered.", "Diese Geräte waren schon vorher für Ihre Organisation registriert und bleiben es.", "Ces appareils étaient déjà enregistrés pour votre organisation et le restent.", "以前からお客様の組織に登録されており、そのまま有効です。";
    Duplicate: "Listed twice", "Doppelt aufgeführt", "En double", "重複";
    DuplicateAdvice: "The list names these devices more than once. Each counts once.", "Die Liste nennt diese Geräte mehrmals. Jedes zählt einmal.", "La liste mentionne ces appareils plusieurs fois. Chacun compte une fois.", "リストに複数回記載されています。1 台として扱いました。";
    ByCustomer: "Registered by you", "Von Ihnen registriert", "Enregistré par vous", "お客様自身で登録済み";
    ByCustomerAdvice: "Your organization registered these devices itself, so we cannot manage them. If we should, delete them from the Autopilot devices in Intune, then tell us.",
        "Ihre Organisation hat diese Geräte selbst registriert, daher können wir sie nicht verwalten. Wenn wir das tun sollen, löschen Sie sie in Intune aus den Autopilot-Geräten und sagen Sie uns Bescheid.",
        "Votre organisation a enregistré ces appareils elle-même : nous ne pouvons pas les gérer. Si nous devons le faire, supprimez-les des appareils Autopilot dans Intune, puis prévenez-nous.",
        "お客様自身が登録されたため、弊社では管理できません。弊社での管理をご希望の場合は、Intune の Autopilot デバイスから削除してご連絡ください。";
    OtherOrganization: "Registered with another organization", "Für eine andere Organisation registriert", "Enregistré pour une autre organisation", "別の組織に登録済み";
    OtherOrganizationAdvice: "Ask the seller or the previous owner to release these devices, and send us the proof of purchase. Then we register them.",
        "Bitten Sie den Verkäufer oder den früheren Besitzer, diese Geräte freizugeben, und senden Sie uns den Kaufbeleg. Dann registrieren wir sie.",
        "Demandez au vendeur ou à l’ancien propriétaire de libérer ces appareils et envoyez-nous la preuve d’achat. Nous les enregistrerons ensuite.",
        "販売店または以前の所有者に登録の解除をご依頼のうえ、購入証明書をお送りください。その後、弊社で登録いたします。";
    WrongData: "Not recognized by Microsoft", "Von Microsoft nicht erkannt", "Non reconnu par Microsoft", "Microsoft で確認できません";
    WrongDataAdvice: "Compare the serial number, the manufacturer and the model with the label on each device, and send us the corrected data. Then we register it.",
        "Vergleichen Sie Seriennummer, Hersteller und Modell mit dem Etikett jedes Geräts und senden Sie uns die berichtigten Angaben. Dann registrieren wir es.",
        "Comparez le numéro de série, le fabricant et le modèle avec l’étiquette de chaque appareil et envoyez-nous les données corrigées. Nous l’enregistrerons ensuite.",
        "シリアル番号、メーカー、モデルを本体のラベルと照合し、正しい情報をお送りください。その後、弊社で登録いたします。";
    BadHash: "Hardware hash not usable", "Hardwarehash nicht verwendbar", "Hachage matériel inutilisable", "ハードウェア ハッシュを使用できません";
    BadHashAdvice: "Microsoft cannot use the hardware hash of these devices. Ask the seller for a new hardware hash, or capture it again on each device, and send it to us. Then we register them.",
        "Microsoft kann den Hardwarehash dieser Geräte nicht verwenden. Bitten Sie den Verkäufer um einen neuen Hardwarehash, oder lesen Sie ihn an jedem Gerät neu aus, und senden Sie ihn uns. Dann registrieren wir sie.",
        "Microsoft ne peut pas utiliser le hachage matériel de ces appareils. Demandez au vendeur un nouveau hachage matériel ou relevez-le à nouveau sur chaque appareil, puis envoyez-le-nous. Nous les enregistrerons ensuite.",
        "Microsoft でこれらのデバイスのハードウェア ハッシュを使用できません。販売店に新しいハードウェア ハッシュをご依頼いただくか、各デバイスで再取得して、お送りください。その後、弊社で登録いたします。";
    Invalid: "Entry to correct", "Angaben zu berichtigen", "Données à corriger", "記載内容の修正が必要";
    InvalidAdvice: "The entry in the list is incomplete or wrong, so it was not sent. Send us the corrected rows.",
        "Der Eintrag in der Liste ist unvollständig oder falsch und wurde deshalb nicht gesendet. Senden Sie uns die berichtigten Zeilen.",
        "La ligne de la liste est incomplète ou incorrecte et n’a donc pas été envoyée. Envoyez-nous les lignes corrigées.",
        "リストの記載に不足または誤りがあるため、送信していません。修正した行をお送りください。";
    InNoBatch: "To be checked again", "Erneut zu prüfen", "À vérifier de nouveau", "再確認が必要";
    InNoBatchAdvice: "Microsoft reported that these devices were registered before, but we no longer find them. They were deleted since, or your organization registered them. We send them again to find out.",
        "Microsoft meldete diese Geräte als bereits registriert, doch wir finden sie nicht mehr. Sie wurden inzwischen gelöscht, oder Ihre Organisation hat sie registriert. Wir senden sie erneut und klären das.",
        "Microsoft a signalé ces appareils comme déjà enregistrés, mais nous ne les trouvons plus. Ils ont été supprimés depuis, ou votre organisation les a enregistrés. Nous les renvoyons pour le vérifier.",
        "Microsoft からは登録済みと報告されましたが、現在の一覧にはありません。その後削除されたか、お客様の組織で登録された可能性があります。弊社で再送信して確認いたします。";
    Released: "Released by another organization", "Von einer anderen Organisation freigegeben", "Libéré par une autre organisation", "別の組織の登録は解除済み";
    ReleasedAdvice: "These devices were registered with another organization, which no longer has them. We send them again to register them for you.",
        "Diese Geräte waren für eine andere Organisation registriert, die sie nicht mehr hat. Wir senden sie erneut, um sie für Sie zu registrieren.",
        "Ces appareils étaient enregistrés pour une autre organisation, qui ne les a plus. Nous les renvoyons pour les enregistrer à votre nom.",
        "以前は別の組織に登録されていましたが、現在は解除されています。お客様の組織に登録するため、弊社で再送信いたします。";
    Joined: "Already joined to your tenant", "Bereits mit Ihrem Mandanten verknüpft", "Déjà joint à votre locataire", "お客様のテナントに参加済み";
    JoinedAdvice: "Delete these devices in Intune first, then their device objects in Microsoft Entra, and tell us. Then we register them.",
        "Löschen Sie diese Geräte zuerst in Intune, dann ihre Geräteobjekte in Microsoft Entra, und sagen Sie uns Bescheid. Dann registrieren wir sie.",
        "Supprimez d’abord ces appareils dans Intune, puis leurs objets d’appareil dans Microsoft Entra, et prévenez-nous. Nous les enregistrerons ensuite.",
        "先に Intune でこれらのデバイスを削除し、次に Microsoft Entra のデバイス オブジェクトを削除してから、ご連絡ください。その後、弊社で登録いたします。";
    Rejected: "Not accepted by Microsoft", "Von Microsoft nicht angenommen", "Refusé par Microsoft", "Microsoft で受け付けられません";
    RejectedAdvice: "We find the cause, with Microsoft's support if necessary, and register these devices again.",
        "Wir klären die Ursache, wenn nötig mit dem Support von Microsoft, und registrieren diese Geräte erneut.",
        "Nous cherchons la cause, si nécessaire avec le support de Microsoft, et enregistrons à nouveau ces appareils.",
        "必要に応じて Microsoft サポートと原因を確認し、弊社で再度登録いたします。";
    NotSent: "Not sent yet", "Noch nicht gesendet", "Pas encore envoyé", "未送信";
    NotSentAdvice: "We still send these devices to Microsoft.", "Wir senden diese Geräte noch an Microsoft.", "Nous devons encore envoyer ces appareils à Microsoft.", "弊社から Microsoft にこれから送信いたします。";
    Unknown: "Result not known yet", "Ergebnis noch nicht bekannt", "Résultat pas encore connu", "結果を確認中";
    UnknownAdvice: "We sent these devices, and still check the result.", "Wir haben diese Geräte gesendet und prüfen noch das Ergebnis.", "Nous avons envoyé ces appareils et vérifions encore le résultat.", "送信済みです。結果を弊社で確認しております。";
    Models: "Devices by model", "Geräte nach Modell", "Appareils par modèle", "モデル別の台数";
    Model: "Model", "Modell", "Modèle", "モデル";
    Devices: "Devices", "Geräte", "Appareils", "台数";
    NoModel: "Model not stated", "Modell nicht angegeben", "Modèle non indiqué", "モデルの記載なし";
    OtherModels: "Other models ({count})", "Weitere Modelle ({count})", "Autres modèles ({count})", "その他のモデル（{count} 種類）";
    Policies: "Registered devices by setup policy", "Registrierte Geräte nach Konfigurationsrichtlinie", "Appareils enregistrés par stratégie de configuration", "構成ポリシー別の登録台数";
    PoliciesExplained: "The policy decides how a device starts for the first time.", "Die Richtlinie legt fest, wie ein Gerät zum ersten Mal startet.", "La stratégie détermine le premier démarrage d’un appareil.", "ポリシーにより、初回起動時の動作が決まります。";
    Policy: "Policy", "Richtlinie", "Stratégie", "ポリシー";
    NoPolicy: "No policy known", "Keine Richtlinie bekannt", "Aucune stratégie connue", "ポリシー不明";
    OtherPolicies: "Other policies ({count})", "Weitere Richtlinien ({count})", "Autres stratégies ({count})", "その他のポリシー（{count} 種類）";
    Batches: "Group tags", "Gruppentags", "Balises de groupe", "グループ タグ";
    Open: "Open", "Offen", "En suspens", "未完了";
    AllRows: "All devices", "Alle Geräte", "Tous les appareils", "すべてのデバイス";
    OpenFirst: "Devices that need something come first.", "Geräte, bei denen etwas zu tun ist, stehen zuerst.", "Les appareils qui demandent une action viennent en premier.", "対応が必要なデバイスを先に表示しています。";
    FirstRows: "Without scripts, this page lists the first {count} of {all} rows. Open it in a browser to see every row.",
        "Ohne Skripte zeigt diese Seite die ersten {count} von {all} Zeilen. Öffnen Sie sie in einem Browser, um alle zu sehen.",
        "Sans scripts, cette page affiche les {count} premières lignes sur {all}. Ouvrez-la dans un navigateur pour voir toutes les lignes.",
        "スクリプトが無効なため、{all} 行のうち最初の {count} 行を表示しています。すべての行はブラウザーで開いてご確認ください。";
    Search: "Search", "Suchen", "Rechercher", "検索";
    AnyStatus: "Every status", "Alle Status", "Tous les statuts", "すべての状態";
    Download: "Download these rows (CSV)", "Diese Zeilen herunterladen (CSV)", "Télécharger ces lignes (CSV)", "この一覧をダウンロード (CSV)";
    Shown: "Rows {first} to {last} of {count}", "Zeilen {first} bis {last} von {count}", "Lignes {first} à {last} sur {count}", "{count} 行中 {first}～{last} 行";
    NoneShown: "No row matches.", "Keine Zeile passt.", "Aucune ligne ne correspond.", "該当する行はありません。";
    Pages: "Pages of the list", "Seiten der Liste", "Pages de la liste", "一覧のページ";
    FirstPage: "First", "Erste", "Première", "最初";
    PreviousPage: "Previous", "Zurück", "Précédente", "前へ";
    NextPage: "Next", "Weiter", "Suivante", "次へ";
    LastPage: "Last", "Letzte", "Dernière", "最後";
    PrintedRows: "Only the first {printed} of {count} rows are printed. Filter the list to print others, or download the rows.",
        "Nur die ersten {printed} von {count} Zeilen werden gedruckt. Filtern Sie die Liste, um andere zu drucken, oder laden Sie die Zeilen herunter.",
        "Seules les {printed} premières lignes sur {count} sont imprimées. Filtrez la liste pour en imprimer d’autres, ou téléchargez les lignes.",
        "印刷されるのは {count} 行のうち最初の {printed} 行です。ほかの行は、絞り込んで印刷するかダウンロードしてください。";
    Device: "Device", "Gerät", "Appareil", "デバイス";
    Place: "Row in the list", "Zeile in der Liste", "Ligne dans la liste", "リストの行";
    Line: "row {line}", "Zeile {line}", "ligne {line}", "{line} 行目";
    LineOfFile: "{file}, row {line}", "{file}, Zeile {line}", "{file}, ligne {line}", "{file} の {line} 行目";
    Note: "Note", "Hinweis", "Remarque", "備考";
    SameAs: "same device as {place}", "dasselbe Gerät wie {place}", "même appareil que {place}", "{place} と同じデバイス";
    InBatch: "group tag {batch}", "Gruppentag {batch}", "balise de groupe {batch}", "グループ タグ {batch}";
    Code: "code {code}", "Code {code}", "code {code}", "コード {code}";
    Kind: "Kind of identifier", "Art der Kennung", "Type d’identifiant", "識別情報の種類";
    SerialNumber: "serial number", "Seriennummer", "numéro de série", "シリアル番号";
    ProductKey: "product key", "Product Key", "clé de produit", "プロダクト キー";
    HardwareHash: "hardware hash", "Hardwarehash", "hachage matériel", "ハードウェア ハッシュ";
    Unnamed: "device without a name", "Gerät ohne Bezeichnung", "appareil sans nom", "識別情報のないデバイス";
    Technical: "Technical details for the partner, in English", "Technische Einzelheiten für den Partner (auf Englisch)", "Détails techniques pour le partenaire (en anglais)", "パートナー向けの技術的な詳細（英語）";
}

/// Replaces the placeholders of a text.
pub(super) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let value = values.iter().find(|(known, _)| *known == name);
        filled.extend([before, value.map_or("", |(_, value)| value)]);
        rest = after;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).map(|rest| rest.split_once('}').unwrap().0).collect()
    }

    #[test]
    fn every_language_has_every_text_with_its_placeholders() {
        for text in Text::ALL {
            let english = text.in_language(Language::English);
            for language in Language::ALL {
                let translated = text.in_language(language);
                assert_eq!(translated.trim(), translated, "{text:?} {language:?}");
                assert!(!translated.is_empty(), "{text:?} {language:?}");
                assert_eq!(
                    placeholders(translated),
                    placeholders(english),
                    "{text:?} {language:?}"
                );
            }
        }
    }

    #[test]
    fn values_are_not_filled_again() {
        let filled = fill("{a} and {b}{a}", &[("a", "{b}"), ("b", "2")]);
        assert_eq!(filled, "{b} and 2{b}");
    }
}
