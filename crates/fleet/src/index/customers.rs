//! The customers of an index: their names, and when this machine worked for them.

use partner_center_devices::{CustomerDetails, CustomerId};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};

use super::database::Index;
use super::error::IndexError;
use crate::timestamp::Timestamp;

/// A customer as the service reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CustomerRecord {
    /// The tenant id.
    pub id: CustomerId,
    /// The company name.
    pub name: Option<String>,
    /// The default domain. The other domains of a tenant are not in the service's list.
    pub domain: Option<String>,
    /// The relationship to the partner, as the service spells it: `reseller`, `advisor`, `none`, ...
    pub relationship: Option<String>,
}

impl CustomerRecord {
    /// Returns a customer without a name.
    #[must_use]
    pub fn new(id: CustomerId) -> Self {
        Self { id, name: None, domain: None, relationship: None }
    }

    /// Returns a customer of a response. `None` if it has no id that is valid in a path.
    #[must_use]
    pub fn of(customer: &CustomerDetails) -> Option<Self> {
        let text =
            |text: Option<&str>| text.filter(|text| !text.trim().is_empty()).map(ToOwned::to_owned);
        Some(Self {
            name: text(customer.name()),
            domain: text(customer.domain()),
            relationship: customer.relationship().map(ToString::to_string),
            ..Self::new(customer.id()?)
        })
    }
}

/// A customer of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnownCustomer {
    /// The tenant id.
    pub id: CustomerId,
    /// The company name.
    pub name: Option<String>,
    /// The default domain.
    pub domain: Option<String>,
    /// The relationship to the partner, as the service spells it: `reseller`, `advisor`, `none`, ...
    pub relationship: Option<String>,
    /// When the service reported the customer. `None` if this machine only worked for it.
    pub seen: Option<Timestamp>,
    /// The last time that this machine worked for the customer.
    pub used: Option<Timestamp>,
    /// The start of the last complete list of its batches.
    pub batches_listed: Option<Timestamp>,
    /// When the customer was missing in a complete list.
    pub gone: Option<Timestamp>,
}

const COLUMNS: &str = "tenant, name, domain, relationship, seen, used, listed, gone";

impl Index {
    /// Returns the customers with exactly this company name or default domain, without case and surrounding whitespace.
    /// Customers that are gone are not among them.
    ///
    /// Company names are not unique. Unless all customers were listed ([`customers_synced`](Self::customers_synced)), there
    /// may be more with the same name.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn customers_named(&self, text: &str) -> Result<Vec<KnownCustomer>, IndexError> {
        let folded = folded(text);
        self.customers_where(
            "gone IS NULL AND (folded_name = ?1 OR folded_domain = ?1) ORDER BY folded_name, tenant",
            &[&folded],
        )
    }

    /// Returns a customer by its tenant id, even if it is gone.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn customer(&self, id: &CustomerId) -> Result<Option<KnownCustomer>, IndexError> {
        Ok(self.customers_where("tenant = ?1", &[&id.as_str()])?.pop())
    }

    /// Returns all customers that are not gone, sorted by name.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn customers(&self) -> Result<Vec<KnownCustomer>, IndexError> {
        self.customers_where("gone IS NULL ORDER BY folded_name IS NULL, folded_name, tenant", &[])
    }

    /// Records a customer that the service reported.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn record_customer(
        &mut self,
        customer: &CustomerRecord,
        now: Timestamp,
    ) -> Result<(), IndexError> {
        self.write(|transaction| put_customers(transaction, std::slice::from_ref(customer), now))
    }

    /// Records that this machine works for a customer.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn record_use(&mut self, id: &CustomerId, now: Timestamp) -> Result<(), IndexError> {
        self.write(|transaction| {
            let id = customer_key(transaction, id)?;
            transaction
                .execute("UPDATE customer SET used = ?2 WHERE id = ?1", params![id, now.0])
                .map(drop)
        })
    }

    fn customers_where(
        &self,
        condition: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> Result<Vec<KnownCustomer>, IndexError> {
        let query = format!("SELECT {COLUMNS} FROM customer WHERE {condition}");
        self.read(|database| {
            let mut query = database.prepare(&query)?;
            query.query_map(values, known_customer)?.collect()
        })
    }
}

fn known_customer(row: &Row<'_>) -> Result<KnownCustomer, rusqlite::Error> {
    let time = |column| row.get(column).map(|time: Option<i64>| time.map(Timestamp));
    Ok(KnownCustomer {
        id: customer_id(row, 0)?,
        name: row.get(1)?,
        domain: row.get(2)?,
        relationship: row.get(3)?,
        seen: time(4)?,
        used: time(5)?,
        batches_listed: time(6)?,
        gone: time(7)?,
    })
}

/// Reads the id of a customer.
pub(super) fn customer_id(row: &Row<'_>, column: usize) -> Result<CustomerId, rusqlite::Error> {
    let text: String = row.get(column)?;
    CustomerId::new(text).map_err(|error| {
        let kind = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(error))
    })
}

/// Inserts or updates customers that the service reported. Members that it left out stay as they were.
pub(super) fn put_customers(
    transaction: &Transaction<'_>,
    customers: &[CustomerRecord],
    now: Timestamp,
) -> Result<(), rusqlite::Error> {
    let mut put = transaction.prepare(
        "INSERT INTO customer (tenant, name, folded_name, domain, folded_domain, relationship, seen)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (tenant) DO UPDATE SET
         name = coalesce(?2, name), folded_name = coalesce(?3, folded_name),
         domain = coalesce(?4, domain), folded_domain = coalesce(?5, folded_domain),
         relationship = coalesce(?6, relationship), seen = max(?7, coalesce(seen, 0)), gone = NULL",
    )?;
    for CustomerRecord { id, name, domain, relationship } in customers {
        put.execute(params![
            id.as_str(),
            name,
            name.as_deref().map(folded),
            domain,
            domain.as_deref().map(folded),
            relationship,
            now.0
        ])?;
    }
    Ok(())
}

/// Returns the id of a customer in lowercase: the service ignores case in ids.
pub(super) fn lowercase_id(id: &CustomerId) -> String {
    id.as_str().to_lowercase()
}

/// Returns the key of a customer, which is added if it is not known.
pub(super) fn customer_key(
    transaction: &Transaction<'_>,
    id: &CustomerId,
) -> Result<i64, rusqlite::Error> {
    if let Some(key) = known_customer_key(transaction, id)? {
        return Ok(key);
    }
    transaction.execute("INSERT INTO customer (tenant) VALUES (?1)", [id.as_str()])?;
    Ok(transaction.last_insert_rowid())
}

/// Returns the key of a customer that is known.
pub(super) fn known_customer_key(
    database: &Connection,
    id: &CustomerId,
) -> Result<Option<i64>, rusqlite::Error> {
    database
        .prepare("SELECT id FROM customer WHERE tenant = ?1")?
        .query_row([id.as_str()], |row| row.get(0))
        .optional()
}

/// Returns a name as it is compared: without case and surrounding whitespace.
pub(super) fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}
