//! Runs work on all cores and returns the results in order, in little memory. A few items stay on the calling thread.

use std::num::NonZero;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

/// The number of items that are sent to a thread together. Sending costs as much as one or two items.
const BATCH: usize = 64;

/// The number of batches that a thread may be ahead of the results that were consumed.
const AHEAD: usize = 4;

/// Runs each item on a worker made by `new_worker`, and passes the results to `consume` in the order of the items. The
/// calling thread runs the iterator of items and `consume`.
pub(crate) fn map_in_order<T: Send, R: Send, W: FnMut(T) -> R>(
    items: impl IntoIterator<Item = T>,
    new_worker: impl Fn() -> W + Sync,
    mut consume: impl FnMut(R),
) {
    let mut items = items.into_iter().fuse();
    let mut next_batch = move || items.by_ref().take(BATCH).collect::<Vec<T>>();
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let mut batch = next_batch();
    if cores == 1 || batch.len() < BATCH {
        let mut work = new_worker();
        while !batch.is_empty() {
            batch.into_iter().for_each(|item| consume(work(item)));
            batch = next_batch();
        }
        return;
    }
    // Batches go to the workers in turn, so reading their results in turn restores the order.
    thread::scope(|scope| {
        let spawn = |_| {
            let (batches, inbox) = sync_channel::<Vec<T>>(AHEAD);
            let (outbox, results) = channel();
            scope.spawn(|| {
                let (inbox, outbox) = (inbox, outbox);
                let mut work = new_worker();
                for batch in inbox {
                    let results = batch.into_iter().map(&mut work).collect::<Vec<R>>();
                    if outbox.send(results).is_err() {
                        return;
                    }
                }
            });
            (batches, results)
        };
        // The calling thread uses one core.
        let workers: Vec<(SyncSender<_>, Receiver<_>)> = (1..cores).map(spawn).collect();
        // A worker that is gone has panicked. The scope then panics, too.
        let mut results = workers.iter().cycle().map_while(|(_, results)| results.recv().ok());
        let mut pending = 0;
        for (batches, _) in workers.iter().cycle() {
            if batch.is_empty() || batches.send(batch).is_err() {
                break;
            }
            pending += 1;
            if pending == workers.len() * AHEAD {
                results.next().into_iter().flatten().for_each(&mut consume);
                pending -= 1;
            }
            batch = next_batch();
        }
        results.take(pending).flatten().for_each(consume);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        for items in [0, 1, BATCH - 1, BATCH, BATCH + 1, BATCH * AHEAD * 20 + 7] {
            let mut results = Vec::new();
            map_in_order(0..items, || |item| item * 2, |result| results.push(result));
            assert!(results.into_iter().eq((0..items).map(|item| item * 2)), "{items}");
        }
    }

    #[test]
    #[should_panic]
    fn panic_of_a_worker_reaches_the_caller() {
        map_in_order(0..BATCH * 10, || |item| assert!(item < BATCH * 3), |()| ());
    }
}
