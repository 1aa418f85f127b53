//! The power fails while people vote: what SQLite wrote and did not sync is gone, or torn.

use super::audit::audit;
use super::disk::Disk;
use super::ledger::Ledger;
use super::voting::{vote_to_the_end, vote_until_killed};
use super::{cycles, report};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![on_sqlite(a_power_loss_loses_no_vote)]
}

fn a_power_loss_loses_no_vote(setup: Setup) {
    let ledger = Ledger::new(setup.poll());
    let (disk, setup) = Disk::under(setup);
    let (mut app, mut random) = (setup.start(), Random::new());
    for _ in 0..cycles(5) {
        vote_until_killed(app.tcp(), &ledger, || app.signal("KILL"));
        let setup = app.kill();
        disk.lose_power(&mut random);
        audit(&mut disk.open_copy(), &ledger).expect_none();
        app = setup.start();
    }
    vote_to_the_end(app.tcp(), &ledger);
    let _setup = app.kill();
    disk.lose_power(&mut random);
    audit(&mut disk.open_copy(), &ledger).expect_none();
    report("SQLite, the power lost", cycles(5), ledger.votes().len());
}
