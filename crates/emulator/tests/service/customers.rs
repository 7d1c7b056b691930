//! The customers of the partner: the list with its pages and filters, one customer, and relationships.

use http::Request;
use partner_center_devices_emulator::{
    AuthMode, Emulator, FaultRules, LoginSettings, LoginUser, Pace, WorldFile,
};
use serde_json::{Value, json};

use crate::support::{CUSTOMER, OTHER, Response, Service, key};

const RESELLER: &str = "484e548c-f5f3-4528-93a9-c16c6373cb59";

fn service(world: &str) -> Service {
    let world = WorldFile::from_yaml(world).unwrap();
    Service::from_builder(&Emulator::builder().pace(Pace::instant()).world(world))
}

fn sample() -> Service {
    let world = WorldFile::sample_customers();
    Service::from_builder(&Emulator::builder().pace(Pace::instant()).world(world))
}

/// Sends a GET to a path with a token in `MS-ContinuationToken`.
fn get(service: &mut Service, path: &str, token: &str) -> Response {
    let request = Request::get(path)
        .header("authorization", "Bearer t")
        .header("ms-continuationtoken", token)
        .body("".into());
    service.call(&request.unwrap())
}

fn list(service: &mut Service, query: &str) -> Value {
    let response = get(service, &format!("/v1/customers{query}"), "");
    assert_eq!(response.status, 200, "{query}: {response:?}");
    response.json()
}

/// Follows a link of a page, with its headers.
fn follow(service: &mut Service, page: &Value, direction: &str) -> Value {
    let link = &page["links"][direction];
    let (uri, header) = (link["uri"].as_str().unwrap(), &link["headers"][0]);
    assert_eq!((&link["method"], &header["key"]), (&json!("GET"), &json!("MS-ContinuationToken")));
    let response = get(service, uri, header["value"].as_str().unwrap());
    assert_eq!(response.status, 200, "{uri}: {response:?}");
    response.json()
}

fn names(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item["companyProfile"]["companyName"].as_str().unwrap()).collect()
}

fn filter(field: &str, value: &str) -> String {
    let json = json!({ "Field": field, "Value": value, "Operator": "starts_with" }).to_string();
    format!(
        "filter={}",
        percent_encoding::utf8_percent_encode(&json, percent_encoding::NON_ALPHANUMERIC)
    )
}

/// Checks the body of an error about customers.
fn assert_fault(response: &Response, status: u16, code: u64, description: &str) {
    assert_eq!(response.status, status, "{response:?}");
    let expected =
        json!({ "code": code, "data": [], "description": description, "source": "PartnerFD" });
    assert_eq!(response.json(), expected);
}

#[test]
fn customers_are_found_by_the_start_of_their_name_or_domain() {
    let mut service = sample();
    let all = list(&mut service, "");
    assert_eq!(names(&all), ["Contoso", "Contoso", "Fabrikam", "Fourth Coffee", "Wingtip Toys"]);
    assert_eq!(all["links"]["self"]["uri"], "/v1/customers?size=500");
    assert!(all["links"]["next"].is_null() && all["continuationToken"].is_null());
    let relationships = all["items"].as_array().unwrap().iter();
    let relationships: Vec<_> = relationships.map(|item| &item["relationshipToPartner"]).collect();
    assert_eq!(relationships, ["reseller", "reseller", "reseller", "advisor", "none"]);
    for (field, value, expected) in [
        ("CompanyName", "CONT", &["Contoso", "Contoso"][..]),
        ("CompanyName", "toso", &[]),
        ("Domain", "contoso.", &["Contoso"]),
        ("Domain", "F", &["Fabrikam", "Fourth Coffee"]),
        ("IndirectReseller", RESELLER, &[]),
    ] {
        let query = format!("?size=0&{}", filter(field, value));
        let found = list(&mut service, &query);
        assert_eq!(names(&found), expected, "{field} {value}");
        assert_eq!(found["totalCount"], expected.len());
    }
}

