//! Many voters at once.

use crate::support::servers::Front;

pub fn fifty_voters_on_one_choice_are_all_counted(front: &Front<'_>) {
    let poll = front.site.poll();
    std::thread::scope(|scope| {
        for _ in 0..50 {
            let (door, poll) = (&front.door, &poll);
            scope.spawn(move || door.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303));
        }
    });
    assert_eq!(front.site.totals(&poll), [50, 0, 0]);
    assert_eq!(front.site.ballots(&poll), [50, 0, 0]);
    let recount = front.site.run(&["recount"]).expect(0);
    assert!(recount.stdout.contains("50 ballots: every total fits"), "{}", recount.stdout);
}
