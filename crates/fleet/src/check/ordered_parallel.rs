//! Work on many things on as many threads as there are cores, in little memory. Decides that results come in the order
//! of the things, whoever made them, and that a few things are not worth a thread.

use std::num::NonZero;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

/// How many things go to a thread at once: handing them over costs as much as one or two of them.
const BATCH: usize = 64;

/// How many batches a thread may be ahead of who takes its results.
const AHEAD: usize = 4;

/// Gives each item to a worker of `hire`, and its results to `take`, in order. Items are asked for, and results taken,
/// on this thread.
pub(crate) fn in_order<T: Send, R: Send, W: FnMut(T) -> R>(
    items: impl IntoIterator<Item = T>,
    hire: impl Fn() -> W + Sync,
    mut take: impl FnMut(R),
) {
    let mut items = items.into_iter().fuse();
    let mut next = move || items.by_ref().take(BATCH).collect::<Vec<T>>();
    let hands = thread::available_parallelism().map_or(1, NonZero::get);
    let mut batch = next();
    if hands == 1 || batch.len() < BATCH {
        let mut work = hire();
        while !batch.is_empty() {
            batch.into_iter().for_each(|item| take(work(item)));
            batch = next();
        }
        return;
    }
    // Each has its turn, so the results of all are in order if those of each are.
    thread::scope(|scope| {
        let hired = |_| {
            let (give, given) = sync_channel::<Vec<T>>(AHEAD);
            let (done, results) = channel();
            scope.spawn(|| {
                let (given, done) = (given, done);
                let mut work = hire();
                for batch in given {
                    if done.send(batch.into_iter().map(&mut work).collect::<Vec<R>>()).is_err() {
                        return;
                    }
                }
            });
            (give, results)
        };
        // One core is for this thread.
        let workers: Vec<(SyncSender<_>, Receiver<_>)> = (1..hands).map(hired).collect();
        // A worker that is gone has panicked, and so will the scope.
        let mut taken = workers.iter().cycle().map_while(|(_, results)| results.recv().ok());
        let mut under_way = 0;
        for (give, _) in workers.iter().cycle() {
            if batch.is_empty() || give.send(batch).is_err() {
                break;
            }
            under_way += 1;
            if under_way == workers.len() * AHEAD {
                taken.next().into_iter().flatten().for_each(&mut take);
                under_way -= 1;
            }
            batch = next();
        }
        taken.take(under_way).flatten().for_each(take);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order() {
        for items in [0, 1, BATCH - 1, BATCH, BATCH + 1, BATCH * AHEAD * 20 + 7] {
            let mut taken = Vec::new();
            in_order(0..items, || |item| item * 2, |result| taken.push(result));
            assert!(taken.into_iter().eq((0..items).map(|item| item * 2)), "{items}");
        }
    }

    #[test]
    #[should_panic]
    fn a_worker_that_panics_is_no_silence() {
        in_order(0..BATCH * 10, || |item| assert!(item < BATCH * 3), |()| ());
    }
}