#[test]
fn pages_follow_each_other_by_links_or_by_the_header() {
    let mut service = service("generated: { customers: 1201 }");
    let first = list(&mut service, "");
    assert_eq!((first["totalCount"].as_u64(), names(&first).len()), (Some(500), 500));
    // The service sent this address.
    let next = &first["links"]["next"]["uri"];
    assert_eq!(next, "/v1/customers?size=500&seekOperation=Next");
    assert_eq!(first["continuationToken"], first["links"]["next"]["headers"][0]["value"]);

    let second = follow(&mut service, &first, "next");
    let token = first["continuationToken"].as_str().unwrap().to_owned();
    for path in ["/v1/customers?seekOperation=Next", "/v1/customers"] {
        let alone = get(&mut service, path, &token).json();
        assert_eq!(alone["items"], second["items"], "{path}");
    }
    let third = follow(&mut service, &second, "next");
    assert_eq!((names(&second).len(), names(&third).len()), (500, 201));
    assert!(third["links"]["next"].is_null() && third["continuationToken"].is_null());
    let mut all: Vec<&str> = [&first, &second, &third].into_iter().flat_map(names).collect();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 1201);

    assert_eq!(follow(&mut service, &third, "previous")["items"], second["items"]);
    assert_eq!(follow(&mut service, &second, "previous")["items"], first["items"]);
    assert!(first["links"]["previous"].is_null());
    for (direction, expected) in [("First", &first), ("Last", &third)] {
        let found = get(&mut service, &format!("/v1/customers?seekOperation={direction}"), &token);
        let found = found.json();
        let end = |page: &Value, name: &str| names(page).contains(&name);
        let name = names(expected)[if direction == "First" { 0 } else { 200 }];
        assert!(end(&found, name), "{direction}");
    }
}

#[test]
fn the_token_of_a_page_has_its_filter_and_its_size() {
    let mut service = service("generated: { customers: 100 }");
    let query = format!("?size=3&{}", filter("CompanyName", "contoso"));
    let first = list(&mut service, &query);
    let second = follow(&mut service, &first, "next");
    let (first, second) = (names(&first), names(&second));
    assert_eq!((first.len(), second.len()), (3, 3));
    assert!(first.iter().chain(&second).all(|name| name.starts_with("Contoso")), "{second:?}");
    assert!(first.iter().all(|name| !second.contains(name)));
}

#[test]
fn invalid_queries_return_400_in_the_format_of_the_service() {
    let mut service = sample();
    for (query, description) in [
        ("size=501".to_owned(), "size must be from 1 to 500, or 0 with a filter."),
        ("size=0".to_owned(), "size must be from 1 to 500, or 0 with a filter."),
        (
            "seekOperation=PageIndex".to_owned(),
            "seekOperation must be Next, Previous, First or Last.",
        ),
        ("filter=x".to_owned(), "filter must be a JSON object."),
        (
            filter("CompanyName", "x").replace("starts%5Fwith", "equals"),
            "The operator of CompanyName must be starts_with.",
        ),
        (
            filter("Email", "x"),
            "The field of a filter must be CompanyName, Domain or IndirectReseller.",
        ),
    ] {
        let response = get(&mut service, &format!("/v1/customers?{query}"), "");
        assert_fault(&response, 400, 2000, description);
    }
    let response = get(&mut service, "/v1/customers", "AQAAAA==");
    assert_fault(
        &response,
        400,
        2000,
        "MS-ContinuationToken is not a continuation token of this list.",
    );
    let query = filter("IndirectCloudSolutionProvider", "x");
    assert_eq!(get(&mut service, &format!("/v1/customers?{query}"), "").status, 501);
    for path in ["/v1/customers/relationshiprequests", "/v1/customers/c/profiles/company"] {
        assert_eq!(get(&mut service, path, "").status, 501, "{path}");
    }
}

