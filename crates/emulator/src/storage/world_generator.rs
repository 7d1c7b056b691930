//! Generates customers with batches and devices, to measure a client. The same numbers give the same ids and names.

use std::sync::Arc;

use super::partner_format::Generated;
use crate::domain::clock::Moment;
use crate::domain::customer::CustomerProfile;
use crate::domain::device::DeviceInput;
use crate::domain::ids::Random;
use crate::domain::policy::PolicyAssignment;
use crate::domain::world::{NewDevice, World};

/// The seed of all generated ids. It has no relation to the seed of the emulator.
const SEED: u64 = 0x6765_6E65_7261_7465;

/// The parts of the names. The companies are those of Microsoft's documents.
const COMPANIES: [&str; 12] = [
    "Adatum",
    "Alpine Ski House",
    "Bellows College",
    "Contoso",
    "Fabrikam",
    "Fourth Coffee",
    "Litware",
    "Northwind Traders",
    "Proseware",
    "Tailspin Toys",
    "Wingtip Toys",
    "Woodgrove Bank",
];
const BRANCHES: [&str; 5] = ["Group", "Holding", "Logistics", "Retail", "Services"];
const MANUFACTURERS: [&str; 5] = ["Adatum", "Contoso", "Fabrikam", "Litware", "Proseware"];
const MODELS: u32 = 40;

/// Adds the entries to a world.
pub(super) fn generate(world: &mut World, numbers: Generated, now: Moment) {
    let mut customer_ids = Random::new(SEED, 0);
    let customers: Vec<_> = (1..=numbers.customers)
        .map(|number| {
            let key = world.customer(&customer_ids.guid().to_string());
            world.set_profile(key, CustomerProfile::named(&company(number)));
            key
        })
        .collect();
    let manufacturers = MANUFACTURERS.map(Arc::<str>::from);
    let models: Vec<Arc<str>> =
        (1..=MODELS).map(|number| format!("Book {number}").into()).collect();
    let mut device_ids = Random::new(SEED, 1);
    let mut device = 0;
    for batch in 0..numbers.batches {
        let customer = customers[(batch % numbers.customers) as usize];
        let key = world.create_batch(customer, format!("Delivery {:06}", batch + 1), now);
        // Every batch gets its share, and the first ones get the rest.
        let share = numbers.devices / numbers.batches
            + u32::from(batch < numbers.devices % numbers.batches);
        for _ in 0..share {
            device += 1;
            let input = DeviceInput {
                serial_number: Some(format!("GEN{device:07}").into()),
                manufacturer: Some(manufacturers[(device as usize) % manufacturers.len()].clone()),
                model: Some(models[(device as usize) % models.len()].clone()),
                ..DeviceInput::default()
            };
            let identities = world.identities(&input);
            let new = NewDevice {
                id: device_ids.guid(),
                input,
                identities,
                policy: PolicyAssignment::Keep,
                uploaded: now,
            };
            world.register(key, new);
        }
    }
}

fn company(number: u32) -> String {
    let place = number as usize;
    let company = COMPANIES[place % COMPANIES.len()];
    let branch = BRANCHES[place / COMPANIES.len() % BRANCHES.len()];
    format!("{company} {branch} {number:05}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(customers: u32, batches: u32, devices: u32) -> World {
        let mut world = World::default();
        generate(&mut world, Generated { customers, batches, devices }, Moment::default());
        world
    }

    #[test]
    fn entries_are_spread_evenly() {
        let world = world(3, 7, 17);
        let sizes: Vec<Vec<usize>> = world
            .listed_customers()
            .map(|key| world.batches(key).iter().map(|batch| batch.device_count()).collect())
            .collect();
        assert_eq!(sizes, [vec![3, 2, 2], vec![3, 2], vec![3, 2]]);
        let batch = world.batches(world.listed_customers().next().unwrap()).first().unwrap();
        let device = world.devices_of(batch).next().unwrap();
        assert_eq!(device.serial_number.as_deref(), Some("GEN0000001"));
    }

    #[test]
    fn the_same_numbers_give_the_same_customers_with_different_names() {
        let names = |world: &World| -> Vec<(String, String)> {
            let name =
                |key| (world.customer_name(key).to_owned(), world.profile(key).name.to_string());
            world.listed_customers().map(name).collect()
        };
        let first = names(&world(100, 0, 0));
        assert_eq!(first, names(&world(100, 0, 0)));
        assert_eq!(first[..60], names(&world(60, 60, 0))[..]);
        let distinct: std::collections::HashSet<_> = first.iter().map(|(_, name)| name).collect();
        assert_eq!(distinct.len(), 100);
        assert_eq!(first[2].1, "Contoso Group 00003");
    }
}
