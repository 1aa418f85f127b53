//! Random numbers that are the same for the same seed (SplitMix64).

use crate::polls::ballot::Mark;

pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, but not including, `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("it is below one")
    }

    pub fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// The marks of a vote that wants a choice: in the ranked poll with the other choice before or after it, or without.
    pub fn marks(&mut self, question: i64, choice: i64) -> Vec<Mark> {
        let ranks = match (question, choice) {
            (2, 3) => self.one_of(&[&[3][..], &[4], &[3, 4], &[4, 3]]),
            _ => &[choice],
        };
        ranks.iter().zip(1..).map(|(choice, value)| Mark { choice: *choice, value }).collect()
    }

    pub fn in_100(&mut self, chances: usize) -> bool {
        self.below(100) < chances
    }
}