#[test]
fn a_customer_without_delegated_access_lacks_three_members() {
    let mut service = sample();
    let mut members = |id: &str| {
        let customer = service.get(id);
        let company = &customer["companyProfile"];
        let shown = [&company["address"], &company["email"], &customer["customDomains"]];
        let shown = shown.map(|member| !member.is_null());
        assert!(
            customer["billingProfile"]["email"].is_string() && customer["commerceId"].is_string()
        );
        (customer["allowDelegatedAccess"].as_bool().unwrap(), shown)
    };
    assert_eq!(members(CUSTOMER), (true, [true; 3]));
    assert_eq!(members(OTHER), (false, [false; 3]));
    let customer = service.get(&CUSTOMER.to_uppercase());
    assert_eq!(customer["customDomains"], json!(["contoso.com", "contoso.onmicrosoft.com"]));
    assert_eq!(customer["id"], CUSTOMER);
}

#[test]
fn unknown_customers_and_removed_relationships_return_the_codes_of_the_service() {
    let mut service = sample();
    let unknown = "0c39d6d5-c70d-4c55-bc02-f620844f3fd1";
    for _ in 0..2 {
        let response = service.send("GET", unknown, "");
        assert_fault(&response, 404, 60003, "Tenant not found");
    }
    let removed = "3dfe847b-cad9-4fc1-86d3-cf16c2790087";
    assert_eq!(service.get(removed)["relationshipToPartner"], "none");
    let batch = json!({ "batchId": "b", "devices": [] });
    for (method, path, body) in [
        ("GET", "deviceBatches", json!(null)),
        ("POST", "deviceBatches", batch.clone()),
        ("GET", "policies/p", json!(null)),
    ] {
        let response = service.send(method, &format!("{removed}/{path}"), body);
        assert_fault(&response, 403, 20002, "No relationship between caller and account.");
    }
    let advised = "53eb21cb-6b2d-4ee5-9e92-27dfc927e93c";
    assert_eq!(service.send("POST", &format!("{advised}/deviceBatches"), batch).status, 202);
}

#[test]
fn a_customer_that_only_requests_name_is_listed_with_its_first_batch() {
    let mut service = Service::instant();
    assert_eq!(service.get(&format!("{CUSTOMER}/deviceBatches"))["totalCount"], 0);
    assert_eq!(list(&mut service, "")["items"], json!([]));
    assert_eq!(service.send("GET", CUSTOMER, "").status, 404);
    drop(service.batch("b", json!([{ "productKey": key(1_u8) }])));
    let customers = list(&mut service, "");
    assert_eq!(names(&customers), ["Customer 47021739"]);
    let profile = &customers["items"][0]["companyProfile"];
    assert_eq!(profile["domain"], "customer47021739.onmicrosoft.com");
    assert_eq!(service.get(CUSTOMER)["relationshipToPartner"], "reseller");
}

#[test]
fn a_world_with_known_customers_only_rejects_all_others() {
    let world = WorldFile::sample_customers().with_known_customers_only();
    let mut service = Service::from_builder(&Emulator::builder().world(world));
    assert_eq!(service.send("GET", &format!("{CUSTOMER}/deviceBatches"), "").status, 200);
    let other = service.send("GET", "c1/deviceBatches", "");
    assert_fault(&other, 403, 20002, "No relationship between caller and account.");
    assert_fault(&service.send("GET", "c1", ""), 404, 60003, "Tenant not found");
    let saved = service.core.world().to_json();
    let mut loaded = self::service(&saved);
    assert_eq!(loaded.send("GET", "c1/policies", "").status, 403);
}

