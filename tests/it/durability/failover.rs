//! A database on several hosts: the one that is used is gone, or does not answer, while people vote.

use std::sync::atomic::{AtomicBool, Ordering};

use diesel::RunQueryDsl as _;
use polls::db::migrate;

use super::audit::audit;
use super::ledger::Ledger;
use super::voting::{vote_to_the_end, vote_until_killed};
use crate::support::database::{Database, open};
use crate::support::servers::patroni::Cluster;
use crate::support::servers::{self, Killable, mariadb, postgres};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_servers(no_vote_is_lost_when_the_first_host_is_killed),
        on_servers(no_vote_is_lost_when_the_first_host_does_not_answer),
        on_postgres(no_vote_is_lost_when_a_cluster_moves_its_primary_or_loses_it)
            .needing(Need::Patroni)
            .needing(Need::Curl),
        on_mariadb(no_vote_is_lost_when_a_node_of_a_cluster_is_killed),
    ]
}

fn no_vote_is_lost_when_the_first_host_is_killed(setup: Setup) {
    voting_goes_on_at_the_second_host(setup, "killed", servers::kill);
}

fn no_vote_is_lost_when_the_first_host_does_not_answer(setup: Setup) {
    voting_goes_on_at_the_second_host(setup, "frozen", |primary| {
        for id in [vec![primary], descendants(primary)].concat() {
            signal_id(id, "STOP").expect("it runs");
        }
    });
}

#[track_caller]
fn voting_goes_on_at_the_second_host(setup: Setup, name: &str, end: impl Fn(u32) + Sync) {
    let engine = setup.engine();
    let [primary, standby] = pair(engine, name);
    let setup = setup.with_database(Database::at(engine, url(&[&primary, &standby])));
    migrate::run(&mut setup.open()).expect("an empty database can be migrated");
    let ledger = Ledger::new(setup.poll());
    let app = setup.start();
    let id = primary.id();
    vote_until_killed(app.tcp(), &ledger, || end(id));
    match engine {
        Engine::Mariadb => mariadb::promote(&standby),
        _ => postgres::promote(&standby),
    }
    // By the process that has connections to the host before.
    vote_to_the_end(app.tcp(), &ledger);
    audit(&mut open(standby.url()), &ledger).expect_none();
    app.get("/readyz").expect(200);
    app.get(&ledger.poll.results()).expect(200);
    app.run(&["recount"]).expect(0);
    app.log.wait_for("Another host of the database accepts writes now.");
}

/// Through two programs, which write to the same node.
fn no_vote_is_lost_when_a_node_of_a_cluster_is_killed(setup: Setup) {
    let nodes = mariadb::cluster::<3>("galera");
    let url = url(&nodes.each_ref());
    let setup = setup.with_database(Database::at(Engine::Mariadb, url.clone()));
    migrate::run(&mut setup.open()).expect("an empty database can be migrated");
    let ledger = Ledger::new(setup.poll());
    let app = setup.start();
    let second = Setup::new(Engine::Mariadb).variable("POLLS_DATABASE_URL", &url).start();
    let (first_node, over) = (nodes[0].id(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                vote_until_killed(second.tcp(), &ledger, || ());
            }
        });
        vote_until_killed(app.tcp(), &ledger, || servers::kill(first_node));
        over.store(true, Ordering::Relaxed);
    });
    vote_to_the_end(app.tcp(), &ledger);
    vote_to_the_end(second.tcp(), &ledger);
    for node in &nodes[1..] {
        let conn = &mut open(node.url());
        // A node has what the others have committed when this statement ends.
        diesel::sql_query("SET SESSION wsrep_sync_wait = 1").execute(conn).expect("a node of a cluster");
        audit(conn, &ledger).expect_none();
    }
    app.run(&["recount"]).expect(0);
}

fn no_vote_is_lost_when_a_cluster_moves_its_primary_or_loses_it(setup: Setup) {
    let cluster = Cluster::start();
    let setup = setup.with_database(Database::at(Engine::Postgres, cluster.url("polls")));
    migrate::run(&mut setup.open()).expect("an empty database can be migrated");
    let ledger = Ledger::new(setup.poll());
    let app = setup.start();
    vote_until_killed(app.tcp(), &ledger, || cluster.switch_over());
    vote_to_the_end(app.tcp(), &ledger);
    audit(&mut app.open(), &ledger).expect_none();
    cluster.wait_for_standby();
    vote_until_killed(app.tcp(), &ledger, || cluster.kill_primary());
    vote_to_the_end(app.tcp(), &ledger);
    audit(&mut app.open(), &ledger).expect_none();
    app.run(&["recount"]).expect(0);
}

/// A server, and its standby, which has everything that the server has acknowledged.
fn pair(engine: Engine, name: &str) -> [Killable; 2] {
    let (first, second) = (format!("{name}-primary"), format!("{name}-standby"));
    match engine {
        Engine::Mariadb => {
            let primary = mariadb::durable_primary(&first);
            let replica = mariadb::replica_of(&primary, &second);
            [primary, replica]
        }
        _ => {
            let primary = postgres::durable(&first);
            let standby = postgres::standby_of(&primary, &second);
            [primary, standby]
        }
    }
}

/// The URL that names the hosts of all servers.
fn url(servers: &[&Killable]) -> String {
    let parts = |server: &Killable| {
        let (begin, database) = server.url().rsplit_once('/').expect("a URL");
        let (user, host) = begin.rsplit_once('@').expect("a user");
        (user.to_owned(), host.to_owned(), database.to_owned())
    };
    let (user, _, database) = parts(servers[0]);
    let hosts: Vec<_> = servers.iter().map(|server| parts(server).1).collect();
    format!("{user}@{}/{database}", hosts.join(","))
}