#[test]
fn only_an_indirect_partner_has_relationships() {
    let mut service = sample();
    for path in [format!("/v1/customers/{CUSTOMER}/relationships"), "/v1/relationships".to_owned()]
    {
        assert_fault(&get(&mut service, &path, ""), 403, 1002, "Authorization Failed");
    }
    let mut service = self::service(&format!(
        "partner:
  name: Provider
  indirectResellers:
    - {{ id: {RESELLER}, name: First Up Consultants, mpnId: '4847383', location: US }}
    - {{ id: {OTHER}, name: ReleCloud, mpnId: '4847433', location: BR }}
customers:
  - {{ id: c1, name: Contoso, indirectReseller: {RESELLER} }}
  - {{ id: c2, name: Fabrikam }}
"
    ));
    let of_customer = service.get("c1/relationships");
    let expected = json!({ "id": RESELLER, "name": "First Up Consultants", "mpnId": "4847383",
        "relationshipType": "is_indirect_cloud_solution_provider_of", "attributes": { "objectType": "PartnerRelationship" } });
    assert_eq!(of_customer["items"], json!([expected]));
    assert_eq!(service.get("c2/relationships")["items"], json!([]));
    assert_fault(&service.send("GET", "c3/relationships", ""), 404, 60003, "Tenant not found");

    let path = "/v1/relationships?relationship_type=IsIndirectCloudSolutionProviderOf";
    let own = get(&mut service, path, "").json();
    assert_eq!((own["totalCount"].as_u64(), &own["items"][1]["location"]), (Some(2), &json!("BR")));
    assert_eq!(own["items"][0]["state"], "Active");
    let filtered = get(&mut service, &format!("{path}&{}", filter("Name", "rele")), "").json();
    assert_eq!(filtered["items"], json!([own["items"][1]]));
    let path = "/v1/relationships?relationship_type=IsIndirectResellerOf";
    assert_eq!(get(&mut service, path, "").json()["items"], json!([]));
    let error = get(&mut service, "/v1/relationships", "");
    assert_eq!((error.status, error.json()["code"].as_u64()), (400, Some(2000)));
    assert_eq!(
        names(&list(&mut service, &format!("?{}", filter("IndirectReseller", RESELLER)))),
        ["Contoso"]
    );
    assert_eq!(service.get("c1")["associatedPartnerId"], RESELLER);
}

#[test]
fn the_organization_profile_belongs_to_the_tenant_of_the_token() {
    let login = LoginSettings::default().user(LoginUser::new("agent@northwind.example"));
    let builder = Emulator::builder().auth(AuthMode::Strict).login(login);
    let mut service = Service::from_builder(&builder);
    let form = "grant_type=client_credentials&client_id=app&client_secret=s\
        &scope=https://api.partnercenter.microsoft.com/.default";
    let tenant = "3b33e682-00c3-41ee-9dd2-a548adf56438";
    let request = Request::post(format!("/{tenant}/oauth2/v2.0/token"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.into());
    let token = service.call(&request.unwrap()).json()["access_token"].as_str().unwrap().to_owned();
    let profile = |service: &mut Service, path: &str| {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        service.call(&request.body("".into()).unwrap())
    };
    // The profile and relationships need a user.
    for path in ["/v1/profiles/organization", "/v1/relationships", "/v1/customers/c/relationships"]
    {
        let response = profile(&mut service, path);
        assert_eq!(
            (response.status, response.json()["code"].as_u64()),
            (403, Some(900_329)),
            "{path}"
        );
    }
    for path in ["/v1/customers", "/v1/auditrecords"] {
        assert_eq!(profile(&mut service, path).status, 200, "{path}");
    }

    let mut service = Service::instant();
    let profile = get(&mut service, "/v1/profiles/organization", "").json();
    assert_eq!(profile["companyName"], "Contoso Partner");
    assert_eq!(profile["domain"], "contoso.onmicrosoft.com");
    assert_eq!((&profile["id"], profile["id"].as_str().unwrap().len()), (&profile["tenantId"], 36));
    let mut service = self::service("partner: { name: Northwind, domain: northwind.example }");
    let profile = get(&mut service, "/v1/profiles/organization", "").json();
    assert_eq!(
        (&profile["companyName"], &profile["domain"]),
        (&json!("Northwind"), &json!("northwind.example"))
    );
}

#[test]
fn one_customer_can_be_read_500_times_a_minute_if_a_rule_limits_it() {
    let limit = "rules: [{ id: customer-limit, matching: { operations: [get_customer] },
        effect: { limit: { requests: 500, windowSeconds: 60, of: customer } } }]";
    let faults = FaultRules::from_yaml(limit).unwrap();
    let builder = Emulator::builder().faults(faults).world(WorldFile::sample_customers());
    let mut service = Service::from_builder(&builder);
    for _ in 0..500 {
        assert_eq!(service.send("GET", CUSTOMER, "").status, 200);
    }
    let limited = service.send("GET", CUSTOMER, "");
    assert_eq!((limited.status, limited.header("retry-after")), (429, "60"));
    assert_eq!(service.send("GET", OTHER, "").status, 200);
    assert_eq!(list(&mut service, "")["totalCount"], 5);
}

#[test]
fn lists_of_customers_can_be_endless_and_have_unknown_values() {
    let mut service = Service::with_faults(
        "rules: [{ id: endless, effect: endlessList }, { id: odd, effect: unknownEnumValues }]",
    );
    service.core.set_world(&WorldFile::sample_customers());
    let mut tokens = std::collections::HashSet::new();
    let mut token = String::new();
    for _ in 0..5 {
        let page = get(&mut service, "/v1/customers?size=4", &token).json();
        assert!(!page["items"].as_array().unwrap().is_empty());
        assert_eq!(page["items"][0]["relationshipToPartner"], "unheard_of");
        token = page["continuationToken"].as_str().unwrap().to_owned();
        assert!(tokens.insert(token.clone()), "a token is sent once");
    }
}

#[test]
fn a_world_with_profiles_is_saved_and_loaded() {
    let text = format!(
        "partner: {{ name: Northwind, indirectProviders: [{{ id: {RESELLER}, name: Provider }}] }}
auditDelaySeconds: 90
customers:
  - {{ id: {CUSTOMER}, name: Contoso, domain: contoso.com, customDomains: [a.example] }}
  - {{ id: {OTHER}, name: Contoso, delegatedAccess: false, relationshipToPartner: advisor, indirectReseller: {RESELLER} }}
  - {{ id: c3, domain: c3.example }}
  - {{ id: c4, batches: [{{ id: b }}] }}
  - {{ id: c5 }}
"
    );
    let mut first = service(&text);
    assert_eq!(names(&list(&mut first, "")), ["Contoso", "Contoso", "Customer c3", "Customer c4"]);
    let saved = first.core.world().to_json();
    let mut second = service(&saved);
    assert_eq!(second.core.world().to_json(), saved);
    assert_eq!(list(&mut second, ""), list(&mut first, ""));
    assert!(saved.contains("\"auditDelaySeconds\": 90") && !saved.contains("\"c5\""), "{saved}");
}

#[test]
fn generated_worlds_are_the_same_each_time_and_count_in_requests() {
    let world = "generated: { customers: 30, batches: 60, devices: 300 }";
    let mut first = service(world);
    let customers = list(&mut first, "");
    let id = customers["items"][7]["id"].as_str().unwrap();
    let batches = first.get(&format!("{id}/deviceBatches"));
    assert_eq!(
        (batches["totalCount"].as_u64(), &batches["items"][1]["devicesCount"]),
        (Some(2), &json!(5))
    );
    let devices = first.get(&format!("{id}/deviceBatches/Delivery%20000008/devices"));
    assert_eq!(devices["items"][0]["serialNumber"], "GEN0000036");
    let mut second = Service::from_builder(
        &Emulator::builder().seed(9).world(WorldFile::from_yaml(world).unwrap()),
    );
    assert_eq!(list(&mut second, ""), customers);
    // A saved world has the entries and not the numbers.
    let saved = first.core.world();
    assert!(!saved.to_json().contains("generated"));
    assert_eq!(list(&mut service(&saved.to_json()), ""), customers);

    assert_eq!(first.admin("PUT", "world", json!({ "generated": { "customers": 5 } })).status, 204);
    assert_eq!(list(&mut first, "")["totalCount"], 5);
    let large = json!({ "generated": { "customers": 1, "batches": 1, "devices": 500_000 } });
    assert_eq!(first.admin("PUT", "world", large).status, 413);
}
